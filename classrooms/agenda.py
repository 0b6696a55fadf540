"""What is next for one person, sorted for the dashboard: plain Python, given the rows and the time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from classrooms.models import ClassSession, Participant

WEEK = 7  # days
FARTHEST_PAGE = 104  # weeks


@dataclass
class Entry:
    """One class as this person sees it."""

    session: ClassSession
    leads: bool
    opens_at: datetime
    here: list[Participant] = field(default_factory=list)
    barred: bool = False

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

    @property
    def empty(self) -> bool:
        return not (self.on_now or self.next or self.today)


@dataclass
class Week:
    """Seven days; `page` 0 are those after today, 1 the next seven, -1 those up to today."""

    page: int
    days: list[Day]

    @property
    def empty(self) -> bool:
        return not any(day.entries for day in self.days)

    @property
    def first(self) -> date:
        return self.days[0].day

    @property
    def last(self) -> date:
        return self.days[-1].day

    @property
    def earlier(self) -> int | None:
        return self.page - 1 if self.page > -FARTHEST_PAGE else None

    @property
    def later(self) -> int | None:
        return self.page + 1 if self.page < FARTHEST_PAGE else None


def page_asked(text: str) -> int:
    """The page of a query string: 0 for what is none, and for one too far."""
    digits = text.removeprefix("-")
    if not (digits.isascii() and digits.isdecimal() and len(digits) <= 3):
        return 0
    page = int(text)
    return page if abs(page) <= FARTHEST_PAGE else 0


def agenda(entries: Iterable[Entry], *, now: datetime, zone: ZoneInfo) -> Agenda:
    """Sort classes that are not over (by start) into now, next and today in `zone`."""
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
    )


def first_day(page: int, *, now: datetime, zone: ZoneInfo) -> date:
    return now.astimezone(zone).date() + timedelta(days=1 + WEEK * page)


def span_of(page: int, *, now: datetime, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """From which moment to which a page of the week reaches."""
    day = first_day(page, now=now, zone=zone)
    begin, end = (datetime.combine(each, time(), zone) for each in (day, day + timedelta(days=WEEK)))
    return begin, end


def week(entries: Iterable[Entry], page: int, *, now: datetime, zone: ZoneInfo) -> Week:
    """Every one of the seven days, so that a free one is seen."""
    first = first_day(page, now=now, zone=zone)
    days = {day: Day(day) for day in (first + timedelta(days=n) for n in range(WEEK))}
    for entry in entries:
        if (day := _day(entry, zone)) in days:
            days[day].entries.append(entry)
    return Week(page, list(days.values()))


def _day(entry: Entry, zone: ZoneInfo) -> date:
    return entry.session.starts_at.astimezone(zone).date()
