"""The few RTCP packets a light client writes and reads (RFC 3550, 4585, 5104)."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

SENDER_REPORT, RECEIVER_REPORT, DESCRIPTION, TRANSPORT_FEEDBACK, PAYLOAD_FEEDBACK = 200, 201, 202, 205, 206
NTP_EPOCH = 2_208_988_800


@dataclass(frozen=True)
class Asked:
    """What the server asks of a sender: a key frame, or packets again. `ssrc` is the stream meant."""

    ssrc: int
    key_frame: bool = False
    missing: tuple[int, ...] = ()


@dataclass(frozen=True)
class Reported:
    """A sender report's middle 32 bits of NTP time, to be echoed in our receiver report."""

    ssrc: int
    middle: int


def read(compound: bytes) -> Iterator[Asked | Reported]:
    """Walk a compound packet; what a light client need not know (REMB, TWCC, reports) is passed over."""
    while len(compound) >= 12:
        first, kind, words, sender = struct.unpack_from("!BBHI", compound)
        body, compound = compound[: 4 * words + 4], compound[4 * words + 4 :]
        count = first & 31
        if kind == SENDER_REPORT:
            yield Reported(sender, struct.unpack_from("!I", body, 10)[0])
        elif kind == PAYLOAD_FEEDBACK and count == 1:
            yield Asked(struct.unpack_from("!I", body, 8)[0], key_frame=True)
        elif kind == PAYLOAD_FEEDBACK and count == 4:  # FIR names its stream in the entry
            yield Asked(struct.unpack_from("!I", body, 12)[0], key_frame=True)
        elif kind == TRANSPORT_FEEDBACK and count == 1:
            yield Asked(struct.unpack_from("!I", body, 8)[0], missing=tuple(lost(body[12:])))


def lost(entries: bytes) -> Iterator[int]:
    """Sequence numbers of generic NACK entries (RFC 4585 6.2.1)."""
    for first, mask in struct.iter_unpack("!HH", entries):
        yield first
        yield from (first + bit + 1 & 0xFFFF for bit in range(16) if mask >> bit & 1)


def sender_report(*, ssrc: int, at: float, timestamp: int, packets: int, octets: int) -> bytes:
    """`timestamp` is what was sampled `at` (seconds of time.time)."""
    now = at + NTP_EPOCH
    ntp = int(now) << 32 | int(now % 1 * 2**32)
    return struct.pack("!BBHIQIII", 0x80, SENDER_REPORT, 6, ssrc, ntp, timestamp, packets, octets)


def receiver_report(*, ssrc: int, blocks: list[bytes]) -> bytes:
    head = struct.pack("!BBHI", 0x80 | len(blocks), RECEIVER_REPORT, 1 + 6 * len(blocks), ssrc)
    return head + b"".join(blocks)


def block(*, ssrc: int, fraction: int, lost: int, highest: int, middle: int, delay: float) -> bytes:
    """One report block; `delay` in seconds since the sender report whose NTP middle is echoed."""
    total = min(max(lost, 0), 0x7FFFFF)
    return struct.pack("!IIIIII", ssrc, fraction << 24 | total, highest, 0, middle, int(delay * 65536))


def description(ssrc: int, cname: str) -> bytes:
    item = b"\x01" + bytes((len(cname),)) + cname.encode()
    chunk = struct.pack("!I", ssrc) + item + bytes(4 - (len(item) % 4))
    return struct.pack("!BBH", 0x81, DESCRIPTION, len(chunk) // 4) + chunk


class TransportFeedback:
    """Writes transport-wide feedback (draft-holmer-rmcat-transport-wide-cc-extensions-01, 3.1)."""

    TICK, REFERENCE = 0.00025, 0.064  # seconds
    LONGEST_RUN = 8191

    def __init__(self, ssrc: int) -> None:
        self.ssrc, self.number, self.next = ssrc, 0, -1

    def write(self, arrivals: list[tuple[int, float]]) -> bytes:
        """One packet about `arrivals`, (16-bit number, seconds); what is missing since the last was lost."""
        if self.next < 0:
            self.next = arrivals[0][0]
        found = {self.extended(number): at for number, at in arrivals}
        start, last = self.next, max(self.next, *found)
        start = max(start, last - self.LONGEST_RUN + 1)
        self.next = last + 1
        opening = next((found[number] for number in range(start, last + 1) if number in found), 0.0)
        reference = int(opening / self.REFERENCE)
        statuses, deltas = [], []
        before = round(reference * self.REFERENCE / self.TICK)
        for number in range(start, last + 1):
            if number not in found:
                statuses.append(0)
                continue
            delta = max(-32768, min(32767, round(found[number] / self.TICK) - before))
            before += delta
            small = 0 <= delta < 256
            statuses.append(1 if small else 2)
            deltas.append(struct.pack("!B" if small else "!h", delta))
        chunks = [status << 13 | len(list(run)) for status, run in groupby(statuses)]
        body = struct.pack(f"!{len(chunks)}H", *chunks) + b"".join(deltas)
        return self.packed(start, len(statuses), reference, body)

    def packed(self, start: int, count: int, reference: int, body: bytes) -> bytes:
        body += bytes(-len(body) % 4)
        words = 4 + len(body) // 4
        head = struct.pack("!BBHII", 0x8F, TRANSPORT_FEEDBACK, words, self.ssrc, 0)
        head += struct.pack("!HHI", start & 0xFFFF, count, (reference & 0xFFFFFF) << 8 | self.number)
        self.number = self.number + 1 & 0xFF
        return head + body

    def extended(self, number: int) -> int:
        """The number nearest to the one expected next, without wraps."""
        step = (number - self.next) & 0xFFFF
        return self.next + (step - 0x10000 if step >= 0x8000 else step)
