"""A WebRTC endpoint for tests: controlling ICE, DTLS, SRTP and SCTP over one socket, nothing decoded."""

import asyncio
import socket
import struct
from collections.abc import Callable
from dataclasses import dataclass

from aioice import stun
from aiortc import RTCCertificate, RTCDtlsFingerprint, RTCDtlsParameters, RTCDtlsTransport, RTCSctpTransport
from aiortc.rtcsctptransport import RTCSctpCapabilities

from signaling.sfu.framing import Frames, framed
from signaling.sfu.rtp import read_extensions
from signaling.sfu.spec import IceCredentials

CERTIFICATE = RTCCertificate.generateCertificate()
FINGERPRINTS = [f"{f.algorithm} {f.value}" for f in CERTIFICATE.getFingerprints() if f.algorithm == "sha-256"]
UFRAG = "test"


@dataclass
class Received:
    """An RTP packet as it came out of SRTP."""

    payload_type: int
    marker: bool
    sequence: int
    timestamp: int
    ssrc: int
    payload: bytes  # without padding
    extensions: dict[int, bytes]
    size: int  # octets of the plain packet
    sealed: bytes  # as it was on the wire

    @classmethod
    def read(cls, plain: bytes, sealed: bytes) -> "Received":
        first, second, sequence, timestamp, ssrc = struct.unpack_from("!BBHII", plain)
        at, extensions = 12, {}
        if first & 0x10:
            profile, words = struct.unpack_from("!HH", plain, 12)
            at = 16 + 4 * words
            extensions = read_extensions(plain, 16, at, profile)
        payload = plain[at : -plain[-1]] if first & 0x20 else plain[at:]
        marker = bool(second & 0x80)
        return cls(second & 0x7F, marker, sequence, timestamp, ssrc, payload, extensions, len(plain), sealed)


