"""H.264 payloads (RFC 6184): where key frames begin, and how large they are.

Encryption of livekit-client leaves NAL unit headers and parameter sets in clear, so encrypted frames are
forwarded like any other.
"""

from __future__ import annotations

from collections.abc import Iterator

from signaling.sfu import dependency
from signaling.sfu.bits import Bits
from signaling.sfu.frame import Frame
from signaling.sfu.rtp import Packet

IDR, SPS, STAP_A, FU_A = 5, 7, 24, 28
HIGH_PROFILES = frozenset((100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135))
LONGEST_SPS = 256  # octets of it that are read


class Reader:
    """One layer's packets. A stream that sends parameter sets at all can only be entered with them."""

    def __init__(self) -> None:
        self._newest: int | None = None  # timestamp
        self._has_parameters = False
        self._dependencies = dependency.Reader()

    def read(self, packet: Packet) -> Frame:
        """Raises ValueError when a payload is cut off."""
        frame = Frame()
        frame.ends = bool(packet.marker)
        if self._newest is None or 0 < packet.timestamp - self._newest & 0xFFFFFFFF < 1 << 31:
            self._newest = packet.timestamp
            frame.starts = True
        for kind, unit in units(packet.payload):
            if kind == SPS:
                self._has_parameters = True
                frame.width, frame.height = _size(unit[:LONGEST_SPS])
            frame.key |= kind == SPS or (kind == IDR and not self._has_parameters)
        frame.independent = frame.switch_up = frame.key
        if packet.dependency is not None:
            self._read_temporal(packet.dependency, packet.number, frame)
        return frame

    def _read_temporal(self, value: bytes, number: int, frame: Frame) -> None:
        """H.264 has no word of its own for temporal layers."""
        descriptor = self._dependencies.read(value, number)
        frame.temporal = descriptor.template.temporal
        frame.switch_up |= descriptor.starts and dependency.SWITCH in descriptor.indications


def units(payload: bytes) -> Iterator[tuple[int, bytes]]:
    """(type, octets) of the NAL units that begin in this payload (RFC 6184 5.6 to 5.8)."""
    if len(payload) < 2:
        raise ValueError("an H.264 payload is short")
    kind = payload[0] & 0x1F
    if kind == STAP_A:
        yield from _aggregated(payload)
    elif kind == FU_A:
        if payload[1] & 0x80:
            yield payload[1] & 0x1F, payload[1:]
    else:
        yield kind, payload


def _aggregated(payload: bytes) -> Iterator[tuple[int, bytes]]:
    at = 1
    while at < len(payload):
        size = int.from_bytes(payload[at : at + 2], "big")
        unit = payload[at + 2 : at + 2 + size]
        if not size or len(unit) < size:
            raise ValueError("an H.264 aggregation packet is cut off")
        yield unit[0] & 0x1F, unit
        at += 2 + size


def _size(unit: bytes) -> tuple[int, int]:
    """Pixels that a sequence parameter set says (ITU-T H.264 7.3.2.1.1); 0 x 0 when it makes no sense."""
    try:
        return _read_size(Bits(unit[1:].replace(b"\0\0\3", b"\0\0")))  # 7.4.1: emulation prevention
    except ValueError:
        return 0, 0


def _read_size(bits: Bits) -> tuple[int, int]:
    profile = bits.read(24) >> 16
    bits.golomb()  # the set's own number
    chroma = 1
    if profile in HIGH_PROFILES:
        chroma = _skip_high_profile(bits)
    bits.golomb()
    if (order := bits.golomb()) == 0:
        bits.golomb()
    elif order == 1:
        _skip_picture_order(bits)
    bits.golomb()
    bits.flag()
    width, height = bits.golomb() + 1, bits.golomb() + 1
    frames_only = bits.flag()
    if not frames_only:
        bits.flag()
    bits.flag()
    left = right = top = bottom = 0
    if bits.flag():
        left, right, top, bottom = (bits.golomb() for _ in range(4))
    across = 2 if chroma in (1, 2) else 1
    down = (2 if chroma == 1 else 1) * (1 if frames_only else 2)
    return (
        16 * width - across * (left + right),
        16 * height * (1 if frames_only else 2) - down * (top + bottom),
    )


def _skip_high_profile(bits: Bits) -> int:
    chroma = bits.golomb()
    if chroma == 3:
        bits.flag()
    bits.golomb()
    bits.golomb()
    bits.flag()
    if bits.flag():
        raise ValueError("scaling matrices are not read")
    return chroma


def _skip_picture_order(bits: Bits) -> None:
    bits.flag()
    bits.signed_golomb()
    bits.signed_golomb()
    for _ in range(min(bits.golomb(), 255)):
        bits.signed_golomb()
