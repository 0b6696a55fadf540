"""When what was sent under which transport-wide number, and how large it was."""

import numpy as np
import pytest

from signaling.sfu import sendlog
from signaling.sfu.sendlog import KEPT, SendLogs
from tests.sfu.plane.conftest import Clock


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def logs(clock):
    return SendLogs(clock)


def test_numbers_follow_each_other_and_lead_back_to_time_and_size(logs, clock):
    log = logs.open()
    assert log.last == -1
    for size in (100, 1200, 55):
        clock.now += 0.25
        log.take(size)
    times, sizes = log.read(0, 4)
    assert times.tolist() == pytest.approx([1000.25, 1000.5, 1000.75, 0])
    assert sizes.tolist() == [100, 1200, 55, 0]
    assert log.last == 2


def test_only_the_newest_are_kept(logs):
    log = logs.open()
    for _ in range(KEPT + 10):
        log.take(7)
    assert log.read(8, 4)[1].tolist() == [0, 0, 7, 7]
    assert log.read(-3, 2)[1].tolist() == [0, 0]


def test_a_range_may_go_over_the_edge_of_what_is_kept(logs):
    log = logs.open()
    for size in range(1, KEPT + 101):
        log.take(size)
    assert log.read(KEPT - 3, 6)[1].tolist() == [KEPT - 2, KEPT - 1, KEPT, KEPT + 1, KEPT + 2, KEPT + 3]
    assert log.read(90, KEPT + 20)[1].tolist() == [0] * 10 + list(range(101, KEPT + 101)) + [0] * 10
    assert log.read(0, 3 * KEPT)[1].tolist()[100 : KEPT + 100] == list(range(101, KEPT + 101))


def test_a_16_bit_number_becomes_the_newest_given_one(logs):
    log = logs.open()
    assert log.extend(0) < 0
    for _ in range(70_000):
        log.take(1)
    assert [log.extend(n & 0xFFFF) for n in (69_999, 65_536, 65_535, 4464)] == [69_999, 65_536, 65_535, 4464]


def test_one_packet_to_many_is_entered_for_all_of_them(logs):
    first, second, third = logs.open(), logs.open(), logs.open()
    first.take(9)
    rows = np.array([first.row, third.row])
    numbers = logs.enter(rows, rows * KEPT, 500)
    assert numbers.tolist() == [1, 0]
    assert (first.last, second.last, third.last) == (1, -1, 0)
    assert third.read(0, 1)[1].tolist() == [500]


def test_a_row_that_was_given_back_starts_afresh(logs):
    log = logs.open()
    log.take(9)
    logs.close(log)
    again = logs.open()
    assert (again.row, again.last) == (log.row, -1)
    assert again.read(0, 1)[1].tolist() == [0]


def test_there_is_room_for_more_transports_than_expected(logs, monkeypatch):
    monkeypatch.setattr(sendlog, "ROWS", 2)
    few = SendLogs(logs.clock)
    opened = [few.open() for _ in range(9)]
    for size, log in enumerate(opened, 1):
        log.take(size)
    assert [int(log.read(0, 1)[1][0]) for log in opened] == list(range(1, 10))
    assert len({log.row for log in opened}) == 9
