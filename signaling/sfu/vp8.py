"""The VP8 payload descriptor (RFC 7741 4.2): what a forwarder reads and rewrites, and nothing of the picture.

End-to-end encrypted frames keep these octets in clear, so they are forwarded like any other.
"""

from __future__ import annotations

from signaling.sfu.frame import Frame
from signaling.sfu.rtp import Packet


class Picture(Frame):
    """A VP8 picture is one frame. Its descriptor does not say where it ends: the marker bit does."""

    __slots__ = ()

    closes_gaps = True


class Reader:
    """VP8 has nothing to remember: every packet says all."""

    def read(self, packet: Packet) -> Frame:
        """The packet's payload gets its picture id widened to 15 bits. Raises ValueError when cut off."""
        picture, packet.payload = describe(packet.payload)
        picture.ends = bool(packet.marker)
        return picture


def describe(payload: bytes) -> tuple[Picture, bytes]:
    """Read the descriptor. Answers it and the payload, whose PictureID is widened to 15 bits if it had 7.

    Raises ValueError when the payload ends inside the descriptor.
    """
    picture = Picture()
    try:
        first = payload[0]
        at = 1
        if first & 0x80:
            flags = payload[1]
            at = 2
            if flags & 0x80:
                payload, picture.id = _wide_picture_id(payload)
                picture.id_at, at = 2, 4
            at = _read_layers(picture, payload, flags, at)
        frame_tag = payload[at]
    except IndexError:
        raise ValueError("VP8 payload is short") from None
    picture.starts = bool(first & 0x10) and not first & 0x0F
    if picture.starts and not frame_tag & 0x01:
        picture.key = picture.independent = picture.switch_up = True
        _read_size(picture, payload[at : at + 10])
    return picture, payload


def _wide_picture_id(payload: bytes) -> tuple[bytes, int]:
    if payload[2] & 0x80:
        return payload, (payload[2] & 0x7F) << 8 | payload[3]
    return payload[:2] + bytes((0x80, payload[2])) + payload[3:], payload[2]


def _read_layers(picture: Picture, payload: bytes, flags: int, at: int) -> int:
    if flags & 0x40:
        picture.tl0, picture.tl0_at = payload[at], at
        at += 1
    if flags & 0x30:
        layers = payload[at]
        if flags & 0x20:
            picture.temporal, picture.switch_up = layers >> 6, bool(layers & 0x20)
        if flags & 0x10:
            picture.key_index, picture.key_index_at = layers & 0x1F, at
        at += 1
    return at


def _read_size(picture: Picture, frame: bytes) -> None:
    # RFC 6386 9.1: a key frame starts with 3 octets of tag, the start code and two 14-bit sizes.
    if frame[3:6] == b"\x9d\x01\x2a" and len(frame) == 10:
        picture.width = int.from_bytes(frame[6:8], "little") & 0x3FFF
        picture.height = int.from_bytes(frame[8:10], "little") & 0x3FFF
