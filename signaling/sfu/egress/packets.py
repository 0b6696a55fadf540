"""The packet log of one track: what came, as it came, appended and never changed.

A line of JSON says what the track is; records follow. A log whose writer died ends inside a record at worst:
everything before it is read. Little-endian.

record   kind u8 · stream and flags u8 · size u16 · number u64 · timestamp u32 · arrival f64 · octets
stream   one SSRC of the track, numbered as they came (a simulcast layer, or what took its place)
packet   (kind 1) RTP payload; `number` is the layer's 64-bit one, `arrival` seconds since 1970
report   (kind 2) NTP seconds f64 · offset f64: at `timestamp` the sender's clock showed NTP, and our clock is
         the sender's plus `offset`, as far as is known then
"""

from __future__ import annotations

import json
import struct
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import BinaryIO, NamedTuple

MAGIC = b"AULA PACKETS 1\n"
RECORD = struct.Struct("<BBHQId")
REPORT = struct.Struct("<dd")
PACKET_KIND, REPORT_KIND = 1, 2
MARKER, STARTS, LAYER = 0x80, 0x40, 0x0F
SUFFIX, MADE = ".packets", ".made"  # endings of a log, and of the word on what was made of it
SO_FAR = "so-far"  # what a file is called that is made while its log is being written
LONGEST_HEAD = 16 * 1024


class NoLog(ValueError):
    """The file is not a packet log, or ends inside its head."""


@dataclass(frozen=True)
class Head:
    """What a log is of. `mime` as in SDP ("video/VP8"), `rate` its clock in Hz, `started` seconds since 1970,
    `path` where the finished file goes, without an ending, relative to the recordings' folder."""

    egress_id: str
    room: str
    room_sid: str
    track: str
    identity: str
    source: str
    mime: str
    rate: int
    channels: int
    started: float
    path: str

    def pack(self) -> bytes:
        return MAGIC + json.dumps(asdict(self)).encode() + b"\n"


class Logged(NamedTuple):
    """One packet. `starts`: a key frame begins with it; an empty `payload` only fills its number."""

    layer: int
    number: int
    timestamp: int
    arrival: float
    marker: bool
    starts: bool
    payload: bytes


class Report(NamedTuple):
    """One sender report of a layer."""

    layer: int
    timestamp: int
    arrival: float
    ntp: float
    offset: float


def pack_packet(
    layer: int, number: int, timestamp: int, arrival: float, payload: bytes, *, marker: int, starts: bool
) -> bytes:
    flags = layer | (MARKER if marker else 0) | (STARTS if starts else 0)
    return RECORD.pack(PACKET_KIND, flags, len(payload), number, timestamp, arrival) + payload


def pack_report(layer: int, timestamp: int, arrival: float, ntp: float, offset: float) -> bytes:
    head = RECORD.pack(REPORT_KIND, layer, REPORT.size, 0, timestamp, arrival)
    return head + REPORT.pack(ntp, offset)


def read_head(file: BinaryIO) -> Head:
    """Raises NoLog."""
    if file.read(len(MAGIC)) != MAGIC:
        raise NoLog("the file is no packet log")
    line = file.readline(LONGEST_HEAD)
    try:
        return Head(**json.loads(line))
    except (ValueError, TypeError):
        raise NoLog("the head of the packet log is cut off") from None


def read_records(file: BinaryIO, end: int | None = None) -> Iterator[Logged | Report]:
    """From behind the head to the last whole record before octet `end`; what makes no sense ends it."""
    while len(head := file.read(RECORD.size)) == RECORD.size:
        kind, flags, size, number, timestamp, arrival = RECORD.unpack(head)
        if end is not None and file.tell() + size > end:
            return
        payload = file.read(size)
        if len(payload) < size:
            return
        if kind == PACKET_KIND:
            marker, starts = bool(flags & MARKER), bool(flags & STARTS)
            yield Logged(flags & LAYER, number, timestamp, arrival, marker, starts, payload)
        elif kind == REPORT_KIND and size == REPORT.size:
            yield Report(flags & LAYER, timestamp, arrival, *REPORT.unpack(payload))
        else:
            return
