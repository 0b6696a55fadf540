"""Who is heard in a large room."""

import itertools
from dataclasses import dataclass

import pytest

from signaling.sfu.floor import LOUDEST, PRESENT, SILENT_PACKETS, SMALL, Floor
from tests.sfu.plane.conftest import AUDIO, SEND_AUDIO
from tests.sfu.plane.stage import Stage

QUIET, TALK, LOUD = 127, 30, 15  # -dBov


@dataclass(eq=False)
class Track:
    name: int
    silenced: bool = False


class Class:
    """Everybody sends a packet every 20 ms; `talk` says how loud, others are quiet."""

    def __init__(self, size: int) -> None:
        self.floor, self.now = Floor(), 0.0
        self.tracks = [Track(i) for i in range(size)]

    def pass_(self, seconds: float, talk: dict[int, int]) -> list[set[int]]:
        heard = []
        for _ in range(round(seconds / 0.02)):
            self.now += 0.02
            for i, track in enumerate(self.tracks):
                self.floor.hear(track, bytes([talk.get(i, QUIET)]), self.now)
            heard.append(self.heard())
        return heard

    def heard(self) -> set[int]:
        return {i for i, track in enumerate(self.tracks) if not track.silenced}


def test_in_a_small_room_everybody_is_heard_even_in_silence():
    class_ = Class(SMALL)
    assert all(heard == set(range(SMALL)) for heard in class_.pass_(5, {}))


def test_in_a_large_room_silence_goes_after_a_few_packets():
    class_ = Class(30)
    class_.pass_(1, {0: TALK})
    assert class_.heard() == {0}
    assert SILENT_PACKETS in range(3, 7)


def test_the_first_audible_packet_is_heard_while_there_is_room():
    class_ = Class(30)
    class_.pass_(1, {0: TALK})
    assert class_.pass_(0.02, {0: TALK, 7: TALK})[-1] == {0, 7}


def test_no_more_than_the_loudest_three_and_who_leads_are_heard():
    class_ = Class(30)
    class_.pass_(3, {0: TALK})
    for heard in class_.pass_(5, dict.fromkeys(range(20), TALK)):
        assert len(heard) <= LOUDEST + 1
        assert 0 in heard


def test_a_clearly_louder_voice_takes_the_floor_within_moments_and_an_equal_one_does_not():
    class_ = Class(30)
    class_.pass_(3, dict.fromkeys(range(4), TALK))
    before = class_.heard()
    assert len(before) == LOUDEST + 1
    assert all(heard == before for heard in class_.pass_(3, dict.fromkeys(range(5), TALK)))
    assert 9 in class_.pass_(0.2, {**dict.fromkeys(range(4), TALK), 9: LOUD})[-1]


def test_who_leads_is_heard_through_pauses():
    class_ = Class(30)
    class_.pass_(3, {0: TALK})
    assert all(0 in heard for heard in class_.pass_(1, {}))


def test_the_lead_passes_to_who_talks_on():
    class_ = Class(30)
    class_.pass_(3, {0: TALK})
    class_.pass_(3, {5: TALK})
    class_.pass_(1, {})
    assert class_.heard() == {5}


def test_a_room_that_becomes_small_hears_everybody_again():
    class_ = Class(SMALL + 1)
    class_.pass_(1, {0: TALK})
    gone = class_.tracks.pop()
    class_.pass_(PRESENT + 0.1, {0: TALK})
    class_.floor.tidy(class_.now)
    assert class_.heard() == set(range(SMALL))
    assert not gone.silenced


def test_forgetting_twice_is_harmless():
    class_ = Class(SMALL + 2)
    class_.pass_(1, {0: TALK})
    for _ in range(2):
        class_.floor.forget(class_.tracks[0])
    assert not class_.tracks[0].silenced
    class_.pass_(1, {1: TALK})


@pytest.mark.parametrize("listeners", [1, 30])
def test_the_numbers_of_a_silenced_voice_have_no_gap(listeners):
    stage = Stage()
    track = stage.publish(AUDIO)
    for _ in range(listeners):
        stage.listen(track, SEND_AUDIO)
    for number in range(100):
        track.silenced = 20 <= number < 60
        stage.arrive(track, number, b"sound")
    for ssrc in {packet.ssrc for packet in stage.sent}:
        numbers = [packet.sequence for packet in stage.sent if packet.ssrc == ssrc]
        assert len(numbers) == 60
        assert [b - a for a, b in itertools.pairwise(numbers)] == [1] * 59
