"""Transport-wide congestion control feedback (draft-holmer-rmcat-transport-wide-cc-extensions-01, 3.1)."""

from __future__ import annotations

import struct
from bisect import bisect_left

TICK = 0.00025  # seconds per unit of a receive delta
REFERENCE = 0.064  # seconds per unit of the reference time
MOST = 400  # statuses in one packet: at two octets each, and their chunks, still below rtcp.LARGEST
SPACING = 0.05  # seconds between two feedbacks
REORDER = 2000  # a sequence number this far behind belongs to the past
LEAP = 4000  # numbers after which what came before them is forgotten: they would make many packets

NOT_RECEIVED, SMALL, LARGE = 0, 1, 2


class Arrivals:
    """Collects (transport-wide sequence number, arrival) and builds the feedback packets' payload."""

    __slots__ = ("_arrived", "_count", "_highest", "_next", "_origin", "_sent")

    def __init__(self, origin: float) -> None:
        self._origin = origin  # the clock's zero, so that 24 bits of reference time suffice
        self._arrived: dict[int, float] = {}
        self._highest = -1
        self._next = -1  # first number the next feedback speaks about
        self._count = 0
        self._sent = origin

    def due(self, now: float) -> bool:
        """Whether there is something to say and the last feedback is 50 ms old; assumes it is then said."""
        if not self._arrived or now - self._sent < SPACING:
            return False
        self._sent = now
        return True

    def __bool__(self) -> bool:
        return bool(self._arrived)

    def record(self, sequence: int, at: float) -> None:
        if self._highest < 0:
            self._highest = self._next = sequence + 0x10000
        step = ((sequence - self._highest) & 0xFFFF ^ 0x8000) - 0x8000
        if step < -REORDER:
            return
        number = self._highest + step
        if step > 0:
            self._highest = number
            if number - self._next > LEAP:
                self._arrived.clear()
                self._next = number
        if number < self._next:  # late: say so again, from here on
            self._next = number
        self._arrived.setdefault(number, at)

    def feedback(self) -> list[bytes]:
        """One FCI for each MOST statuses since the last call; forgets them."""
        built, arrived, self._arrived = [], self._arrived, {}
        numbers, at = sorted(arrived), 0
        while at < len(numbers):
            base = self._next if numbers[-1] - self._next < MOST else numbers[at]
            at = bisect_left(numbers, base + MOST, at)
            last = numbers[at - 1]
            times = [arrived.get(number) for number in range(base, last + 1)]
            built.append(build(base, times, self._origin, self._count))
            self._count = (self._count + 1) & 0xFF
            self._next = last + 1
        return built


def build(base: int, arrivals: list[float | None], origin: float, count: int) -> bytes:
    """FCI of statuses from sequence number `base` on; `arrivals` are seconds, None for lost."""
    first = next(at for at in arrivals if at is not None)
    reference = int((first - origin) / REFERENCE)
    clock = round(reference * REFERENCE / TICK)
    statuses, deltas = [], []
    for at in arrivals:
        if at is None:
            statuses.append(NOT_RECEIVED)
            continue
        ticks = round((at - origin) / TICK)
        delta = max(-0x8000, min(0x7FFF, ticks - clock))
        clock += delta
        small = 0 <= delta <= 0xFF
        statuses.append(SMALL if small else LARGE)
        deltas.append(struct.pack("!B" if small else "!h", delta))
    head = struct.pack("!HHI", base & 0xFFFF, len(statuses), (reference & 0xFFFFFF) << 8 | count)
    body = head + chunks(statuses) + b"".join(deltas)
    return body + bytes(-len(body) % 4)


def chunks(statuses: list[int]) -> bytes:
    """Packet chunks: runs where they are long, else two bits each for seven."""
    built = bytearray()
    at = 0
    while at < len(statuses):
        run = 1
        limit = min(len(statuses) - at, 0x1FFF)
        while run < limit and statuses[at + run] == statuses[at]:
            run += 1
        if run >= 7 or run == len(statuses) - at:
            built += struct.pack("!H", statuses[at] << 13 | run)
            at += run
            continue
        vector = 0xC000
        for i, status in enumerate(statuses[at : at + 7]):
            vector |= status << (12 - 2 * i)
        built += struct.pack("!H", vector)
        at += 7
    return bytes(built)
