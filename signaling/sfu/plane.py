"""The packet plane: one UDP port, one TCP port, every transport on it, the timers and the counters."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import Counter
from collections.abc import Callable, Coroutine, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from signaling.sfu import ice
from signaling.sfu.addresses import candidates
from signaling.sfu.drops import Drops
from signaling.sfu.dtls import Certificate
from signaling.sfu.moves import Moves
from signaling.sfu.sendlog import SendLogs
from signaling.sfu.slots import SLOT
from signaling.sfu.spec import Candidate, TransportEvents
from signaling.sfu.tally import Tally
from signaling.sfu.tcp import TcpPort, listen
from signaling.sfu.transport import Transport
from signaling.sfu.udp import LARGEST, UdpPort, bind, endpoint

logger = logging.getLogger(__name__)

TICK = 0.025  # seconds: NACKs and key frame requests
WATCH_TICKS = 10  # layers that stopped, every 250 ms
REPORT_TICKS = 40  # reports, once a second, spread over the ticks
CLOSE_TIME = 3.0  # seconds
LINGER = 1.0  # seconds: who was told to go closes first; browsers call a line that ends under them a fault
TAKEOVER = 10.0  # seconds a silent transport keeps its address against another one
LOG_SPACING = 5.0  # seconds between two log lines about datagrams that broke something


class Plane:
    """Owns the ports and closes every transport on them.

    `hosts` are addresses to bind ("0.0.0.0", "::"); `tcp_port` is None where nobody needs ICE-TCP; `announce`
    is what candidates carry, by default every local address. Drops are counted by name in `drops`.
    """

    def __init__(
        self,
        *,
        hosts: Sequence[str],
        port: int,
        tcp_port: int | None = None,
        announce: Sequence[str] = (),
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.clock = clock
        self.drops = Drops()
        self.tally = Tally()
        self.logs = SendLogs(clock)
        self.certificate: Certificate = Certificate.generateCertificate()
        self.fingerprint = self.certificate.fingerprint
        self.candidates: list[Candidate] = []
        self.transports: dict[Transport, int] = {}  # -> its turn
        self.ufrags: dict[str, Transport] = {}
        self.pending: set[Transport] = set()
        self.loop: asyncio.AbstractEventLoop
        self._hosts, self._port, self._tcp_port, self._announce = hosts, port, tcp_port, announce
        self._ports: list[UdpPort] = []
        self._by_address: dict[bytes, Transport] = {}
        self._moves = Moves(clock())
        self._turns: list[dict[Transport, None]] = [{} for _ in range(REPORT_TICKS)]  # ticks of a second
        self._goodbyes: set[asyncio.Task[None]] = set()
        self._timer: asyncio.TimerHandle | None = None
        self._tick = 0
        self._opened = 0
        self._logged_at = -LOG_SPACING
        self._closed = False

    async def start(self) -> None:
        """Bind and read. A missing IPv6 is only said.

        Raises OSError when no host can be bound or nobody could reach what was (NoCandidates), ValueError
        when what is announced makes no sense; no port stays open then.
        """
        self.loop = asyncio.get_running_loop()
        try:
            for host in self._hosts:
                self._bind(host)
            self.candidates = candidates([port.sock for port in self._ports], self._announce)
        except (OSError, ValueError):
            for port in self._ports:
                port.sock.close()
            raise
        for port in self._ports:
            port.open(self._datagram, self.clock)
        self._timer = self.loop.call_later(TICK, self._on_tick)

    def _bind(self, host: str) -> None:
        try:
            self._ports.append(UdpPort(bind(host, self._port), self.drops))
            if self._tcp_port is not None:
                self._ports.append(
                    TcpPort(listen(host, self._tcp_port), self.drops, self._by_address.__contains__)
                )
        except OSError as error:
            if ":" not in host:
                raise
            logger.warning("No IPv6 on %s (%s); going on without", host, error)

    async def close(self) -> None:
        """Idempotent, done within three seconds; the ports are closed in any case, when cancelled too."""
        if self._closed:
            return
        self._closed = True
        if self._timer is not None:
            self._timer.cancel()
        for transport in tuple(self.transports):
            transport.close("the server is stopping")
        try:
            if self._goodbyes:
                await asyncio.wait(self._goodbyes, timeout=CLOSE_TIME)
        finally:
            for port in self._ports:
                port.close()

    def open(self, events: TransportEvents) -> Transport:
        """A transport for one participant, with ICE credentials already valid."""
        transport = Transport(self, events)
        turn = self._opened % REPORT_TICKS
        self._opened += 1
        self.transports[transport] = turn
        self._turns[turn][transport] = None
        return transport

    @property
    def datagrams(self) -> Counter[tuple[str, str]]:
        """How many, by direction ("in", "out") and protocol ("udp", "tcp")."""
        found: Counter[tuple[str, str]] = Counter()
        for port in self._ports:
            protocol = "tcp" if isinstance(port, TcpPort) else "udp"
            found["in", protocol] += port.received
            found["out", protocol] += port.sent
        return found

    # What transports call

    def forget(self, transport: Transport) -> None:
        """Nothing reaches the transport any more."""
        self._turns[self.transports.pop(transport, 0)].pop(transport, None)
        self.pending.discard(transport)
        for ufrag in transport.credentials:
            self.ufrags.pop(ufrag, None)
        for peer in transport.addresses:
            if self._by_address.get(peer) is transport:
                del self._by_address[peer]

    def disown(self, transport: Transport, peer: bytes) -> None:
        """The address is no longer the transport's."""
        if transport.addresses.pop(peer, None) is not None and self._by_address.get(peer) is transport:
            del self._by_address[peer]

    def finish(self, goodbye: Callable[[float], Coroutine[Any, Any, None]]) -> None:
        """Let a closing transport say goodbye in the background, after a moment."""
        task = asyncio.ensure_future(goodbye(0.0 if self._closed else LINGER))
        self._goodbyes.add(task)
        task.add_done_callback(self._goodbyes.discard)

    def later(self, delay: float, call: Callable[[], None]) -> asyncio.TimerHandle:
        """Call after `delay` seconds, on the loop."""
        return self.loop.call_later(delay, call)

    # The packet path

    def _datagram(self, port: UdpPort, slot: int, length: int, at: float) -> None:
        """The one door: whatever a datagram does wrong is counted here and ends nobody."""
        try:
            self._demultiplex(port, slot, length, at)
        except Exception:
            self.drops.count("internal")
            if at - self._logged_at >= LOG_SPACING:
                self._logged_at = at
                logger.exception("A datagram could not be handled (more of these are only counted)")

    def _demultiplex(self, port: UdpPort, slot: int, length: int, at: float) -> None:
        """RFC 7983: by the first octet. Only STUN is taken from an address nobody vouched for."""
        if not length:
            return self.drops.count("empty")
        if length > LARGEST:
            return self.drops.count("oversized")
        start = slot * SLOT
        first = port.inbox.view[start]
        if first < 4:
            return self._check(port, slot, bytes(port.inbox.view[start : start + length]), at)
        transport = self._by_address.get(port.peer(slot))
        if transport is None:
            return self._stranger(port, slot, bytes(port.inbox.view[start : start + length]), at)
        if 128 <= first < 192:
            transport.packet_at = at
            return transport.inbound.datagram(port, slot, length, at)
        if 20 <= first < 64:
            return transport.feed_dtls(bytes(port.inbox.view[start : start + length]))
        return self.drops.count("unknown_protocol")

    def _check(self, port: UdpPort, slot: int, data: bytes, at: float) -> None:
        """A STUN Binding request: authenticate it, learn its address, answer."""
        try:
            check = ice.parse_check(data)
        except ValueError:
            return self.drops.count("stun_malformed")
        transport = self.ufrags.get(check.ufrag)
        if transport is None:
            return self.drops.count("stun_unknown_user")
        pwd = transport.credentials[check.ufrag].pwd
        if not ice.is_signed(check, pwd):
            return self.drops.count("stun_unsigned")
        peer = port.peer(slot)
        if not self._vouch(transport, peer, at):
            return self.drops.count("address_taken")
        transport.heard_at = at
        if check.nominates or not transport.nominated:
            transport.nominate(port, peer)
        else:
            transport.checked(peer)
        port.send(ice.answer(check, pwd, endpoint(peer)), peer)

    def _stranger(self, port: UdpPort, slot: int, data: bytes, at: float) -> None:
        """Not STUN, from an address nobody vouched for: dropped, unless its keys show whose it is."""
        moved = self._moves.owner(self.transports, data, at) if 128 <= data[0] < 192 else None
        peer = port.peer(slot)
        if moved is None or not self._vouch(moved, peer, at):
            return self.drops.count("stranger")
        moved.packet_at = at
        moved.follow(port, peer, at)
        return self.drops.count("moved")

    def _vouch(self, transport: Transport, peer: bytes, at: float) -> bool:
        """Route the address to the transport, unless it is another's that was heard from it just now."""
        owner = self._by_address.get(peer)
        if owner is not None and owner is not transport:
            if at - owner.addresses[peer] < TAKEOVER:
                return False
            del owner.addresses[peer]
        transport.addresses.pop(peer, None)
        transport.addresses[peer] = at
        self._by_address[peer] = transport
        if len(transport.addresses) > ice.ADDRESSES:
            oldest = next(iter(transport.addresses))
            del transport.addresses[oldest], self._by_address[oldest]
        return True

    # The timers

    def _on_tick(self) -> None:
        self._tick += 1
        self._timer = self.loop.call_later(TICK, self._on_tick)
        self._work(self.clock())

    def _work(self, now: float) -> None:
        hurried, self.pending = self.pending, set()
        for transport in hurried:
            with self._alone(transport):
                if transport.feedback(now):
                    self.pending.add(transport)
        for transport in tuple(self._turns[self._tick % REPORT_TICKS]):
            with self._alone(transport):
                transport.report(now)
        for turn in range(self._tick % WATCH_TICKS, REPORT_TICKS, WATCH_TICKS):
            for transport in tuple(self._turns[turn]):
                if transport.publishes:
                    with self._alone(transport):
                        transport.watch()

    @contextmanager
    def _alone(self, transport: Transport) -> Iterator[None]:
        """A bug is logged and closes this one transport."""
        try:
            yield
        except Exception:
            logger.exception("A timer of a transport failed")
            transport.close("internal error")
