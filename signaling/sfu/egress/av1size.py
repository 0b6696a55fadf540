"""How large an AV1 picture is: the sequence header of a key frame says it (AV1 bitstream, 5.5.1)."""

from __future__ import annotations

from signaling.sfu.bits import Bits
from signaling.sfu.egress.frames import read_leb128

SEQUENCE_HEADER = 1


def size_of(frame: bytes) -> tuple[int, int]:
    """Width and height in pixels. Raises ValueError where there is no sequence header that can be read."""
    at = 0
    while at < len(frame):
        kind, extended = frame[at] >> 3 & 0x0F, bool(frame[at] & 0x04)
        size, start = read_leb128(frame, at + 1 + extended)
        if kind == SEQUENCE_HEADER:
            return _read(Bits(frame[start : start + size]))
        at = start + size
    raise ValueError("an AV1 key frame has no sequence header")


def _read(bits: Bits) -> tuple[int, int]:
    bits.read(3)  # profile
    bits.flag()  # still picture
    if bits.flag():  # reduced still picture header
        bits.read(5)
    else:
        _skip_operating_points(bits)
    wide, high = bits.read(4) + 1, bits.read(4) + 1
    return bits.read(wide) + 1, bits.read(high) + 1


def _skip_operating_points(bits: Bits) -> None:
    if bits.flag():  # timing: no encoder for calls writes it
        raise ValueError("timing information in AV1 is not read")
    delays = bits.flag()
    for _ in range(bits.read(5) + 1):
        bits.read(12)
        if bits.read(5) > 7:
            bits.flag()
        if delays and bits.flag():
            bits.read(4)
