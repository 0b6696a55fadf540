"""Weekly recurrence on a school's wall clock: days first, moments after. Plain Python.

The rule is worked out on naive local time and only then put into the zone, so 09:00 stays 09:00 when clocks
change. A local time that comes twice is its first moment, one that clocks skip is read with the offset before
the gap (RFC 5545 3.3.5): what calendars do with the same rule.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

from dateutil.rrule import MO, WEEKLY, rrule

MOST_CLASSES = 120  # of one series
LONGEST_PAUSE = 12  # weeks from one to the next


@dataclass(frozen=True)
class Rule:
    """Every `every` weeks on `weekdays` (0: Monday), from a day until a day (included) or so many times."""

    every: int
    weekdays: tuple[int, ...]
    starts_on: date
    clock: time
    until: date | None = None
    count: int | None = None

    def __post_init__(self) -> None:
        if not 1 <= self.every <= LONGEST_PAUSE:
            raise ValueError(f"Every {self.every} weeks is not between 1 and {LONGEST_PAUSE}.")
        if not self.weekdays or set(self.weekdays) - set(range(7)):
            raise ValueError("A rule has weekdays from 0 to 6.")
        if (self.until is None) == (self.count is None):
            raise ValueError("A rule ends on a day or after a number of times.")

    def days(self) -> Iterator[date]:
        """Each day of it, in order."""
        begin = datetime.combine(self.starts_on, time())
        end = datetime.combine(self.until, time()) if self.until else None
        each = rrule(
            WEEKLY,
            dtstart=begin,
            interval=self.every,
            wkst=MO,
            byweekday=self.weekdays,
            count=self.count,
            until=end,
        )
        return (at.date() for at in each)

    def first(self, most: int = MOST_CLASSES) -> list[date]:
        """At most `most` days, and one more where there are more."""
        return list(islice(self.days(), most + 1))

    def shifted(self, days: int, clock: time) -> Rule:
        """The same, so many days later, at another time."""
        later = timedelta(days=days)
        return Rule(
            every=self.every,
            weekdays=tuple(sorted((day + days) % 7 for day in self.weekdays)),
            starts_on=self.starts_on + later,
            clock=clock,
            until=self.until and self.until + later,
            count=self.count,
        )


def moment(day: date, clock: time, zone: ZoneInfo) -> datetime:
    """The moment (UTC) of a wall-clock time: the first of two, and past the gap where there is none."""
    return datetime.combine(day, clock.replace(fold=0), zone).astimezone(UTC)


def is_skipped(day: date, clock: time, zone: ZoneInfo) -> bool:
    """Whether clocks are put forward over this time."""
    there = moment(day, clock, zone).astimezone(zone)
    return (there.date(), there.time()) != (day, clock.replace(fold=0))
