"""Outgoing numbers, clocks and picture ids stay continuous, whatever the source does."""

import pytest

from signaling.sfu.reception import SenderClock
from signaling.sfu.rewrite import Rewriter, continued_pictures, continued_ticks
from signaling.sfu.vp8 import describe
from tests.sfu.plane.pictures import vp8

BARE = {"picture": None, "tl0": None, "key_index": None}
SWITCH, SKIP, SEND = "switch", "skip", "send"


def play(steps):
    """Run (verb, source, number) steps; answers what was sent as (source, number, outgoing)."""
    rewriter, sent = Rewriter(100), []
    for verb, source, number in steps:
        if verb == SWITCH:
            rewriter.switch(source, number, ticks=0, pictures=(0, 0, 0))
        elif verb == SKIP:
            rewriter.skip(number)
        else:
            run = rewriter.current if number >= rewriter.current.start else rewriter.place(number)
            if run is None:
                sent.append((source, number, None))
                continue
            out = number + run.shift
            sent.append((source, number, out))
            rewriter.last = max(rewriter.last, out)
    return rewriter, sent


@pytest.mark.parametrize(
    ("steps", "outgoing"),
    [
        pytest.param(
            [(SWITCH, "q", 7), (SEND, "q", 7), (SEND, "q", 8)], [100, 101], id="starts at its first number"
        ),
        pytest.param(
            [(SWITCH, "q", 7), (SEND, "q", 7), (SEND, "q", 9), (SEND, "q", 8)],
            [100, 102, 101],
            id="keeps gaps",
        ),
        pytest.param(
            [(SWITCH, "q", 7), (SEND, "q", 7), (SWITCH, "h", 90_000), (SEND, "h", 90_000)],
            [100, 101],
            id="goes on at one more after a switch",
        ),
        pytest.param(
            [(SWITCH, "q", 7), (SEND, "q", 7), (SWITCH, "h", 50), (SEND, "h", 50), (SEND, "h", 49)],
            [100, 101, None],
            id="drops what is older than the switch",
        ),
        pytest.param(
            [(SWITCH, "q", 7), (SEND, "q", 7), (SKIP, "q", 8), (SEND, "q", 9)],
            [100, 101],
            id="closes a skipped number",
        ),
        pytest.param(
            [
                (SWITCH, "q", 7),
                (SEND, "q", 7),
                (SKIP, "q", 10),
                (SEND, "q", 11),
                (SEND, "q", 9),
                (SEND, "q", 8),
            ],
            [100, 103, 102, 101],
            id="maps late ones around a skipped number",
        ),
        pytest.param(
            [
                (SWITCH, "q", 7),
                (SEND, "q", 7),
                (SWITCH, "h", 3),
                (SEND, "h", 3),
                (SWITCH, "q", 30),
                (SEND, "q", 30),
            ],
            [100, 101, 102],
            id="comes back to a layer",
        ),
    ],
)
def test_numbers_follow_each_other(steps, outgoing):
    _, sent = play(steps)
    assert [out for *_, out in sent] == outgoing


def test_every_number_that_went_out_leads_back_to_its_packet():
    steps = [(SWITCH, "q", 7)] + [(SEND, "q", n) for n in range(7, 20)] + [(SKIP, "q", 20)]
    steps += (
        [(SEND, "q", n) for n in range(21, 30)]
        + [(SWITCH, "h", 500)]
        + [(SEND, "h", n) for n in range(500, 520)]
    )
    rewriter, sent = play(steps)
    for source, number, out in sent:
        run, found, outgoing = rewriter.find(out & 0xFFFF)
        assert (run.source, found, outgoing) == (source, number, out)


def test_a_number_from_before_the_first_run_is_not_found():
    rewriter, _ = play([(SWITCH, "q", 7), (SEND, "q", 7)])
    assert rewriter.find(99) is None


def picture(**fields):
    return describe(vp8(**fields))[0]


@pytest.mark.parametrize(
    ("last", "shifts", "new", "expected"),
    [
        pytest.param(
            {"picture": 10, "tl0": 3, "key_index": 1},
            None,
            {"picture": 10, "tl0": 3, "key_index": 1},
            (1, 1, 1),
            id="one more of each",
        ),
        pytest.param(
            {"picture": 10, "tl0": 3},
            (5, 5, 5),
            {"picture": 900, "tl0": 250, "key_index": 6},
            (-884, -241, 0),
            id="counts what was sent, not what came",
        ),
        pytest.param(BARE, None, {}, (0, 0, 0), id="none to continue"),
        pytest.param({}, None, BARE, (0, 0, 0), id="none to rewrite"),
    ],
)
def test_picture_counters_continue_over_a_switch(last, shifts, new, expected):
    assert continued_pictures(picture(**last), shifts, picture(**new)) == expected


def clock(ntp, timestamp):
    return SenderClock(ntp, timestamp, 0.0)


@pytest.mark.parametrize(
    ("old", "ticks", "new", "timestamp", "elapsed", "outgoing"),
    [
        pytest.param(
            clock(50, 0), 10_000, clock(50, 700_000), 703_000, 0.03, 13_000, id="exact by both reports"
        ),
        pytest.param(None, 0, clock(50, 700_000), 703_000, 0.1, 19_000, id="by our clock without a report"),
        pytest.param(
            clock(50, 0), 0, clock(90, 0), 3_000, 0.1, 19_000, id="by our clock when reports disagree"
        ),
        pytest.param(clock(50, 0), 10_000, clock(50, 700_000), 690_000, 0.0, 10_001, id="never backwards"),
        pytest.param(None, 0, None, 5, 0.0, 10_001, id="always forwards"),
        pytest.param(clock(50, 0xFFFFFF00), 0, clock(50, 0), 10_500, 0.0, 10_244, id="over the wrap"),
    ],
)
def test_timestamps_continue_over_a_switch(old, ticks, new, timestamp, elapsed, outgoing):
    """The last timestamp sent was 10,000, with `ticks` added to the source's."""
    added = continued_ticks(
        sent=10_000, elapsed=elapsed, rate=90_000, ticks=ticks, old=old, new=new, timestamp=timestamp
    )
    assert (timestamp + added) & 0xFFFFFFFF == outgoing
