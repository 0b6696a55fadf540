"""The media side of a class, spoken in LiveKit's public protocol: tokens, and closing a room."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import jwt
from django.conf import settings
from django.utils import timezone
from django_tasks import task

from classrooms.live.people import sending
from classrooms.models import ClassSession, Participant, opaque_id
from tenants.models import Tenant
from tenants.scope import tenant_scope

logger = logging.getLogger(__name__)

TOKEN_LASTS = timedelta(minutes=10)
SOURCES = ["camera", "microphone", "screen_share", "screen_share_audio"]
KINDS = {
    "camera": "camera",
    "microphone": "mic",
    "screen_share": "screen",
    "screen_share_audio": "screen",
}
PATIENCE = 10.0  # seconds for one request
ATTEMPTS = 5
STAYS = timedelta(seconds=45)  # in the media room after leaving the class: long enough for a reload


@dataclass(frozen=True)
class Pass:
    """Where to connect to the media server, and with what."""

    url: str
    token: str


def media_pass(session: ClassSession, person: Participant, at: datetime) -> Pass:
    """Let `person` into the session's media room for the next ten minutes, to send what they may."""
    may = sending(session, person)
    sources = [source for source in SOURCES if KINDS[source] in may]
    grants = {
        "room": session.room_name,
        "roomJoin": True,
        "canPublish": bool(sources),  # an empty list of sources would mean all
        "canPublishSources": sources,
        "canSubscribe": True,
        "canPublishData": False,
        "canUpdateOwnMetadata": False,
    }
    token = _signed(identity=person.public_id, name=person.name, grants=grants, at=at, lasts=TOKEN_LASTS)
    return Pass(settings.MEDIA_SERVER_URL, token)


def admin_token(room: str, at: datetime) -> str:
    """For our own requests about `room`."""
    grants = {"room": room, "roomAdmin": True}
    return _signed(identity="", grants=grants, at=at, lasts=timedelta(minutes=1))


def device_token(session: ClassSession, *, name: str, publishes: bool, at: datetime, lasts: timedelta) -> str:
    """Lets one encoder or one display into the session's media room; it has an identity of its own."""
    grants = {
        "room": session.room_name,
        "roomJoin": True,
        "canPublish": publishes,
        "canPublishSources": SOURCES,
        "canSubscribe": not publishes,
        "canPublishData": False,
        "hidden": not publishes,
    }
    return _signed(identity=f"device-{opaque_id()}", name=name, grants=grants, at=at, lasts=lasts)


def _signed(*, identity: str, grants: dict[str, Any], at: datetime, lasts: timedelta, name: str = "") -> str:
    """A LiveKit access token."""
    claims = {
        "iss": settings.MEDIA_API_KEY,
        "sub": identity,
        "name": name,
        "iat": round(at.timestamp(), 3),  # the engine refuses those made before their bearer was put out
        "nbf": int((at - timedelta(minutes=1)).timestamp()),  # clocks of two machines differ
        "exp": int((at + lasts).timestamp()),
        "video": grants,
    }
    return jwt.encode(claims, settings.MEDIA_API_SECRET, algorithm="HS256")


def probe_tokens(tenant: Tenant, at: datetime, lasts: timedelta) -> tuple[str, str]:
    """Let one page publish to itself in a media room of its own: a token to publish, one to watch."""
    name = opaque_id()
    shared = {"room": f"{tenant.slug}.check-{name}", "roomJoin": True, "canPublishData": False}
    publishes = {**shared, "canPublish": True, "canSubscribe": False}
    watches = {**shared, "canPublish": False, "canSubscribe": True, "hidden": True}
    return (
        _signed(identity=f"check-{name}-out", grants=publishes, at=at, lasts=lasts),
        _signed(identity=f"check-{name}-in", grants=watches, at=at, lasts=lasts),
    )


def close_media_room(session: ClassSession) -> None:
    """Ask the media server to put everyone out, in the background."""
    close_media.enqueue(session.room_name, None)


def put_out_of_media(session: ClassSession, person: Participant) -> None:
    """Ask the media server to put one person out, in the background."""
    close_media.enqueue(session.room_name, person.public_id)


def put_out_of_media_later(session: ClassSession, person: Participant) -> None:
    """Whoever left and does not come back soon leaves the media room too, whatever their client does."""
    if person.left_at is not None and leave_media.get_backend().supports_defer:
        later = leave_media.using(run_after=timezone.now() + STAYS)
        later.enqueue(session.tenant_id, person.pk, person.left_at.isoformat())


@task
def leave_media(tenant_id: int, participant_id: int, left_at: str) -> None:
    """Put out who left at `left_at` (ISO 8601) and has not been back since."""
    tenant = Tenant.objects.filter(pk=tenant_id).first()
    if tenant is None:
        return
    with tenant_scope(tenant):
        gone = Participant.objects.filter(pk=participant_id, connection="", left_at=left_at)
        person = gone.select_related("session__tenant").first()
    if person is not None:
        close_media.call(person.session.room_name, person.public_id)


@task
def close_media(room: str, identity: str | None, attempt: int = 1) -> None:
    """Close `room`, or only the connection of `identity`; a failure is logged and tried again later."""
    try:
        asyncio.run(asyncio.wait_for(_ask_to_close(room, identity), PATIENCE))
    except Exception as error:  # whatever it is, the class has ended all the same
        logger.warning("The media server did not close %s (attempt %d): %r", room, attempt, error)
        if attempt < ATTEMPTS and close_media.get_backend().supports_defer:
            again = timezone.now() + timedelta(seconds=2**attempt)
            close_media.using(run_after=again).enqueue(room, identity, attempt + 1)


async def _ask_to_close(room: str, identity: str | None) -> None:
    """Raises what the client raises, except for a room or person that is not there any more."""
    from livekit.api import LiveKitAPI, ServerError, ServerErrorCode  # slow to import
    from livekit.protocol.room import DeleteRoomRequest, RoomParticipantIdentity

    server = settings.MEDIA_API_URL, settings.MEDIA_API_KEY, settings.MEDIA_API_SECRET
    async with LiveKitAPI(*server) as api:
        try:
            if identity is None:
                await api.room.delete_room(DeleteRoomRequest(room=room))
            else:
                await api.room.remove_participant(RoomParticipantIdentity(room=room, identity=identity))
        except ServerError as error:
            if error.code != ServerErrorCode.NOT_FOUND:
                raise
