"""What listeners with the same limits get: temporal and spatial layers left out, silence, redundant audio."""

from dataclasses import replace

import pytest

from signaling.sfu.downtrack import CLOCK_WAIT
from signaling.sfu.frame import Frame
from signaling.sfu.rendition import ALL, Limits, may_move
from signaling.sfu.vp8 import describe
from tests.sfu.plane.conftest import AUDIO, SEND_AUDIO, SEND_VIDEO, VIDEO
from tests.sfu.plane.pictures import vp8
from tests.sfu.plane.stage import Listening, Stage

PATTERN = (0, 2, 1, 2)  # temporal layers as browsers send them
SVC = replace(VIDEO, svc=True)


@pytest.fixture
def stage():
    return Stage()


def of(stage, listener):
    return [sent for sent in stage.sent if sent.ssrc == listener.ssrc]


def steps(values):
    return [value - values[0] for value in values]


def show(stage, track, first, last, *, sync=False, parts=1):
    """Pictures first..last-1 of three temporal layers, `parts` packets each."""
    for i in range(first, last):
        for part in range(parts):
            payload = vp8(
                picture=i, tl0=i // 4, temporal=PATTERN[i % 4], sync=sync and bool(PATTERN[i % 4]),
                key=i == 0 and not part, starts=not part,
            )  # fmt: skip
            stage.arrive(track, i * parts + part, payload, timestamp=3000 * i)


def test_listeners_with_the_same_limits_share_one_rendition(stage):
    track = stage.publish()
    listeners = [stage.listen(track, SEND_VIDEO, Listening(stage, n)) for n in range(6)]
    for listener in listeners[:3]:
        listener.select(0, max_temporal=1)
    show(stage, track, 0, 8)
    assert len(track.layers[0]._renditions) == 2
    assert {len(of(stage, listener)) for listener in listeners[:3]} == {4}
    assert {len(of(stage, listener)) for listener in listeners[3:]} == {8}
    for listener in listeners:
        listener.close()
    assert not track.layers[0]._renditions


def test_fewer_temporal_layers_are_taken_from_the_next_picture_on(stage):
    track = stage.publish()
    listener = stage.listen(track)
    show(stage, track, 0, 4, parts=2)
    stage.arrive(track, 8, vp8(picture=4, tl0=1, temporal=0), timestamp=12_000)
    listener.select(0, max_temporal=0)
    assert listener.temporal == 3
    stage.arrive(track, 9, vp8(picture=4, tl0=1, temporal=0, starts=False), timestamp=12_000)
    show(stage, track, 5, 13, parts=2)
    assert listener.temporal == 0
    pictures = [describe(s.payload)[0] for s in stage.sent]
    assert [p.temporal for p in pictures] == [0, 0, 2, 2, 1, 1, 2, 2, 0, 0, 0, 0, 0, 0]
    assert [p.id for p in pictures] == [0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6]
    assert [p.tl0 for p in pictures[8:]] == [1, 1, 2, 2, 3, 3]
    assert steps([s.sequence for s in stage.sent]) == list(range(14))


def test_more_temporal_layers_are_taken_from_a_switching_point_on(stage):
    track = stage.publish()
    listener = stage.listen(track)
    listener.select(0, max_temporal=0)
    show(stage, track, 0, 8)
    listener.select(0, max_temporal=2)
    show(stage, track, 8, 12)
    assert [describe(s.payload)[0].temporal for s in stage.sent] == [0, 0, 0]
    show(stage, track, 12, 20, sync=True)
    pictures = [describe(s.payload)[0] for s in stage.sent]
    assert [p.temporal for p in pictures[3:]] == [0, 1, 2, 0, 2, 1, 2]
    assert [p.id for p in pictures] == list(range(len(pictures)))
    assert steps([s.sequence for s in stage.sent]) == list(range(len(pictures)))


def test_who_waits_too_long_for_a_switching_point_gets_a_key_frame(stage):
    track = stage.publish()
    listener = stage.listen(track)
    listener.select(0, max_temporal=0)
    show(stage, track, 0, 8)
    track.layers[0].key_frames.arrived(360)
    listener.select(0, max_temporal=2)
    stage.clock.now += CLOCK_WAIT / 2
    show(stage, track, 8, 9)
    track.watch_layers()
    assert not track.layers[0].key_frames.wanted
    stage.clock.now += CLOCK_WAIT
    show(stage, track, 9, 10)
    track.watch_layers()
    assert track.layers[0].key_frames.wanted


def test_what_was_lost_before_a_move_keeps_its_place(stage):
    track = stage.publish()
    listener = stage.listen(track)
    for n in (0, 1, 2, 4, 5):
        show(stage, track, n, n + 1)
    listener.select(0, max_temporal=0)
    for n in (8, 9, 12):
        show(stage, track, n, n + 1)
    for n in (3, 6):
        stage.arrive(track, n, vp8(picture=n, temporal=2), timestamp=3000 * n, recovered=True)
    numbers = {describe(s.payload)[0].id: s.sequence for s in stage.sent}
    assert steps([s.sequence for s in stage.sent]) == [0, 1, 2, 4, 5, 8, 11, 3, 6]
    assert len(numbers) == 9


def test_silenced_sound_leaves_no_gap(stage):
    track = stage.publish(AUDIO)
    listener = stage.listen(track, SEND_AUDIO)
    for n in range(20):
        track.silenced = 5 <= n < 15
        stage.arrive(track, n, b"%d" % n, timestamp=960 * n)
    assert [s.payload for s in of(stage, listener)] == [b"%d" % n for n in (*range(5), *range(15, 20))]
    assert steps([s.sequence for s in stage.sent]) == list(range(10))
    assert steps([s.timestamp for s in stage.sent])[-1] == 960 * 19
    listener.nacked((stage.sent[7].sequence,), stage.clock())
    assert stage.sent[-1].octets == stage.sent[7].octets


