"""Light media clients: ICE, DTLS, SRTP and counters, nothing decoded, many to a process.

Packets received are counted by SSRC from the clear RTP header; one in SAMPLE_EVERY is decrypted, to prove
that what the server sends is real (all of them, where `on_media` wants them). Each client reports as a
browser does: transport-wide feedback every 100 ms, receiver reports each second, answers to NACKs over RTX,
consent checks each five.
"""

from __future__ import annotations

import asyncio
import secrets
import socket
import struct
import time
from collections.abc import Callable
from dataclasses import dataclass

from aioice import stun
from pylibsrtp import Error as SrtpError

from bench import inbox, rtcp
from bench.dtls import Handshake
from bench.inbox import SLOT, SLOTS, Inbox
from bench.streams import TRANSPORT_CC_ID, Flow, Outgoing

SAMPLE_EVERY = 64
FEEDBACK_EVERY, REPORT_EVERY, CONSENT_EVERY = 0.1, 1.0, 5.0
RECEIVE_BUFFER = 1 << 20
RECEIVE_BUFFER_FORCED = 33  # SO_RCVBUFFORCE
CONNECT_WITHIN = 20.0
# RTP's fixed header and the first extension, as servers write it when it is the only one (RFC 8285 4.2).
HEADER = struct.Struct("!BBHIIIBH")
WIDE = 0xBEDE0001, TRANSPORT_CC_ID << 4 | 1


@dataclass(frozen=True)
class Remote:
    """Where the server is and how it proves itself, as its SDP says. `active`: it is the DTLS client."""

    address: tuple[str, int]
    ufrag: str
    password: str
    fingerprint: str
    active: bool


class LightClient:
    """One endpoint on one UDP socket. `connect` it to a Remote, then read `flows` or `send` packets.

    `on_media` is handed each RTP packet decrypted; `stamping` keeps each packet's arrival in its flow.
    """

    inbox: Inbox | None = None  # shared by all clients of the process

    def __init__(self) -> None:
        LightClient.inbox = LightClient.inbox or Inbox()
        self.loop = asyncio.get_running_loop()
        self.ufrag, self.password = secrets.token_hex(4), secrets.token_hex(12)
        self.ssrc = secrets.randbits(31)
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.setblocking(False)
        enlarge(self.socket)
        inbox.stamped(self.socket)
        self.socket.bind(("0.0.0.0", 0))
        self.flows: dict[int, Flow] = {}
        self.streams: list[Outgoing] = []
        self.rtx_types: frozenset[int] = frozenset()
        self.sampled = self.forged = self.unsendable = 0
        self.key_frames_asked = self.resent = 0
        self.on_key_frame: Callable[[int], None] = lambda ssrc: None
        self.on_media: Callable[[bytes], None] | None = None
        self.stamping = False
        self.wides: list[tuple[int, float]] = []  # transport-wide numbers and arrivals to be reported
        self.feedback = rtcp.TransportFeedback(self.ssrc)
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
        self.repeat("feedback", FEEDBACK_EVERY, self.report_arrivals)
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
        """Take everything that waits at the socket; nothing once it is closed."""
        while (count := self.inbox.receive(self.socket.fileno())) > 0:
            for slot in range(count):
                self.take(slot)
            if count < SLOTS:
                return

    def take(self, slot: int) -> None:
        """One datagram, told apart by its first octet (RFC 7983)."""
        first, second, sequence, _, ssrc, word, item, wide = HEADER.unpack_from(self.inbox.view, slot * SLOT)
        if first <= 127 or 192 <= second <= 223:
            self.take_control(first, self.inbox.datagram(slot))
            return
        flow = self.flows.get(ssrc)
        if flow is None:
            flow = self.flows[ssrc] = Flow(second & 127, sequence, highest=sequence)
        flow.count(sequence)
        if (word, item) == WIDE and first & 0x10:
            self.wides.append((wide, self.inbox.arrival(slot)))
        if self.stamping:
            flow.arrivals.append((sequence, self.inbox.arrival(slot)))
        if self.on_media is not None:
            if (plain := self.opened(self.inbox.datagram(slot))) is not None:
                self.on_media(plain)
        elif flow.received % SAMPLE_EVERY == 1:
            self.opened(self.inbox.datagram(slot))

    def take_control(self, first: int, datagram: bytes) -> None:
        if first > 127:
            self.take_rtcp(datagram)
        elif first > 19:
            self.take_dtls(datagram)
        elif datagram:
            self.take_stun(datagram)

    def opened(self, packet: bytes) -> bytes | None:
        """Decrypted; None, and counted, when it is not real."""
        self.sampled += 1
        try:
            return self.handshake.inbound.unprotect(packet)
        except SrtpError as error:
            self.forged += "replay" not in str(error)  # a packet that came twice is real
            return None

    def take_rtcp(self, packet: bytes) -> None:
        if self.handshake is None:  # for whoever had this port before
            return
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
                self.on_key_frame(item.ssrc)
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
                ssrc=stream.ssrc,
                at=stream.at,
                timestamp=stream.timestamp,
                packets=stream.packets,
                octets=stream.octets,
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

    def report_arrivals(self) -> None:
        """Tell when each transport-wide number arrived; nothing where the server sends none."""
        if self.wides:
            packet = self.feedback.write(self.wides)
            self.wides = []
            self.transmit(self.handshake.outbound.protect_rtcp(packet))


Watch = Callable[[LightClient], None]
"""Gets a client before it connects, to see all that it receives."""


def enlarge(sock: socket.socket) -> None:
    """Room for what comes while others are served; beyond the system's limit where that is allowed."""
    try:
        sock.setsockopt(socket.SOL_SOCKET, RECEIVE_BUFFER_FORCED, RECEIVE_BUFFER)
    except PermissionError:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVE_BUFFER)
