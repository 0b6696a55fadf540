"""Weekly rules on a wall clock: days, moments across changes of the clock, and the rule read back."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classrooms.recurrence import MOST_CLASSES, Rule, is_skipped, moment
from classrooms.sentence import sentence

MON, WED = date(2026, 11, 30), date(2026, 12, 2)
NINE = time(9, 0)
ZONES = (
    *("Europe/Berlin", "America/New_York", "America/Santiago", "Australia/Lord_Howe", "Asia/Tokyo", "UTC"),
    *("Africa/Casablanca", "Pacific/Apia", "Asia/Tehran", "Atlantic/Azores", "America/St_Johns"),
)


def rule(**changes: Any) -> Rule:
    given: dict[str, Any] = {"every": 1, "weekdays": (0,), "starts_on": MON, "clock": NINE}
    if not {"until", "count"} & set(changes):
        changes["count"] = 3
    return Rule(**given | changes)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, ["2026-11-30", "2026-12-07", "2026-12-14"]),
        ({"weekdays": (0, 2)}, ["2026-11-30", "2026-12-02", "2026-12-07"]),
        ({"every": 2}, ["2026-11-30", "2026-12-14", "2026-12-28"]),
        ({"every": 2, "weekdays": (0, 4)}, ["2026-11-30", "2026-12-04", "2026-12-14"]),
        ({"every": 2, "weekdays": (0, 4), "starts_on": WED}, ["2026-12-04", "2026-12-14", "2026-12-18"]),
        ({"starts_on": WED}, ["2026-12-07", "2026-12-14", "2026-12-21"]),  # the first one is in the next week
        ({"until": date(2026, 12, 7)}, ["2026-11-30", "2026-12-07"]),  # the last day counts
        ({"until": date(2026, 12, 6)}, ["2026-11-30"]),
        ({"until": date(2026, 11, 29)}, []),
        ({"weekdays": (6,), "count": 1}, ["2026-12-06"]),
    ],
)
def test_a_rule_has_these_days(changes: dict[str, Any], expected: list[str]) -> None:
    assert [str(day) for day in rule(**changes).days()] == expected


@pytest.mark.parametrize(
    "wrong",
    [
        *({"every": 0}, {"every": 13}, {"weekdays": ()}, {"weekdays": (7,)}),
        *({"until": WED, "count": 2}, {"until": None, "count": None}),
    ],
)
def test_what_is_no_rule_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError):  # noqa: PT011
        rule(**wrong)


def test_an_endless_list_is_cut_after_one_too_many() -> None:
    assert len(rule(count=9999).first()) == MOST_CLASSES + 1


@pytest.mark.parametrize(
    ("zone", "day", "clock", "expected", "skipped"),
    [
        ("Europe/Berlin", date(2027, 3, 26), NINE, datetime(2027, 3, 26, 8, 0), False),
        ("Europe/Berlin", date(2027, 3, 29), NINE, datetime(2027, 3, 29, 7, 0), False),
        ("Europe/Berlin", date(2027, 3, 28), time(2, 30), datetime(2027, 3, 28, 1, 30), True),  # 03:30
        ("Europe/Berlin", date(2026, 10, 25), time(2, 30), datetime(2026, 10, 25, 0, 30), False),  # the first
        ("Australia/Lord_Howe", date(2026, 10, 4), time(2, 15), datetime(2026, 10, 3, 15, 45), True),  # 02:45
        ("Pacific/Apia", date(2011, 12, 30), NINE, datetime(2011, 12, 30, 19, 0), True),  # a day left out
    ],
)
def test_a_wall_clock_time_is_this_moment(
    zone: str, day: date, clock: time, expected: datetime, skipped: bool
) -> None:
    assert moment(day, clock, ZoneInfo(zone)) == expected.replace(tzinfo=UTC)
    assert is_skipped(day, clock, ZoneInfo(zone)) is skipped


@given(
    zone=st.sampled_from(ZONES).map(ZoneInfo),
    starts_on=st.dates(date(2024, 1, 1), date(2035, 12, 31)),
    minute=st.integers(0, 24 * 60 - 1),
    every=st.integers(1, 4),
    weekdays=st.sets(st.integers(0, 6), min_size=1),
    count=st.integers(1, 60),
)
def test_the_clock_on_the_wall_never_changes(
    zone: ZoneInfo, starts_on: date, minute: int, every: int, weekdays: set[int], count: int
) -> None:
    """In any zone, over any change of the clock: the time typed, on the days typed, in order."""
    clock = time(minute // 60, minute % 60)
    made = Rule(every, tuple(sorted(weekdays)), starts_on, clock, count=count)
    days = list(made.days())
    moments = [moment(day, clock, zone) for day in days]
    assert len(set(moments)) == count
    assert moments == sorted(moments)
    first_week = days[0] - timedelta(days=days[0].weekday())
    for day, at in zip(days, moments, strict=True):
        there = at.astimezone(zone)
        assert day.weekday() in weekdays
        assert ((day - timedelta(days=day.weekday())) - first_week).days % (7 * every) == 0
        if is_skipped(day, clock, zone):  # later by what clocks skip, on a clock that is put forward then
            before, after = (
                (at - step).astimezone(zone).utcoffset() for step in (timedelta(hours=3), timedelta())
            )
            assert after > before
            assert there.replace(tzinfo=None) - datetime.combine(day, clock) == after - before
        else:
            assert (there.date(), there.time()) == (day, clock)
            assert there.fold == 0


@given(days=st.integers(-10, 10), weekdays=st.sets(st.integers(0, 6), min_size=1), every=st.integers(1, 3))
def test_a_shifted_rule_has_every_day_as_much_later(days: int, weekdays: set[int], every: int) -> None:
    made = Rule(every, tuple(sorted(weekdays)), MON, NINE, count=9)
    shifted = made.shifted(days, time(10, 0))
    if every == 1:
        assert [day - timedelta(days=days) for day in shifted.days()] == list(made.days())
    assert shifted.clock == time(10, 0)


@pytest.mark.parametrize(
    ("changes", "minutes", "expected"),
    [
        (
            {"weekdays": (0, 2), "count": 9},
            45,
            "Every Monday and Wednesday, 09:00–09:45, until 28 December: 9 classes",
        ),
        ({"count": 1}, 45, "Every Monday, 09:00–09:45, until 30 November: 1 class"),
        (
            {"every": 2, "count": 2},
            90,
            "Every second week on Monday, 09:00–10:30, until 14 December: 2 classes",
        ),
        ({"every": 3, "count": 2}, 45, "Every 3 weeks on Monday, 09:00–09:45, until 21 December: 2 classes"),
        (
            {"weekdays": (0, 2, 4), "until": date(2027, 1, 18)},
            45,
            "Every Monday, Wednesday and Friday, 09:00–09:45, until 18 January 2027: 22 classes",
        ),
        ({"clock": time(23, 30)}, 60, "Every Monday, 23:30–00:30, until 14 December: 3 classes"),
    ],
)
def test_a_rule_is_read_back(changes: dict[str, Any], minutes: int, expected: str) -> None:
    made = rule(**changes)
    days = list(made.days())
    assert sentence(made, minutes=minutes, last=days[-1], n=len(days), today=MON) == expected
