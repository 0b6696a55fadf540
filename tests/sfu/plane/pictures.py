"""VP8 payloads without pictures: a real descriptor in front of a few octets."""

import struct


def vp8(
    *,
    picture: int | None = 0,
    tl0: int | None = 0,
    temporal: int = 0,
    sync: bool = False,
    key_index: int | None = 0,
    key: bool = False,
    starts: bool = True,
    short_id: bool = False,
    size: tuple[int, int] = (640, 360),
    body: bytes = b"picture",
) -> bytes:
    """One packet's payload (RFC 7741 4.2); None leaves a counter out."""
    flags = (
        (picture is not None) << 7
        | (tl0 is not None) << 6
        | (tl0 is not None) << 5
        | (key_index is not None) << 4
    )
    payload = bytes([(0x80 if flags else 0) | (0x10 if starts else 0)])
    if flags:
        payload += bytes([flags])
    if picture is not None:
        payload += bytes([picture & 0x7F]) if short_id else struct.pack("!H", 0x8000 | picture & 0x7FFF)
    if tl0 is not None:
        payload += bytes([tl0 & 0xFF])
    if tl0 is not None or key_index is not None:
        payload += bytes([temporal << 6 | sync << 5 | (key_index or 0) & 0x1F])
    if key and starts:
        return payload + b"\x10\x02\x00\x9d\x01\x2a" + struct.pack("<HH", *size) + body
    return payload + b"\x11\x02\x00" + body
