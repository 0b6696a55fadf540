"""From segments to minutes: tables, and random classes that are compared with the time really spent."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from classrooms.attended.stays import GAP, length, percent, presence, shared, taught
from classrooms.spans import merged
from tests.conftest import NOON

MINUTE = timedelta(minutes=1)


def at(minutes: float) -> datetime:
    return NOON + minutes * MINUTE


def spans(*pairs):
    return [(at(begin), at(end)) for begin, end in pairs]


@pytest.mark.parametrize(
    ("segments", "expected"),
    [
        ([], []),
        ([(0, 5)], [(0, 5)]),
        ([(9, 12), (0, 5)], [(0, 5), (9, 12)]),
        ([(0, 5), (3, 9)], [(0, 9)]),
        ([(0, 9), (3, 5)], [(0, 9)]),
        ([(0, 5), (5, 9)], [(0, 9)]),
        ([(0, 5), (6, 9)], [(0, 9)]),
        ([(0, 5), (6.02, 9)], [(0, 5), (6.02, 9)]),
        ([(0, 1), (1.5, 2), (2.5, 3), (9, 9)], [(0, 3), (9, 9)]),
    ],
)
def test_short_gaps_are_reconnects(segments, expected):
    assert timedelta(minutes=1) == GAP
    assert merged(spans(*segments), GAP) == spans(*expected)
    assert merged(merged(spans(*segments), GAP), GAP) == spans(*expected)


@pytest.mark.parametrize(
    ("segments", "planned", "expected"),
    [
        ([(-15, 45)], 0, [(0, 45)]),  # opened early, to prepare
        ([(5, 45)], 0, [(5, 45)]),  # began late
        ([(-15, -10), (0, 40)], 0, [(0, 40)]),
        ([(0, 20), (25, 45)], 0, [(0, 20), (25, 45)]),  # an outage put everyone out
        ([(-15, -5)], 0, [(-15, -5)]),  # was over before its time
        ([], 0, []),
    ],
)
def test_the_real_time_of_a_class(segments, planned, expected):
    assert taught(spans(*segments), at(planned)) == spans(*expected)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ([(0, 9)], [(3, 5)], [(3, 5)]),
        ([(0, 4), (6, 9)], [(3, 7)], [(3, 4), (6, 7)]),
        ([(0, 4)], [(4, 9)], []),
        ([], [(4, 9)], []),
    ],
)
def test_what_two_have_in_common(one, other, expected):
    assert shared(spans(*one), spans(*other)) == spans(*expected)


@pytest.mark.parametrize(
    ("segments", "held", "here", "expected"),
    [
        # stays, minutes, percent, late, early, breaks
        ([(0, 40)], [(0, 40)], False, (40, 100, 0, 0, 0)),
        ([(10, 40)], [(0, 40)], False, (30, 75, 10, 0, 0)),
        ([(0, 30)], [(0, 40)], False, (30, 75, 0, 10, 0)),
        ([(0, 30)], [(0, 40)], True, (30, 75, 0, 0, 0)),
        ([(0, 10), (20, 40)], [(0, 40)], False, (30, 75, 0, 0, 1)),
        ([(0, 10), (10.5, 40)], [(0, 40)], False, (40, 100, 0, 0, 0)),
        ([(-10, 40)], [(0, 40)], False, (40, 100, 0, 0, 0)),
        ([(-10, -5)], [(0, 40)], False, (0, 0, 0, 40, 0)),
        ([(12, 40)], [(0, 10), (20, 40)], False, (20, 67, 10, 0, 0)),  # nobody was there in between
        ([(0, 0.1)], [(0, 100)], False, (0.1, 1, 0, 99.9, 0)),
    ],
)
def test_one_person_in_one_class(segments, held, here, expected):
    found = presence(spans(*segments), spans(*held), here=here)
    minutes = [round(each / MINUTE, 2) for each in (found.spent, found.late, found.early)]
    assert (minutes[0], found.percent, minutes[1], minutes[2], found.breaks) == expected
    assert (found.last_out is None) is here


def test_who_never_came_has_no_presence():
    assert presence([], spans((0, 40)), here=False) is None


@pytest.mark.parametrize(
    ("spent", "whole", "expected"),
    [(0, 40, 0), (0.1, 40, 1), (20, 40, 50), (39.9, 40, 100), (5, 0, 100), (50, 40, 100)],
)
def test_percent(spent, whole, expected):
    assert percent(spent * MINUTE, whole * MINUTE) == expected


def test_length():
    assert length(spans((0, 5), (7, 9))) == 7 * MINUTE
