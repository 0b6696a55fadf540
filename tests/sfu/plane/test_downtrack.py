"""What one listener gets: entering at key frames, switching layers, repeating, thinning out."""

import pytest

from signaling.sfu.choice import FLOWING
from signaling.sfu.downtrack import CLOCK_WAIT, PATIENCE
from signaling.sfu.vp8 import describe
from tests.sfu.plane.conftest import AUDIO, SEND_AUDIO, SIMULCAST
from tests.sfu.plane.pictures import vp8
from tests.sfu.plane.stage import Stage, simulcast


@pytest.fixture
def stage():
    return Stage()


def steps(values):
    return [value - values[0] for value in values]


def test_a_listener_enters_at_a_key_frame(stage):
    track = stage.publish()
    listener = stage.listen(track)
    stage.arrive(track, 1, vp8(picture=1))
    stage.arrive(track, 2, vp8(picture=2, key=True, starts=False))
    assert (stage.sent, listener.layer) == ([], None)
    stage.arrive(track, 3, vp8(picture=3, key=True))
    stage.arrive(track, 4, vp8(picture=4))
    assert [s.payload for s in stage.sent] == [vp8(picture=3, key=True), vp8(picture=4)]
    assert listener.layer == 0


def test_sound_is_entered_anywhere(stage):
    track = stage.publish(AUDIO)
    stage.listen(track, SEND_AUDIO)
    stage.arrive(track, 9, b"sound")
    assert [(s.payload, s.payload_type) for s in stage.sent] == [(b"sound", 63)]


def test_before_dtls_is_done_nothing_is_sent_and_the_listener_still_waits(stage):
    ink, stage.sealer = stage.sealer, None
    track = stage.publish()
    listener = stage.listen(track)
    stage.arrive(track, 1, vp8(key=True))
    stage.sealer = ink
    assert listener.layer is None
    stage.arrive(track, 2, vp8(key=True))
    assert len(stage.sent) == 1


def test_what_is_sent_again_much_too_late_goes_to_nobody(stage):
    track = stage.publish()
    stage.listen(track)
    for sequence in range(1, 1700):
        stage.arrive(track, sequence, vp8(picture=sequence, key=sequence == 1))
    sent = len(stage.sent)
    for sequence in (20, 21, 22):
        assert stage.arrive(track, sequence, vp8(picture=sequence), recovered=True) == "sequence_jump"
    assert len(stage.sent) == sent
    assert stage.arrive(track, 1700, vp8(picture=1700)) is None


def test_a_layer_switch_is_seamless(stage):
    track = simulcast(stage)
    listener = stage.listen(track)
    for i in range(3):
        stage.clock.now += 1 / 30
        stage.arrive(
            track, 500 + i, vp8(picture=40 + i, tl0=9 + i, key_index=3, key=i == 0), timestamp=3000 * i
        )
    assert listener.layer == 0
    for i in range(3, 6):
        stage.clock.now += 1 / 30
        high = vp8(picture=7 + i, tl0=200 + i, key_index=20, key=i == 3)
        stage.arrive(track, 9000 + i, high, layer=2, timestamp=2_000_000 + 3000 * i)
        stage.arrive(track, 500 + i, vp8(picture=40 + i, tl0=9 + i), timestamp=3000 * i)
    assert listener.layer == 2
    assert steps([s.sequence for s in stage.sent]) == [0, 1, 2, 3, 4, 5]
    assert steps([s.timestamp for s in stage.sent]) == [0, 3000, 6000, 9000, 12_000, 15_000]
    pictures = [describe(s.payload)[0] for s in stage.sent]
    assert [p.id for p in pictures] == [40, 41, 42, 43, 44, 45]
    assert [p.tl0 for p in pictures] == [9, 10, 11, 12, 13, 14]
    assert [p.key_index for p in pictures] == [3, 3, 3, 4, 4, 4]
    assert {s.ssrc for s in stage.sent} == {listener.ssrc}


def test_packets_from_before_a_switch_are_dropped(stage):
    track = simulcast(stage)
    stage.listen(track)
    stage.arrive(track, 1, vp8(key=True))
    stage.arrive(track, 9000, vp8(), layer=2)
    stage.arrive(track, 9002, vp8(key=True), layer=2)
    before = len(stage.sent)
    stage.arrive(track, 9001, vp8(), layer=2)
    assert len(stage.sent) == before
    assert stage.dropped == ["late_before_switch"]


def test_without_a_sender_report_a_switch_waits_but_not_for_ever(stage):
    track = stage.publish(SIMULCAST)
    listener = stage.listen(track)
    stage.arrive(track, 1, vp8(key=True))
    stage.arrive(track, 9000, vp8(key=True), layer=1)
    assert listener.layer == 0
    stage.clock.now += CLOCK_WAIT
    stage.arrive(track, 9001, vp8(key=True), layer=1)
    assert listener.layer == 1


