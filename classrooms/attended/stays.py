"""From segments to what a teacher reads. Pure: no database, no clock."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from classrooms.models import Participant
from classrooms.spans import merged

Span = tuple[datetime, datetime]

GAP = Participant.STALE_AFTER
"""An absence this short is a reconnect. Whoever moves to another tab, or comes back after a web process died,
has a gap of at most this before them: their last sign of life may be as old."""

NONE = timedelta()
NOTICED = timedelta(minutes=1)
"""Who comes less late than this, or leaves less early, is on time."""


def length(spans: Iterable[Span]) -> timedelta:
    return sum((end - begin for begin, end in spans), NONE)


def before(spans: Iterable[Span], at: datetime) -> timedelta:
    """How much of them lies before `at`."""
    return length((begin, min(end, at)) for begin, end in spans if begin < at)


def after(spans: Iterable[Span], at: datetime) -> timedelta:
    return length((max(begin, at), end) for begin, end in spans if end > at)


def taught(spans: Iterable[Span], planned: datetime) -> list[Span]:
    """A class's real time: the stretches in which anybody was in it, from its planned start on. What comes
    before is preparing, unless there is nothing else."""
    held = merged(spans, GAP)
    return [(max(begin, planned), end) for begin, end in held if end > planned] or held


def shared(spans: Iterable[Span], others: Sequence[Span]) -> list[Span]:
    """What lies in both; each of the two without overlaps."""
    pairs = ((max(a[0], b[0]), min(a[1], b[1])) for a in spans for b in others)
    return [(begin, end) for begin, end in pairs if begin < end]


@dataclass(frozen=True)
class Presence:
    """One person in one class. `spent`, `late` and `early` are parts of the class's real time; `stays` are
    all of theirs."""

    stays: tuple[Span, ...]
    spent: timedelta
    percent: int
    late: timedelta
    early: timedelta
    here: bool

    @property
    def first_in(self) -> datetime:
        return self.stays[0][0]

    @property
    def last_out(self) -> datetime | None:
        """None: still here."""
        return None if self.here else self.stays[-1][1]

    @property
    def was_late(self) -> bool:
        return self.late >= NOTICED

    @property
    def left_early(self) -> bool:
        return self.early >= NOTICED

    @property
    def breaks(self) -> int:
        return len(self.stays) - 1


def presence(segments: Iterable[Span], held: Sequence[Span], *, here: bool) -> Presence | None:
    """Of one person, in a class whose real time is `held`; None for who never came."""
    stays = merged(segments, GAP)
    if not stays:
        return None
    spent = length(shared(stays, held))
    return Presence(
        stays=tuple(stays),
        spent=spent,
        percent=percent(spent, length(held)),
        late=before(held, stays[0][0]),
        early=NONE if here else after(held, stays[-1][1]),
        here=here,
    )


def percent(spent: timedelta, whole: timedelta) -> int:
    """Whoever was there for a while has one at least."""
    if not whole:
        return 100
    return min(100, max(1, round(100 * (spent / whole)))) if spent else 0
