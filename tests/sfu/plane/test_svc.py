"""Spatial layers in one stream: what a listener with a limit gets of a real encoder's packets."""

from itertools import pairwise

import pytest

from signaling.sfu.choice import FLOWING
from signaling.sfu.spec import ReceiveSpec, SendSpec
from signaling.sfu.vp9 import describe
from tests.sfu.plane import captured
from tests.sfu.plane.stage import Stage

SEND = SendSpec(mid="6", payload_type=100, rtx_payload_type=101, forwarded=12)


def layered(codec: str) -> ReceiveSpec:
    return ReceiveSpec(
        mid="1",
        kind="video",
        mime=f"video/{codec}",
        payload_type=96,
        rtx_payload_type=97,
        clock_rate=90000,
        nack=True,
        svc=True,
    )


@pytest.fixture
def stage():
    return Stage()


def play(stage, track, rows, first=100, times=0):
    """All packets of `rows`; `times` ticks later than they were."""
    for packet in captured.packets(rows, first):
        track.receive(track.layers[0], _later(packet, times), stage.clock(), recovered=False, level=None)
    return first + len(rows)


def _later(packet, ticks):
    packet.timestamp += ticks
    return packet


def sequences(stage):
    numbers = [sent.sequence for sent in stage.sent]
    return [number - numbers[0] for number in numbers]


@pytest.mark.parametrize(
    ("codec", "rows", "layer", "packets"),
    [
        ("VP9", captured.VP9, 0, 4),
        ("VP9", captured.VP9, 1, 11),
        ("VP9", captured.VP9, 2, 21),
        ("AV1", captured.AV1, 0, 4),
        ("AV1", captured.AV1, 1, 8),
        ("AV1", captured.AV1, 2, 17),
    ],
)
def test_a_limited_listener_gets_the_lower_layers_of_every_picture(stage, codec, rows, layer, packets):
    track = stage.publish(layered(codec))
    stage.listen(track, SEND).select(layer)
    play(stage, track, rows)
    assert len({sent.timestamp for sent in stage.sent}) == 4
    assert sequences(stage) == list(range(packets))


@pytest.mark.parametrize(("codec", "rows"), [("VP9", captured.VP9[:14]), ("AV1", captured.AV1)])
@pytest.mark.parametrize("layer", [0, 1, 2])
def test_the_marker_stands_on_the_last_packet_that_is_handed_on_of_a_picture(stage, codec, rows, layer):
    track = stage.publish(layered(codec))
    stage.listen(track, SEND).select(layer)
    play(stage, track, rows)
    sent = stage.sent
    last = [a.timestamp != b.timestamp for a, b in pairwise(sent)] + [True]
    assert [one.marker for one in sent] == last


def test_going_down_waits_for_the_next_picture_and_going_up_for_a_key_picture(stage):
    track = stage.publish(layered("VP9"))
    listener = stage.listen(track, SEND)
    rows = captured.VP9
    first = play(stage, track, rows[:8])
    listener.select(0)
    assert track.layers[0].key_frames.wanted is False
    first = play(stage, track, rows[8:10], first)  # the rest of the picture
    first = play(stage, track, rows[10:14], first)
    listener.select(2)
    assert track.layers[0].key_frames.wanted
    first = play(stage, track, rows[10:14], first, 9000)
    play(stage, track, rows[14:21], first, 9000)
    layers = [describe(sent.payload)[0].spatial for sent in stage.sent]
    assert layers == [0, 1, 1, 2, 2, 2, 0, 1, 2, 2, 0, 0, 0, 1, 1, 1, 2, 2, 2]
    assert sequences(stage) == list(range(len(layers)))


@pytest.mark.parametrize(("codec", "rows"), [("VP9", captured.VP9), ("AV1", captured.AV1)])
def test_a_listener_stays_where_it_is_while_nothing_flows(stage, codec, rows):
    track = stage.publish(layered(codec))
    listener = stage.listen(track, SEND)
    first = play(stage, track, rows)
    track.watch_layers()
    stage.clock.now += 2 * FLOWING  # muted, or stalled
    track.watch_layers()
    listener.select(1)
    listener.select(2)
    assert listener.layer == 2
    sent = len(stage.sent)
    play(stage, track, rows, first, 180_000)
    assert len(stage.sent) == sent + len(rows)


