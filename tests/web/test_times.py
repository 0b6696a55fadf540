"""Wall-clock times and the moments they stand for, across changes of the clock."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from classrooms.times import NoSuchTime, moments

BERLIN, NEW_YORK, LORD_HOWE = (
    ZoneInfo("Europe/Berlin"),
    ZoneInfo("America/New_York"),
    ZoneInfo("Australia/Lord_Howe"),
)


@pytest.mark.parametrize(
    ("zone", "day", "clock", "expected"),
    [
        (BERLIN, date(2026, 7, 1), time(10, 0), [(2026, 7, 1, 8, 0)]),
        (BERLIN, date(2026, 12, 1), time(10, 0), [(2026, 12, 1, 9, 0)]),
        (BERLIN, date(2027, 3, 28), time(1, 59), [(2027, 3, 28, 0, 59)]),
        (BERLIN, date(2027, 3, 28), time(3, 0), [(2027, 3, 28, 1, 0)]),
        (BERLIN, date(2026, 10, 25), time(2, 30), [(2026, 10, 25, 0, 30), (2026, 10, 25, 1, 30)]),
        (BERLIN, date(2026, 10, 25), time(3, 0), [(2026, 10, 25, 2, 0)]),
        (NEW_YORK, date(2026, 11, 1), time(1, 15), [(2026, 11, 1, 5, 15), (2026, 11, 1, 6, 15)]),
        (LORD_HOWE, date(2027, 4, 4), time(1, 45), [(2027, 4, 3, 14, 45), (2027, 4, 3, 15, 15)]),
    ],
)
def test_a_time_stands_for_one_moment_or_two(
    zone: ZoneInfo, day: date, clock: time, expected: list[tuple[int, ...]]
) -> None:
    assert moments(day, clock, zone) == [datetime(*parts, tzinfo=UTC) for parts in expected]


@pytest.mark.parametrize(
    ("zone", "day", "clock", "next_time"),
    [
        (BERLIN, date(2027, 3, 28), time(2, 0), time(3, 0)),
        (BERLIN, date(2027, 3, 28), time(2, 30), time(3, 0)),
        (BERLIN, date(2027, 3, 28), time(2, 59), time(3, 0)),
        (NEW_YORK, date(2027, 3, 14), time(2, 30), time(3, 0)),
        (LORD_HOWE, date(2026, 10, 4), time(2, 15), time(2, 30)),
    ],
)
def test_a_skipped_time_names_the_next_one(zone: ZoneInfo, day: date, clock: time, next_time: time) -> None:
    with pytest.raises(NoSuchTime) as gap:
        moments(day, clock, zone)
    assert (gap.value.next_time.date(), gap.value.next_time.time()) == (day, next_time)
