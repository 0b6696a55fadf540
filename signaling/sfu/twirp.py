"""LiveKit's RoomService for servers: Twirp over POST, protobuf or JSON (twitchtv.github.io/twirp, v7).

Each method is a function of the rooms, the verified token and the request message.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from google.protobuf import json_format
from google.protobuf.message import DecodeError, Message
from livekit.protocol import models
from livekit.protocol import room as service

from signaling.sfu import auth, messages, signal
from signaling.sfu.auth import SOURCES, Claims, require
from signaling.sfu.joining import read_token
from signaling.sfu.messages import Action, Reason
from signaling.sfu.participant import Participant
from signaling.sfu.publication import Publication
from signaling.sfu.refusals import BadRequest, NotFound, Refusal, Unimplemented
from signaling.sfu.rooms import Rooms

PREFIX = "/twirp/livekit."
SERVICE = PREFIX + "RoomService/"
PROTOBUF, JSON = "application/protobuf", "application/json"
SOURCE_NAMES = {source: name for name, source in SOURCES.items()}


@dataclass(frozen=True)
class Method:
    request: type[Message]
    run: Callable[[Rooms, Claims, Any], Message]


def call(rooms: Rooms, path: str, authorization: str, kind: str, body: bytes) -> tuple[int, str, bytes]:
    """Status, content type and body of the response."""
    try:
        method = METHODS.get(path.removeprefix(SERVICE))
        if method is None:
            raise Unimplemented("This media server does not have that method.")
        claims = auth.verify(read_token({}, authorization), rooms.config, rooms.clock.wall())
        result = method.run(rooms, claims, _read(method.request, kind, body))
    except Refusal as refusal:
        error = {"code": refusal.code, "msg": refusal.text, "meta": {}}
        return refusal.status, JSON, json.dumps(error).encode()
    if kind == JSON:
        return 200, JSON, json_format.MessageToJson(result, preserving_proto_field_name=True).encode()
    return 200, PROTOBUF, result.SerializeToString()


def _read(request: type[Message], kind: str, body: bytes) -> Message:
    try:
        if kind == PROTOBUF:
            return request.FromString(body)
        if kind == JSON:
            return json_format.Parse(body or b"{}", request(), ignore_unknown_fields=True)
    except (DecodeError, json_format.ParseError, UnicodeDecodeError):
        raise BadRequest("The request body cannot be read.") from None
    raise BadRequest(f"The content type must be {PROTOBUF} or {JSON}.")


def create_room(rooms: Rooms, claims: Claims, request: service.CreateRoomRequest) -> models.Room:
    require(claims.grants.room_create, "roomCreate")
    if not 0 < len(request.name) <= rooms.config.limits.identity_characters:
        raise BadRequest("The room needs a name that is not too long.")
    room = rooms.create(request.name)
    room.metadata = request.metadata or room.metadata
    if request.max_participants:
        room.most = min(request.max_participants, rooms.config.limits.participants)
    return room.info()


def list_rooms(rooms: Rooms, claims: Claims, request: service.ListRoomsRequest) -> Message:
    require(claims.grants.room_list, "roomList")
    found = [room.info() for room in rooms if not request.names or room.name in request.names]
    return service.ListRoomsResponse(rooms=found)


def delete_room(rooms: Rooms, claims: Claims, request: service.DeleteRoomRequest) -> Message:
    require(claims.grants.room_create, "roomCreate")
    rooms.delete(request.room)
    return service.DeleteRoomResponse()


def list_participants(rooms: Rooms, claims: Claims, request: service.ListParticipantsRequest) -> Message:
    _administers(claims, request.room)
    everybody = rooms.get(request.room).participants.values()
    return service.ListParticipantsResponse(participants=[participant.info() for participant in everybody])


def get_participant(
    rooms: Rooms, claims: Claims, request: service.RoomParticipantIdentity
) -> models.ParticipantInfo:
    return _participant(rooms, claims, request.room, request.identity).info()


def remove_participant(rooms: Rooms, claims: Claims, request: service.RoomParticipantIdentity) -> Message:
    """The tokens end even when nobody is there: who is away just now would come back with them."""
    _administers(claims, request.room)
    rooms.withdraw(request.room, request.identity, request.revoke_token_ts or int(rooms.clock.wall()))
    participant = _participant(rooms, claims, request.room, request.identity)
    participant.say_goodbye(Reason.PARTICIPANT_REMOVED, Action.DISCONNECT)
    participant.room.remove(participant, Reason.PARTICIPANT_REMOVED)
    return service.RemoveParticipantResponse()


def mute_published_track(rooms: Rooms, claims: Claims, request: service.MuteRoomTrackRequest) -> Message:
    """Muting is asked of the client, and forwarding stops at once. Unmuting somebody's microphone from
    afar is refused, as LiveKit does by default."""
    participant = _participant(rooms, claims, request.room, request.identity)
    publication = participant.publishing.get(request.track_sid)
    if publication is None:
        raise NotFound("There is no such track.")
    if publication.info.muted and not request.muted:
        raise BadRequest("A track can be unmuted by its publisher alone.")
    participant.send(messages.mute(publication.sid, request.muted))
    if publication.mute(request.muted):
        participant.room.changed(participant)
    return service.MuteRoomTrackResponse(track=publication.info)


def update_participant(
    rooms: Rooms, claims: Claims, request: service.UpdateParticipantRequest
) -> models.ParticipantInfo:
    participant = _participant(rooms, claims, request.room, request.identity)
    limits = rooms.config.limits
    attributes = {**participant.attributes, **request.attributes}
    if len(request.metadata.encode()) > limits.metadata or len(request.name) > limits.name_characters:
        raise BadRequest("The metadata or name is too long.")
    if signal.attributes_size(attributes) > limits.attributes:
        raise BadRequest("The attributes are too long.")
    if request.HasField("permission"):
        permit(participant, request.permission)
    signal.change(participant, request.metadata, request.name, request.attributes)
    return participant.info()


def permit(participant: Participant, permission: models.ParticipantPermission) -> None:
    """New rights at once: what is no longer allowed ends, what is newly allowed begins."""
    participant.permission.CopyFrom(permission)
    grants = dataclasses.replace(
        participant.claims.grants,
        can_publish=permission.can_publish,
        can_subscribe=permission.can_subscribe,
        can_publish_data=permission.can_publish_data,
        can_publish_sources=tuple(
            SOURCE_NAMES[s] for s in permission.can_publish_sources if s in SOURCE_NAMES
        ),
        can_update_own_metadata=permission.can_update_metadata,
        hidden=permission.hidden,
    )
    participant.claims = dataclasses.replace(participant.claims, grants=grants)
    for publication in participant.publishing.forbidden():
        _unpublish(participant, publication)
    participant.room.reconsider_all(participant)
    participant.room.refresh_token(participant)


def _unpublish(participant: Participant, publication: Publication) -> None:
    participant.send(messages.track_unpublished(publication.sid))
    participant.publishing.end(publication)


def _participant(rooms: Rooms, claims: Claims, room: str, identity: str) -> Participant:
    _administers(claims, room)
    participant = rooms.get(room).participants.get(identity)
    if participant is None:
        raise NotFound("There is no such participant.")
    return participant


def _administers(claims: Claims, room: str) -> None:
    require(claims.grants.room_admin and claims.grants.room == room, "roomAdmin for this room")


METHODS = {
    "CreateRoom": Method(service.CreateRoomRequest, create_room),
    "ListRooms": Method(service.ListRoomsRequest, list_rooms),
    "DeleteRoom": Method(service.DeleteRoomRequest, delete_room),
    "ListParticipants": Method(service.ListParticipantsRequest, list_participants),
    "GetParticipant": Method(service.RoomParticipantIdentity, get_participant),
    "RemoveParticipant": Method(service.RoomParticipantIdentity, remove_participant),
    "MutePublishedTrack": Method(service.MuteRoomTrackRequest, mute_published_track),
    "UpdateParticipant": Method(service.UpdateParticipantRequest, update_participant),
}
