"""Numbers, loss and jitter of a received stream."""

import pytest

from signaling.sfu.reception import Reception, SenderClock


@pytest.mark.parametrize(
    ("sequences", "steps"),
    [
        pytest.param([5, 6, 8, 7], [0, 1, 3, 2], id="in and out of order"),
        pytest.param([0xFFFE, 0xFFFF, 0, 1, 0xFFFF], [0, 1, 2, 3, 1], id="over the wrap and back"),
        pytest.param([5, 30_000, 6], [0, None, 1], id="one stray packet is not a jump"),
        pytest.param([5, 30_000, 30_001, 30_002], [0, None, 1, 2], id="two in a row are a restart"),
        pytest.param([5, 30_000, 30_001, 29_999], [0, None, 1, None], id="nothing from before a restart"),
        pytest.param([5, 3004], [0, 2999], id="a dropout is a gap"),
    ],
)
def test_numbers_never_jump(sequences, steps):
    reception = Reception(90_000)
    numbers = [reception.place(sequence) for sequence in sequences]
    assert [None if n is None else n - numbers[0] for n in numbers] == steps


def test_old_packets_that_are_sent_again_are_no_restart():
    reception = Reception(90_000)
    highest = reception.place(5000)
    assert [reception.place(sequence, recovered=True) for sequence in (20, 21, 22)] == [None] * 3
    assert reception.place(23) is None
    assert reception.place(5001) == highest + 1


def test_numbers_lead_back_to_what_stood_on_the_wire():
    reception = Reception(90_000)
    for sequence in (5, 30_000, 30_001, 30_002):
        number = reception.place(sequence)
        if number is not None:
            assert reception.sequence(number) == sequence


def test_another_ssrc_of_a_layer_goes_on_behind_the_first():
    reception = Reception(90_000, after=70_000)
    assert [reception.place(9), reception.place(10), reception.place(8)] == [70_001, 70_002, None]


def test_a_report_tells_loss_since_the_last_one():
    reception = Reception(90_000)
    for sequence in (1, 2, 4):
        reception.place(sequence)
        reception.measure(0, 0.0)
    first = reception.block(7, 0.0)
    assert (first.ssrc, first.fraction, first.lost, first.highest & 0xFFFF) == (7, 64, 1, 4)
    for sequence in (5, 6):
        reception.place(sequence)
        reception.measure(0, 0.0)
    second = reception.block(7, 0.0)
    assert (second.fraction, second.lost) == (0, 1)


def test_jitter_is_that_of_rfc_3550():
    reception = Reception(1000)
    for timestamp, at in ((0, 0.0), (20, 0.020), (40, 0.056)):
        reception.measure(timestamp, at)
    assert reception.jitter == pytest.approx(1.0)


def test_a_report_repeats_the_middle_of_the_senders_ntp_time():
    reception = Reception(90_000)
    reception.place(1)
    reception.clock = SenderClock(ntp=0x12345 + 0.5, timestamp=0, at=10.0)
    block = reception.block(1, 10.25)
    assert (block.lsr, block.dlsr) == (0x23458000, 0x4000)
