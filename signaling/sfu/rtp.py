"""RTP packets as the publisher sent them: header, extensions (RFC 3550 5.1, RFC 8285), no padding."""

from __future__ import annotations

import struct
from dataclasses import dataclass

from signaling.sfu import spec
from signaling.sfu.frame import Frame

HEADER = struct.Struct("!BBHII")
EXTENSION = struct.Struct("!HH")
ONE_BYTE = 0xBEDE
NO_EXTENSIONS: dict[int, bytes] = {}


class Packet:
    """One decrypted packet, shared by all listeners and the history: nobody changes it after routing."""

    __slots__ = (
        "arrival",  # seconds of the plane's clock
        "dependency",  # the dependency descriptor's octets, None without one
        "extensions",  # id -> value
        "marker",  # 0x80 or 0: the bit as it stands in the second octet
        "number",  # 64-bit sequence number, given by reception.py
        "payload",  # without padding
        "payload_type",
        "picture",  # the frame it belongs to as its codec's reader says, None for audio
        "plain",  # of redundant audio the newest block alone, else None
        "sequence",  # 16 bits, on the wire
        "ssrc",
        "starts",  # a listener may be switched to the layer here
        "timestamp",
    )

    def __init__(
        self,
        payload_type: int,
        marker: int,
        sequence: int,
        timestamp: int,
        ssrc: int,
        payload: bytes,
        extensions: dict[int, bytes] = NO_EXTENSIONS,
    ) -> None:
        self.payload_type = payload_type
        self.marker = marker
        self.sequence = sequence
        self.timestamp = timestamp
        self.ssrc = ssrc
        self.payload = payload
        self.extensions = extensions
        self.number = sequence
        self.arrival = 0.0
        self.dependency: bytes | None = None
        self.picture: Frame | None = None
        self.plain: bytes | None = None
        self.starts = False


@dataclass(frozen=True)
class ExtensionIds:
    """The bundle's ids of the extensions we read; 0 where not negotiated."""

    mid: int = 0
    rid: int = 0
    repaired_rid: int = 0
    audio_level: int = 0
    transport_cc: int = 0
    dependency: int = 0

    @classmethod
    def of(cls, ids: dict[str, int]) -> ExtensionIds:
        return cls(
            mid=ids.get(spec.MID, 0),
            rid=ids.get(spec.RID, 0),
            repaired_rid=ids.get(spec.REPAIRED_RID, 0),
            audio_level=ids.get(spec.AUDIO_LEVEL, 0),
            transport_cc=ids.get(spec.TRANSPORT_CC, 0),
            dependency=ids.get(spec.DEPENDENCY, 0),
        )


def parse(view: memoryview, start: int, length: int) -> Packet:
    """Read `length` plain octets at `start`. Raises ValueError for what is not RTP."""
    if length < 12:
        raise ValueError("RTP header is short")
    data, end = bytes(view[start : start + length]), length
    first, second, sequence, timestamp, ssrc = HEADER.unpack_from(data)
    at = 12 + 4 * (first & 0x0F)
    extensions = NO_EXTENSIONS
    if first & 0x10:
        if at + 4 > end:
            raise ValueError("RTP extension header is short")
        profile, words = EXTENSION.unpack_from(data, at)
        at += 4 + 4 * words
        if at > end:
            raise ValueError("RTP extension is short")
        extensions = read_extensions(data, at - 4 * words, at, profile)
    if first & 0x20:
        padding = data[end - 1]
        if not padding or padding > end - at:
            raise ValueError("RTP padding is wrong")
        end -= padding
    if at > end:
        raise ValueError("RTP packet is short")
    return Packet(second & 0x7F, second & 0x80, sequence, timestamp, ssrc, data[at:end], extensions)


def read_extensions(data: bytes, at: int, end: int, profile: int) -> dict[int, bytes]:
    """id -> value; unknown profiles are empty. Raises ValueError when an element is cut off."""
    if profile == ONE_BYTE:
        return _one_byte(data, at, end)
    if profile & 0xFFF0 == 0x1000:
        return _two_byte(data, at, end)
    return NO_EXTENSIONS


def _one_byte(data: bytes, at: int, end: int) -> dict[int, bytes]:
    found = {}
    while at < end:
        head = data[at]
        at += 1
        if not head:
            continue
        if head >= 0xF0:  # RFC 8285 4.2: id 15 stops the parsing
            break
        size = (head & 0x0F) + 1
        if at + size > end:
            raise ValueError("RTP extension element is cut off")
        found[head >> 4] = data[at : at + size]
        at += size
    return found


def _two_byte(data: bytes, at: int, end: int) -> dict[int, bytes]:
    found = {}
    while at < end:
        if not data[at]:
            at += 1
            continue
        if at + 2 > end or at + 2 + data[at + 1] > end:
            raise ValueError("RTP extension element is cut off")
        size = data[at + 1]
        found[data[at]] = data[at + 2 : at + 2 + size]
        at += 2 + size
    return found


def unwrap_rtx(packet: Packet, *, ssrc: int, payload_type: int) -> Packet:
    """The original of a retransmission (RFC 4588 4). Raises ValueError for probes, which carry none."""
    if len(packet.payload) <= 2:
        raise ValueError("RTX packet without an original")
    return Packet(
        payload_type=payload_type,
        marker=packet.marker,
        sequence=int.from_bytes(packet.payload[:2], "big"),
        timestamp=packet.timestamp,
        ssrc=ssrc,
        payload=packet.payload[2:],
        extensions=packet.extensions,
    )
