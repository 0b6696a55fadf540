"""ICE-TCP: the passive side of RFC 6544 on one port, for people whose network lets no UDP through.

To the plane it is a port like the UDP one: datagrams in an inbox, slots to compose in, names to send to. A
name stands for one connection; behind it is a stream with the framing of RFC 4571. What a client does not
read is dropped beyond a bound, as a full router would, so a slow reader costs only itself.
"""

from __future__ import annotations

import asyncio
import errno
import ipaddress
import logging
import resource
import socket
from collections.abc import Callable

from signaling.sfu.drops import Drops
from signaling.sfu.framing import Frames, framed
from signaling.sfu.slots import LENGTH_WORD, SLOT
from signaling.sfu.udp import LARGEST, Receiver, UdpPort

logger = logging.getLogger(__name__)

MOST = 4096  # connections of the port, or half of what the process may have open
MOST_OF_ADDRESS = 512  # a whole school may be behind one
MOST_STRANGERS = 64  # of one address, that have not said who they are
FIRST_WITHIN = 5.0  # seconds to the first authenticated check
IDLE = 30.0  # seconds without a frame: consent (RFC 7675) has ended by then
SWEEP = 1.0  # seconds
CHUNK = 65_536  # octets read at once
WAITING = 256 * 1024  # octets written and not taken by the kernel, beyond which packets are dropped
UNSENT = 32 * 1024  # octets the kernel takes before it has sent them: what waits there cannot be dropped
BACKLOG = 256
TCP_NOTSENT_LOWAT = 25
EXHAUSTED = frozenset((errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM))  # the process or the machine
MARK = 0x8000  # set in a name's family: no UDP peer has it


class Stream:
    """One client's connection."""

    def __init__(self, port: TcpPort, sock: socket.socket, name: bytes, host: str, at: float) -> None:
        self.sock = sock
        self.name = name
        self.host = host
        self.opened_at = self.heard_at = at
        self.frames = Frames(LARGEST)
        self.waiting = bytearray()
        self.fresh = True  # no frame has come yet
        self._port = port

    def readable(self) -> None:
        try:
            data = self.sock.recv(CHUNK)
        except (BlockingIOError, InterruptedError):
            return
        except OSError:
            data = b""
        if data:
            self._port.take(self, data)
        else:
            self._port.drop(self)

    def write(self, datagram: memoryview) -> bool:
        """Queue one datagram; False when the client is too far behind."""
        if len(self.waiting) > WAITING:
            return False
        self.waiting += framed(datagram)
        return True

    def flush(self) -> bool:
        """Give the kernel what waits; True when something is left. Raises OSError when the client is gone."""
        while self.waiting:
            try:
                sent = self.sock.send(self.waiting)
            except (BlockingIOError, InterruptedError):
                return True
            del self.waiting[:sent]
        return False


