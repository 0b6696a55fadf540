"""Times on a wall clock, and the moments they stand for. Twice a year the two do not match."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

MINUTE = timedelta(minutes=1)


class NoSuchTime(ValueError):
    """Clocks went forward over this time. `next_time` is the first one after the gap."""

    def __init__(self, asked: datetime, next_time: datetime) -> None:
        self.asked, self.next_time = asked, next_time
        super().__init__(
            f"{asked:%H:%M} does not exist on {asked:%Y-%m-%d}; the next time is {next_time:%H:%M}."
        )


def moments(day: date, clock: time, zone: ZoneInfo) -> list[datetime]:
    """The one moment (UTC) of a wall-clock time, or two when clocks are put back over it, earliest first.

    Raises NoSuchTime when clocks are put forward over it.
    """
    first = datetime.combine(day, clock.replace(fold=0), zone)
    second = first.replace(fold=1)
    if first.utcoffset() == second.utcoffset():
        return [first.astimezone(UTC)]
    found = [at.astimezone(UTC) for at in (first, second)]
    if found[0] < found[1]:  # PEP 495: in an overlap fold=1 is the later moment, in a gap the earlier one
        return found
    raise NoSuchTime(first, _end_of_gap(found[1], found[0], zone))


def _end_of_gap(before: datetime, after: datetime, zone: ZoneInfo) -> datetime:
    """The first local minute with the offset of `after`, by halving the minutes from `before` on."""
    changed = after.astimezone(zone).utcoffset()
    low, high = 0, int((after - before) / MINUTE)
    while low < high:
        middle = (low + high) // 2
        if (before + middle * MINUTE).astimezone(zone).utcoffset() == changed:
            high = middle
        else:
            low = middle + 1
    return (before + low * MINUTE).astimezone(zone)