def rtp(
    *,
    ssrc: int,
    sequence: int,
    timestamp: int = 0,
    payload: bytes = b"",
    payload_type: int = 96,
    marker: bool = False,
    extensions: dict[int, bytes] | None = None,
    padding: int = 0,
) -> bytes:
    """A plain RTP packet with one-byte header extensions."""
    first = 0x80 | (0x10 if extensions else 0) | (0x20 if padding else 0)
    packet = struct.pack(
        "!BBHII", first, payload_type | marker << 7, sequence & 0xFFFF, timestamp & 0xFFFFFFFF, ssrc
    )
    if extensions:
        block = b"".join(bytes([id_ << 4 | len(value) - 1]) + value for id_, value in extensions.items())
        block += bytes(-len(block) % 4)
        packet += struct.pack("!HH", 0xBEDE, len(block) // 4) + block
    packet += payload
    return packet + bytes(padding - 1) + bytes([padding]) if padding else packet


class TcpWire(asyncio.Protocol):
    """RFC 4571 under a LightClient: what it takes for a datagram transport."""

    def __init__(self, client: "LightClient") -> None:
        self._client = client
        self._frames = Frames(65535)
        self.ended = asyncio.Event()

    def connection_made(self, transport):
        self.transport = transport
        self.get_extra_info = transport.get_extra_info

    def data_received(self, data):
        for frame in self._frames.cut(data):
            self._client.datagram_received(bytes(frame), None)

    def connection_lost(self, error):
        self.ended.set()

    def sendto(self, data):
        self.transport.write(framed(data))

    def close(self):
        self.transport.close()


class LightClient(asyncio.DatagramProtocol):
    """`connect` it, then read `packets` and `controls` (plain RTCP) or `send`. Close it."""

    role = "controlling"
    sock: socket.socket  # for what asyncio would not send

    def __init__(self) -> None:
        self.packets: list[Received] = []
        self.controls: list[bytes] = []
        self.channels: list = []
        self.former: list = []  # wires it moved away from
        self.lose: Callable[[bytes], bool] = lambda packet: False
        self.dtls = RTCDtlsTransport(self, [CERTIFICATE])
        self.sctp: RTCSctpTransport | None = None
        self._dtls_records: asyncio.Queue[bytes] = asyncio.Queue()
        self._answers: dict[bytes, asyncio.Future] = {}
        self._arrival = asyncio.Event()

    @classmethod
    async def open(cls, address: tuple[str, int]) -> "LightClient":
        sock = socket.socket(socket.AF_INET6 if ":" in address[0] else socket.AF_INET, socket.SOCK_DGRAM)
        sock.setblocking(False)
        sock.connect(address)
        _, client = await asyncio.get_running_loop().create_datagram_endpoint(cls, sock=sock)
        client.sock = sock
        return client

    @classmethod
    async def open_tcp(cls, address: tuple[str, int]) -> "LightClient":
        client = cls()
        _, client.wire = await asyncio.get_running_loop().create_connection(lambda: TcpWire(client), *address)
        return client

    async def move(self, address: tuple[str, int], *, tcp: bool = False) -> None:
        """Go on from another socket with the same keys; the old one stays open."""
        other = await (self.open_tcp if tcp else self.open)(address)
        if tcp:
            other.wire._client = self
        else:
            other.datagram_received = self.datagram_received
            self.sock = other.sock
        self.former.append(self.wire)
        self.wire = other.wire

    # asyncio.DatagramProtocol

    def connection_made(self, transport):
        self.wire = transport

    def datagram_received(self, data, addr):
        first = data[0]
        if first < 4:
            message = stun.parse_message(data)
            answer = self._answers.pop(message.transaction_id, None)
            if answer is not None and not answer.done():
                answer.set_result(message)
        elif first < 64:
            self._dtls_records.put_nowait(data)
        elif 192 <= data[1] <= 223:
            self.controls.append(self.dtls._rx_srtp.unprotect_rtcp(data))
        elif not self.lose(data):
            self.packets.append(Received.read(self.dtls._rx_srtp.unprotect(data), data))
        self._arrival.set()

    # What RTCDtlsTransport takes for ICE

    async def _recv(self) -> bytes:
        return await self._dtls_records.get()

    async def _send(self, data: bytes) -> None:
        self.wire.sendto(data)

    # What tests call

    async def check(
        self, ice: IceCredentials, *, nominate: bool = True, pwd: str | None = None
    ) -> stun.Message:
        """One connectivity check; raises TimeoutError when it is not answered."""
        attributes: dict = {"USERNAME": f"{ice.ufrag}:{UFRAG}", "PRIORITY": 1, "ICE-CONTROLLING": 7}
        if nominate:
            attributes["USE-CANDIDATE"] = None
        request = stun.Message(stun.Method.BINDING, stun.Class.REQUEST, attributes=attributes)
        request.add_message_integrity((pwd or ice.pwd).encode())
        answer = asyncio.get_running_loop().create_future()
        self._answers[request.transaction_id] = answer
        self.wire.sendto(bytes(request))
        async with asyncio.timeout(0.5):
            return await answer

    async def connect(self, ice: IceCredentials, fingerprint: str, *, sctp: bool = False) -> None:
        await self.check(ice)
        self.dtls._set_role("client")
        algorithm, value = fingerprint.split(" ")
        async with asyncio.timeout(5):
            await self.dtls.start(RTCDtlsParameters([RTCDtlsFingerprint(algorithm, value)]))
        assert self.dtls.state == "connected"
        if sctp:
            self.sctp = RTCSctpTransport(self.dtls)
            await self.sctp.start(RTCSctpCapabilities(maxMessageSize=65536), 5000)

    def send(self, plain: bytes) -> None:
        self.wire.sendto(self.dtls._tx_srtp.protect(plain))

    def send_rtcp(self, plain: bytes) -> None:
        self.wire.sendto(self.dtls._tx_srtp.protect_rtcp(plain))

    def media(self, ssrc: int) -> list[Received]:
        return [packet for packet in self.packets if packet.ssrc == ssrc]

    async def until(self, condition: Callable[[], bool], within: float = 3.0) -> None:
        """Wait until the condition holds; raises TimeoutError after `within` seconds."""
        async with asyncio.timeout(within):
            while not condition():
                self._arrival.clear()
                try:
                    async with asyncio.timeout(0.05):
                        await self._arrival.wait()
                except TimeoutError:
                    continue

    async def close(self) -> None:
        if self.sctp is not None:
            await self.sctp.stop()
        await self.dtls.stop()
        for wire in (self.wire, *self.former):
            wire.close()
        await asyncio.sleep(0)
