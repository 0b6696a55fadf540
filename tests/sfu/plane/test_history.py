"""What is kept for whoever lost a packet, and how often it is given."""

import pytest

from signaling.sfu.history import AGE, ANSWERS, BURST, MOST_ANSWERS, Answers, History
from signaling.sfu.rtp import Packet


def packet(number, at=0.0):
    made = Packet(payload_type=96, marker=0, sequence=number & 0xFFFF, timestamp=0, ssrc=1, payload=b"x")
    made.number, made.arrival = number, at
    return made


@pytest.mark.parametrize(
    ("numbers", "taken"),
    [
        ([10, 11, 12], [True, True, True]),
        ([10, 12, 11, 11, 12], [True, True, True, False, False]),
        ([100, 93, 92, 100], [True, True, False, False]),
        ([10, 18, 10, 17], [True, True, False, True]),
    ],
)
def test_a_number_is_taken_once_and_only_while_it_is_recent(numbers, taken):
    history = History(8)
    assert [history.keep(packet(number)) for number in numbers] == taken


def test_a_packet_is_found_until_it_is_too_old_or_overwritten():
    history = History(8)
    for number in range(10):
        history.keep(packet(number, at=float(number) / 10))
    assert history.get(9, 1.0).number == 9
    assert history.get(1, 1.0) is None
    assert history.get(9, 0.9 + AGE + 0.1) is None


def test_of_an_old_packet_only_its_number_stays():
    history = History(8)
    for number in (10, 11, 13):
        history.keep(packet(number, at=float(number)))
    history.trim(11.0 + AGE + 0.1)
    assert [type(held).__name__ for held in history._ring if held is not None] == ["int", "int", "Packet"]
    assert history.get(13, 13.0).number == 13
    assert [history.keep(packet(number)) for number in (10, 11, 12, 13)] == [False, False, True, False]


def test_old_packets_go_as_new_ones_come():
    history = History(1024)
    for number in range(5000):
        history.keep(packet(number, at=number / 100))
    assert sum(not isinstance(held, int) for held in history._ring if held is not None) <= 102 * AGE
    assert history.get(4990, 50.0).number == 4990


def test_a_packet_is_given_again_three_times_when_nothing_else_is_missing():
    answers = Answers()
    assert sum(answers.grant(5, now, 0.0) for now in range(10)) == ANSWERS
    assert answers.spent(5, 10.0, 0.0)
    assert not answers.spent(6, 10.0, 0.0)


def test_an_unlucky_packet_lives_on_what_others_did_not_need():
    answers = Answers()
    assert [answers.grant(number, 1.0, 0.0) for number in range(4)] == [1, 1, 1, 1]
    assert [answers.grant(4, 1.0 + again, 0.0) for again in range(10)] == [1] * MOST_ANSWERS + [0, 0]
    assert answers.spent(4, 11.0, 0.0)
    assert not answers.spent(3, 11.0, 0.0)


def test_a_packet_is_not_given_up_while_its_last_answer_is_under_way():
    answers = Answers()
    assert [answers.grant(5, 0.2 * again, 0.15) for again in range(3)] == [1, 1, 1]
    assert not answers.spent(5, 0.5, 0.15)
    assert answers.spent(5, 0.6, 0.15)


def test_answers_are_three_times_what_is_missing_at_most_whatever_is_asked():
    answers = Answers()
    granted = sum(answers.grant(number, 9.0 * again, 0.0, 2) for again in range(20) for number in range(150))
    assert granted == 150 * ANSWERS


@pytest.mark.parametrize(
    ("rtt", "after", "granted"), [(0.0, 0.04, 0), (0.0, 0.06, 1), (0.2, 0.19, 0), (0.2, 0.21, 1)]
)
def test_answers_are_spaced_by_a_twentieth_of_a_second_or_the_round_trip(rtt, after, granted):
    answers = Answers()
    assert answers.grant(5, 10.0, rtt) == 1
    assert answers.grant(5, 10.0 + after, rtt) == granted


def test_copies_count_as_answers():
    answers = Answers()
    assert [answers.grant(5, now, 0.0, copies=2) for now in range(4)] == [2, 1, 0, 0]


def test_answers_have_a_budget_that_refills():
    answers = Answers()
    assert sum(answers.grant(n, 1.0, 0.0) for n in range(1000)) == BURST
    assert sum(answers.grant(n, 1.1, 0.0) for n in range(1000, 2000)) == pytest.approx(50, abs=1)


def test_what_was_answered_is_forgotten_in_time():
    answers = Answers()
    for n in range(20_000):
        answers.grant(n, float(n), 0.0)
    assert len(answers._given) <= 2048
