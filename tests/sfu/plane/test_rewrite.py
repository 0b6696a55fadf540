"""Outgoing numbers, clocks and picture ids stay continuous, whatever the source does."""

from types import SimpleNamespace

import pytest

from signaling.sfu.reception import SenderClock
from signaling.sfu.rendition import Limits, Rendition
from signaling.sfu.rewrite import Rewriter, continued_pictures, continued_ticks
from signaling.sfu.rtp import Packet
from signaling.sfu.vp8 import describe
from tests.sfu.plane.pictures import vp8

BARE = {"picture": None, "tl0": None, "key_index": None}
SWITCH, SKIP, SEND, MOVE = "switch", "skip", "send", "move"


def a_packet(number, payload=b"x"):
    packet = Packet(payload_type=96, marker=0, sequence=number & 0xFFFF, timestamp=0, ssrc=1, payload=payload)
    packet.number = number
    return packet


def a_rendition(source, number):
    layer = SimpleNamespace(rid=source, track=SimpleNamespace(silenced=False))
    return Rendition(layer, Limits(), number)


def play(steps):
    """Run (verb, source, number) steps; answers what was sent as (source, number, outgoing)."""
    rewriter, sent, rendition = Rewriter(100), [], None
    for verb, source, number in steps:
        if verb in (SWITCH, MOVE):
            rendition = a_rendition(source, number)
            if verb == SWITCH:
                rewriter.enter(rendition, number, ticks=0, pictures=(0, 0, 0))
            else:
                rewriter.move(rendition, number)
        elif verb == SKIP:
            rendition.forward(a_packet(number, b""))
        else:
            run = rewriter.place(number)
            stretch = run and run.source.stretch_of(number)
            if stretch is None:
                sent.append((source, number, None))
                continue
            sent.append((source, number, number - stretch.skipped + run.shift))
            if number - stretch.skipped > rendition.last:
                rendition.forward(a_packet(number))
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
        pytest.param(
            [
                (SWITCH, "q", 7),
                (SEND, "q", 7),
                (SKIP, "q", 8),
                (SEND, "q", 10),
                (MOVE, "q", 12),
                (SEND, "q", 12),
                (SEND, "q", 11),
                (SEND, "q", 9),
                (SEND, "q", 6),
            ],
            [100, 102, 104, 103, 101, None],
            id="moves within a layer as if nothing had happened",
        ),
        pytest.param(
            [
                (SWITCH, "q", 7),
                (SEND, "q", 7),
                (MOVE, "q", 9),
                (SKIP, "q", 9),
                (SWITCH, "h", 50),
                (SEND, "h", 50),
            ],
            [100, 101],
            id="goes on at one more when nothing came of a move",
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
        run, place, outgoing = rewriter.find(out & 0xFFFF)
        stretch = run.source.stretch_at(place)
        assert (run.source.layer.rid, place + stretch.skipped, outgoing) == (source, number, out)


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
