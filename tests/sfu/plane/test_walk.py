"""Whatever a publisher and a line do, what leaves keeps its promises (long: `python -m bench numbers`)."""

import pytest

from tests.sfu.plane.walk import walk


@pytest.mark.parametrize(("seed", "listeners"), [(1, 1), (2, 1), (3, 2), (4, 6), (5, 9)])
def test_a_random_walk_leaves_no_gap_at_switches_no_time_going_back_and_no_index_used_twice(seed, listeners):
    for oracle in walk(seed, 12_000, listeners):
        assert oracle.faults == []
        assert oracle.switches > 10
        assert oracle.packets > 1000
