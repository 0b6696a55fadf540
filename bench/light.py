"""Light media clients: ICE, DTLS, SRTP and counters, nothing decoded, many to a process.

Packets received are counted by SSRC from the clear RTP header; one in SAMPLE_EVERY is decrypted, to prove
that what the server sends is real. Each client reports as a browser does: receiver reports each second,
answers to NACKs over RTX, consent checks each five.
"""

from __future__ import annotations

import asyncio
import secrets
import socket
import struct
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from aioice import stun
from pylibsrtp import Error as SrtpError

from bench import rtcp
from bench.dtls import Handshake

SAMPLE_EVERY = 64
REPORT_EVERY, CONSENT_EVERY = 1.0, 5.0
RECEIVE_BUFFER = 1 << 20
HISTORY = 512
CONNECT_WITHIN = 20.0


@dataclass(frozen=True)
class Remote:
    """Where the server is and how it proves itself, as its SDP says. `active`: it is the DTLS client."""

    address: tuple[str, int]
    ufrag: str
    password: str
    fingerprint: str
    active: bool


@dataclass
class Flow:
    """Packets received on one SSRC."""

    payload_type: int
    first: int
    received: int = 0
    highest: int = 0  # extended by wraps
    reported: tuple[int, int] = (0, 0)  # expected, received at the last report
    middle: int = 0
    heard: float = 0.0

    def count(self, sequence: int) -> None:
        step = (sequence - self.highest) & 0xFFFF
        if step < 0x8000:
            self.highest += step
        self.received += 1

    def block(self, ssrc: int, now: float) -> bytes:
        """RFC 3550 6.4.1, since the last report."""
        expected = self.highest - self.first + 1
        gone = expected - self.reported[0] - (self.received - self.reported[1])
        fraction = max(0, gone) * 256 // max(1, expected - self.reported[0])
        self.reported = expected, self.received
        return rtcp.block(
            ssrc=ssrc,
            fraction=min(fraction, 255),
            lost=expected - self.received,
            highest=self.highest & 0xFFFFFFFF,
            middle=self.middle,
            delay=now - self.heard if self.middle else 0.0,
        )


@dataclass
class Outgoing:
    """One published stream: numbers, totals and what may have to be sent again."""

    ssrc: int
    payload_type: int
    mid: str
    rtx_ssrc: int = 0
    rtx_payload_type: int = 0
    sequence: int = field(default_factory=lambda: secrets.randbelow(0x7000))
    timestamp: int = field(default_factory=lambda: secrets.randbits(31))
    packets: int = 0
    octets: int = 0
    rtx_sequence: int = 0
    history: dict[int, bytes] = field(default_factory=dict)

    def keep(self, packet: bytes) -> None:
        self.history[self.sequence] = packet
        self.history.pop(self.sequence - HISTORY & 0xFFFF, None)
        self.sequence = self.sequence + 1 & 0xFFFF
        self.packets += 1
        self.octets += len(packet) - 24

    def again(self, sequence: int) -> bytes | None:
        """The packet as RTX carries it (RFC 4588 4): own numbers, the original's in front of the payload."""
        packet = self.history.get(sequence)
        if packet is None or not self.rtx_ssrc:
            return None
        second = packet[1] & 0x80 | self.rtx_payload_type
        header = struct.pack("!BBH4sI", packet[0], second, self.rtx_sequence, packet[4:8], self.rtx_ssrc)
        self.rtx_sequence = self.rtx_sequence + 1 & 0xFFFF
        return header + packet[12:24] + packet[2:4] + packet[24:]