def test_a_layer_that_stops_is_replaced_by_the_next_that_flows(stage):
    track = simulcast(stage)
    listener = stage.listen(track)
    stage.arrive(track, 9000, vp8(key=True), layer=2)
    assert listener.layer == 2
    for i in range(20):
        stage.clock.now += 0.1
        stage.arrive(track, 300 + i, vp8(key=i == 19), layer=1)
        track.watch_layers()
    assert FLOWING < 20 * 0.1
    assert listener.layer == 1


def test_a_new_listener_takes_any_layer_when_the_best_one_gives_no_key_frame(stage):
    track = simulcast(stage)
    stage.arrive(track, 9000, vp8(), layer=2)
    stage.arrive(track, 500, vp8(), layer=0)
    listener = stage.listen(track)
    stage.arrive(track, 501, vp8(key=True), layer=0)
    assert listener.layer is None
    stage.clock.now += PATIENCE + 0.01
    track.watch_layers()
    assert track.layers[0].key_frames.wanted
    stage.arrive(track, 502, vp8(key=True), layer=0)
    assert listener.layer == 0
    stage.arrive(track, 9001, vp8(key=True), layer=2)
    assert listener.layer == 2


def test_the_listener_gets_no_more_than_it_selected(stage):
    track = simulcast(stage)
    listener = stage.listen(track)
    stage.arrive(track, 9000, vp8(key=True), layer=2)
    listener.select(0)
    stage.arrive(track, 1, vp8(key=True), layer=0)
    stage.arrive(track, 9001, vp8(key=True), layer=2)
    assert listener.layer == 0
    assert len(stage.sent) == 2


def test_a_paused_listener_gets_nothing_and_goes_on_at_the_next_key_frame(stage):
    track = stage.publish()
    listener = stage.listen(track)
    stage.arrive(track, 1, vp8(picture=1, key=True))
    listener.pause()
    for i in range(2, 900):
        stage.arrive(track, i, vp8(picture=i, key=i == 5))
    assert len(stage.sent) == 1
    stage.clock.now += 30
    listener.resume()
    stage.arrive(track, 900, vp8(picture=900), timestamp=30 * 90_000)
    stage.arrive(track, 901, vp8(picture=901, key=True), timestamp=3000 + 30 * 90_000)
    assert steps([s.sequence for s in stage.sent]) == [0, 1]
    assert steps([s.timestamp for s in stage.sent]) == [0, 30 * 90_000]
    assert describe(stage.sent[1].payload)[0].id == 2


def test_padding_is_swallowed_without_a_gap(stage):
    track = stage.publish()
    stage.listen(track)
    for sequence, payload in (
        (1, vp8(key=True)),
        (2, b""),
        (3, b""),
        (4, vp8()),
        (6, vp8()),
        (7, b""),
        (8, vp8()),
    ):
        stage.arrive(track, sequence, payload)
    stage.arrive(track, 5, vp8())
    assert steps([s.sequence for s in stage.sent]) == [0, 1, 3, 4, 2]


def test_late_padding_keeps_its_place(stage):
    track = stage.publish()
    stage.listen(track)
    for sequence, payload in ((1, vp8(key=True)), (3, vp8()), (2, b"")):
        stage.arrive(track, sequence, payload)
    assert steps([s.sequence for s in stage.sent]) == [0, 2, 1]
    assert stage.sent[-1].payload == b""


def test_upper_temporal_layers_can_be_left_out_without_a_gap(stage):
    track = stage.publish()
    listener = stage.listen(track)
    listener.select(0, max_temporal=0)
    for i in range(8):
        for part in range(2):
            payload = vp8(
                picture=i, tl0=i // 2, temporal=2 * (i % 2), key=i == 0 and part == 0, starts=part == 0
            )
            stage.arrive(track, 2 * i + part, payload, timestamp=3000 * i)
    assert steps([s.sequence for s in stage.sent]) == list(range(8))
    pictures = [describe(s.payload)[0] for s in stage.sent]
    assert [p.id for p in pictures] == [0, 0, 1, 1, 2, 2, 3, 3]
    assert {p.temporal for p in pictures} == {0}


def test_what_was_rewritten_is_repeated_as_it_was_sent(stage):
    track = simulcast(stage)
    listener = stage.listen(track)
    stage.arrive(track, 1, vp8(picture=1, key=True))
    for i in range(5):
        stage.arrive(track, 9000 + i, vp8(picture=700 + i, key=i == 0), layer=2)
    original = stage.sent[3]
    listener.nacked((original.sequence,), stage.clock())
    again = stage.sent[-1]
    assert again.ssrc == listener.rtx_ssrc
    assert again.payload == original.sequence.to_bytes(2, "big") + original.payload
    assert (again.timestamp, again.payload_type) == (original.timestamp, 101)


