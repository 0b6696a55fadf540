"""What is next for one person, sorted for the dashboard: plain Python, given the rows and the time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from classrooms.models import ClassSession, Participant

DAYS_AHEAD = 7


@dataclass
class Entry:
    """One class as this person sees it."""

    session: ClassSession
    leads: bool
    opens_at: datetime
    here: list[Participant] = field(default_factory=list)

    @property
    def live(self) -> bool:
        return self.session.state == ClassSession.State.LIVE


@dataclass
class Day:
    day: date
    entries: list[Entry] = field(default_factory=list)


@dataclass
class Agenda:
    """`on_now`: may be entered; `next`: the first of the others, if none is; `today`: what is left."""

    on_now: list[Entry]
    next: Entry | None
    today: list[Entry]
    week: list[Day]

    @property
    def empty(self) -> bool:
        return not (self.on_now or self.next or self.today or self.week)


def agenda(entries: Iterable[Entry], *, now: datetime, zone: ZoneInfo) -> Agenda:
    """Sort classes that are not over (by start) into now, today and the coming days of `zone`."""
    on_now: list[Entry] = []
    later: list[Entry] = []
    for entry in entries:
        (on_now if entry.live or entry.opens_at <= now else later).append(entry)
    on_now.sort(key=lambda entry: not entry.live)
    upcoming = later[0] if later and not on_now else None
    today = now.astimezone(zone).date()
    rest = [entry for entry in later if entry is not upcoming]
    return Agenda(
        on_now=on_now,
        next=upcoming,
        today=[entry for entry in rest if _day(entry, zone) == today],
        week=_days([entry for entry in later if _day(entry, zone) > today], today, zone),
    )


def _day(entry: Entry, zone: ZoneInfo) -> date:
    return entry.session.starts_at.astimezone(zone).date()


def _days(entries: list[Entry], today: date, zone: ZoneInfo) -> list[Day]:
    """Every day up to the last one with a class, so that a free day between two is seen."""
    if not entries:
        return []
    last = min(_day(entries[-1], zone), today + timedelta(days=DAYS_AHEAD))
    days = [Day(today + timedelta(days=n)) for n in range(1, (last - today).days + 1)]
    by_date = {day.day: day for day in days}
    for entry in entries:
        if _day(entry, zone) in by_date:
            by_date[_day(entry, zone)].entries.append(entry)
    return days
