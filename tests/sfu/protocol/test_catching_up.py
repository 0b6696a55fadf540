"""What was said while a socket was away is said again after the resume, as it is by then."""

from __future__ import annotations

import pytest
from livekit.protocol import models, rtc
from livekit.protocol import room as service

from signaling.sfu import rights, room_service
from signaling.sfu.auth import Claims, Grants
from signaling.sfu.dynacast import PATIENCE
from tests.sfu.protocol.doubles import ROOM, Person, School
from tests.sfu.protocol.test_bandwidth import camera, enabled, narrow  # noqa: F401 (a fixture)
from tests.sfu.protocol.test_resume import come_back, lose

Permission = models.ParticipantPermission
ADMIN = Claims(key="aula", identity="django", grants=Grants(room=ROOM, room_admin=True), expires=0.0)


def back(school: School, person: Person) -> Person:
    return Person(person.participant, come_back(school, person))


def mute_from_afar(school: School, person: Person, sid: str) -> None:
    request = service.MuteRoomTrackRequest(
        room=ROOM, identity=person.participant.identity, track_sid=sid, muted=True
    )
    room_service.mute_published_track(school.rooms, ADMIN, request)


@pytest.mark.parametrize("newer", [{}, {"iat": 1_900_000_000, "video": {"canPublishData": False}}])
def test_a_mute_by_the_server_is_said_before_the_update_that_would_have_it_undone(
    school: School, teacher: Person, student: Person, newer: dict[str, object]
) -> None:
    sid = student.publish("CAMERA-AUDIO", models.TrackType.AUDIO)
    lose(student)
    mute_from_afar(school, student, sid)
    socket = come_back(school, student, **newer)
    assert (socket.last("mute").sid, socket.last("mute").muted) == (sid, True)
    assert socket.kinds.index("mute") < socket.kinds.index("update")


def test_what_its_publisher_muted_is_not_held(school: School, teacher: Person, student: Person) -> None:
    sid = student.publish("CAMERA-AUDIO", models.TrackType.AUDIO)
    student.say(mute=rtc.MuteTrackRequest(sid=sid, muted=True))
    lose(student)
    assert not come_back(school, student).all("mute")


def test_the_layers_that_are_wished_for_are_said_again(
    school: School,
    teacher: Person,
    student: Person,
    camera: str,  # noqa: F811
) -> None:
    student.say(track_setting=rtc.UpdateTrackSettings(track_sids=[camera], quality=models.VideoQuality.LOW))
    school.clock.pass_(PATIENCE + 2)
    lose(teacher)
    student.say(track_setting=rtc.UpdateTrackSettings(track_sids=[camera], quality=models.VideoQuality.HIGH))
    update = come_back(school, teacher).last("subscribed_quality_update")
    assert (update.track_sid, enabled(update)) == (camera, [True, True, True])


def test_a_publisher_hears_that_its_track_was_ended(school: School, teacher: Person, student: Person) -> None:
    sid = student.publish()
    lose(student)
    rights.permit(student.participant, Permission(can_subscribe=True))
    rights.permit(student.participant, Permission(can_subscribe=True, can_publish=True))
    assert [told.track_sid for told in come_back(school, student).all("track_unpublished")] == [sid]


def test_paused_pictures_are_said_again(
    school: School,
    teacher: Person,
    student: Person,
    camera: str,  # noqa: F811
) -> None:
    lose(student)
    narrow(school, student, 60e3)
    student = back(school, student)
    (told,) = student.socket.last("stream_state_update").stream_states
    assert (told.track_sid, told.state) == (camera, rtc.StreamState.PAUSED)
    lose(student)
    narrow(school, student, 5e6)
    (told,) = come_back(school, student).last("stream_state_update").stream_states
    assert (told.track_sid, told.state) == (camera, rtc.StreamState.ACTIVE)


@pytest.mark.parametrize("allowed", [False, True])
def test_whether_a_publisher_allows_its_tracks_is_said_again(
    school: School, teacher: Person, student: Person, allowed: bool
) -> None:
    sid = teacher.publish()
    teacher.say(subscription_permission=rtc.SubscriptionPermission(all_participants=not allowed))
    lose(student)
    teacher.say(subscription_permission=rtc.SubscriptionPermission(all_participants=allowed))
    told = come_back(school, student).last("subscription_permission_update")
    assert (told.participant_sid, told.track_sid, told.allowed) == (teacher.sid, sid, allowed)


def test_where_nobody_ever_chose_nothing_is_said_of_permissions(
    school: School, teacher: Person, student: Person
) -> None:
    teacher.publish()
    lose(student)
    assert not come_back(school, student).all("subscription_permission_update")


def test_the_room_is_told_anew(school: School, teacher: Person, student: Person) -> None:
    lose(student)
    request = service.UpdateRoomMetadataRequest(room=ROOM, metadata="chemistry")
    room_service.update_room_metadata(school.rooms, ADMIN, request)
    assert come_back(school, student).last("room_update").room.metadata == "chemistry"
