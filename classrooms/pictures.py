"""Which files are pictures that a page may show, told by their first bytes and not by their names.

PNG (RFC 2083, 11.2.2), JPEG (ITU T.81, B.2.2), GIF (GIF89a, 18) and WebP (RFC 9649). SVG is none of them: it
may hold scripts.
"""

from __future__ import annotations

from dataclasses import dataclass

MOST_BYTES = 15_000_000  # shown as it is: larger ones are files
MOST_PIXELS = 50_000_000  # a browser takes four bytes for each
HEAD = 512 * 1024  # a JPEG's size comes after its thumbnail and colour profile
NO_SIZE = (0xC4, 0xC8, 0xCC)  # among the JPEG markers 0xC0–0xCF: tables, no frames


@dataclass(frozen=True)
class Picture:
    kind: str
    width: int
    height: int


def picture_of(head: bytes, size: int) -> Picture | None:
    """What `head`, the first bytes of a file of `size` bytes, begins; None: nothing to show."""
    if size > MOST_BYTES:
        return None
    try:
        found = _png(head) or _gif(head) or _webp(head) or _jpeg(head)
    except IndexError:  # it ends too early
        return None
    fits = found and 0 < found.width * found.height <= MOST_PIXELS
    return found if fits else None


def _png(head: bytes) -> Picture | None:
    if head[:8] != b"\x89PNG\r\n\x1a\n" or head[12:16] != b"IHDR":
        return None
    return Picture("image/png", _big(head[16:20]), _big(head[20:24]))


def _gif(head: bytes) -> Picture | None:
    if head[:6] not in (b"GIF87a", b"GIF89a"):
        return None
    return Picture("image/gif", _little(head[6:8]), _little(head[8:10]))


def _webp(head: bytes) -> Picture | None:
    if head[:4] != b"RIFF" or head[8:12] != b"WEBP":
        return None
    form, rest = head[12:16], head[20:]
    if len(rest) < (5 if form == b"VP8L" else 10):
        return None
    if form == b"VP8X":
        return Picture("image/webp", _little(rest[4:7]) + 1, _little(rest[7:10]) + 1)
    if form == b"VP8L":
        bits = _little(rest[1:5])
        return Picture("image/webp", (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1)
    if form == b"VP8 ":
        return Picture("image/webp", _little(rest[6:8]) & 0x3FFF, _little(rest[8:10]) & 0x3FFF)
    return None


def _jpeg(head: bytes) -> Picture | None:
    if head[:3] != b"\xff\xd8\xff":
        return None
    at = 2
    while head[at] == 0xFF:
        marker = head[at + 1]
        if 0xC0 <= marker <= 0xCF and marker not in NO_SIZE:
            return Picture("image/jpeg", _big(head[at + 7 : at + 9]), _big(head[at + 5 : at + 7]))
        at += 2 + _big(head[at + 2 : at + 4])
    return None


def _big(part: bytes) -> int:
    return int.from_bytes(part, "big")


def _little(part: bytes) -> int:
    return int.from_bytes(part, "little")
