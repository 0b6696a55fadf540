"""Every request of the media socket and of the server API, and the grant it needs: what is not here fails."""

from __future__ import annotations

from typing import Any

import pytest
from livekit.protocol import models, rtc

from signaling.sfu.server import Request, respond
from signaling.sfu.twirp import METHODS, PREFIX
from tests.sfu.protocol.doubles import ROOM, Person, School, make_token, offer_text

EVERY_GRANT = {
    **dict.fromkeys(("roomCreate", "roomList", "roomAdmin", "roomRecord", "roomJoin", "canPublish"), True),
    **{"canSubscribe": True, "canPublishData": True, "canUpdateOwnMetadata": True, "room": ROOM},
}
NO_GRANT = {**{name: False for name in EVERY_GRANT if name != "room"}, "roomJoin": True, "room": ROOM}

# The media socket

OWN = "is about the asker's own connection, tracks or wishes"
NOT_HERE = "is left alone or refused, whoever asks"
SIGNALS = {
    "offer": OWN,
    "answer": OWN,
    "trickle": NOT_HERE,
    "add_track": "canPublish",
    "mute": OWN,
    "subscription": "canSubscribe",
    "track_setting": OWN,
    "leave": OWN,
    "update_layers": NOT_HERE,
    "subscription_permission": OWN,
    "sync_state": "canSubscribe",
    "simulate": OWN,
    "ping": OWN,
    "ping_req": OWN,
    "update_metadata": "canUpdateOwnMetadata",
    "update_audio_track": OWN,
    "update_video_track": OWN,
    "publish_data_track_request": NOT_HERE,
    "unpublish_data_track_request": NOT_HERE,
    "update_data_subscription": NOT_HERE,
    "store_data_blob_request": NOT_HERE,
    "get_data_blob_request": NOT_HERE,
}


def test_every_request_of_the_media_socket_is_declared() -> None:
    fields = rtc.SignalRequest.DESCRIPTOR.oneofs_by_name["message"].fields
    assert {field.name for field in fields} == set(SIGNALS)


def asks(name: str, sid: str) -> dict[str, Any]:
    """The request, about the track `sid` wherever it may name one."""
    wanted = rtc.UpdateSubscription(track_sids=[sid], subscribe=True)
    return {
        "offer": rtc.SessionDescription(type="offer", sdp=offer_text("chromium_publish"), id=2),
        "add_track": rtc.AddTrackRequest(
            cid="CAMERA-VIDEO", type=models.TrackType.VIDEO, source=models.TrackSource.CAMERA
        ),
        "mute": rtc.MuteTrackRequest(sid=sid, muted=True),
        "subscription": wanted,
        "track_setting": rtc.UpdateTrackSettings(track_sids=[sid], disabled=True),
        "subscription_permission": rtc.SubscriptionPermission(all_participants=False),
        "sync_state": rtc.SyncState(subscription=wanted),
        "update_metadata": rtc.UpdateParticipantMetadata(name="Somebody Else", metadata="changed"),
        "update_audio_track": rtc.UpdateLocalAudioTrack(track_sid=sid, features=[1]),
        "update_video_track": rtc.UpdateLocalVideoTrack(track_sid=sid, width=1, height=1),
        "simulate": rtc.SimulateScenario(leave_request_full_reconnect=True),
    }.get(name) or {}


def say(school: School, person: Person, name: str, sid: str) -> None:
    """And then what a client offers after it: what it publishes, or sections for what it is to receive."""
    person.say(**{name: 7 if name == "ping" else asks(name, sid)})
    school.settle()
    person.offer(offer_text("chromium_publish" if name == "add_track" else "chromium_join"), 3)


def gained(person: Person) -> tuple[bool, bool, str]:
    """Whether a track was published, whether one is received, and what is told of oneself."""
    participant = person.participant
    return bool(list(participant.publishing)), bool(person.receives()), participant.metadata


@pytest.mark.parametrize("name", SIGNALS)
def test_without_any_grant_a_request_gains_nothing_and_changes_nobody_else(
    name: str, school: School, teacher: Person
) -> None:
    sid = teacher.publish()
    before = teacher.participant.info().SerializeToString()
    student = school.join("student", video=NO_GRANT)
    say(school, student, name, sid)
    assert gained(student) == (False, False, "")
    assert teacher.participant.info().SerializeToString() == before
    assert teacher.participant.publishing.get(sid)


