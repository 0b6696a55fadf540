"""The wire of LiveKit's server API: Twirp over POST, protobuf or JSON (twitchtv.github.io/twirp, v7).

What each method does is room_service.py's and egress/service.py's.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from google.protobuf import json_format
from google.protobuf.message import DecodeError, Message
from livekit.protocol import egress
from livekit.protocol import room as service

from signaling.sfu import auth, room_service
from signaling.sfu.auth import Claims
from signaling.sfu.egress import service as egress_service
from signaling.sfu.joining import read_token
from signaling.sfu.refusals import BadRequest, Refusal, Unimplemented
from signaling.sfu.rooms import Rooms

PREFIX = "/twirp/livekit."
PROTOBUF, JSON = "application/protobuf", "application/json"


@dataclass(frozen=True)
class Method:
    request: type[Message]
    run: Callable[[Rooms, Claims, Any], Message]


def call(rooms: Rooms, path: str, authorization: str, kind: str, body: bytes) -> tuple[int, str, bytes]:
    """Status, content type and body of the response."""
    try:
        method = METHODS.get(path.removeprefix(PREFIX))
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
    "RoomService/CreateRoom": Method(service.CreateRoomRequest, room_service.create_room),
    "RoomService/ListRooms": Method(service.ListRoomsRequest, room_service.list_rooms),
    "RoomService/DeleteRoom": Method(service.DeleteRoomRequest, room_service.delete_room),
    "RoomService/UpdateRoomMetadata": Method(
        service.UpdateRoomMetadataRequest, room_service.update_room_metadata
    ),
    "RoomService/ListParticipants": Method(service.ListParticipantsRequest, room_service.list_participants),
    "RoomService/GetParticipant": Method(service.RoomParticipantIdentity, room_service.get_participant),
    "RoomService/RemoveParticipant": Method(service.RoomParticipantIdentity, room_service.remove_participant),
    "RoomService/MutePublishedTrack": Method(service.MuteRoomTrackRequest, room_service.mute_published_track),
    "RoomService/UpdateParticipant": Method(
        service.UpdateParticipantRequest, room_service.update_participant
    ),
    "RoomService/UpdateSubscriptions": Method(
        service.UpdateSubscriptionsRequest, room_service.update_subscriptions
    ),
    "RoomService/SendData": Method(service.SendDataRequest, room_service.send_data),
    "RoomService/ForwardParticipant": Method(
        service.ForwardParticipantRequest, room_service.forward_participant
    ),
    "RoomService/MoveParticipant": Method(service.MoveParticipantRequest, room_service.move_participant),
    "Egress/StartTrackEgress": Method(egress.TrackEgressRequest, egress_service.start_track),
    "Egress/StopEgress": Method(egress.StopEgressRequest, egress_service.stop),
    "Egress/SoFar": Method(egress.StopEgressRequest, egress_service.so_far),
    "Egress/ListEgress": Method(egress.ListEgressRequest, egress_service.list_all),
    "Egress/StartRoomCompositeEgress": Method(egress.RoomCompositeEgressRequest, egress_service.composed),
    "Egress/StartTrackCompositeEgress": Method(egress.TrackCompositeEgressRequest, egress_service.composed),
    "Egress/StartParticipantEgress": Method(egress.ParticipantEgressRequest, egress_service.composed),
    "Egress/StartWebEgress": Method(egress.WebEgressRequest, egress_service.composed),
}
