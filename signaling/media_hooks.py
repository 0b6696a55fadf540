"""Webhooks of the media server, from our own engine or a LiveKit cluster: verified, taken once, acted on.

It comes by address and without TLS, from a machine: so before hosts, sessions and cross-site tokens, as
health does. Its signature is all it is believed for.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from classrooms.live.egress import recorded
from classrooms.live.holding import permitted
from classrooms.live.reconcile import joined_media, media_room_started, media_track_published
from classrooms.recorded.sofar import recorded_so_far

if TYPE_CHECKING:
    from google.protobuf.message import Message
    from livekit.protocol.webhook import WebhookEvent

logger = logging.getLogger(__name__)

PATH = "/media/webhooks/"
LARGEST = 256 * 1024  # bytes
MOST_FORGED = 20  # from one address, in FORGED_PAUSE
FORGED_PAUSE = 60  # seconds
REMEMBERED = 2 * 3600  # seconds an event is known to have been here; it is sent for an hour
Answer = Callable[[HttpRequest], HttpResponse]


def media_hooks(answer: Answer) -> Answer:
    """Answer PATH whatever the host is: 200 when the event was taken (now or before)."""

    def middleware(request: HttpRequest) -> HttpResponse:
        return receive(request) if request.path == PATH else answer(request)

    return middleware


def receive(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return HttpResponse("Only POST is answered here.\n", status=405, headers={"Allow": "POST"})
    if int(request.META.get("CONTENT_LENGTH") or 0) > LARGEST:
        return HttpResponse("This is too large.\n", status=413)
    event = verified(request.body, request.headers.get("Authorization", ""))
    if event is None:
        return _wrong(f"media-hooks-{request.META.get('REMOTE_ADDR')}")
    once(event, timezone.now())
    return HttpResponse("OK\n")


def verified(body: bytes, token: str) -> WebhookEvent | None:
    """The event, if our media server signed exactly these bytes just now."""
    from livekit.api import TokenVerifier, WebhookReceiver  # slow to import

    receiver = WebhookReceiver(TokenVerifier(settings.MEDIA_API_KEY, settings.MEDIA_API_SECRET))
    try:
        return receiver.receive(body.decode(), token)
    except Exception as error:  # it has no class of its own for any of its reasons
        logger.info("a webhook was refused: %s", type(error).__name__)
        return None


def once(event: WebhookEvent, at: datetime) -> None:
    """Act on an event unless it was here before; one that fails may come again."""
    key = f"media-event-{event.id}"
    if event.id and not cache.add(key, 1, REMEMBERED):
        return
    try:
        act(event, at)
    except Exception:
        cache.delete(key)
        raise


def act(event: WebhookEvent, at: datetime) -> None:
    logger.info("media: %s in %s, %s", event.event, event.room.name, event.participant.identity or "-")
    match event.event:
        case "room_started":
            media_room_started(room=event.room.name, at=at)
        case "participant_joined":
            person = event.participant
            may_send = permitted(message_to_dict(person.permission))
            joined_media(room=event.room.name, identity=person.identity, may_send=may_send, at=at)
        case "track_published":
            identity, source = event.participant.identity, source_name(event.track.source)
            media_track_published(room=event.room.name, identity=identity, source=source)
        case "egress_updated":
            recorded_so_far(event.egress_info)
        case "egress_ended":
            recorded(event.egress_info)


def message_to_dict(message: Message) -> dict[str, Any]:
    """As the server API has it in JSON."""
    from google.protobuf.json_format import MessageToDict

    return MessageToDict(message, preserving_proto_field_name=True)


def source_name(source: int) -> str:
    """LiveKit's name of a track's source."""
    from livekit.protocol.models import TrackSource

    return TrackSource.Name(source)


def _wrong(key: str) -> HttpResponse:
    """Only what is wrong is counted: behind a proxy those who guess share the media server's address."""
    if cache.get(key, 0) >= MOST_FORGED:
        return HttpResponse("Too many wrong signatures.\n", status=429, headers={"Retry-After": FORGED_PAUSE})
    _count(key)
    return HttpResponse("The signature is wrong.\n", status=401)


def _count(key: str) -> None:
    if not cache.add(key, 1, FORGED_PAUSE):
        with suppress(ValueError):  # the pause ended just now
            cache.incr(key)
