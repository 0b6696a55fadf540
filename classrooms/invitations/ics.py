"""iCalendar text: plain Python, given what happens when. Shapes by icalendar, choices here.

- A series is one event with a rule, so that it is one invitation to read: every calendar takes RRULE with
  EXDATE. What was moved stands beside it with the RECURRENCE-ID of its old place. Several events of different
  UIDs in one mail would be against RFC 5546 3.2.2, and large calendars read only the first.
- The rule says COUNT, not UNTIL: the same number in every zone.
- Times are on the school's wall clock with its VTIMEZONE, for only so does 09:00 stay 09:00.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from icalendar import Calendar, Component, Event, Timezone, vCalAddress, vRecur
from icalendar.prop import vText

PRODUCT = "-//Aula//Classes//EN"
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


@dataclass(frozen=True)
class Repeats:
    """The rule of an event that repeats, as calendars say it; `left_out`: days it has nothing on."""

    every: int
    weekdays: tuple[int, ...]
    count: int
    left_out: tuple[datetime, ...] = ()


@dataclass(frozen=True)
class Happening:
    """One event. Times are aware, in the calendar's zone; `place_in_series`: where its series had it."""

    uid: str
    sequence: int
    title: str
    starts_at: datetime
    ends_at: datetime
    about: str
    address: str
    repeats: Repeats | None = None
    place_in_series: datetime | None = None
    cancelled: bool = False


@dataclass(frozen=True)
class Sheet:
    """A whole calendar text: METHOD (RFC 5546), or None for a feed, with what is in it."""

    happenings: list[Happening] = field(default_factory=list)
    method: str | None = None
    organizer: str = ""  # an email address
    organizer_name: str = ""


def write(
    sheet: Sheet, *, zone: ZoneInfo, stamp: datetime, name: str = "", fresh: timedelta | None = None
) -> str:
    """The text of it. `stamp` is DTSTAMP; `name` and `fresh` (how often to read it) are for feeds."""
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    if sheet.method:
        calendar.add("method", sheet.method)
    if name:
        calendar.add("name", name)
        calendar.add("x-wr-calname", name)
        calendar.add("x-wr-timezone", zone.key)
    if fresh:
        calendar.add("refresh-interval", fresh, {"value": "DURATION"})
        calendar.add("x-published-ttl", fresh)
    if sheet.happenings:
        calendar.add_component(time_zone(sheet.happenings, zone))
    for happening in sheet.happenings:
        calendar.add_component(event(happening, sheet, zone, stamp))
    return bytes(calendar.to_ical()).decode()


def time_zone(happenings: Iterable[Happening], zone: ZoneInfo) -> Component:
    """VTIMEZONE for as long as the events reach, a year to both sides."""
    begin = min(each.starts_at for each in happenings)
    end = max(each.ends_at + _length(each.repeats) for each in happenings)
    year = timedelta(days=366)
    return Timezone.from_tzid(zone.key, first_date=(begin - year).date(), last_date=(end + year).date())


def event(happening: Happening, sheet: Sheet, zone: ZoneInfo, stamp: datetime) -> Event:
    made = Event()
    made.add("uid", happening.uid)
    made.add("sequence", happening.sequence)
    made.add("dtstamp", stamp)
    made.add("summary", happening.title)
    made.add("dtstart", happening.starts_at)
    if _exists(happening.starts_at):
        made.add("dtend", happening.ends_at.astimezone(zone))
    else:  # its end, an hour later on the clock, would make each of the series as much longer
        made.add("duration", happening.ends_at.astimezone(UTC) - happening.starts_at.astimezone(UTC))
    made.add("description", happening.about)
    made.add("location", happening.address)
    made.add("url", happening.address)
    made.add("status", "CANCELLED" if happening.cancelled else "CONFIRMED")
    made.add("transp", "OPAQUE")
    if happening.place_in_series:
        made.add("recurrence-id", happening.place_in_series)
    if happening.repeats:
        made.add("rrule", rule(happening.repeats))
        for day in happening.repeats.left_out:
            made.add("exdate", day)
    if sheet.organizer:
        organizer = vCalAddress(f"mailto:{sheet.organizer}")
        organizer.params["cn"] = vText(sheet.organizer_name)
        made.add("organizer", organizer)
    return made


def rule(repeats: Repeats) -> vRecur:
    days = [WEEKDAYS[day] for day in repeats.weekdays]
    return vRecur(freq="weekly", interval=repeats.every, wkst="MO", byday=days, count=repeats.count)


def addressed(text: str, *, email: str, name: str) -> str:
    """The same to one person alone: nobody reads who else was asked. No answer is asked for."""
    calendar = Calendar.from_ical(text)
    for made in calendar.walk("VEVENT"):
        person = vCalAddress(f"mailto:{email}")
        person.params["cn"] = vText(name)
        person.params["role"] = vText("REQ-PARTICIPANT")
        person.params["partstat"] = vText("NEEDS-ACTION")
        person.params["rsvp"] = vText("FALSE")
        made.add("attendee", person)
    return bytes(calendar.to_ical()).decode()


def _exists(at: datetime) -> bool:
    """Whether the time is ever on its wall clock: not when clocks are put forward over it."""
    return at.astimezone(UTC).astimezone(at.tzinfo).replace(tzinfo=None) == at.replace(tzinfo=None)


def _length(repeats: Repeats | None) -> timedelta:
    return timedelta(weeks=repeats.every * repeats.count) if repeats else timedelta()
