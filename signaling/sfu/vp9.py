"""The VP9 payload descriptor (RFC 9628 4.2): layers, switching points, sizes, and the counters to rewrite.

Picture ids keep their gaps when a temporal layer is left out: a decoder counts them against the group of
pictures that the scalability structure names.
"""

from __future__ import annotations

from signaling.sfu.frame import Frame
from signaling.sfu.rtp import Packet

MOST_REFERENCES = 3
SHORT = "VP9 payload is short"


class Reader:
    """VP9 has nothing to remember: every packet says all."""

    def read(self, packet: Packet) -> Frame:
        """The packet's payload gets its picture id widened to 15 bits. Raises ValueError when cut off."""
        frame, packet.payload = describe(packet.payload)
        return frame


def describe(payload: bytes) -> tuple[Frame, bytes]:
    """Read the descriptor. Answers it and the payload, whose picture id is widened to 15 bits if it had 7.

    Raises ValueError when the payload ends inside the descriptor.
    """
    frame, payload, _ = split(payload)
    return frame, payload


def split(payload: bytes) -> tuple[Frame, bytes, int]:
    """The same, and where the picture's octets begin."""
    frame = Frame()
    try:
        flags, at = payload[0], 1
        if flags & 0x80:
            payload, frame.id = _wide_picture_id(payload)
            frame.id_at, at = 1, 3
        predicted, flexible = bool(flags & 0x40), bool(flags & 0x10)
        if flags & 0x20:
            at = _read_layers(frame, payload, at, counted=not flexible)
        if flexible and predicted:
            at = _skip_references(payload, at)
        frame.starts, frame.ends = bool(flags & 0x08), bool(flags & 0x04)
        frame.independent = frame.starts and not predicted
        if flags & 0x02:
            at = _read_structure(frame, payload, at)
    except IndexError:
        raise ValueError(SHORT) from None
    if at >= len(payload):
        raise ValueError(SHORT)
    frame.key = frame.independent and not frame.spatial
    frame.switch_up |= frame.key
    return frame, payload, at


def _wide_picture_id(payload: bytes) -> tuple[bytes, int]:
    if payload[1] & 0x80:
        return payload, (payload[1] & 0x7F) << 8 | payload[2]
    return payload[:1] + bytes((0x80, payload[1])) + payload[2:], payload[1]


def _read_layers(frame: Frame, payload: bytes, at: int, *, counted: bool) -> int:
    layers = payload[at]
    frame.temporal, frame.spatial = layers >> 5, layers >> 1 & 0x07
    frame.switch_up = bool(layers & 0x10)
    if not counted:
        return at + 1
    frame.tl0, frame.tl0_at = payload[at + 1], at + 1
    return at + 2


def _skip_references(payload: bytes, at: int) -> int:
    for _ in range(MOST_REFERENCES):
        at += 1
        if not payload[at - 1] & 0x01:
            return at
    raise ValueError("a VP9 frame has more than 3 references")


def _read_structure(frame: Frame, payload: bytes, at: int) -> int:
    head, at = payload[at], at + 1
    if head & 0x10:
        for _ in range((head >> 5) + 1):  # the last is the largest
            sizes = payload[at : at + 4]
            frame.width, frame.height = int.from_bytes(sizes[:2], "big"), int.from_bytes(sizes[2:], "big")
            at += 4
    if head & 0x08:
        pictures, at = payload[at], at + 1
        for _ in range(pictures):
            at += 1 + (payload[at] >> 2 & 0x03)
    return at