@pytest.mark.parametrize("name", [name for name, grant in SIGNALS.items() if grant in EVERY_GRANT])
def test_the_grant_it_needs_is_the_one_that_lets_it_through(
    name: str, school: School, teacher: Person
) -> None:
    """`subscription` and `sync_state` ask for what nobody gets unasked here."""
    sid = teacher.publish()
    all_but_it = school.join("student", video={**EVERY_GRANT, SIGNALS[name]: False})
    with_it_alone = school.join("classmate", video={**NO_GRANT, SIGNALS[name]: True})
    for each in (all_but_it, with_it_alone):
        each.participant.subscriptions.ask(sid, False)
        school.rooms.get(ROOM).reconsider(each.participant, *school.rooms.get(ROOM).tracks()[sid])
    nothing = (gained(all_but_it), gained(with_it_alone))
    assert nothing == ((False, False, ""), (False, False, ""))
    for each in (all_but_it, with_it_alone):
        say(school, each, name, sid)
    assert gained(all_but_it) == nothing[0]
    assert gained(with_it_alone) != nothing[1]


# The server API

ROOM_ADMIN, RECORD = "roomAdmin", "roomRecord"
NOBODY = "is answered unimplemented, whoever asks"
CALLS = {
    "RoomService/CreateRoom": "roomCreate",
    "RoomService/ListRooms": "roomList",
    "RoomService/DeleteRoom": "roomCreate",
    "RoomService/UpdateRoomMetadata": ROOM_ADMIN,
    "RoomService/ListParticipants": ROOM_ADMIN,
    "RoomService/GetParticipant": ROOM_ADMIN,
    "RoomService/RemoveParticipant": ROOM_ADMIN,
    "RoomService/MutePublishedTrack": ROOM_ADMIN,
    "RoomService/UpdateParticipant": ROOM_ADMIN,
    "RoomService/UpdateSubscriptions": ROOM_ADMIN,
    "RoomService/SendData": ROOM_ADMIN,
    "RoomService/ForwardParticipant": NOBODY,
    "RoomService/MoveParticipant": NOBODY,
    "Egress/StartTrackEgress": RECORD,
    "Egress/StopEgress": RECORD,
    "Egress/SoFar": RECORD,
    "Egress/ListEgress": RECORD,
    "Egress/StartRoomCompositeEgress": RECORD,
    "Egress/StartTrackCompositeEgress": RECORD,
    "Egress/StartParticipantEgress": RECORD,
    "Egress/StartWebEgress": RECORD,
}


def test_every_call_of_the_server_api_is_declared() -> None:
    assert set(METHODS) == set(CALLS)


def status(school: School, name: str, video: dict[str, Any]) -> int:
    """Of a call about the room and somebody in it."""
    request = METHODS[name].request
    said = {"name": ROOM, "room": ROOM, "room_name": ROOM, "identity": "teacher"}
    fields = request.DESCRIPTOR.fields_by_name
    body = request(**{field: value for field, value in said.items() if field in fields}).SerializeToString()
    token = make_token("django", video=video)
    headers = {"authorization": f"Bearer {token}", "content-type": "application/protobuf"}
    return respond(school.rooms, Request("POST", PREFIX + name, b"", headers, body)).status


@pytest.mark.parametrize("name", CALLS)
def test_a_call_needs_its_grant_and_no_other(name: str, school: School, teacher: Person) -> None:
    grant = CALLS[name]
    if grant == NOBODY:
        assert status(school, name, EVERY_GRANT) == 501
        return
    assert status(school, name, {**EVERY_GRANT, grant: False}) == 403
    assert status(school, name, {**NO_GRANT, grant: True}) in (200, 400, 404, 501)  # it was let through


@pytest.mark.parametrize("name", [name for name, grant in CALLS.items() if grant == ROOM_ADMIN])
def test_who_administers_another_room_administers_this_one_not(
    name: str, school: School, teacher: Person, outsider: Person
) -> None:
    assert status(school, name, {**EVERY_GRANT, "room": "other.history"}) == 403
