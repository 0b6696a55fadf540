"""An outgoing (SSRC, sequence number) never carries two packets: AES-GCM would give its key away."""

import random

import pytest

from tests.sfu.plane.conftest import SEND_VIDEO_PLAIN
from tests.sfu.plane.pictures import vp8
from tests.sfu.plane.stage import Stage, simulcast


@pytest.mark.parametrize("seed", range(12))
def test_no_publisher_and_no_listener_can_make_an_index_carry_two_packets(seed):
    """Loss, reordering, duplicates with other content, restarts, switches, pauses, padding, NACKs."""
    dice, stage = random.Random(seed), Stage()
    track = simulcast(stage)
    listener = stage.listen(track, SEND_VIDEO_PLAIN)
    heads = [dice.randrange(65_536) for _ in track.layers]
    for turn in range(4000):
        stage.clock.now += 0.004
        layer = dice.randrange(3)
        if dice.random() < 0.002:
            heads[layer] += dice.randrange(65_536)
        heads[layer] += dice.choice((1, 1, 1, 1, 2, 5))
        late = dice.choice((0, 0, 0, 1, 3, 40, 1200)) if dice.random() < 0.3 else 0
        payload = b"" if dice.random() < 0.05 else picture(dice, turn)
        stage.arrive(track, heads[layer] - late, payload, layer=layer, recovered=bool(late))
        wander(dice, stage, track, listener)
    carried: dict[int, tuple] = {}
    for sent in unwrapped(stage.sent):
        assert carried.setdefault(sent[0], sent[1:]) == sent[1:]
    assert len(carried) > 100


def picture(dice, turn):
    return vp8(
        picture=turn, tl0=turn // 4, temporal=dice.randrange(3), key=dice.random() < 0.05,
        starts=dice.random() < 0.5, body=turn.to_bytes(4, "big"),
    )  # fmt: skip


def wander(dice, stage, track, listener):
    chance = dice.random()
    if chance < 0.01:
        listener.select(dice.randrange(3), dice.randrange(4))
    elif chance < 0.012:
        listener.pause()
    elif chance < 0.02:
        listener.resume()
    elif chance < 0.05 and stage.sent:
        newest = stage.sent[-1].sequence
        listener.nacked(tuple((newest - dice.randrange(1200)) & 0xFFFF for _ in range(10)), stage.clock())
    elif chance < 0.06:
        track.watch_layers()
    elif chance < 0.062:
        for layer in track.layers:
            layer.measure_rates(1.0)


def unwrapped(sent):
    """(64-bit sequence, everything else) of each packet, as libsrtp estimates the index."""
    highest = sent[0].sequence
    for packet in sent:
        step = ((packet.sequence - highest) & 0xFFFF ^ 0x8000) - 0x8000
        index = highest + step
        highest = max(highest, index)
        yield index, packet.timestamp, packet.marker, packet.payload
