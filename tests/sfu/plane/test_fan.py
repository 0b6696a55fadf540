"""One packet to many: what the arrays compose is what is composed for one, octet for octet."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from signaling.sfu import fan
from signaling.sfu.spec import SendSpec
from tests.sfu.plane.conftest import AUDIO, TRANSPORT_CC
from tests.sfu.plane.pictures import vp8
from tests.sfu.plane.stage import Listening, Stage, simulcast

PLAIN = SendSpec("6", 100, 101)
NUMBERED = SendSpec("6", 96, 97, transport_cc=TRANSPORT_CC)
LONG_ID = SendSpec("6", 96, 97, transport_cc=17)
FORWARDING = SendSpec("6", 96, 97, transport_cc=TRANSPORT_CC, forwarded=9)
SPECS = (PLAIN, NUMBERED, NUMBERED, LONG_ID, FORWARDING)


def a_class(seed: int, few: int, monkeypatch) -> list:
    """A random lesson to eleven listeners of four kinds; what each got, in its order."""
    monkeypatch.setattr(fan, "FEW", few)
    dice, stage = random.Random(seed), Stage()
    monkeypatch.setattr("secrets.randbelow", dice.randrange)  # the same in both performances
    track = simulcast(stage)
    people = [Listening(stage, number) for number in range(11)]
    listeners = [stage.listen(track, SPECS[i % len(SPECS)], who) for i, who in enumerate(people)]
    heads = [dice.randrange(65_536) for _ in track.layers]
    for turn in range(200):
        stage.clock.now += 0.01
        lesson_goes_on(dice, stage, track, heads, turn)
        for who, listener in zip(people, listeners, strict=True):
            wander(dice, stage.clock(), who, listener)
    return stage.sent


def lesson_goes_on(dice, stage, track, heads, turn):
    for layer in range(3):
        heads[layer] += dice.choice((1, 1, 1, 1, 2))
        late = dice.choice((1, 2, 5)) if dice.random() < 0.1 else 0
        payload = b"" if dice.random() < 0.05 else vp8(
            picture=turn, tl0=turn // 4, temporal=dice.randrange(3), sync=dice.random() < 0.5,
            key=turn % 40 == layer, body=dice.randbytes(dice.randrange(1, 30)),
        )  # fmt: skip
        stage.arrive(
            track, heads[layer] - late, payload, layer=layer, timestamp=3000 * turn + 7_000_000 * layer,
            marker=dice.choice((0, 0x80)), forwarded=dice.randbytes(dice.choice((0, 3, 40))),
        )  # fmt: skip


def wander(dice, now, who, listener):
    chance = dice.random()
    if chance < 0.02:
        listener.select(dice.randrange(3), dice.randrange(4))
    elif chance < 0.025:
        listener.pause()
    elif chance < 0.04:
        listener.resume()
    elif chance < 0.05:
        who.sealer.peer = dice.randbytes(16)
        listener.rearrange()
    elif chance < 0.07:
        newest = listener._rewriter.last
        listener.nacked(tuple((newest - dice.randrange(50)) & 0xFFFF for _ in range(5)), now)


def of_each(sent):
    """By SSRC: what went to different people in one moment may leave in another order."""
    streams: dict[int, list] = {}
    for packet in sent:
        streams.setdefault(packet.ssrc, []).append((packet.octets, packet.peer))
    return streams


@settings(max_examples=10)
@given(seed=st.integers(0, 2**32))
def test_arrays_compose_what_is_composed_for_one(seed):
    with pytest.MonkeyPatch.context() as patch:
        at_once = of_each(a_class(seed, 0, patch))
        one_by_one = of_each(a_class(seed, 99, patch))
    assert at_once.keys() == one_by_one.keys()
    for ssrc, stream in at_once.items():
        assert stream == one_by_one[ssrc]
    assert sum(map(len, at_once.values())) > 500


def test_each_transport_counts_for_itself_what_is_sent_to_many(monkeypatch):
    monkeypatch.setattr(fan, "FEW", 0)
    stage = Stage()
    track = stage.publish(AUDIO)
    people = [Listening(stage, number) for number in range(5)]
    for who in people:
        stage.listen(track, NUMBERED, who)
    people[3].sealer.log.take(50)
    for sequence in range(3):
        stage.arrive(track, sequence, b"sound")
    numbers = [int.from_bytes(s.extensions[TRANSPORT_CC], "big") for s in stage.sent]
    assert numbers == [0, 0, 0, 1, 0, 1, 1, 1, 2, 1, 2, 2, 2, 3, 2]
    assert people[3].sealer.log.read(0, 4)[1].tolist() == [50, 25, 25, 25]
    assert [listener.stats.packets for listener in track.listeners] == [3] * 5
    assert [listener.stats.octets for listener in track.listeners] == [15] * 5


def test_a_listener_who_takes_a_track_twice_has_two_numbers(monkeypatch):
    monkeypatch.setattr(fan, "FEW", 0)
    stage = Stage()
    track = stage.publish(AUDIO)
    who = Listening(stage, 1)
    stage.listen(track, NUMBERED, who)
    stage.listen(track, NUMBERED, who)
    stage.arrive(track, 1, b"sound")
    assert sorted(int.from_bytes(s.extensions[TRANSPORT_CC], "big") for s in stage.sent) == [0, 1]


def test_what_cannot_be_encrypted_for_one_reaches_the_others(monkeypatch):
    monkeypatch.setattr(fan, "FEW", 0)
    stage = Stage()
    track = stage.publish(AUDIO)
    people = [Listening(stage, number) for number in range(5)]
    for who in people:
        stage.listen(track, PLAIN, who)
    people[0].sealer.failures = [0, 7, 0, 7, 0]  # the first row's does it for the flight
    stage.arrive(track, 1, b"sound")
    assert [int.from_bytes(s.peer, "big") for s in stage.sent] == [0, 2, 4]
    assert [who.sealer.drops["srtp_seal"] for who in people] == [0, 1, 0, 1, 0]
    stage.arrive(track, 2, b"again")
    assert [int.from_bytes(s.peer, "big") for s in stage.sent[3:]] == [0, 1, 2, 3, 4]


def test_nobody_gets_what_the_port_has_no_room_for(monkeypatch):
    monkeypatch.setattr(fan, "FEW", 0)
    stage = Stage()
    track = stage.publish(AUDIO)
    for number in range(4):
        stage.listen(track, NUMBERED, Listening(stage, number))
    stage.port.full = True
    stage.arrive(track, 1, b"sound")
    stage.port.full = False
    stage.arrive(track, 2, b"sound")
    assert {int.from_bytes(s.extensions[TRANSPORT_CC], "big") for s in stage.sent} == {0}
    assert len(stage.sent) == 4
