"""iCalendar text, read back as calendars read it: with icalendar, rules worked out by dateutil."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from dateutil.rrule import rrulestr
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar, Event

from classrooms.invitations.ics import Happening, Repeats, Sheet, addressed, write
from classrooms.recurrence import Rule, moment

BERLIN = ZoneInfo("Europe/Berlin")
STAMP = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
ZONES = (
    "Europe/Berlin",
    "America/New_York",
    "Australia/Lord_Howe",
    "Asia/Kathmandu",
    "America/Santiago",
    "UTC",
)


def happening(**changes: object) -> Happening:
    begin = datetime(2026, 11, 30, 9, 0, tzinfo=BERLIN)
    usual = {
        "uid": "1@aula.test",
        "sequence": 0,
        "title": "Cell division; part 2, äöü 🧬",
        "starts_at": begin,
        "ends_at": begin + timedelta(minutes=45),
        "about": "Biology 9b,\nTom",
        "address": "https://demo.aula.test/c/1/",
    }
    return Happening(**usual | changes)  # type: ignore[arg-type]


def read(text: str) -> tuple[Calendar, list[Event]]:
    calendar = Calendar.from_ical(text)
    return calendar, calendar.walk("VEVENT")


def occurrences(event: Event) -> list[datetime]:
    """What a calendar shows: the rule on local time, without the exceptions, in moments."""
    begin = event["DTSTART"].dt
    rule = rrulestr(event["RRULE"].to_ical().decode(), dtstart=begin.replace(tzinfo=None))
    found = event.get("EXDATE", [])
    left_out = {each.dt for group in (found if isinstance(found, list) else [found]) for each in group.dts}
    moments = [local.replace(tzinfo=begin.tzinfo) for local in rule]
    return [at.astimezone(UTC) for at in moments if at not in left_out]


def test_a_class_is_read_back_as_it_was_written() -> None:
    text = write(
        Sheet([happening(sequence=3)], "REQUEST", "aula@x.test", "Northfield"), zone=BERLIN, stamp=STAMP
    )
    calendar, (event,) = read(text)
    assert (str(calendar["METHOD"]), str(calendar["VERSION"])) == ("REQUEST", "2.0")
    assert str(event["SUMMARY"]) == "Cell division; part 2, äöü 🧬"
    assert str(event["DESCRIPTION"]) == "Biology 9b,\nTom"
    assert event["DTSTART"].dt == datetime(2026, 11, 30, 8, 0, tzinfo=UTC)
    assert event["DTSTART"].params["TZID"] == "Europe/Berlin"
    assert event["DTEND"].dt - event["DTSTART"].dt == timedelta(minutes=45)
    assert (str(event["UID"]), int(event["SEQUENCE"])) == ("1@aula.test", 3)
    assert event["DTSTAMP"].dt == STAMP
    assert str(event["ORGANIZER"]) == "mailto:aula@x.test"
    assert str(event["STATUS"]) == "CONFIRMED"
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))


def test_a_rule_that_begins_where_clocks_skip_lasts_as_long_as_it_should() -> None:
    """02:30 on 28 March 2027 is skipped: calendars read 03:30 (RFC 5545 3.3.5), and 02:30 from then on."""
    begin = datetime(2027, 3, 28, 2, 30, tzinfo=BERLIN)
    end = begin.astimezone(UTC) + timedelta(minutes=45)
    made = happening(starts_at=begin, ends_at=end, repeats=Repeats(1, (6,), 2))
    _, (event,) = read(write(Sheet([made], "REQUEST"), zone=BERLIN, stamp=STAMP))
    assert event["DTSTART"].to_ical() == b"20270328T023000"
    assert event["DURATION"].dt == timedelta(minutes=45)
    assert "DTEND" not in event
    assert [at.hour for at in occurrences(event)] == [1, 0]


def test_the_zone_that_times_name_is_described() -> None:
    calendar, _ = read(write(Sheet([happening()]), zone=BERLIN, stamp=STAMP))
    (zone,) = calendar.walk("VTIMEZONE")
    assert str(zone["TZID"]) == "Europe/Berlin"
    offsets = {
        (part.name, part["TZOFFSETTO"].td)
        for part in zone.subcomponents
        if part.name in ("STANDARD", "DAYLIGHT")
    }
    assert offsets == {("STANDARD", timedelta(hours=1)), ("DAYLIGHT", timedelta(hours=2))}
    described = zone.to_tz()
    for at in (datetime(2026, 12, 1, 9), datetime(2027, 7, 1, 9)):
        assert at.replace(tzinfo=described).utcoffset() == at.replace(tzinfo=BERLIN).utcoffset()


def test_a_cancelled_one_says_so() -> None:
    _, (event,) = read(write(Sheet([happening(cancelled=True)], "CANCEL"), zone=BERLIN, stamp=STAMP))
    assert str(event["STATUS"]) == "CANCELLED"


def test_one_person_reads_of_nobody_else() -> None:
    text = write(Sheet([happening(), happening(place_in_series=STAMP)], "REQUEST"), zone=BERLIN, stamp=STAMP)
    _, events = read(addressed(text, email="sue@demo.test", name='Sue "S" Student; x'))
    for event in events:
        assert str(event["ATTENDEE"]) == "mailto:sue@demo.test"
        assert event["ATTENDEE"].params["RSVP"] == "FALSE"
        assert "\n" not in str(event["ATTENDEE"].params["CN"])


def test_a_name_cannot_add_lines() -> None:
    text = write(Sheet([happening(title="x\r\nATTACH:http://evil.test")]), zone=BERLIN, stamp=STAMP)
    evil = addressed(text, email="sue@demo.test", name="Sue\r\nATTACH:http://evil.test")
    _, (event,) = read(evil)
    assert "ATTACH" not in event


def test_a_feed_has_its_name_and_how_often_to_read_it() -> None:
    text = write(Sheet(), zone=BERLIN, stamp=STAMP, name="Classes", fresh=timedelta(minutes=15))
    calendar, events = read(text)
    assert events == []
    assert str(calendar["X-WR-CALNAME"]) == "Classes"
    assert "REFRESH-INTERVAL;VALUE=DURATION:PT15M" in text


@pytest.mark.parametrize("left_out", [(), (1,), (0, 3)])
def test_a_rule_without_what_is_left_out(left_out: tuple[int, ...]) -> None:
    rule = Rule(1, (0, 2), date(2027, 3, 15), time(9, 0), count=6)  # over the last Sunday of March
    moments = [moment(day, rule.clock, BERLIN).astimezone(BERLIN) for day in rule.days()]
    gone = tuple(moments[n] for n in left_out)
    repeats = Repeats(1, (0, 2), 6, gone)
    first = happening(starts_at=moments[0], ends_at=moments[0] + timedelta(hours=1), repeats=repeats)
    _, (event,) = read(write(Sheet([first], "REQUEST"), zone=BERLIN, stamp=STAMP))
    assert occurrences(event) == [at.astimezone(UTC) for at in moments if at not in gone]


@given(
    zone=st.sampled_from(ZONES).map(ZoneInfo),
    starts_on=st.dates(date(2025, 1, 1), date(2030, 12, 31)),
    minute=st.integers(0, 24 * 60 - 1),
    every=st.integers(1, 3),
    weekdays=st.sets(st.integers(0, 6), min_size=1),
    count=st.integers(1, 40),
)
def test_calendars_work_out_the_same_moments(
    zone: ZoneInfo, starts_on: date, minute: int, every: int, weekdays: set[int], count: int
) -> None:
    """What is written is read back as the classes there are, in any zone and over any change of its clock."""
    rule = Rule(every, tuple(sorted(weekdays)), starts_on, time(minute // 60, minute % 60), count=count)
    days = list(rule.days())
    moments = [moment(day, rule.clock, zone) for day in days]
    series = happening(
        starts_at=datetime.combine(days[0], rule.clock, zone),
        ends_at=moments[0] + timedelta(minutes=45),
        repeats=Repeats(every, rule.weekdays, count),
    )
    calendar, (event,) = read(write(Sheet([series], "REQUEST"), zone=zone, stamp=STAMP))
    assert occurrences(event) == moments
    described = calendar.walk("VTIMEZONE")[0].to_tz()
    for at in moments:
        assert at.astimezone(described).utcoffset() == at.astimezone(zone).utcoffset()