def test_who_waits_for_what_is_no_longer_here_gets_a_key_frame_once_a_second(stage):
    track = stage.publish()
    listener = stage.listen(track)
    for i in range(3):
        stage.arrive(track, i, vp8(picture=i, key=i == 0))
    (layer,) = track.layers
    lost, asked = stage.sent[1].sequence, []
    for _ in range(25):
        listener.nacked((lost,), stage.clock())
        asked.append(layer.key_frames.wanted)
        layer.key_frames.wanted = False
        stage.clock.now += 0.1
    assert asked.index(True) >= 3  # answered three times before
    assert 2 <= asked.count(True) <= 3
    assert {"nack_spent", "nack_gone"} <= set(stage.dropped)


def test_who_waits_for_what_never_came_is_not_the_reason_for_a_key_frame(stage):
    track = stage.publish()
    listener = stage.listen(track)
    for i in (0, 2):
        stage.arrive(track, i, vp8(picture=i, key=i == 0))
    (layer,) = track.layers
    layer.key_frames.wanted = False
    listener.nacked(((stage.sent[0].sequence + 1) & 0xFFFF,), stage.clock())
    assert not layer.key_frames.wanted
    assert stage.dropped == ["nack_never_came"]


def test_rtx_numbers_never_repeat(stage):
    track = stage.publish()
    listener = stage.listen(track)
    for i in range(50):
        stage.arrive(track, i, vp8(picture=i, key=i == 0))
    for _ in range(3):
        stage.clock.now += 0.3
        listener.nacked(tuple(s.sequence for s in stage.sent[:50]), stage.clock())
    repeated = [s.sequence for s in stage.sent if s.ssrc == listener.rtx_ssrc]
    assert steps(repeated) == list(range(150))


def test_a_layers_new_ssrc_is_entered_at_its_key_frame_and_continues_the_stream(stage):
    track = stage.publish()
    listener = stage.listen(track)
    (layer,) = track.layers
    layer.bind(100)
    stage.arrive(track, 60_000, vp8(picture=5, key=True), timestamp=4_000_000_000)
    layer.bind(101)
    stage.clock.now += 1
    stage.arrive(track, 7, vp8(picture=900), timestamp=1)
    stage.arrive(track, 8, vp8(picture=901, key=True), timestamp=3001)
    assert listener.layer == 0
    assert steps([s.sequence for s in stage.sent]) == [0, 1]
    assert steps([s.timestamp for s in stage.sent]) == [0, 90_000]
    assert [describe(s.payload)[0].id for s in stage.sent] == [5, 6]


def test_a_listener_who_joins_with_thirty_others_costs_one_key_frame(stage):
    track = stage.publish()
    stage.arrive(track, 1, vp8(key=True))
    for _ in range(30):
        stage.listen(track)
    (layer,) = track.layers
    sent = [layer.key_frames.due(stage.clock() + i * 0.025) for i in range(20)]
    assert sent.count(True) == 1
    stage.arrive(track, 2, vp8(key=True))
    assert len(layer.takers) == 30


def test_closing_the_source_closes_its_listeners(stage):
    track = simulcast(stage)
    listener = stage.listen(track)
    stage.arrive(track, 1, vp8(key=True))
    track.close()
    track.close()
    listener.close()
    assert listener.closed
    assert not track.listeners
    assert not any(layer.takers or layer.waiting for layer in track.layers)


@pytest.mark.parametrize("left_out", [b"", vp8(picture=3, temporal=2)], ids=["padding", "a temporal layer"])
def test_what_came_late_before_packets_that_were_left_out_keeps_its_number_for_itself(stage, left_out):
    track = simulcast(stage)
    listener = stage.listen(track)
    listener.select(0, 0)
    stage.arrive(track, 1, vp8(picture=1, key=True))
    stage.arrive(track, 3, left_out)
    stage.arrive(track, 2, vp8(picture=2), recovered=True)
    listener.select(2, 0)
    stage.arrive(track, 9000, vp8(picture=700, key=True), layer=2)
    first, late, switched = (sent.sequence for sent in stage.sent)
    assert [late - first, switched - late] == [1, 1]


def test_padding_goes_out_on_a_track_that_never_sent(stage):
    listener = stage.listen(stage.publish())
    listener.pause()
    assert listener.probe(600, 5) == 600
    assert {sent.ssrc for sent in stage.sent} == {listener.rtx_ssrc}
