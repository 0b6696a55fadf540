"""Nothing of a school is told to another one's people, or changed by them, whatever they send: generated
requests between two schools full of marked rows. `make soak`: a hundred thousand."""

from __future__ import annotations

import os
from collections.abc import Callable

import pytest

from tests.access.crossing import Crossing
from tests.access.schools import School
from tests.access.sums import sum_of

REQUESTS = int(os.environ.get("CROSS_REQUESTS", "2000"))
SEEDS = range(int(os.environ.get("CROSS_SEEDS", "2")))


@pytest.mark.filterwarnings("ignore:StreamingHttpResponse must consume")
@pytest.mark.parametrize("seed", SEEDS)
def test_nothing_leaks(seed: int, ours: School, theirs: School, record_property: Callable[..., None]) -> None:
    crossing = Crossing(ours, theirs, seed)
    wrong = [each for _ in range(REQUESTS // len(SEEDS)) for each in crossing.step()]
    assert not wrong, "\n".join(wrong)
    assert all(crossing.counts.values())
    assert crossing.statuses.get(200, 0) > len(crossing.statuses), "nobody got in anywhere"
    record_property("asked", crossing.counts)
    record_property("answered", crossing.statuses)


def test_a_leak_would_be_seen(ours: School, theirs: School) -> None:
    """Their own owner asks: what is told and changed then is told apart from nothing."""
    crossing = Crossing(ours, theirs, 0)
    spy = theirs.people["owner"]
    page = spy.ask("GET", f"/courses/{theirs.course.public_id}/")
    assert "what was theirs was told" in list(crossing.faults(spy, page, ""))
    assert any("the id" in each for each in crossing.faults(spy, page, ""))
    spy.ask("POST", f"/c/{theirs.scheduled.public_id}/cancel/")
    assert sum_of(theirs) != crossing.before
