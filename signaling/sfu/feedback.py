"""What a listener says of our packets: which arrived, and when.

Transport-wide congestion control feedback, draft-holmer-rmcat-transport-wide-cc-extensions-01, 3.1. `twcc.py`
writes the same format for publishers.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from dataclasses import dataclass
from itertools import accumulate

TICK = 0.00025  # seconds per unit of a receive delta
REFERENCE_TICKS = 256  # units of a receive delta in one of the reference time: 64 ms
REFERENCE_WRAP = 1 << 24  # units of the reference time
MOST = 2048  # statuses in one packet: of what was sent before those nothing is known (sendlog.py)

HEAD = struct.Struct("!HHI")
FOUR = tuple(tuple(byte >> shift & 3 for shift in (6, 4, 2, 0)) for byte in range(256))
SEVEN = tuple(tuple(bits >> shift & 1 for shift in range(6, -1, -1)) for bits in range(128))


@dataclass(frozen=True, slots=True)
class Feedback:
    """Statuses from transport-wide number `base` (16 bit) on; arrivals in ticks of 250 µs, None for lost.

    Arrivals are on the listener's clock, whose zero is unknown and which wraps with `REFERENCE_WRAP`.
    """

    base: int
    arrivals: list[int | None]


def read(fci: bytes, afford: Callable[[int], None] = lambda statuses: None) -> Feedback:
    """Raises ValueError (or struct.error) when it is cut off or says more than a packet can.

    `afford` is told the number of statuses before they are read, and may raise.
    """
    base, count, clock = HEAD.unpack_from(fci)
    if not 0 < count <= MOST:
        raise ValueError("feedback about too many packets or none")
    afford(count)
    statuses, at = _statuses(fci, count)
    time = (clock >> 8) * REFERENCE_TICKS
    if statuses.count(1) == count:  # everything arrived, in short steps
        deltas = fci[at : at + count]
        if len(deltas) < count:
            raise ValueError("feedback is cut off")
        arrivals = list(accumulate(deltas, initial=time))
        del arrivals[0]
        return Feedback(base, arrivals)
    return Feedback(base, _arrivals(fci, at, statuses, time))


def _statuses(fci: bytes, count: int) -> tuple[list[int], int]:
    """One of 0 (lost), 1 (short step), 2 (long step) for each packet, and where the steps begin."""
    statuses: list[int] = []
    at = HEAD.size
    while len(statuses) < count:
        if at + 2 > len(fci):
            raise ValueError("feedback is cut off")
        first, second = fci[at], fci[at + 1]
        at += 2
        if first < 0x80:  # a run
            run = min((first & 0x1F) << 8 | second, count - len(statuses))
            if not run:
                raise ValueError("a run of nothing")
            statuses += [first >> 5] * run
        elif first < 0xC0:  # 14 bits
            bits = (first & 0x3F) << 8 | second
            statuses += SEVEN[bits >> 7] + SEVEN[bits & 0x7F]
        else:  # seven times two bits
            bits = (first & 0x3F) << 8 | second
            statuses += FOUR[bits >> 6] + FOUR[(bits & 0x3F) << 2][:3]
    del statuses[count:]
    return statuses, at


def _arrivals(fci: bytes, at: int, statuses: list[int], time: int) -> list[int | None]:
    arrivals: list[int | None] = []
    for status in statuses:
        if status == 0:
            arrivals.append(None)
            continue
        if status == 1:
            time += fci[at] if at < len(fci) else _cut_off()
            at += 1
        elif status == 2:
            time += struct.unpack_from("!h", fci, at)[0]
            at += 2
        else:
            raise ValueError("a status that is reserved")
        arrivals.append(time)
    return arrivals


def _cut_off() -> int:
    raise ValueError("feedback is cut off")
