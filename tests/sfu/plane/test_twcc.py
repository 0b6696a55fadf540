"""Transport-wide feedback, read back as a sender does."""

import random
import struct

import pytest

from signaling.sfu.rtcp import LARGEST, transport_cc
from signaling.sfu.twcc import SPACING, Arrivals, build


def read(fci: bytes):
    """(base, count, reference time in s, feedback count, {sequence: arrival}) as the draft says."""
    base, count, reference = struct.unpack_from("!HHI", fci)
    statuses, at = [], 8
    while len(statuses) < count:
        (chunk,) = struct.unpack_from("!H", fci, at)
        at += 2
        if not chunk & 0x8000:
            statuses += [chunk >> 13] * (chunk & 0x1FFF)
        elif chunk & 0x4000:
            statuses += [chunk >> (12 - 2 * i) & 3 for i in range(7)]
        else:
            statuses += [chunk >> (13 - i) & 1 for i in range(14)]
    clock, arrived = (reference >> 8) * 0.064, {}
    for i, status in enumerate(statuses[:count]):
        if status:
            delta = fci[at] if status == 1 else struct.unpack_from("!h", fci, at)[0]
            at += status
            clock += delta * 0.00025
            arrived[(base + i) & 0xFFFF] = clock
    assert len(fci) == at + -at % 4
    return base, count, reference & 0xFF, arrived


@pytest.mark.parametrize(
    "arrivals",
    [
        pytest.param([1.0], id="one"),
        pytest.param([1.0, None, None, 1.02], id="a gap"),
        pytest.param([1.0, 1.5, 1.4], id="late and out of order"),
        pytest.param([1.0] + [None] * 500 + [1.1], id="a long gap"),
        pytest.param([1.0 + i / 1000 for i in range(300)], id="a long run"),
        pytest.param(
            [1.0 + i / 100 if random.Random(i).random() > 0.3 else None for i in range(400)], id="a mix"
        ),
    ],
)
def test_a_sender_reads_what_was_recorded(arrivals):
    base, count, _, arrived = read(build(65_500, arrivals, 0.0, 3))
    assert (base, count) == (65_500, len(arrivals))
    expected = {(65_500 + i) & 0xFFFF: at for i, at in enumerate(arrivals) if at is not None}
    assert arrived.keys() == expected.keys()
    for sequence, at in expected.items():
        assert arrived[sequence] == pytest.approx(at, abs=0.00026)


def test_feedback_goes_on_where_the_last_one_ended():
    arrivals = Arrivals(0.0)
    for sequence in (65_534, 65_535, 1):
        arrivals.record(sequence, 1.0)
    (first,) = arrivals.feedback()
    arrivals.record(2, 1.1)
    arrivals.record(4, 1.1)
    (second,) = arrivals.feedback()
    assert [read(fci)[:3] for fci in (first, second)] == [(65_534, 4, 0), (2, 3, 1)]
    assert arrivals.feedback() == []


def test_a_huge_jump_makes_bounded_feedback():
    arrivals = Arrivals(0.0)
    arrivals.record(0, 1.0)
    arrivals.record(30_000, 1.0)
    built = arrivals.feedback()
    assert sum(len(fci) for fci in built) < 200
    assert [sequence for fci in built for sequence in read(fci)[3]] == [30_000]


@pytest.mark.parametrize("step", [900, 1001, 1900, 3900])
def test_numbers_that_leap_again_and_again_make_few_packets(step):
    arrivals = Arrivals(0.0)
    for i in range(1024):
        arrivals.record(i * step & 0xFFFF, 1.0)
    built = arrivals.feedback()
    assert 0 < len(built) < 6
    assert read(built[-1])[3].keys() >= {1023 * step & 0xFFFF}


@pytest.mark.parametrize("step", [1, 2, 3])
def test_every_feedback_fits_a_datagram(step):
    arrivals = Arrivals(0.0)
    for number in range(2000, 0, -step):  # the wrong way round: every delta is a long one
        arrivals.record(5000 + number, 1.0 + (2000 - number) * 0.001)
    built = arrivals.feedback()
    assert max(len(transport_cc(1, 2, fci)) for fci in built) <= LARGEST
    assert sum(len(read(fci)[3]) for fci in built) == len(range(2000, 0, -step))


def test_feedback_is_due_at_most_every_fifty_milliseconds():
    arrivals = Arrivals(0.0)
    due = 0
    for millisecond in range(1000):
        arrivals.record(millisecond, millisecond / 1000)
        if arrivals.due(millisecond / 1000):
            due += 1
            arrivals.feedback()
    assert due <= 1 / SPACING
    assert due >= 1 / 0.1
