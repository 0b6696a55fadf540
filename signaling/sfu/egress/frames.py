"""From logged packets to frames as players take them, codec by codec.

A frame that lacks a packet is left out, and with it whatever was predicted from it: up to the next key frame.

VP8 RFC 7741 · VP9 RFC 9628 · H.264 RFC 6184 · AV1 "RTP Payload Format For AV1" · Opus RFC 7587.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from signaling.sfu import vp9
from signaling.sfu.egress.packets import Logged

LATE = 2.0  # seconds a missing packet is waited for
START_CODE = b"\0\0\0\1"
FU_A, STAP_A = 28, 24
TEMPORAL_DELIMITER, TILE_LIST = 2, 8


class Frame(NamedTuple):
    """`timestamp` of its layer (as logged, 32 bits)."""

    layer: int
    timestamp: int
    arrival: float
    key: bool
    data: bytes


class Order:
    """One layer's packets by number, each once; what is missing is waited for."""

    def __init__(self, first: Logged) -> None:
        self.layer = first.layer
        self._after = first.number - 1
        self._waiting: list[tuple[int, int, Logged]] = []
        self._count = 0

    def add(self, packet: Logged) -> None:
        if packet.number > self._after:
            self._count += 1
            heapq.heappush(self._waiting, (packet.number, self._count, packet))

    def ready(self, now: float) -> Iterator[Logged]:
        """What nothing is missing before, or nothing that was still to come by `now`."""
        waiting = self._waiting
        while waiting and (waiting[0][0] <= self._after + 1 or now - waiting[0][2].arrival > LATE):
            number, _, packet = heapq.heappop(waiting)
            if number > self._after:
                self._after = number
                yield packet


def in_order(packets: Iterable[Logged]) -> Iterator[Logged]:
    """A layer ends where another one begins, with a key frame; its own late packets are lost then."""
    order: Order | None = None
    for packet in packets:
        if order is None or packet.layer != order.layer:
            if order is not None and not packet.starts:
                continue
            if order is not None:
                yield from order.ready(math.inf)
            order = Order(packet)
        order.add(packet)
        yield from order.ready(packet.arrival)
    if order is not None:
        yield from order.ready(math.inf)


def frames(mime: str, packets: Iterable[Logged]) -> Iterator[Frame]:
    """Raises KeyError for a codec that is not known."""
    join = JOINERS[mime.lower()]
    if join is None:
        for packet in in_order(packets):
            if packet.payload:
                yield Frame(packet.layer, packet.timestamp, packet.arrival, True, packet.payload)
        return
    whole = Assembler(join)
    for packet in in_order(packets):
        frame = whole.take(packet)
        if frame is not None:
            yield frame


class Assembler:
    """Packets of one frame, until its marker; knows whether what comes can be decoded."""

    def __init__(self, join: Callable[[list[bytes]], bytes]) -> None:
        self._join = join
        self._parts: list[Logged] = []
        self._lacks = True  # until the next key frame
        self._last: tuple[int, int] | None = None  # layer and number

    def take(self, packet: Logged) -> Frame | None:
        follows = self._last == (packet.layer, packet.number - 1)
        self._last = packet.layer, packet.number
        if not follows or (self._parts and packet.payload and packet.timestamp != self._parts[0].timestamp):
            self._lacks = True
            self._parts = []
        if not packet.payload:
            return None
        if not self._parts and packet.starts:
            self._lacks = False
        self._parts.append(packet)
        return self._finish() if packet.marker else None

    def _finish(self) -> Frame | None:
        parts, self._parts = self._parts, []
        if self._lacks:
            return None
        try:
            data = self._join([part.payload for part in parts])
        except ValueError:
            self._lacks = True
            return None
        first = parts[0]
        key = any(part.starts for part in parts)
        return Frame(first.layer, first.timestamp, first.arrival, key, data) if data else None


def join_vp8(payloads: list[bytes]) -> bytes:
    return b"".join(payload[descriptor_length_vp8(payload) :] for payload in payloads)


