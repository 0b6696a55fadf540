"""What listeners and publishers are told when a line is narrow or nobody watches."""

from __future__ import annotations

from typing import Any

import pytest
from livekit.protocol import models, rtc

from signaling.sfu.dynacast import PATIENCE
from tests.sfu.protocol.doubles import MemorySocket, Person, School, join_request, offer_text

PAUSED, ACTIVE = rtc.StreamState.PAUSED, rtc.StreamState.ACTIVE
Quality = models.VideoQuality
LAYERS = (150e3, 500e3, 1_500e3)  # bit/s


@pytest.fixture
def camera(school: School, teacher: Person, student: Person) -> str:
    """The teacher's simulcast camera, which the student watches over a line that is measured; its sid."""
    sid = teacher.publish()
    school.settle()
    student.offer(offer_text("chromium_join"), 3)
    for layer, bitrate in zip(source(teacher).layers, LAYERS, strict=True):
        layer.flowing, layer.bitrates = True, {(0, 0): bitrate}
    student.transport.downlink.numbered = True
    school.clock.pass_(4)
    student.socket.clear()
    teacher.socket.clear()
    return sid


def source(publisher: Person) -> Any:
    return next(track for track in publisher.transport.received if track.kind == "video")


def watched(student: Person) -> Any:
    return next(track for track in student.transport.sent if track.source.kind == "video")


def narrow(school: School, student: Person, bitrate: float) -> None:
    """The estimate is `bitrate` from now on, as feedback would have it."""
    student.transport.downlink.estimator.bitrate = bitrate
    student.transport.downlink.changed()
    school.clock.pass_(0.01)


def states(person: Person) -> list[int]:
    return [
        state.state for update in person.socket.all("stream_state_update") for state in update.stream_states
    ]


@pytest.mark.parametrize(("bitrate", "layer"), [(5e6, 2), (1.2e6, 1), (300e3, 0)])
def test_a_narrow_line_gets_a_lower_layer_at_once(
    school: School, student: Person, camera: str, bitrate: float, layer: int
) -> None:
    narrow(school, student, bitrate)
    assert watched(student).max_layer == layer
    assert not watched(student).paused
    assert states(student) == []


def test_what_does_not_fit_at_all_is_paused_and_comes_back_and_the_client_is_told(
    school: School, teacher: Person, student: Person, camera: str
) -> None:
    narrow(school, student, 60e3)
    assert watched(student).paused
    (told,) = student.socket.last("stream_state_update").stream_states
    assert (told.participant_sid, told.track_sid, told.state) == (teacher.sid, camera, PAUSED)
    narrow(school, student, 400e3)
    assert not watched(student).paused
    assert states(student) == [PAUSED, ACTIVE]


def test_a_track_the_client_disabled_is_never_called_paused(
    school: School, student: Person, camera: str
) -> None:
    student.say(track_setting=rtc.UpdateTrackSettings(track_sids=[camera], disabled=True))
    narrow(school, student, 60e3)
    narrow(school, student, 5e6)
    assert states(student) == []
    assert watched(student).paused


def test_a_client_that_wants_no_pauses_keeps_the_lowest_layer(school: School, teacher: Person) -> None:
    request = join_request()
    request.connection_settings.subscriber_allow_pause = False
    student = join_with(school, request)
    teacher.publish()
    school.settle()
    student.offer(offer_text("chromium_join"), 3)
    student.transport.downlink.numbered = True
    narrow(school, student, 30e3)
    assert not watched(student).paused
    assert states(student) == []


def join_with(school: School, request: rtc.JoinRequest) -> Person:
    socket = MemorySocket()
    participant = school.rooms.enter(school.ticket("student", request), socket)
    assert participant is not None
    participant.connected()
    return Person(participant, socket)


def test_a_wish_and_a_narrow_line_both_limit_the_layer(school: School, student: Person, camera: str) -> None:
    student.say(track_setting=rtc.UpdateTrackSettings(track_sids=[camera], quality=Quality.MEDIUM))
    assert watched(student).max_layer == 1
    narrow(school, student, 300e3)
    assert watched(student).max_layer == 0
    narrow(school, student, 5e6)
    assert watched(student).max_layer == 1


def test_few_frames_a_second_are_wished_for_with_fps(student: Person, camera: str) -> None:
    student.say(track_setting=rtc.UpdateTrackSettings(track_sids=[camera], quality=Quality.HIGH, fps=7))
    assert watched(student).max_temporal == 0


def enabled(update: rtc.SubscribedQualityUpdate) -> list[bool]:
    return [quality.enabled for quality in update.subscribed_qualities]


def test_a_layer_nobody_wishes_for_is_turned_off_after_a_while_and_on_at_once(
    school: School, teacher: Person, student: Person, camera: str
) -> None:
    student.say(track_setting=rtc.UpdateTrackSettings(track_sids=[camera], quality=Quality.LOW))
    assert "subscribed_quality_update" not in teacher.socket.kinds
    school.clock.pass_(PATIENCE + 2)
    update = teacher.socket.last("subscribed_quality_update")
    assert update.track_sid == camera
    assert enabled(update) == [True, False, False]
    assert [codec.codec for codec in update.subscribed_codecs] == ["vp8"]
    student.say(track_setting=rtc.UpdateTrackSettings(track_sids=[camera], quality=Quality.HIGH))
    assert enabled(teacher.socket.last("subscribed_quality_update")) == [True, True, True]


def test_a_recorded_track_is_asked_for_at_its_best_whoever_watches(
    school: School, teacher: Person, student: Person, camera: str
) -> None:
    student.say(track_setting=rtc.UpdateTrackSettings(track_sids=[camera], quality=Quality.LOW))
    school.clock.pass_(PATIENCE + 2)
    publication = next(iter(teacher.participant.publishing))
    publication.track.recorded = True
    teacher.participant.room.bandwidth.recorded(teacher.participant, publication)
    assert enabled(teacher.socket.last("subscribed_quality_update")) == [True, True, True]
    school.clock.pass_(PATIENCE + 2)
    assert enabled(teacher.socket.last("subscribed_quality_update")) == [True, True, True]


def test_a_narrow_line_turns_no_layer_off(
    school: School, teacher: Person, student: Person, camera: str
) -> None:
    narrow(school, student, 60e3)
    school.clock.pass_(3 * PATIENCE)
    assert "subscribed_quality_update" not in teacher.socket.kinds


def test_a_track_without_listeners_is_turned_off_and_on_for_the_first_one(
    school: School, teacher: Person, student: Person, camera: str
) -> None:
    student.say(leave=rtc.LeaveRequest())
    school.clock.pass_(PATIENCE + 2)
    assert enabled(teacher.socket.last("subscribed_quality_update")) == [False, False, False]
    another = school.join("another")
    school.settle()
    another.offer(offer_text("chromium_join"), 3)
    assert enabled(teacher.socket.last("subscribed_quality_update")) == [True, True, True]


def test_a_starved_listener_is_poorly_connected(school: School, student: Person, camera: str) -> None:
    narrow(school, student, 60e3)
    school.clock.pass_(6)
    quality = {
        info.participant_sid: info.quality for info in student.socket.last("connection_quality").updates
    }
    assert quality[student.sid] == models.ConnectionQuality.POOR