class LightClient:
    """One endpoint on one UDP socket. `connect` it to a Remote, then read `flows` or `send` packets."""

    def __init__(self) -> None:
        self.loop = asyncio.get_running_loop()
        self.ufrag, self.password = secrets.token_hex(4), secrets.token_hex(12)
        self.ssrc = secrets.randbits(31)
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.setblocking(False)
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVE_BUFFER)
        self.socket.bind(("0.0.0.0", 0))
        self.buffer = memoryview(bytearray(2048))
        self.flows: dict[int, Flow] = {}
        self.streams: list[Outgoing] = []
        self.rtx_types: frozenset[int] = frozenset()
        self.sampled = self.forged = self.unsendable = 0
        self.key_frames_asked = self.resent = 0
        self.on_key_frame: Callable[[], None] = lambda: None
        self.handshake: Handshake | None = None
        self.progress: asyncio.Future[None] | None = None
        self.timers: dict[str, asyncio.TimerHandle] = {}

    @property
    def port(self) -> int:
        return int(self.socket.getsockname()[1])

    @property
    def received(self) -> int:
        """Media packets received, without retransmissions and probes."""
        return sum(flow.received for flow in self.flows.values() if flow.payload_type not in self.rtx_types)

    async def connect(self, remote: Remote) -> None:
        """ICE as the controlling side, then DTLS. Raises TimeoutError or ConnectionError."""
        self.remote = remote
        self.socket.connect(remote.address)
        self.loop.add_reader(self.socket, self.readable)
        async with asyncio.timeout(CONNECT_WITHIN):
            await self.until(self.check, every=0.1)
            self.handshake = Handshake(
                active=not remote.active, expected=remote.fingerprint, send=self.transmit
            )
            self.handshake.advance()
            await self.until(self.handshake.retransmit, every=0.2)
        self.repeat("report", REPORT_EVERY, self.report)
        self.repeat("consent", CONSENT_EVERY, self.check)

    async def until(self, step: Callable[[], None], every: float) -> None:
        """Call `step` again and again until an incoming datagram resolves `progress`."""
        self.progress = self.loop.create_future()
        while not self.progress.done():
            step()
            await asyncio.wait([self.progress], timeout=every)
        self.progress.result()

    def repeat(self, name: str, every: float, step: Callable[[], None]) -> None:
        def run() -> None:
            step()
            self.timers[name] = self.loop.call_later(every, run)

        self.timers[name] = self.loop.call_later(every, run)

    def close(self) -> None:
        for timer in self.timers.values():
            timer.cancel()
        self.loop.remove_reader(self.socket)
        self.socket.close()

    def check(self) -> None:
        """A Binding request that nominates at once (RFC 8445 8.1.1); later ones keep consent (RFC 7675)."""
        request = stun.Message(message_method=stun.Method.BINDING, message_class=stun.Class.REQUEST)
        request.attributes["USERNAME"] = f"{self.remote.ufrag}:{self.ufrag}"
        request.attributes["PRIORITY"] = 1845501695
        request.attributes["ICE-CONTROLLING"] = self.ssrc
        request.attributes["USE-CANDIDATE"] = None
        request.add_message_integrity(self.remote.password.encode())
        request.add_fingerprint()
        self.transmit(bytes(request))

    def readable(self) -> None:
        try:
            size = self.socket.recv_into(self.buffer)
        except (BlockingIOError, ConnectionRefusedError):
            return
        first = self.buffer[0] if size else 0
        if first > 127:
            self.take_media(size)
        elif first > 19:
            self.take_dtls(bytes(self.buffer[:size]))
        elif size:
            self.take_stun(bytes(self.buffer[:size]))

    def take_media(self, size: int) -> None:
        _, second, sequence, _, ssrc = struct.unpack_from("!BBHII", self.buffer)
        if 192 <= second <= 223:
            self.take_rtcp(bytes(self.buffer[:size]))
            return
        flow = self.flows.get(ssrc)
        if flow is None:
            flow = self.flows[ssrc] = Flow(second & 127, sequence, highest=sequence)
        flow.count(sequence)
        if flow.received % SAMPLE_EVERY == 1:
            self.sample(bytes(self.buffer[:size]))

    def sample(self, packet: bytes) -> None:
        self.sampled += 1
        try:
            self.handshake.inbound.unprotect(packet)
        except SrtpError as error:
            self.forged += "replay" not in str(error)  # a packet that came twice is real

    def take_rtcp(self, packet: bytes) -> None:
        try:
            compound = self.handshake.inbound.unprotect_rtcp(packet)
        except SrtpError:
            self.forged += 1
            return
        for item in rtcp.read(compound):
            if isinstance(item, rtcp.Reported):
                self.note_report(item)
            elif item.key_frame:
                self.key_frames_asked += 1
                self.on_key_frame()
            else:
                self.resend(item)

    def note_report(self, report: rtcp.Reported) -> None:
        if flow := self.flows.get(report.ssrc):
            flow.middle, flow.heard = report.middle, time.monotonic()

    def resend(self, asked: rtcp.Asked) -> None:
        for stream in self.streams:
            if stream.ssrc == asked.ssrc:
                for packet in filter(None, map(stream.again, asked.missing)):
                    self.resent += 1
                    self.send(packet)

    def take_dtls(self, datagram: bytes) -> None:
        if self.handshake is None:
            return
        try:
            self.handshake.advance(datagram)
        except ConnectionError as error:
            if self.progress and not self.progress.done():
                self.progress.set_exception(error)
            return
        if self.handshake.done:
            self.reached()

    def reached(self) -> None:
        """The step of `connect` that is under way is done."""
        if self.progress and not self.progress.done():
            self.progress.set_result(None)

    def take_stun(self, datagram: bytes) -> None:
        message = stun.parse_message(datagram)
        if message.message_class is stun.Class.REQUEST:
            self.answer_check(message)
        elif self.handshake is None and message.message_class is stun.Class.RESPONSE:
            self.reached()

    def answer_check(self, request: stun.Message) -> None:
        answer = stun.Message(
            message_method=stun.Method.BINDING,
            message_class=stun.Class.RESPONSE,
            transaction_id=request.transaction_id,
        )
        answer.attributes["XOR-MAPPED-ADDRESS"] = self.remote.address
        answer.add_message_integrity(self.password.encode())
        answer.add_fingerprint()
        self.transmit(bytes(answer))

    def transmit(self, datagram: bytes) -> None:
        try:
            self.socket.send(datagram)
        except (BlockingIOError, ConnectionRefusedError):
            self.unsendable += 1

    def send(self, packet: bytes) -> None:
        """Encrypt and send one RTP packet."""
        self.transmit(self.handshake.outbound.protect(packet))

    def report(self) -> None:
        """Sender reports for what we publish, one receiver report for what we hear."""
        parts = [
            rtcp.sender_report(
                ssrc=stream.ssrc, timestamp=stream.timestamp, packets=stream.packets, octets=stream.octets
            )
            + rtcp.description(stream.ssrc, self.ufrag)
            for stream in self.streams
            if stream.packets
        ]
        now = time.monotonic()
        if self.flows:
            blocks = [flow.block(ssrc, now) for ssrc, flow in list(self.flows.items())[:31]]
            parts.append(
                rtcp.receiver_report(ssrc=self.ssrc, blocks=blocks) + rtcp.description(self.ssrc, self.ufrag)
            )
        for part in parts:
            self.transmit(self.handshake.outbound.protect_rtcp(part))
