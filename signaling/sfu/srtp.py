"""SRTP straight on libsrtp's functions, in place in the port's slots (pylibsrtp's cffi binding).

pylibsrtp's own `protect` copies twice and costs twice the time. Sessions and keys come from dtls.py.

aiortc allows libsrtp to encrypt one index again (`allow_repeat_tx`), which is needed to repeat a packet byte
for byte and is fatal for AES-GCM if the bytes differ. So whoever calls `rtp` keeps this promise: an (SSRC,
index) pair is never given to two different packets. rewrite.py and history.py keep it.
"""

from __future__ import annotations

import struct
from socket import htonl
from typing import Any, Protocol

from pylibsrtp._binding import lib

from signaling.sfu.drops import Drops
from signaling.sfu.sendlog import SendLog
from signaling.sfu.shape import PLAIN, Shape
from signaling.sfu.slots import SLOT, ffi
from signaling.sfu.udp import LARGEST, UdpPort

HEADER = struct.Struct("!BBHII")
WIDE = struct.Struct("!H")
SEAL_FAILED = "srtp_seal"
REASONS = {7: "srtp_auth", 9: "srtp_replay", 10: "srtp_replay"}  # libsrtp's srtp_err_status_t

_protect: Any = lib.srtp_protect
_protect_rtcp: Any = lib.srtp_protect_rtcp
_unprotect: Any = lib.srtp_unprotect
_unprotect_rtcp: Any = lib.srtp_unprotect_rtcp


class Patch(Protocol):
    """What rewrites a payload after it was copied to its slot (frame.Frame)."""

    def patch(self, view: memoryview, start: int, shifts: tuple[int, int, int]) -> None: ...


class Opener:
    """Decrypts inbox slots; answers the plain length, 0 after counting the reason of a refusal."""

    def __init__(self, session: Any, handle: Any, drops: Drops) -> None:
        self._session = session  # keeps libsrtp's memory alive
        self._handle = handle
        self._drops = drops

    def rtp(self, port: UdpPort, slot: int) -> int:
        return self._open(_unprotect, port, slot)

    def rtcp(self, port: UdpPort, slot: int) -> int:
        return self._open(_unprotect_rtcp, port, slot)

    def proves(self, datagram: bytes, *, rtcp: bool) -> bool:
        """Whether our peer sealed it and it is new. It is opened in a copy, and cannot be opened again."""
        copy, length = ffi.new("char[]", datagram), ffi.new("int *", len(datagram))
        return not (_unprotect_rtcp if rtcp else _unprotect)(self._handle, copy, length)

    def forget(self, ssrc: int) -> None:
        """Free what libsrtp keeps for an SSRC that once authenticated."""
        lib.srtp_remove_stream(self._handle, htonl(ssrc))

    def _open(self, function: Any, port: UdpPort, slot: int) -> int:
        length = port.inbox.received[slot]
        status = function(self._handle, port.inbox.pointers[slot], length)
        if status:
            self._drops.count(REASONS.get(status, "srtp_malformed"))
            return 0
        return int(length[0])


class Sealer:
    """Composes packets in the send port's slots, encrypts them there and queues them."""

    protect: Any = staticmethod(_protect)

    def __init__(
        self, session: Any, handle: Any, drops: Drops, port: UdpPort, peer: bytes, log: SendLog
    ) -> None:
        self._session = session
        self.handle = handle
        self.drops = drops
        self.port = port  # both follow the nominated address
        self.peer = peer
        self.log = log  # whence packets that carry a transport-wide number take it

    def rtp(
        self,
        marked_type: int,
        sequence: int,
        timestamp: int,
        ssrc: int,
        payload: bytes,
        *,
        shape: Shape = PLAIN,
        forwarded: bytes = b"",
        picture: Patch | None = None,
        shifts: tuple[int, int, int] | None = None,
        padding: int = 0,
    ) -> bool:
        """Queue one packet; `picture` and `shifts`, when both are given, rewrite the payload's descriptor.

        `padding` octets follow the payload (RFC 3550 5.1), the last one tells how many.
        """
        port = self.port
        if not port.room():
            return False
        block, wide_at = shape.block(forwarded)
        slot, outbox, at = port.tail, port.outbox, 12 + len(block)
        start, size, view = slot * SLOT, at + len(payload) + padding, outbox.view
        first = 0x80 | (0x10 if block else 0) | (0x20 if padding else 0)
        HEADER.pack_into(view, start, first, marked_type, sequence, timestamp, ssrc)
        view[start + 12 : start + at] = block
        if wide_at >= 0:
            WIDE.pack_into(view, start + 12 + wide_at, self.log.take(size) & 0xFFFF)
        view[start + at : start + at + len(payload)] = payload
        if shifts is not None and picture is not None:
            picture.patch(view, start + at, shifts)
        if padding:
            view[start + size - padding : start + size] = bytes(padding - 1) + bytes((padding,))
        outbox.sizes[2 * slot + 1] = size
        if self.protect(self.handle, outbox.pointers[slot], outbox.lengths[slot]):
            self.drops.count(SEAL_FAILED)
            return False
        port.address(slot, self.peer)
        return True

    def rtcp(self, compound: bytes) -> bool:
        """Queue one compound RTCP packet."""
        port = self.port
        if len(compound) > LARGEST:
            self.drops.count("send_oversized")
            return False
        if not port.room():
            return False
        slot, outbox = port.tail, port.outbox
        start = slot * SLOT
        outbox.view[start : start + len(compound)] = compound
        outbox.sizes[2 * slot + 1] = len(compound)
        if _protect_rtcp(self.handle, outbox.pointers[slot], outbox.lengths[slot]):
            self.drops.count(SEAL_FAILED)
            return False
        port.address(slot, self.peer)
        return True

    def forget(self, ssrc: int) -> None:
        """Free an outgoing SSRC's state. The SSRC must never be used again: its index would restart."""
        lib.srtp_remove_stream(self.handle, htonl(ssrc))
