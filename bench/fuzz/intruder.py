"""A participant with genuine keys that sends what nobody should: sealed, signed, numbered, and wrong."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import random
import struct
from collections.abc import Callable

from livekit.protocol import rtc
from OpenSSL import SSL
from pylibsrtp import Error as SrtpError

from bench import sdp
from bench.aula import Aula, Peer
from bench.fuzz import fields, mutate, seeds
from bench.fuzz.sctp import Association
from bench.streams import Outgoing

COOKIE = 0x2112A442
ATTRIBUTES = (0x0006, 0x0024, 0x0025, 0x8029, 0x802A, 0x0001, 0x0020, 0x8022, 0x0009, 0x7777, 0xC057)
INITS = 30  # tries, ten a second
SIGNALS_A_SECOND = 25  # below what the engine takes for a flood


class Intruder(Peer):
    """`await enter(room)`, then call the methods of `attacks`, each of which sends one thing."""

    def __init__(self, server: Aula, dice: random.Random) -> None:
        super().__init__(server)
        self.dice = dice
        self.video, self.audio = (
            Outgoing(dice.getrandbits(31), sdp.VIDEO, "0", dice.getrandbits(31), sdp.RTX),
            Outgoing(dice.getrandbits(31), sdp.AUDIO, "1"),
        )
        self.hello = b""
        self.client.transmit = self._transmit(self.client.transmit)
        self.client.take_dtls = self._take_dtls(self.client.take_dtls)
        self.sctp: Association | None = None

    async def enter(self, room: str) -> None:
        self.sections = [
            sdp.Section("video", "0", (self.video,), "CAMERA-VIDEO"),
            sdp.Section("audio", "1", (self.audio,), "MICROPHONE"),
            sdp.Section("audio", "2"),
            sdp.Section("video", "3"),
        ]
        await self.join(room)
        for track in seeds.TRACKS[:2]:
            await self.send(rtc.SignalRequest(add_track=track))
        await self.negotiate()
        await self.connected()
        self.sctp = Association(self.client.handshake, self.dice)
        for _ in range(INITS):
            self.sctp.open()
            await asyncio.sleep(0.1)
            if self.sctp.established:
                return
        raise TimeoutError("no SCTP association")

    def offer(self) -> rtc.SessionDescription:
        """With data channels, which light clients have no use for."""
        description = super().offer()
        lines = [
            f"m=application {self.client.port} UDP/DTLS/SCTP webrtc-datachannel",
            *sdp.transport(self.client, "actpass"),
            "a=mid:data",
            "a=sctp-port:5000",
        ]
        description.sdp = description.sdp.replace("a=group:BUNDLE ", "a=group:BUNDLE data ")
        description.sdp += "\r\n".join(lines) + "\r\n"
        return description

    @property
    def gone(self) -> bool:
        return self.socket.closed

    @property
    def attacks(self) -> tuple[Callable[[], None], ...]:
        return (self.stun, self.dtls, self.rtp, self.rtcp, self.unsealed, self.sctp_chunk)

    def stun(self) -> None:
        remote = self.client.remote
        if self.dice.random() < 0.5:
            self.client.transmit(
                mutate.octets(self.dice, seeds.check(remote.ufrag, remote.password, self.dice))
            )
        else:
            self.client.transmit(self._signed(remote.ufrag, remote.password))

    def _signed(self, ufrag: str, password: str) -> bytes:
        """A Binding request whose attributes make no sense and whose signature is right."""
        attributes = [attribute(0x0006, f"{ufrag}:x".encode())]
        for _ in range(self.dice.randrange(5)):
            value = self.dice.randbytes(self.dice.choice((0, 1, 3, 4, 5, 8, 20, 200)))
            attributes.append(attribute(self.dice.choice(ATTRIBUTES), value))
        body = b"".join(attributes)
        head = struct.pack("!HHI", 1, len(body) + 24, COOKIE) + self.dice.randbytes(12)
        return head + body + attribute(8, hmac.digest(password.encode(), head + body, hashlib.sha1))

    def dtls(self) -> None:
        """A first flight once more, or a record out of nowhere."""
        record = struct.pack("!BHHHIH", self.dice.choice((20, 21, 22, 23, 25)), 0xFEFD, 0, 0, 7, 40)
        valid = self.hello if self.dice.random() < 0.7 else record + self.dice.randbytes(40)
        self.client.transmit(mutate.octets(self.dice, valid))

    def rtp(self) -> None:
        stream = self.dice.choice((self.video, self.audio))
        ssrc, kind = self.dice.choice(
            (
                (stream.ssrc, stream.payload_type),
                (stream.ssrc, stream.payload_type),
                (stream.rtx_ssrc, sdp.RTX),
                (self.dice.getrandbits(32), stream.payload_type),
            )
        )
        packet = seeds.rtp(self.dice, ssrc, kind)
        if self.dice.random() < 0.9:
            packet = packet[:12] + mutate.octets(self.dice, packet[12:], 1300)
        self._seal(self.client.handshake.outbound.protect, packet)

    def rtcp(self) -> None:
        about = self.dice.choice([*self.client.flows, 0])
        packet = seeds.rtcp(self.dice, self.dice.choice((self.video.ssrc, 1)), about)
        if self.dice.random() < 0.9:
            packet = packet[:8] + mutate.octets(self.dice, packet[8:], 1300)
        self._seal(self.client.handshake.outbound.protect_rtcp, packet)

    def unsealed(self) -> None:
        """RTP and RTCP without keys, and anything else."""
        media, control = seeds.rtp(self.dice, 9, 96), seeds.rtcp(self.dice, 9, 9)
        valid = self.dice.choice((media, control, self.dice.randbytes(60)))
        self.client.transmit(mutate.octets(self.dice, valid) or b"\xff")

    def sctp_chunk(self) -> None:
        assert self.sctp is not None
        packet = self.dice.choice(seeds.data_packets(self.dice))
        if self.dice.random() < 0.7:
            fields.damage(self.dice, packet)
        self.sctp.send_damaged(packet.SerializeToString())

    async def signals(self, count: int) -> None:
        """Requests on the socket, as fast as a client may make them."""
        for _ in range(count):
            if self.gone:
                return
            request = self.dice.choice(seeds.requests(["TR_none"], self.dice)[:-1])
            fields.damage(self.dice, request)
            await self.send(request)
            await asyncio.sleep(1 / SIGNALS_A_SECOND)

    def _seal(self, protect: Callable[[bytes], bytes], packet: bytes) -> None:
        try:
            self.client.transmit(protect(packet))
        except SrtpError:  # too broken for libsrtp to seal: it goes as it is
            self.client.transmit(packet)

    def _transmit(self, native: Callable[[bytes], None]) -> Callable[[bytes], None]:
        """Remembers the first flight of DTLS."""

        def transmit(datagram: bytes) -> None:
            if not self.hello and datagram[:1] == b"\x16":
                self.hello = datagram
            native(datagram)

        return transmit

    def _take_dtls(self, native: Callable[[bytes], None]) -> Callable[[bytes], None]:
        """After the handshake: SCTP comes over it."""

        def take(datagram: bytes) -> None:
            if self.sctp is None:
                native(datagram)
                return
            connection = self.client.handshake.connection
            connection.bio_write(datagram)
            try:
                while packet := connection.recv(65_536):
                    self.sctp.heard(packet)
            except SSL.Error:
                return

        return take


def attribute(kind: int, value: bytes) -> bytes:
    return struct.pack("!HH", kind, len(value)) + value + bytes(-len(value) % 4)
