"""The header extensions of packets we send (RFC 8285): which of them, and where their octets stand."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

ONE_BYTE, TWO_BYTE = b"\xbe\xde", b"\x10\x00"


@dataclass(frozen=True, slots=True)
class Shape:
    """A listener's ids, 0 where not negotiated. Listeners of one shape get headers of one size.

    `wide` is the transport-wide sequence number (sendlog.py), different for everybody; `forwarded` an
    extension of the publisher's that goes to all alike (`Cut.forwarded`).
    """

    wide: int = 0
    forwarded: int = 0

    def block(self, value: bytes) -> tuple[bytes, int]:
        """The extension block of a packet that forwards `value`, and where in it the wide number goes.

        The number's octets are zero; -1 when there is none. Without any extension the block is empty.
        """
        if value and self.forwarded:
            return _compose(self.wide, self.forwarded, value)
        return _plain(self.wide)


PLAIN = Shape()


@lru_cache(maxsize=256)
def _plain(wide: int) -> tuple[bytes, int]:
    return _compose(wide, 0, b"")


def _compose(wide: int, forwarded: int, value: bytes) -> tuple[bytes, int]:
    short = max(wide, forwarded) < 15 and len(value) <= 16
    elements = b""
    if wide:
        elements += (bytes((wide << 4 | 1,)) if short else bytes((wide, 2))) + bytes(2)
    wide_at = 2 + len(elements) if wide else -1
    if value:
        elements += bytes((forwarded << 4 | len(value) - 1,)) if short else bytes((forwarded, len(value)))
        elements += value
    if not elements:
        return b"", -1
    elements += bytes(-len(elements) % 4)
    return (ONE_BYTE if short else TWO_BYTE) + (len(elements) // 4).to_bytes(2, "big") + elements, wide_at
