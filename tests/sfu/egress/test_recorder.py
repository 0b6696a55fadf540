"""What a recorder takes of a track, and what it leaves alone."""

from __future__ import annotations

from dataclasses import dataclass, field
from io import BytesIO

import pytest

from signaling.sfu.egress.clocks import Skew
from signaling.sfu.egress.packets import Logged, Report, read_records
from signaling.sfu.egress.recorder import Recorder
from signaling.sfu.uptrack import UpTrack
from tests.sfu.plane.conftest import AUDIO, VIDEO
from tests.sfu.plane.pictures import vp8
from tests.sfu.plane.stage import Stage


@dataclass
class Paper:
    """A recorder whose log lies in memory."""

    track: UpTrack
    log: bytearray = field(default_factory=bytearray)

    def __post_init__(self) -> None:
        self.recorder = Recorder(
            self.track, lambda octets, mark: self.log.extend(octets), self.track.clock, Skew(), lambda: None
        )

    @property
    def records(self) -> list[Logged | Report]:
        return list(read_records(BytesIO(self.log)))

    @property
    def payloads(self) -> list[bytes]:
        return [record.payload for record in self.records if isinstance(record, Logged)]


@pytest.fixture
def stage() -> Stage:
    return Stage()


@pytest.fixture
def microphone(stage: Stage) -> UpTrack:
    return stage.publish(AUDIO)


def say(stage: Stage, track: UpTrack, *numbers: int, recovered: bool = False) -> None:
    for number in numbers:
        stage.arrive(track, number, b"%d" % number, timestamp=number * 960, recovered=recovered)


def test_nothing_of_what_others_muted_is_recorded(stage, microphone):
    paper = Paper(microphone)
    say(stage, microphone, 1, 2)
    microphone.hold(True)
    say(stage, microphone, 3, 4)
    microphone.hold(False)
    say(stage, microphone, 5)
    assert paper.payloads == [b"1", b"2", b"5"]


def test_what_was_said_while_muted_is_not_recorded_because_it_came_late(stage, microphone):
    paper = Paper(microphone)
    say(stage, microphone, 1)
    microphone.hold(True)
    say(stage, microphone, 2, 5)
    microphone.hold(False)
    say(stage, microphone, 3, 4, recovered=True)
    say(stage, microphone, 6, 8)
    say(stage, microphone, 7, recovered=True)
    assert paper.payloads == [b"1", b"6", b"8", b"7"]


def test_a_recording_that_begins_while_others_mute_begins_when_they_no_longer_do(stage, microphone):
    microphone.hold(True)
    paper = Paper(microphone)
    say(stage, microphone, 1)
    microphone.hold(False)
    say(stage, microphone, 2)
    assert paper.payloads == [b"2"]


def test_a_picture_goes_on_at_a_key_frame_which_is_asked_for_then_and_not_before(stage):
    track = stage.publish(VIDEO)
    paper = Paper(track)
    (layer,) = track.layers
    first, lost, anew = vp8(picture=1, key=True), vp8(picture=2), vp8(picture=5, key=True)
    stage.arrive(track, 1, first)
    track.hold(True)
    stage.arrive(track, 2, lost)
    stage.clock.now += 10
    assert not layer.needed
    assert not layer.key_frame_due(stage.clock())
    track.hold(False)
    assert layer.key_frame_due(stage.clock())
    stage.arrive(track, 3, vp8(picture=3))
    stage.arrive(track, 4, anew)
    assert paper.payloads == [first, anew]


def test_nothing_is_recorded_once_it_was_stopped(stage, microphone):
    paper = Paper(microphone)
    say(stage, microphone, 1, 3)
    paper.recorder.close()
    say(stage, microphone, 4)
    say(stage, microphone, 2, recovered=True)
    microphone.hold(True)
    microphone.hold(False)
    say(stage, microphone, 5)
    assert paper.payloads == [b"1", b"3"]


def test_a_packet_that_lies_about_its_time_does_not_move_what_is_known_of_the_clock(stage, microphone):
    paper = Paper(microphone)
    (layer,) = microphone.layers
    for second in range(4):
        stage.clock.now = 1000.0 + second
        microphone.sender_report(layer, 5000.0 + second, second * 48_000, stage.clock())
        stage.arrive(microphone, second * 50, b"true", timestamp=second * 48_000)
        stage.arrive(microphone, second * 50 + 1, b"lie", timestamp=second * 48_000 + 2**31 - 9)
    offsets = [record.offset for record in paper.records if isinstance(record, Report)]
    assert offsets == pytest.approx([-4000.0] * 4)
