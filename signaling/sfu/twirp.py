"""The wire of LiveKit's server API: Twirp over POST, protobuf or JSON (twitchtv.github.io/twirp, v7).

What each method does is room_service.py's.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from google.protobuf import json_format
from google.protobuf.message import DecodeError, Message
from livekit.protocol import room as service

from signaling.sfu import auth, room_service
from signaling.sfu.auth import Claims
from signaling.sfu.joining import read_token
from signaling.sfu.refusals import BadRequest, Refusal, Unimplemented
from signaling.sfu.rooms import Rooms

PREFIX = "/twirp/livekit."
SERVICE = PREFIX + "RoomService/"
PROTOBUF, JSON = "application/protobuf", "application/json"


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


METHODS = {
    "CreateRoom": Method(service.CreateRoomRequest, room_service.create_room),
    "ListRooms": Method(service.ListRoomsRequest, room_service.list_rooms),
    "DeleteRoom": Method(service.DeleteRoomRequest, room_service.delete_room),
    "UpdateRoomMetadata": Method(service.UpdateRoomMetadataRequest, room_service.update_room_metadata),
    "ListParticipants": Method(service.ListParticipantsRequest, room_service.list_participants),
    "GetParticipant": Method(service.RoomParticipantIdentity, room_service.get_participant),
    "RemoveParticipant": Method(service.RoomParticipantIdentity, room_service.remove_participant),
    "MutePublishedTrack": Method(service.MuteRoomTrackRequest, room_service.mute_published_track),
    "UpdateParticipant": Method(service.UpdateParticipantRequest, room_service.update_participant),
    "UpdateSubscriptions": Method(service.UpdateSubscriptionsRequest, room_service.update_subscriptions),
    "SendData": Method(service.SendDataRequest, room_service.send_data),
    "ForwardParticipant": Method(service.ForwardParticipantRequest, room_service.forward_participant),
    "MoveParticipant": Method(service.MoveParticipantRequest, room_service.move_participant),
}
