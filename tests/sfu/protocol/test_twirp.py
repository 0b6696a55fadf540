"""The server API, as Django calls it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from google.protobuf.message import Message
from livekit.protocol import models, rtc
from livekit.protocol import room as service

from signaling.sfu.refusals import BadToken
from signaling.sfu.server import Request, Response, respond
from tests.sfu.protocol.doubles import ROOM, Person, School, join_request, make_token, offer_text
from tests.sfu.protocol.test_joining import knock

ADMIN = {"roomAdmin": True, "room": ROOM}
PROTOBUF = "application/protobuf"


def call(
    school: School, method: str, body: bytes, video: dict[str, Any], kind: str = PROTOBUF, token: str = ""
) -> Response:
    token = token or make_token("django", video=video)
    headers = {"authorization": f"Bearer {token}", "content-type": kind}
    return respond(school.rooms, Request("POST", f"/twirp/livekit.RoomService/{method}", b"", headers, body))


def done(school: School, method: str, request: Message, result: type[Any], video: dict[str, Any]) -> Any:
    response = call(school, method, request.SerializeToString(), video)
    assert response.status == 200, response.body
    return result.FromString(response.body)


@pytest.mark.parametrize(
    ("method", "body", "video", "status", "code"),
    [
        ("ListRooms", b"", {}, 403, "permission_denied"),
        ("DeleteRoom", b"", ADMIN, 403, "permission_denied"),
        ("ListParticipants", service.ListParticipantsRequest(room=ROOM), {}, 403, "permission_denied"),
        ("ListParticipants", service.ListParticipantsRequest(room="other"), ADMIN, 403, "permission_denied"),
        ("ListParticipants", service.ListParticipantsRequest(room=ROOM), ADMIN, 404, "not_found"),
        ("DeleteRoom", service.DeleteRoomRequest(room=ROOM), {"roomCreate": True}, 404, "not_found"),
        ("MoveParticipant", b"", ADMIN, 501, "unimplemented"),
        ("ForwardParticipant", b"", ADMIN, 501, "unimplemented"),
        ("PerformRpc", b"", ADMIN, 501, "unimplemented"),
        ("SendData", service.SendDataRequest(room="other"), ADMIN, 403, "permission_denied"),
        ("SendData", service.SendDataRequest(room=ROOM), ADMIN, 404, "not_found"),
        ("SendData", service.SendDataRequest(room=ROOM, data=b"x" * 70_000), ADMIN, 400, "invalid_argument"),
        ("UpdateRoomMetadata", service.UpdateRoomMetadataRequest(room=ROOM), ADMIN, 404, "not_found"),
        ("UpdateRoomMetadata", service.UpdateRoomMetadataRequest(room=ROOM), {}, 403, "permission_denied"),
        (
            "UpdateRoomMetadata",
            service.UpdateRoomMetadataRequest(room=ROOM, metadata="x" * 20_000),
            ADMIN,
            400,
            "invalid_argument",
        ),
        ("UpdateSubscriptions", service.UpdateSubscriptionsRequest(room=ROOM), {}, 403, "permission_denied"),
        ("ListRooms", b"\xff\xff", {"roomList": True}, 400, "invalid_argument"),
        ("CreateRoom", b"", {"roomCreate": True}, 400, "invalid_argument"),
        ("RemoveParticipant", service.RoomParticipantIdentity(room=ROOM), ADMIN, 400, "invalid_argument"),
    ],
)
def test_what_may_not_be_is_refused_in_twirps_words(
    school: School, method: str, body: Any, video: dict[str, Any], status: int, code: str
) -> None:
    packed = body if isinstance(body, bytes) else body.SerializeToString()
    response = call(school, method, packed, {"roomJoin": False, **video})
    assert response.status == status
    assert json.loads(response.body)["code"] == code


def test_a_call_without_a_genuine_token_is_refused(school: School) -> None:
    forged = make_token(secret="another-secret-of-thirty-two-characters", video={"roomList": True})
    response = call(school, "ListRooms", b"", {}, token=forged)
    assert (response.status, json.loads(response.body)["code"]) == (401, "unauthenticated")


def test_rooms_are_listed(school: School, teacher: Person, student: Person, outsider: Person) -> None:
    teacher.publish()
    rooms = done(
        school, "ListRooms", service.ListRoomsRequest(), service.ListRoomsResponse, {"roomList": True}
    )
    assert {room.name: (room.num_participants, room.num_publishers) for room in rooms.rooms} == {
        ROOM: (2, 1),
        "other.history": (1, 0),
    }


def test_json_is_understood_too(school: School, teacher: Person) -> None:
    body = json.dumps({"names": [ROOM]}).encode()
    response = call(school, "ListRooms", body, {"roomList": True}, "application/json; charset=utf-8")
    assert response.content_type == "application/json"
    assert json.loads(response.body)["rooms"][0]["num_participants"] == 1


def test_deleting_a_room_sends_everybody_away(school: School, teacher: Person, outsider: Person) -> None:
    done(
        school,
        "DeleteRoom",
        service.DeleteRoomRequest(room=ROOM),
        service.DeleteRoomResponse,
        {"roomCreate": True},
    )
    leave = teacher.socket.last("leave")
    assert (leave.reason, leave.can_reconnect) == (models.DisconnectReason.ROOM_DELETED, False)
    assert teacher.transport.closed
    assert not outsider.participant.gone
    assert [room.name for room in school.rooms] == ["other.history"]


def test_a_participant_is_shown_and_sent_away(school: School, teacher: Person, student: Person) -> None:
    who = service.RoomParticipantIdentity(room=ROOM, identity="student")
    listed = done(
        school,
        "ListParticipants",
        service.ListParticipantsRequest(room=ROOM),
        service.ListParticipantsResponse,
        ADMIN,
    )
    assert sorted(info.identity for info in listed.participants) == ["student", "teacher"]
    assert done(school, "GetParticipant", who, models.ParticipantInfo, ADMIN).name == "Sue Student"
    done(school, "RemoveParticipant", who, service.RemoveParticipantResponse, ADMIN)
    assert student.socket.last("leave").reason == models.DisconnectReason.PARTICIPANT_REMOVED
    assert student.participant.gone
    assert teacher.socket.last("update").participants[0].identity == "student"
    assert call(school, "GetParticipant", who.SerializeToString(), ADMIN).status == 404


def test_whoever_was_removed_needs_a_new_token(school: School, teacher: Person, student: Person) -> None:
    school.clock.pass_(5)
    (token,) = student.socket.all("refresh_token")
    who = service.RoomParticipantIdentity(room=ROOM, identity="student")
    done(school, "RemoveParticipant", who, service.RemoveParticipantResponse, ADMIN)
    for old in (token, make_token("student")):
        with pytest.raises(BadToken, match="removed"):
            knock(school, token=old)
    now = int(school.clock.wall())
    knock(school, token=make_token("student", nbf=now))
    knock(school, token=make_token("student", nbf=now - 60, iat=now))
    assert student.socket.closed is not None
    knock(school, token=make_token("student", room="demo.other"))
    knock(school, token=make_token("admin"))


def test_a_resume_after_the_removal_is_refused(school: School, teacher: Person, student: Person) -> None:
    token = student.socket.last("refresh_token")
    school.clock.pass_(0.2)
    who = service.RoomParticipantIdentity(room=ROOM, identity="student")
    done(school, "RemoveParticipant", who, service.RemoveParticipantResponse, ADMIN)
    with pytest.raises(BadToken, match="removed"):
        knock(school, token=token, request=join_request(reconnect=True, participant_sid=student.sid))


@pytest.mark.parametrize("somebody_is_in", [True, False])
def test_a_deleted_room_opens_to_new_tokens_only(school: School, somebody_is_in: bool) -> None:
    if somebody_is_in:
        school.join("teacher")
    school.clock.pass_(5)
    call(school, "DeleteRoom", service.DeleteRoomRequest(room=ROOM).SerializeToString(), {"roomCreate": True})
    with pytest.raises(BadToken, match="ended"):
        knock(school, token=make_token("student"))
    knock(school, token=make_token("student", nbf=int(school.clock.wall())))
    knock(school, token=make_token("student", room="demo.other"))


def test_whoever_is_away_when_removed_does_not_come_back(
    school: School, teacher: Person, student: Person
) -> None:
    school.clock.pass_(5)
    student.say(leave=rtc.LeaveRequest())
    who = service.RoomParticipantIdentity(room=ROOM, identity="student")
    assert call(school, "RemoveParticipant", who.SerializeToString(), ADMIN).status == 404
    with pytest.raises(BadToken, match="removed"):
        knock(school, token=student.socket.last("refresh_token"))
    knock(school, token=teacher.socket.last("refresh_token"))


def test_a_track_is_muted_from_afar_but_never_unmuted(
    school: School, teacher: Person, student: Person
) -> None:
    sid = student.publish("CAMERA-AUDIO", models.TrackType.AUDIO)
    request = service.MuteRoomTrackRequest(room=ROOM, identity="student", track_sid=sid, muted=True)
    assert done(school, "MutePublishedTrack", request, service.MuteRoomTrackResponse, ADMIN).track.muted
    assert student.socket.last("mute").muted
    assert student.transport.received[0].held
    assert teacher.socket.last("update").participants[0].tracks[0].muted
    request.muted = False
    assert call(school, "MutePublishedTrack", request.SerializeToString(), ADMIN).status == 400
    assert student.transport.received[0].muted


def test_a_track_muted_from_afar_before_its_media_came_is_silent_when_it_comes(
    school: School, student: Person
) -> None:
    student.say(
        add_track=rtc.AddTrackRequest(
            cid="CAMERA-AUDIO", type=models.TrackType.AUDIO, source=models.TrackSource.MICROPHONE
        )
    )
    sid = student.socket.last("track_published").track.sid
    request = service.MuteRoomTrackRequest(room=ROOM, identity="student", track_sid=sid, muted=True)
    assert done(school, "MutePublishedTrack", request, service.MuteRoomTrackResponse, ADMIN).track.muted
    student.offer(offer_text("chromium_publish"), 2)
    assert student.transport.received[0].held
    student.say(mute=rtc.MuteTrackRequest(sid=sid, muted=False))
    assert not student.transport.received[0].held


def test_new_rights_hold_at_once(school: School, teacher: Person, student: Person) -> None:
    sid = student.publish()
    other = teacher.publish()
    student.offer(offer_text("chromium_publish"), 3)
    student.socket.clear()
    silent = models.ParticipantPermission(can_subscribe=False, can_publish=False)
    request = service.UpdateParticipantRequest(room=ROOM, identity="student", permission=silent, name="Sue")
    info = done(school, "UpdateParticipant", request, models.ParticipantInfo, ADMIN)
    assert (info.name, info.permission.can_publish, list(info.tracks)) == ("Sue", False, [])
    assert student.socket.last("track_unpublished").track_sid == sid
    assert other not in student.participant.subscriptions.by_mid().values()
    assert student.socket.all("refresh_token")
    assert not student.participant.claims.grants.can_publish


def test_a_room_can_be_made_before_anybody_comes(school: School) -> None:
    request = service.CreateRoomRequest(name=ROOM, metadata="biology", max_participants=1)
    done(school, "CreateRoom", request, models.Room, {"roomCreate": True})
    student = school.join("student")
    assert student.socket.last("join").room.metadata == "biology"
    assert student.socket.last("join").room.max_participants == 1


def test_a_room_waits_as_long_as_it_was_told_to(school: School) -> None:
    request = service.CreateRoomRequest(name=ROOM, empty_timeout=60, departure_timeout=7)
    made = done(school, "CreateRoom", request, models.Room, {"roomCreate": True})
    assert (made.empty_timeout, made.departure_timeout) == (60, 7)
    school.clock.pass_(59)
    student = school.join("student")
    school.clock.pass_(10)
    student.say(leave=rtc.LeaveRequest())
    school.clock.pass_(6)
    assert len(school.rooms) == 1
    school.clock.pass_(2)
    assert len(school.rooms) == 0
    done(school, "CreateRoom", request, models.Room, {"roomCreate": True})
    school.clock.pass_(61)
    assert len(school.rooms) == 0


def test_new_metadata_of_a_room_are_told_to_everybody(
    school: School, teacher: Person, outsider: Person
) -> None:
    request = service.UpdateRoomMetadataRequest(room=ROOM, metadata="chemistry")
    assert done(school, "UpdateRoomMetadata", request, models.Room, ADMIN).metadata == "chemistry"
    assert teacher.socket.last("room_update").room.metadata == "chemistry"
    assert not outsider.socket.all("room_update")


def test_a_subscription_is_taken_and_given_from_afar(
    school: School, teacher: Person, student: Person
) -> None:
    sid = teacher.publish()
    student.offer(offer_text("chromium_publish"), 3)
    for subscribe in (False, True):
        request = service.UpdateSubscriptionsRequest(
            room=ROOM, identity="student", track_sids=[sid], subscribe=subscribe
        )
        done(school, "UpdateSubscriptions", request, service.UpdateSubscriptionsResponse, ADMIN)
        assert student.participant.subscriptions.has(sid) == subscribe


@pytest.mark.parametrize(
    ("kind", "label"), [(models.DataPacket.RELIABLE, "_reliable"), (models.DataPacket.LOSSY, "_lossy")]
)
@pytest.mark.parametrize("named", ["nobody", "identity", "sid"])
def test_the_server_sends_data_to_those_it_names(
    school: School, teacher: Person, student: Person, kind: Any, label: str, named: str
) -> None:
    channels = {person.sid: person.open(label) for person in (teacher, student)}
    request = service.SendDataRequest(room=ROOM, data=b"hello", kind=kind, topic="t", nonce=b"n" * 16)
    request.destination_identities.extend(["student"] if named == "identity" else [])
    request.destination_sids.extend([student.sid] if named == "sid" else [])
    done(school, "SendData", request, service.SendDataResponse, ADMIN)
    (sent,) = channels[student.sid].sent
    packet = models.DataPacket.FromString(sent)
    assert (packet.kind, packet.participant_identity, packet.user.payload) == (kind, "", b"hello")
    assert (packet.user.topic, packet.user.nonce) == ("t", b"n" * 16)
    assert len(channels[teacher.sid].sent) == (1 if named == "nobody" else 0)