class TcpPort(UdpPort):
    """A listening socket and its connections. `known` tells whether the plane vouches for a name."""

    def __init__(self, sock: socket.socket, drops: Drops, known: Callable[[bytes], bool]) -> None:
        super().__init__(sock, drops)
        self.streams: dict[bytes, Stream] = {}
        self.most = min(MOST, resource.getrlimit(resource.RLIMIT_NOFILE)[0] // 2)
        self._known = known
        self._hosts: dict[str, set[Stream]] = {}
        self._current = b""
        self._number = 0
        self._resting = False  # takes nobody for now
        self._behind: set[Stream] = set()  # a writer waits for them
        self._timer: asyncio.TimerHandle | None = None

    def open(self, receiver: Receiver, clock: Callable[[], float]) -> None:
        super().open(receiver, clock)
        self.sock.listen(BACKLOG)
        self._later()

    def close(self) -> None:
        """Idempotent; clients see the end of their stream."""
        if self._timer is not None:
            self._timer.cancel()
        self.flush()
        for stream in tuple(self.streams.values()):
            self.drop(stream)
        super().close()

    def peer(self, slot: int) -> bytes:
        return self._current

    def _readable(self) -> None:
        """Newcomers wait."""
        for _ in range(BACKLOG):
            try:
                sock, address = self.sock.accept()
            except (BlockingIOError, InterruptedError):
                return
            except OSError as error:
                self._drops.count("tcp_limit")
                logger.debug("A connection could not be taken: %s", error)
                if error.errno in EXHAUSTED:
                    return self._rest()
                continue
            self._welcome(sock, address[0], address[1])

    def _rest(self) -> None:
        """Whoever waits keeps the socket readable: look at it no more until the next sweep."""
        if self._loop is not None and not self._resting:
            self._resting = True
            self._loop.remove_reader(self.fd)

    def _wake(self) -> None:
        if self._loop is not None and self._resting:
            self._resting = False
            self._loop.add_reader(self.fd, self._readable)

    def _welcome(self, sock: socket.socket, host: str, port: int) -> None:
        loop, clock = self._loop, self._clock
        if loop is None or clock is None or not self._has_place(host):
            sock.close()
            self._drops.count("tcp_limit")
            return
        sock.setblocking(False)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        sock.setsockopt(socket.IPPROTO_TCP, TCP_NOTSENT_LOWAT, UNSENT)
        self._number += 1
        stream = Stream(self, sock, name_of(host, port, self._number), origin(host), clock())
        self.streams[stream.name] = stream
        self._hosts.setdefault(stream.host, set()).add(stream)
        loop.add_reader(sock.fileno(), stream.readable)

    def _has_place(self, host: str) -> bool:
        own = self._hosts.get(origin(host), ())
        if len(self.streams) >= self.most or len(own) >= MOST_OF_ADDRESS:
            return False
        return sum(not self._known(stream.name) for stream in own) < MOST_STRANGERS

    def take(self, stream: Stream, data: bytes) -> None:
        """What a client sent: each frame is a datagram. The first must be a check that is in order."""
        receiver, clock = self._receiver, self._clock
        if receiver is None or clock is None:
            return
        stream.heard_at = at = clock()
        self._current = stream.name
        self._scheduled = True  # the flush below covers what the packets of this wake send
        try:
            for frame in stream.frames.cut(data):
                self.received += 1
                self.inbox.view[: len(frame)] = frame
                self.inbox.words[LENGTH_WORD] = len(frame)
                receiver(self, 0, len(frame), at)
                if stream.fresh and not self._known(stream.name):
                    self._drops.count("tcp_stranger")
                    self.drop(stream)
                    break
                stream.fresh = False
        except ValueError:
            self._drops.count("tcp_malformed")
            self.drop(stream)
        self.flush()

    def drop(self, stream: Stream) -> None:
        """Idempotent. Its name is never used again, so nobody inherits what was vouched for it."""
        if self.streams.pop(stream.name, None) is None:
            return
        own = self._hosts[stream.host]
        own.discard(stream)
        if not own:
            del self._hosts[stream.host]
        self._stop_waiting(stream)
        if self._loop is not None:
            self._loop.remove_reader(stream.sock.fileno())
        stream.sock.close()

    def _write(self) -> None:
        """Hand each datagram of the queue to its stream."""
        touched: dict[Stream, None] = {}
        names, size, view, sizes = self.outbox.names, self.name_size, self.outbox.view, self.outbox.sizes
        for slot in range(self._head, self.tail):
            stream = self.streams.get(bytes(names[slot * size : slot * size + size]))
            start = slot * SLOT
            if stream is None:
                self._drops.count("tcp_gone")
            elif stream.write(view[start : start + sizes[2 * slot + 1]]):
                touched[stream] = None
                self.sent += 1
            else:
                self._drops.count("tcp_slow_reader")
        self._head = self.tail = 0
        for stream in touched:
            if stream not in self._behind:
                self._push(stream)

    def _push(self, stream: Stream) -> None:
        loop = self._loop
        try:
            left = stream.flush()
        except OSError:
            return self.drop(stream)
        if left and loop is not None and stream not in self._behind:
            self._behind.add(stream)
            loop.add_writer(stream.sock.fileno(), self._push, stream)
        elif not left:
            self._stop_waiting(stream)
        return None

    def _stop_waiting(self, stream: Stream) -> None:
        if stream in self._behind:
            self._behind.discard(stream)
            if self._loop is not None:
                self._loop.remove_writer(stream.sock.fileno())

    def _later(self) -> None:
        if self._loop is not None:
            self._timer = self._loop.call_later(SWEEP, self._sweep)

    def _sweep(self) -> None:
        """Close what nobody vouches for (any more) and what has fallen silent."""
        self._later()
        self._wake()
        now = self._clock() if self._clock is not None else 0.0
        for stream in tuple(self.streams.values()):
            late = now - stream.opened_at > FIRST_WITHIN and not self._known(stream.name)
            if late or now - stream.heard_at > IDLE:
                self._drops.count("tcp_idle")
                self.drop(stream)


def listen(host: str, port: int) -> socket.socket:
    """A bound, non-blocking TCP socket; an IPv6 one takes IPv6 only. Raises OSError."""
    family = socket.AF_INET6 if ipaddress.ip_address(host).version == 6 else socket.AF_INET
    sock = socket.socket(family, socket.SOCK_STREAM)
    try:
        if family == socket.AF_INET6:
            sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.setblocking(False)
        sock.bind((host, port))
    except OSError:
        sock.close()
        raise
    return sock


def name_of(host: str, port: int, number: int) -> bytes:
    """A `sockaddr` with MARK in its family and the connection's number where the kernel has nothing."""
    address = ipaddress.ip_address(host.partition("%")[0])
    count = (number & 0xFFFFFFFF).to_bytes(4, "big")
    if address.version == 4:
        head = (socket.AF_INET | MARK).to_bytes(2, "little") + port.to_bytes(2, "big")
        return head + address.packed + count + bytes(4)
    head = (socket.AF_INET6 | MARK).to_bytes(2, "little") + port.to_bytes(2, "big")
    return head + count + address.packed + bytes(4)


def origin(host: str) -> str:
    """Who counts as one: an IPv4 address, or the /64 that one IPv6 site has."""
    address = ipaddress.ip_address(host.partition("%")[0])
    if address.version == 6:
        return str(ipaddress.ip_network((address, 64), strict=False).network_address)
    return str(address)
