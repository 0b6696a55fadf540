"""Which layer a listener gets and when a key frame is asked for."""

import pytest

from signaling.sfu.choice import LARGE_SPACING, REQUEST_SPACING, RETRY, KeyFrames, choose, low_to_high
from tests.sfu.plane.conftest import SIMULCAST, VIDEO
from tests.sfu.plane.pictures import vp8
from tests.sfu.plane.stage import Stage


@pytest.mark.parametrize(
    ("flowing", "ceiling", "current", "best"),
    [
        ([True, True, True], 2, None, 2),
        ([True, True, True], 1, 2, 1),
        ([True, False, False], 2, None, 0),
        ([True, True, False], 2, 2, 1),
        ([False, True, True], 0, None, 1),
        ([False, False, False], 2, 1, 1),
        ([False, False, False], 2, None, None),
        ([True], 2, None, 0),
    ],
)
def test_the_best_layer_is_the_highest_allowed_one_that_flows(flowing, ceiling, current, best):
    assert choose(flowing, ceiling, current) == best


@pytest.mark.parametrize(
    ("rids", "ordered"),
    [
        ((), ("",)),
        (("q", "h", "f"), ("q", "h", "f")),
        (("h", "q"), ("q", "h")),
        (("f", "h", "q"), ("q", "h", "f")),
        (("low", "high"), ("low", "high")),
    ],
)
def test_layers_are_ordered_from_low_to_high(rids, ordered):
    assert low_to_high(rids) == ordered


def test_many_requests_make_one_and_at_most_five_a_second():
    key_frames, sent = KeyFrames(), 0
    for tick in range(40):
        for _listener in range(30):
            key_frames.ask()
        if key_frames.due(tick * 0.025):
            sent += 1
            key_frames.arrived(360)
    assert sent == 5


def test_large_pictures_are_asked_for_less_often():
    key_frames = KeyFrames()
    key_frames.arrived(1080)
    key_frames.ask()
    assert key_frames.due(0.0)
    key_frames.arrived(1080)
    key_frames.ask()
    assert not key_frames.due(LARGE_SPACING - 0.01)
    assert key_frames.due(LARGE_SPACING)


def test_a_request_nobody_answers_is_repeated():
    key_frames = KeyFrames()
    key_frames.ask()
    assert key_frames.due(0.0)
    assert not key_frames.due(REQUEST_SPACING)
    assert key_frames.due(RETRY)
    key_frames.arrived(360)
    assert not key_frames.due(10.0)


@pytest.mark.parametrize("spec", [VIDEO, SIMULCAST])
def test_for_a_listener_without_keys_no_key_frame_is_asked_for(spec):
    stage = Stage()
    stage.sealer = None
    track = stage.publish(spec)
    stage.listen(track)
    asked = 0
    for tick in range(800):  # 20 s
        stage.clock.now += 0.025
        stage.arrive(track, tick, vp8(picture=tick, key=tick % 100 == 0))
        track.watch_layers()
        asked += track.layers[0].key_frames.due(stage.clock())
    assert asked == 0


def test_the_wish_for_a_key_frame_ends_with_the_last_listener():
    stage = Stage()
    track = stage.publish()
    layer, listener = track.layers[0], stage.listen(track)
    assert layer.key_frame_due(stage.clock())
    stage.clock.now += RETRY
    assert layer.key_frame_due(stage.clock())
    listener.close()
    stage.clock.now += RETRY
    assert not layer.key_frame_due(stage.clock())
    assert not layer.key_frames.wanted


def test_fifty_joiners_and_their_own_requests_make_five_requests_a_second_and_every_one_is_served():
    stage = Stage()
    track = stage.publish()
    layer, joined, asked = track.layers[0], [], []
    for tick in range(200):  # 5 s
        stage.clock.now += 0.025
        if tick % 2 == 0 and len(joined) < 50:
            joined.append(stage.listen(track))
        for listener in joined:
            listener.ask_key_frame()  # as impatient as clients can be
        if layer.key_frames.due(stage.clock()):
            asked.append(stage.clock())
            stage.arrive(track, tick, vp8(picture=tick, key=True))
        else:
            stage.arrive(track, tick, vp8(picture=tick))
    assert all(listener.layer == 0 for listener in joined)
    for began in asked:
        assert sum(began <= at < began + 1.0 for at in asked) <= 5