def test_nobody_enters_while_silenced(stage):
    track = stage.publish(AUDIO)
    listener = stage.listen(track, SEND_AUDIO)
    track.silenced = True
    stage.arrive(track, 1, b"quiet")
    assert listener.layer is None
    track.silenced = False
    stage.arrive(track, 2, b"loud")
    assert [s.payload for s in stage.sent] == [b"loud"]


def test_who_takes_no_red_gets_the_newest_block_alone(stage):
    track = stage.publish(replace(AUDIO, red_payload_type=63))
    plain = stage.listen(track, SEND_AUDIO)
    red = stage.listen(track, replace(SEND_AUDIO, red_payload_type=64), Listening(stage, 1))
    stage.arrive(track, 1, b"old and new", plain=b"new")
    stage.arrive(track, 2, b"alone")
    assert [(s.payload_type, s.payload) for s in of(stage, plain)] == [(63, b"new"), (63, b"alone")]
    assert [(s.payload_type, s.payload) for s in of(stage, red)] == [(64, b"old and new"), (63, b"alone")]
    plain.nacked((of(stage, plain)[0].sequence,), stage.clock())
    assert stage.sent[-1].octets == of(stage, plain)[0].octets


class Scaled:
    """A reader of frames with spatial layers: (spatial, temporal, starts, ends, key) as octets."""

    def read(self, packet) -> Frame:
        frame = Frame()
        frame.spatial, frame.temporal, frame.starts, frame.ends, frame.key = packet.payload[:5]
        return frame


def scaled(stage, track, number, key=False):
    """One picture of three spatial layers, two packets each."""
    for spatial in range(3):
        for part in range(2):
            payload = bytes((spatial, 0, not part, part, key and not spatial and not part, number))
            last = spatial == 2 and part == 1
            stage.arrive(
                track, 6 * number + 2 * spatial + part, payload, timestamp=3000 * number, marker=0x80 * last
            )


def test_upper_spatial_layers_are_left_out_and_the_marker_moves_to_the_last_one_sent(stage):
    track = stage.publish(SVC)
    track.layers[0]._reader = Scaled()
    listener = stage.listen(track)
    listener.select(1)
    scaled(stage, track, 0, key=True)
    scaled(stage, track, 1)
    assert listener.layer == 1
    assert [s.payload[0] for s in stage.sent] == [0, 0, 1, 1] * 2
    assert [s.marker for s in stage.sent] == [False, False, False, True] * 2
    assert steps([s.sequence for s in stage.sent]) == list(range(8))
    listener.nacked((stage.sent[3].sequence,), stage.clock())
    assert (stage.sent[-1].marker, stage.sent[-1].payload[2:]) == (True, stage.sent[3].payload)


def test_spatial_layers_are_left_at_any_picture_and_taken_at_a_key_picture(stage):
    track = stage.publish(SVC)
    track.layers[0]._reader = Scaled()
    listener = stage.listen(track)
    listener.select(2)
    scaled(stage, track, 0, key=True)
    track.layers[0].key_frames.arrived(360)
    listener.select(0)
    scaled(stage, track, 1)
    assert listener.layer == 0
    assert not track.layers[0].key_frames.wanted
    listener.select(2)
    assert track.layers[0].key_frames.wanted
    scaled(stage, track, 2)
    scaled(stage, track, 3, key=True)
    assert [s.payload[0] for s in stage.sent] == [0, 0, 1, 1, 2, 2] + [0, 0] * 2 + [0, 0, 1, 1, 2, 2]
    assert [s.marker for s in stage.sent] == [False] * 5 + [True] + [False, True] * 2 + [False] * 5 + [True]
    assert steps([s.sequence for s in stage.sent]) == list(range(16))


def frame(**said):
    made = Frame()
    for name, value in said.items():
        setattr(made, name, value)
    return made


LOW, HIGH = Limits(ALL, 0), Limits(ALL, 2)


@pytest.mark.parametrize(
    ("where", "old", "new", "may"),
    [
        (None, LOW, HIGH, True),
        (frame(key=True, starts=True), LOW, HIGH, True),
        (frame(starts=True), LOW, HIGH, False),
        (frame(starts=True), HIGH, LOW, True),
        (frame(), HIGH, LOW, False),
        (frame(starts=True, spatial=1), HIGH, LOW, False),
        (frame(starts=True, switch_up=True, temporal=1), LOW, HIGH, True),
        (frame(starts=True, switch_up=True, temporal=2), LOW, HIGH, False),
        (frame(starts=True, switch_up=True, temporal=0), LOW, HIGH, True),
        (frame(starts=True, switch_up=True), Limits(0, 2), Limits(1, 2), False),
        (frame(starts=True), Limits(1, 2), Limits(0, 2), True),
        (frame(starts=True), Limits(1, 0), Limits(0, 2), False),
    ],
)
def test_limits_change_only_where_it_decodes(where, old, new, may):
    assert may_move(where, old, new) is may


def test_numbers_go_on_behind_a_late_packet_that_was_ahead_of_all_in_order(stage):
    """The packets that followed it were left out, so nothing sent in order had its number yet."""
    track = stage.publish()
    listener = stage.listen(track)
    listener.select(0, max_temporal=0)
    stage.arrive(track, 0, vp8(key=True))
    stage.arrive(track, 2, vp8(picture=2, temporal=2))
    stage.arrive(track, 1, vp8(picture=1), recovered=True)
    listener.pause()
    listener.resume()
    stage.arrive(track, 3, vp8(picture=3, key=True))
    assert steps([s.sequence for s in stage.sent]) == [0, 1, 2]
