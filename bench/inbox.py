"""Reading many datagrams in one system call (recvmmsg), each with the moment the kernel took it in."""

from __future__ import annotations

import socket
import struct
import time

import cffi

SLOTS, SLOT = 64, 2048
SO_TIMESTAMPNS = 35
CONTROL = 32  # octets: a control message's header of 16, a timespec of 16

ffi = cffi.FFI()
ffi.cdef("""
struct iovec { void *iov_base; size_t iov_len; };
struct msghdr { void *msg_name; unsigned int msg_namelen; struct iovec *msg_iov; size_t msg_iovlen;
                void *msg_control; size_t msg_controllen; int msg_flags; };
struct mmsghdr { struct msghdr msg_hdr; unsigned int msg_len; };
int recvmmsg(int, struct mmsghdr *, unsigned int, int, void *);
""")
libc = ffi.dlopen(None)
HEADER_WORDS = ffi.sizeof("struct mmsghdr") // 4
LENGTH_WORD = ffi.offsetof("struct mmsghdr", "msg_len") // 4


class Inbox:
    """One arena for all sockets of the process: what it holds is read before the next `receive`."""

    def __init__(self) -> None:
        self._data = ffi.new("char[]", SLOTS * SLOT)
        self._control = ffi.new("char[]", SLOTS * CONTROL)
        self._iovecs = ffi.new("struct iovec[]", SLOTS)
        self._headers = ffi.new("struct mmsghdr[]", SLOTS)
        for i in range(SLOTS):
            self._iovecs[i].iov_base, self._iovecs[i].iov_len = self._data + i * SLOT, SLOT
            header = self._headers[i].msg_hdr
            header.msg_iov, header.msg_iovlen = self._iovecs + i, 1
            header.msg_control, header.msg_controllen = self._control + i * CONTROL, CONTROL
        self.view = memoryview(ffi.buffer(self._data)).cast("B")
        self._words = memoryview(ffi.buffer(self._headers)).cast("B").cast("I")
        self._longs = memoryview(ffi.buffer(self._control)).cast("B").cast("q")

    def receive(self, fd: int) -> int:
        """How many datagrams now lie in slots 0, 1, …; 0 when none waits or the socket has an error."""
        return max(0, libc.recvmmsg(fd, self._headers, SLOTS, socket.MSG_DONTWAIT, ffi.NULL))

    def length(self, slot: int) -> int:
        return self._words[slot * HEADER_WORDS + LENGTH_WORD]

    def arrival(self, slot: int) -> float:
        """Seconds of the wall clock at which the datagram reached its socket."""
        at = slot * (CONTROL // 8) + 2
        return self._longs[at] + self._longs[at + 1] * 1e-9

    def datagram(self, slot: int) -> bytes:
        return bytes(self.view[slot * SLOT : slot * SLOT + self.length(slot)])


def stamped(sock: socket.socket) -> None:
    """Let the kernel note when each datagram arrives; now, should it not."""
    sock.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, struct.pack("i", 1))


now = time.time  # the clock of arrivals
