"""Which lost packets a publisher is asked for."""

import itertools

from signaling.sfu.nack import FIRST_WAIT, KEEP, MOST, TRIES, Missing


def test_a_gap_is_asked_for_after_a_moment_of_patience():
    missing = Missing()
    missing.skipped(10, 13, 0.0)
    assert missing.due(FIRST_WAIT / 2, 0.0) == []
    missing.arrived(11)
    assert missing.due(FIRST_WAIT, 0.0) == [10, 12]


def test_a_number_is_asked_for_at_most_ten_times_each_a_round_trip_apart():
    missing = Missing()
    missing.skipped(10, 11, 0.0)
    tries = [at for at in (n / 100 for n in range(1, 140)) if missing.due(at, 0.1)]
    assert len(tries) == TRIES
    assert min(b - a for a, b in itertools.pairwise(tries)) >= 0.099
    assert missing.gave_up
    assert not missing


def test_what_is_old_is_given_up_and_only_a_key_frame_helps():
    missing = Missing()
    missing.skipped(10, 11, 0.0)
    assert missing.due(KEEP + 0.1, 0.0) == []
    assert missing.gave_up


def test_nothing_older_than_a_key_frame_is_asked_for():
    missing = Missing()
    missing.skipped(10, 20, 0.0)
    missing.forget_before(15)
    assert missing.due(1.0, 0.0) == [15, 16, 17, 18, 19]
    assert not missing.gave_up


def test_an_outage_is_not_asked_for_packet_by_packet():
    missing = Missing()
    missing.skipped(0, MOST + 1, 0.0)
    assert not missing
    assert missing.gave_up
