"""A UDP socket that reads and writes many datagrams in one system call (recvmmsg, sendmmsg of Linux).

Both directions own an arena of fixed slots. What arrives is decrypted where it lies; what leaves is composed
and encrypted where it will be sent from. Addresses stay the kernel's own bytes (`sockaddr`): they are
dictionary keys and destinations, and become text only for people.
"""

from __future__ import annotations

import asyncio
import errno
import ipaddress
import socket
import struct
import sys
import time
from collections.abc import Callable

from signaling.sfu.drops import Drops
from signaling.sfu.slots import IN_SLOTS, OUT_SLOTS, SLOT, Inbox, Slots, ffi, libc

LARGEST = 1500  # octets; nothing a WebRTC peer sends is larger
READS_PER_WAKE = 4
SOCKET_BUFFER = 4 << 20
BUFFERS = ((socket.SO_RCVBUF, 33), (socket.SO_SNDBUF, 32))  # and SO_RCVBUFFORCE, SO_SNDBUFFORCE
SO_TIMESTAMPNS = 35
LONGEST_WAIT = 1.0  # seconds a datagram may have waited for us; more is a step of the wall clock

Receiver = Callable[["UdpPort", int, int, float], None]
"""(port, slot, length in octets, arrival): the datagram lies in `port.inbox` until the call returns."""


class UdpPort:
    """One bound socket. Sends are queued and leave together: `flush` runs once per loop iteration."""

    def __init__(self, sock: socket.socket, drops: Drops) -> None:
        self.sock = sock
        self.fd = sock.fileno()
        self.family = sock.family
        self.name_size = 28 if sock.family == socket.AF_INET6 else 16
        self.inbox = Inbox(IN_SLOTS, self.name_size)
        self.outbox = Slots(OUT_SLOTS, self.name_size)
        self.tail = 0  # next free slot of the outbox
        self._head = 0  # next slot the kernel has not taken
        self.received = self.sent = 0  # datagrams
        self._drops = drops
        self._loop: asyncio.AbstractEventLoop | None = None
        self._receiver: Receiver | None = None
        self._clock: Callable[[], float] | None = None
        self._scheduled = False
        self._blocked = False

    def open(self, receiver: Receiver, clock: Callable[[], float]) -> None:
        """Start reading on the running loop; `receiver` must not raise."""
        self._loop = asyncio.get_running_loop()
        self._receiver, self._clock = receiver, clock
        self._loop.add_reader(self.fd, self._readable)

    def close(self) -> None:
        """Idempotent; what is queued is sent if the kernel takes it at once."""
        loop, self._loop = self._loop, None
        if loop is None:
            return
        self._write()
        loop.remove_reader(self.fd)
        loop.remove_writer(self.fd)
        self.sock.close()

    def peer(self, slot: int) -> bytes:
        """The `sockaddr` an inbox slot came from."""
        size = self.name_size
        return bytes(self.inbox.names[slot * size : slot * size + size])

    def reserve(self, count: int) -> bool:
        """Whether `count` slots from `tail` on may be filled; counts them as dropped when not."""
        if self.tail + count > OUT_SLOTS:
            self._write()
        if self.tail + count <= OUT_SLOTS:
            return True
        self._drops["send_buffer_full"] += count
        return False

    def room(self) -> bool:
        """Whether slot `tail` may be filled; counts the datagram as dropped when not."""
        if self.tail < OUT_SLOTS:
            return True
        self._write()
        if self.tail < OUT_SLOTS:
            return True
        self._drops.count("send_buffer_full")
        return False

    def address(self, slot: int, peer: bytes) -> None:
        """The slot is complete: give it its destination and queue it."""
        size = self.name_size
        self.outbox.names[slot * size : slot * size + size] = peer
        self.queue(1)

    def queue(self, count: int) -> None:
        """`count` slots from `tail` on are complete, destinations and all."""
        self.tail += count
        if not self._scheduled and self._loop is not None:
            self._scheduled = True
            self._loop.call_soon(self.flush)

    def send(self, data: bytes, peer: bytes) -> None:
        """Queue a plain datagram (STUN, DTLS)."""
        if len(data) > LARGEST:
            self._drops.count("send_oversized")
        elif self.room():
            slot = self.tail
            self.outbox.view[slot * SLOT : slot * SLOT + len(data)] = data
            self.outbox.sizes[2 * slot + 1] = len(data)
            self.address(slot, peer)

    def flush(self) -> None:
        self._scheduled = False
        if not self._blocked and self._loop is not None:
            self._write()

    def _readable(self) -> None:
        receiver, clock, inbox = self._receiver, self._clock, self.inbox
        if receiver is None or clock is None:
            return
        self._scheduled = True  # the flush below covers what the packets of this wake send
        for _ in range(READS_PER_WAKE):
            count = libc.recvmmsg(self.fd, inbox.headers, IN_SLOTS, socket.MSG_DONTWAIT, ffi.NULL)
            if count <= 0:
                break
            self.received += count
            at, wall = clock(), time.time()
            for slot in range(count):
                waited = wall - inbox.stamp(slot)
                arrival = at - waited if 0 < waited < LONGEST_WAIT else at
                receiver(self, slot, inbox.length(slot), arrival)
            if count < IN_SLOTS or self._loop is None:
                break
        self.flush()

    def _write(self) -> None:
        """Hand the queue to the kernel; on EAGAIN wait until it takes more."""
        while self._head < self.tail:
            sent = libc.sendmmsg(self.fd, self.outbox.headers + self._head, self.tail - self._head, 0)
            if sent > 0:
                self.sent += sent
                self._head += sent
                continue
            error = ffi.errno
            if error in (errno.EAGAIN, errno.EWOULDBLOCK):
                self._wait()
                return
            if error != errno.EINTR:
                self._drops.count("send_refused")  # this destination only: unreachable, filtered
                self._head += 1
        self._head = self.tail = 0

    def _wait(self) -> None:
        if self._loop is not None and not self._blocked:
            self._blocked = True
            self._loop.add_writer(self.fd, self._writable)

    def _writable(self) -> None:
        if self._loop is None:
            return
        self._blocked = False
        self._loop.remove_writer(self.fd)
        self._write()


def bind(host: str, port: int) -> socket.socket:
    """A non-blocking UDP socket on a literal address; an IPv6 one takes IPv6 only. Raises OSError."""
    if not sys.platform.startswith("linux"):
        raise OSError("the media engine needs Linux: recvmmsg and sendmmsg")
    family = socket.AF_INET6 if ipaddress.ip_address(host).version == 6 else socket.AF_INET
    sock = socket.socket(family, socket.SOCK_DGRAM)
    try:
        if family == socket.AF_INET6:
            sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        for option, forced in BUFFERS:
            try:
                sock.setsockopt(socket.SOL_SOCKET, forced, SOCKET_BUFFER)
            except PermissionError:  # needs CAP_NET_ADMIN; without it the system's limit holds
                sock.setsockopt(socket.SOL_SOCKET, option, SOCKET_BUFFER)
        sock.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)
        sock.setblocking(False)
        sock.bind((host, port))
    except OSError:
        sock.close()
        raise
    return sock


def endpoint(peer: bytes) -> tuple[str, int]:
    """(address, port) of a `sockaddr` as Linux lays it out."""
    (port,) = struct.unpack_from("!H", peer, 2)
    packed = peer[4:8] if len(peer) == 16 else peer[8:24]
    return str(ipaddress.ip_address(packed)), port
