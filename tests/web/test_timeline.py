"""A recording's time as its viewer knows it, in Python; the page's is held against the same cases."""

import json
from pathlib import Path

import pytest

from classrooms.recorded.timeline import class_time, length_of, stretches, view_time

CASES = json.loads((Path(__file__).parents[1] / "js/unit/timeline_cases.json").read_text())


@pytest.mark.parametrize("case", CASES)
def test_what_was_not_recorded_takes_no_time(case):
    found = stretches(case["tracks"])
    assert length_of(found) == pytest.approx(case["length"])
    for at, seen in case["moments"]:
        assert view_time(found, at) == pytest.approx(seen)


@pytest.mark.parametrize("case", CASES[1:])
def test_the_viewers_time_leads_back_to_the_classs(case):
    found = stretches(case["tracks"])
    for at, _ in case["moments"]:
        inside = any(stretch.start <= at < stretch.end for stretch in found)
        if inside:
            assert class_time(found, view_time(found, at)) == pytest.approx(at)
