"""What LiveKit's Egress service does here, method by method: tracks to files, and nothing composed."""

from __future__ import annotations

from google.protobuf.message import Message
from livekit.protocol import egress

from signaling.sfu.auth import Claims, require
from signaling.sfu.refusals import NotFound, Unimplemented
from signaling.sfu.rooms import Rooms


def start_track(rooms: Rooms, claims: Claims, request: egress.TrackEgressRequest) -> egress.EgressInfo:
    require(claims.grants.room_record, "roomRecord")
    if request.WhichOneof("output") != "file":
        raise Unimplemented("This media server records into files only.")
    found = rooms.get(request.room_name).tracks().get(request.track_id)
    if found is None:
        raise NotFound("There is no such track.")
    publisher, publication = found
    return rooms.egresses.start(publisher, publication, request.file.filepath)


def stop(rooms: Rooms, claims: Claims, request: egress.StopEgressRequest) -> egress.EgressInfo:
    require(claims.grants.room_record, "roomRecord")
    return rooms.egresses.stop(request.egress_id)


def so_far(rooms: Rooms, claims: Claims, request: egress.StopEgressRequest) -> egress.EgressInfo:
    """Ours, not LiveKit's: a file of a recording that goes on."""
    require(claims.grants.room_record, "roomRecord")
    return rooms.egresses.so_far(request.egress_id)


def list_all(rooms: Rooms, claims: Claims, request: egress.ListEgressRequest) -> Message:
    require(claims.grants.room_record, "roomRecord")
    found = rooms.egresses.list(room=request.room_name, egress_id=request.egress_id, active=request.active)
    return egress.ListEgressResponse(items=found)


def composed(rooms: Rooms, claims: Claims, request: Message) -> Message:
    require(claims.grants.room_record, "roomRecord")
    raise Unimplemented("This media server records tracks; composing is done afterwards, elsewhere.")
