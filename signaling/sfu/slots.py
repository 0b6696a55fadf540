"""Arenas of datagram buffers with the headers that Linux's recvmmsg and sendmmsg take."""

from __future__ import annotations

import sys
from typing import Any

import cffi
import numpy as np
from numpy.typing import NDArray

IN_SLOTS = 64
OUT_SLOTS = 512
SLOT = 2048  # octets

ffi = cffi.FFI()
ffi.cdef("""
struct iovec { void *iov_base; size_t iov_len; };
struct msghdr { void *msg_name; unsigned int msg_namelen; struct iovec *msg_iov; size_t msg_iovlen;
                void *msg_control; size_t msg_controllen; int msg_flags; };
struct mmsghdr { struct msghdr msg_hdr; unsigned int msg_len; };
int sendmmsg(int, struct mmsghdr *, unsigned int, int);
int recvmmsg(int, struct mmsghdr *, unsigned int, int, void *);
""")
libc: Any = ffi.dlopen(None)

HEADER_WORDS = ffi.sizeof("struct mmsghdr") // 4
LENGTH_WORD = ffi.offsetof("struct mmsghdr", "msg_len") // 4
LOW_HALF = 0 if sys.byteorder == "little" else ffi.sizeof("size_t") - 4
STAMP = ffi.sizeof("size_t") + 8 + 16  # octets: a control message's header and a timespec of 64-bit longs
STAMP_LONGS = STAMP // 8


class Slots:
    """`count` datagram buffers with their kernel headers; `sizes[2*i+1]` is the length of outgoing slot i."""

    def __init__(self, count: int, name_size: int) -> None:
        self._data = ffi.new("char[]", count * SLOT)
        self._names = ffi.new("char[]", count * name_size)
        self._iovecs = ffi.new("struct iovec[]", count)
        self.headers = ffi.new("struct mmsghdr[]", count)
        for i in range(count):
            self._iovecs[i].iov_base = self._data + i * SLOT
            self._iovecs[i].iov_len = SLOT
            header = self.headers[i].msg_hdr
            header.msg_name = self._names + i * name_size
            header.msg_namelen = name_size
            header.msg_iov = self._iovecs + i
            header.msg_iovlen = 1
        self.view = memoryview(ffi.buffer(self._data)).cast("B")
        self.names = memoryview(ffi.buffer(self._names)).cast("B")
        self.sizes = memoryview(ffi.buffer(self._iovecs)).cast("B").cast("L")  # size_t
        # The same memory for arrays: rows of datagrams and of names, and the lengths of outgoing ones.
        self.octets = np.frombuffer(ffi.buffer(self._data), np.uint8).reshape(count, SLOT)
        self.name_octets = np.frombuffer(ffi.buffer(self._names), np.uint8).reshape(count, name_size)
        self.octet_counts = np.frombuffer(ffi.buffer(self._iovecs), np.uintp).reshape(count, 2)[:, 1]
        self._columns: dict[int, NDArray[np.uint16]] = {}
        self.words = memoryview(ffi.buffer(self.headers)).cast("B").cast("I")
        self.pointers = [self._data + i * SLOT for i in range(count)]
        lengths = [ffi.addressof(self.headers[i], "msg_len") for i in range(count)]
        self.received = [ffi.cast("int *", length) for length in lengths]
        # srtp_protect counts in an int: the low half of iov_len serves, its high half stays zero.
        sizes = [ffi.cast("char *", ffi.addressof(self._iovecs[i], "iov_len")) for i in range(count)]
        self.lengths = [ffi.cast("int *", size + LOW_HALF) for size in sizes]

    def column(self, at: int) -> NDArray[np.uint16]:
        """The two octets at `at` of every slot, as numbers in network order."""
        if at not in self._columns:
            self._columns[at] = np.ndarray((len(self.octets),), ">u2", self.octets, at, (SLOT,))
        return self._columns[at]

    def length(self, slot: int) -> int:
        """Octets of a received datagram."""
        return int(self.words[slot * HEADER_WORDS + LENGTH_WORD])


class Inbox(Slots):
    """Slots for receiving; the kernel says when each datagram came in."""

    def __init__(self, count: int, name_size: int) -> None:
        super().__init__(count, name_size)
        self._control = ffi.new("char[]", count * STAMP)
        self._stamps = memoryview(ffi.buffer(self._control)).cast("B").cast("q")
        for i in range(count):
            self.headers[i].msg_hdr.msg_control = self._control + i * STAMP
            self.headers[i].msg_hdr.msg_controllen = STAMP

    def stamp(self, slot: int) -> float:
        """Arrival at the socket, seconds of the wall clock."""
        at = slot * STAMP_LONGS + STAMP_LONGS - 2
        return float(self._stamps[at] + self._stamps[at + 1] * 1e-9)
