"""Who gets how much of a listener's bandwidth."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signaling.sfu.allocation import PAUSED, Ask, Rung, allocate, ladder

RUNGS = (Rung(0, 3, 150e3), Rung(1, 3, 500e3), Rung(2, 3, 1500e3))
SCREEN = (Rung(0, 3, 200e3), Rung(1, 3, 2000e3))


def camera(current=PAUSED, *, first=False):
    return Ask(RUNGS, current, first)


@pytest.mark.parametrize(
    ("budget", "asks", "grants"),
    [
        (None, [camera(), camera()], (2, 2)),
        (9e6, [camera(), camera()], (2, 2)),
        (0.0, [camera(), camera()], (PAUSED, PAUSED)),
        (100e3, [camera()], (PAUSED,)),
        (400e3, [camera(), camera()], (0, 0)),  # the lowest for all
        (1.3e6, [camera(), camera()], (1, 1)),  # before the best for one
        (1.9e6, [Ask(SCREEN, PAUSED, True), camera()], (0, 2)),
        (2.6e6, [Ask(SCREEN, PAUSED, True), camera(), camera()], (1, 0, 0)),  # a screen first
        (250e3, [Ask(SCREEN, PAUSED, True), camera(), camera()], (0, PAUSED, PAUSED)),
        (1.6e6, [camera(2)], (2,)),
        (1.6e6, [camera(1)], (1,)),  # what is new needs a reserve
        (1.7e6, [camera(1)], (2,)),
        (1.45e6, [camera(2)], (2,)),  # what is there is kept a little beyond
        (1.4e6, [camera(2)], (1,)),
        (160e3, [camera(0)], (0,)),
        (160e3, [camera(PAUSED)], (PAUSED,)),
        (180e3, [camera(PAUSED)], (0,)),
    ],
)
def test_a_budget_is_shared_by_these_rules(budget, asks, grants):
    assert allocate(budget, asks).grants == grants


def test_a_client_that_allows_no_pause_gets_the_lowest_rungs_whatever_they_cost():
    assert allocate(0.0, [camera(), camera()], may_pause=False).grants == (0, 0)


def test_what_everything_would_cost_is_told():
    allotment = allocate(400e3, [camera(), camera()])
    assert (allotment.spent, allotment.needed) == (300e3, 3e6)


def test_a_rung_that_costs_more_than_a_better_one_is_left_out():
    rungs = [Rung(0, 0, 60e3), Rung(0, 3, 160e3), Rung(1, 0, 140e3), Rung(1, 3, 400e3)]
    assert ladder(rungs) == (rungs[0], rungs[2], rungs[3])


ASKS = st.lists(
    st.builds(
        lambda costs, current, first: Ask(
            tuple(Rung(i, 3, cost) for i, cost in enumerate(sorted(costs))),
            min(current, len(costs) - 1),
            first,
        ),
        st.sets(st.floats(10e3, 3e6), min_size=1, max_size=6),
        st.integers(PAUSED, 5),
        st.booleans(),
    ),
    max_size=12,
)


@given(st.floats(0, 20e6), ASKS)
def test_no_more_is_spent_than_there_is_but_for_the_overdraft(budget, asks):
    allotment = allocate(budget, asks)
    assert allotment.spent <= budget * 1.25 + 1
    for grant, ask in zip(allotment.grants, asks, strict=True):
        assert PAUSED <= grant < len(ask.rungs)


@given(st.floats(0, 20e6), ASKS)
def test_sharing_out_again_changes_nothing(budget, asks):
    once = allocate(budget, asks)
    settled = [Ask(ask.rungs, grant, ask.first) for ask, grant in zip(asks, once.grants, strict=True)]
    again = allocate(budget, settled)
    assert again.grants == once.grants
