"""What LiveKit's RoomService does, method by method: the rooms, the verified token, the request; the answer.

Everything here takes effect before it returns; a "no" is a Refusal.
"""

from __future__ import annotations

from google.protobuf.message import Message
from livekit.protocol import models, rtc
from livekit.protocol import room as service

from signaling.sfu import data, messages, rights, signal
from signaling.sfu.auth import Claims, require
from signaling.sfu.messages import Action, Reason
from signaling.sfu.participant import Participant
from signaling.sfu.refusals import BadRequest, NotFound, Unimplemented
from signaling.sfu.rooms import Rooms


def create_room(rooms: Rooms, claims: Claims, request: service.CreateRoomRequest) -> models.Room:
    require(claims.grants.room_create, "roomCreate")
    if not 0 < len(request.name) <= rooms.config.limits.identity_characters:
        raise BadRequest("The room needs a name that is not too long.")
    _check_metadata(rooms, request.metadata)
    room = rooms.create(request.name)
    room.metadata = request.metadata or room.metadata
    if request.max_participants:
        room.most = min(request.max_participants, rooms.config.limits.participants)
    room.keep_for(empty=request.empty_timeout, departed=request.departure_timeout)
    return room.info()


def list_rooms(rooms: Rooms, claims: Claims, request: service.ListRoomsRequest) -> Message:
    require(claims.grants.room_list, "roomList")
    found = [room.info() for room in rooms if not request.names or room.name in request.names]
    return service.ListRoomsResponse(rooms=found)


def delete_room(rooms: Rooms, claims: Claims, request: service.DeleteRoomRequest) -> Message:
    require(claims.grants.room_create, "roomCreate")
    rooms.delete(request.room)
    return service.DeleteRoomResponse()


def update_room_metadata(
    rooms: Rooms, claims: Claims, request: service.UpdateRoomMetadataRequest
) -> models.Room:
    _administers(claims, request.room)
    _check_metadata(rooms, request.metadata)
    room = rooms.get(request.room)
    room.metadata = request.metadata
    room.broadcast(messages.room_update(room.info()))
    return room.info()


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
    if not 0 < len(request.identity) <= rooms.config.limits.identity_characters:
        raise BadRequest("The participant needs an identity that is not too long.")  # "" would be everybody
    rooms.withdraw(request.room, request.identity, request.revoke_token_ts or rooms.clock.wall())
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
    if publication.mute(request.muted, by_others=True):
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
        rights.permit(participant, request.permission)
    signal.change(participant, request.metadata, request.name, request.attributes)
    return participant.info()


def update_subscriptions(
    rooms: Rooms, claims: Claims, request: service.UpdateSubscriptionsRequest
) -> Message:
    """The same as if the participant had asked for it."""
    participant = _participant(rooms, claims, request.room, request.identity)
    wish = rtc.UpdateSubscription(
        track_sids=request.track_sids,
        subscribe=request.subscribe,
        participant_tracks=request.participant_tracks,
    )
    try:
        signal.subscription(participant, wish)
    except ValueError as error:
        raise BadRequest(f"It cannot be done: {error}.") from None
    return service.UpdateSubscriptionsResponse()


def send_data(rooms: Rooms, claims: Claims, request: service.SendDataRequest) -> Message:
    """To those named, to everybody when nobody is; it comes from the server, so it names no sender."""
    _administers(claims, request.room)
    if len(request.data) > rooms.config.limits.data_packet:
        raise BadRequest("The data is too long for one packet.")
    user = models.UserPacket(
        payload=request.data,
        destination_sids=request.destination_sids,
        destination_identities=request.destination_identities,
        nonce=request.nonce,
    )
    if request.HasField("topic"):
        user.topic = request.topic
    packet = models.DataPacket(
        kind=request.kind, user=user, destination_identities=request.destination_identities
    )
    data.relay(rooms.get(request.room), packet, request.kind)
    return service.SendDataResponse()


def forward_participant(rooms: Rooms, claims: Claims, request: service.ForwardParticipantRequest) -> Message:
    raise Unimplemented("This media server does not forward participants into a second room.")


def move_participant(rooms: Rooms, claims: Claims, request: service.MoveParticipantRequest) -> Message:
    raise Unimplemented(
        "This media server does not move participants; give the client a token for the other room."
    )


def _check_metadata(rooms: Rooms, metadata: str) -> None:
    if len(metadata.encode()) > rooms.config.limits.metadata:
        raise BadRequest("The metadata is too long.")


def _participant(rooms: Rooms, claims: Claims, room: str, identity: str) -> Participant:
    _administers(claims, room)
    participant = rooms.get(room).participants.get(identity)
    if participant is None:
        raise NotFound("There is no such participant.")
    return participant


def _administers(claims: Claims, room: str) -> None:
    require(claims.grants.room_admin and claims.grants.room == room, "roomAdmin for this room")