def descriptor_length_vp8(payload: bytes) -> int:
    """Octets of the descriptor (RFC 7741 4.2). Raises ValueError."""
    try:
        at = 1
        if payload[0] & 0x80:
            flags, at = payload[1], 2
            if flags & 0x80:
                at += 2 if payload[at] & 0x80 else 1
            at += bool(flags & 0x40) + bool(flags & 0x30)
        payload[at]
    except IndexError:
        raise ValueError("a VP8 payload is short") from None
    return at


def join_vp9(payloads: list[bytes]) -> bytes:
    """Frames of several spatial layers become a superframe (VP9 bitstream, annex B)."""
    layers: list[bytearray] = []
    for payload in payloads:
        frame, whole, at = vp9.split(payload)
        if frame.starts or not layers:
            layers.append(bytearray())
        layers[-1] += whole[at:]
    if len(layers) == 1:
        return bytes(layers[0])
    wide = max((len(layer).bit_length() + 7) // 8 for layer in layers)
    mark = bytes((0xC0 | (wide - 1) << 3 | len(layers) - 1,))
    sizes = b"".join(len(layer).to_bytes(wide, "little") for layer in layers)
    return b"".join(layers) + mark + sizes + mark


def join_h264(payloads: list[bytes]) -> bytes:
    """NAL units behind start codes (ITU-T H.264 annex B)."""
    found = bytearray()
    for payload in payloads:
        if len(payload) < 2:
            raise ValueError("an H.264 payload is short")
        kind = payload[0] & 0x1F
        if kind == STAP_A:
            at = 1
            while at + 2 <= len(payload):
                size = int.from_bytes(payload[at : at + 2], "big")
                found += START_CODE + payload[at + 2 : at + 2 + size]
                at += 2 + size
        elif kind == FU_A:
            if payload[1] & 0x80:
                found += START_CODE + bytes((payload[0] & 0xE0 | payload[1] & 0x1F,))
            found += payload[2:]
        else:
            found += START_CODE + payload
    return bytes(found)


def join_av1(payloads: list[bytes]) -> bytes:
    """OBUs with their sizes (4.4, 5), without temporal delimiters."""
    units: list[bytearray] = []
    for payload in payloads:
        for index, element in enumerate(elements_av1(payload)):
            if index == 0 and payload[0] & 0x80 and units:
                units[-1] += element
            else:
                units.append(bytearray(element))
    return b"".join(sized for unit in units if (sized := with_size(bytes(unit))))


def elements_av1(payload: bytes) -> Iterator[bytes]:
    """OBU elements of one packet, whole or in part. Raises ValueError."""
    if not payload:
        raise ValueError("an AV1 payload is short")
    count, at = payload[0] >> 4 & 0x03, 1
    number = 0
    while at < len(payload):
        number += 1
        if count and number == count:
            size = len(payload) - at
        else:
            size, at = read_leb128(payload, at)
        if at + size > len(payload):
            raise ValueError("an AV1 payload is cut off")
        at += size
        yield payload[at - size : at]


def with_size(unit: bytes) -> bytes:
    """The OBU in the low-overhead format (AV1 5.2); nothing for one that files do not hold."""
    if not unit:
        return b""
    head, kind = unit[0], unit[0] >> 3 & 0x0F
    if kind in (TEMPORAL_DELIMITER, TILE_LIST):
        return b""
    extended = 2 if head & 0x04 else 1
    if head & 0x02:
        return unit
    body = unit[extended:]
    return bytes((head | 0x02,)) + unit[1:extended] + leb128(len(body)) + body


def leb128(value: int) -> bytes:
    found = bytearray()
    while True:
        found.append(value & 0x7F | (0x80 if value > 0x7F else 0))
        value >>= 7
        if not value:
            return bytes(found)


def read_leb128(data: bytes, at: int) -> tuple[int, int]:
    """Value, and where it ends. Raises ValueError."""
    value = 0
    for shift in range(0, 56, 7):
        if at >= len(data):
            break
        octet = data[at]
        at += 1
        value |= (octet & 0x7F) << shift
        if not octet & 0x80:
            return value, at
    raise ValueError("a size in AV1 is cut off")


JOINERS: dict[str, Callable[[list[bytes]], bytes] | None] = {
    "audio/opus": None,
    "video/vp8": join_vp8,
    "video/vp9": join_vp9,
    "video/h264": join_h264,
    "video/av1": join_av1,
}