def test_picture_ids_of_vp9_keep_their_gaps(stage):
    track = stage.publish(layered("VP9"))
    stage.listen(track, SEND).select(0, 0)
    play(stage, track, captured.VP9)
    ids = [describe(sent.payload)[0].id for sent in stage.sent]
    assert [number - ids[0] for number in ids] == [0, 4]


def test_the_dependency_descriptor_goes_along_and_says_what_is_active(stage):
    track = stage.publish(layered("AV1"))
    stage.listen(track, SEND).select(0)
    play(stage, track, captured.AV1)
    found = [sent.extensions[12] for sent in stage.sent]
    assert [len(value) > 3 for value in found] == [True, False, False, True]
    assert found[0][3] & 0x40
    assert found[1] == bytes.fromhex("c30004")


def test_what_one_ssrc_announced_does_not_hold_for_the_next(stage):
    track = stage.publish(layered("AV1"))
    layer = track.layers[0]
    layer.bind(1)
    first = play(stage, track, captured.AV1[:4])
    layer.bind(2)
    play(stage, track, captured.AV1[5:7], first)
    assert set(layer.octets) == {(0, 0), (1, 0), (2, 0)}


@pytest.mark.parametrize(("late", "reason"), [(500, "duplicate"), (501, None)])
def test_an_old_key_frame_does_not_bring_back_what_it_announced(stage, late, reason):
    track = stage.publish(layered("AV1"))
    listener = stage.listen(track, SEND)
    listener.select(0)
    payload, old = (bytes.fromhex(value) for value in captured.AV1[0][2:])
    templates = 15
    new = int.from_bytes(old, "big") | templates << 8 * len(old) - 35  # A.8.2: template_id_offset
    new = new.to_bytes(len(old), "big")
    new = bytes((new[0] + templates,)) + new[1:]
    uppermost = bytes((0xC0 | templates + templates - 1, 0, 9))
    stage.arrive(track, 500, payload, forwarded=old)
    stage.arrive(track, 502, payload, forwarded=new)
    stage.arrive(track, 503, payload, forwarded=uppermost)
    assert track.layers[0].octets[2, 2] + track.layers[0].octets[2, 0] == len(payload)
    assert stage.arrive(track, late, payload, forwarded=old, recovered=True) == reason
    sent = len(stage.sent)
    stage.arrive(track, 504, payload, forwarded=uppermost)
    assert len(stage.sent) == sent


@pytest.mark.parametrize(
    ("length", "reason"), [(251, None), (252, "frame_malformed"), (255, "frame_malformed")]
)
def test_a_descriptor_that_would_outgrow_its_extension_is_dropped_by_name(stage, length, reason):
    track = stage.publish(layered("AV1"))
    stage.listen(track, SEND).select(0)
    payload, value = (bytes.fromhex(value) for value in captured.AV1[0][2:])
    longest = value.ljust(length, b"\0")
    assert stage.arrive(track, 500, payload, forwarded=longest) == reason
    assert [len(sent.extensions[12]) for sent in stage.sent] == ([] if reason else [253])


def test_who_did_not_ask_for_the_descriptor_does_not_get_it(stage):
    track = stage.publish(layered("AV1"))
    stage.listen(track, SendSpec(mid="6", payload_type=100, rtx_payload_type=101))
    play(stage, track, captured.AV1)
    assert not any(sent.extensions for sent in stage.sent)


def test_redundant_audio_is_unwrapped_for_who_did_not_ask_for_it(stage):
    spec = ReceiveSpec(
        mid="0",
        kind="audio",
        mime="audio/opus",
        payload_type=111,
        rtx_payload_type=None,
        clock_rate=48000,
        red_payload_type=96,
    )
    track = stage.publish(spec)
    stage.listen(track, SendSpec("5", 111, None, red_payload_type=63))
    stage.listen(track, SendSpec("6", 111, None))
    redundant = bytes.fromhex("ef0f0003") + b"\x6foldnew"
    assert stage.arrive(track, 1, redundant) is None
    assert [(sent.payload_type, sent.payload) for sent in stage.sent] == [(63, redundant), (111, b"new")]
    assert stage.arrive(track, 2, b"\xef") == "red_malformed"
