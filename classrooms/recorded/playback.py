"""A recording as a page plays it: which track when, links to their files, and the chat beside them.

Links are signed for one person of one school and good for a few minutes; whoever fetches is looked at again.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.core import signing
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from accounts.models import Membership
from classrooms.models import (
    ChatMessage,
    ClassSession,
    Recording,
    RecordingQuerySet,
    RecordingTrack,
    SessionEvent,
)
from tenants.scope import tenant_scope

Interval = tuple[datetime, datetime]

LINK_LASTS = timedelta(minutes=5)
SALT = "classrooms.playback"
READY = Q(state=RecordingTrack.State.READY)
SO_FAR = Q(state=RecordingTrack.State.WRITING) & ~Q(so_far="")


def signed_link(track: RecordingTrack, member: Membership) -> str:
    """For `member` alone, for five minutes."""
    ticket = signing.dumps([track.tenant_id, member.pk, track.public_id], salt=SALT, compress=True)
    return reverse("recorded-track", args=[track.public_id, ticket])


def linked_track(public_id: str, ticket: str, member: Membership) -> RecordingTrack | None:
    """The track, if the link is this person's, not too old, and they may (still) see its class."""
    try:
        signed = signing.loads(ticket, salt=SALT, max_age=LINK_LASTS)
    except signing.BadSignature:
        return None
    if signed != [member.tenant_id, member.pk, public_id]:
        return None
    visible = ClassSession.objects.visible_to(member)
    tracks = RecordingTrack.objects.filter(READY | SO_FAR, public_id=public_id)
    there = Recording.objects.there().filter(session__in=visible)
    found: RecordingTrack | None = tracks.filter(recording__in=there).select_related("recording").first()
    return found


def may_still_watch(recording: Recording, member: Membership) -> bool:
    """Asked while a long answer is under way, when links are older than they may be."""
    with tenant_scope(member.tenant):
        fresh = Membership.objects.active().filter(pk=member.pk).select_related("tenant").first()
        if fresh is None:
            return False
        visible = ClassSession.objects.visible_to(fresh)
        return bool(Recording.objects.there().filter(pk=recording.pk, session__in=visible).exists())


def link_to(page: str, public_id: str, member: Membership) -> str:
    """To what else is shown of a recording (`page`: the name of its URL), on the terms of a track's."""
    ticket = signing.dumps([member.tenant_id, member.pk, page, public_id], salt=SALT, compress=True)
    return reverse(page, args=[public_id, ticket])


def watched_with(page: str, public_id: str, ticket: str, member: Membership) -> RecordingQuerySet:
    """The recordings of which this link may show something: none unless it is this person's, and fresh."""
    recordings: RecordingQuerySet = Recording.objects.there()
    try:
        signed = signing.loads(ticket, salt=SALT, max_age=LINK_LASTS)
    except signing.BadSignature:
        return recordings.none()
    if signed != [member.tenant_id, member.pk, page, public_id]:
        return recordings.none()
    return recordings.filter(session__in=ClassSession.objects.visible_to(member))


def playable(recording: Recording) -> list[RecordingTrack]:
    """What is finished."""
    ready = recording.tracks.filter(state=RecordingTrack.State.READY).exclude(started_at=None)
    return list(ready.select_related("participant"))


def begins_at(recording: Recording, tracks: list[RecordingTrack]) -> datetime:
    """The zero of the class's time."""
    return min((track.started_at for track in tracks if track.started_at), default=recording.started_at)


def watchable(recording: Recording) -> list[RecordingTrack]:
    """And what there is so far of the rest."""
    there = recording.tracks.filter(READY | SO_FAR).exclude(started_at=None)
    return list(there.select_related("participant"))


def told(recording: Recording, member: Membership) -> dict[str, Any]:
    """Tracks and chat, in seconds since the first track began."""
    tracks = watchable(recording)
    begins = begins_at(recording, tracks)
    return {
        "id": recording.public_id,
        "startedAt": begins.isoformat(),
        "goesOn": recording.ended_at is None,
        "tracks": [_track(track, begins, member) for track in tracks],
        "chat": _chat(recording, begins),
        "storyboard": _storyboard(recording, member),
    }


def _storyboard(recording: Recording, member: Membership) -> dict[str, Any] | None:
    """Small pictures in one file, ten in a row, one every so many seconds of the viewer's time."""
    if not recording.storyboard or recording.storyboard_every <= 0:
        return None
    url = link_to("recorded-storyboard", recording.public_id, member)
    return {"url": url, "every": recording.storyboard_every}


def _track(track: RecordingTrack, begins: datetime, member: Membership) -> dict[str, Any]:
    return {
        "id": track.public_id,
        "source": track.source,
        "name": track.name,
        "teaches": bool(track.participant and track.participant.role == "teacher"),
        "from": _since(begins, track.started_at),
        "to": _since(begins, track.ended_at or track.so_far_until),
        "person": track.participant.public_id if track.participant else track.name,
        "speech": track.speech,
        "kind": track.kind,
        "url": signed_link(track, member),
    }


def _chat(recording: Recording, begins: datetime) -> list[dict[str, Any]]:
    """What was written to everyone while it recorded."""
    recorded = recorded_spans(recording)
    said = ChatMessage.objects.to_everyone().filter(session=recording.session_id, deleted="")
    said = said.filter(said_at__gte=recording.started_at).prefetch_related("materials")
    said = said.select_related("by__membership")
    return [
        {
            "at": max(0.0, _since(begins, message.said_at)),
            "name": message.by.name,
            "hue": message.by.hue,
            "text": message.text,
            "files": [material.name for material in message.materials.all()],
        }
        for message in said
        if any(since <= message.said_at <= until for since, until in recorded)
    ]


def recorded_spans(recording: Recording) -> list[Interval]:
    """When it recorded: without its pauses."""
    changes = SessionEvent.objects.filter(session=recording.session_id, type="recording_changed")
    return intervals(recording, list(changes.order_by("seq")))


def intervals(recording: Recording, changes: list[SessionEvent]) -> list[Interval]:
    """From each beginning or going on to the next pause or the end."""
    found: list[Interval] = []
    since: datetime | None = None
    until = recording.ended_at or timezone.now()
    for change in changes:
        if change.at < recording.started_at or change.at > until:
            continue
        on = (change.payload["recording"] or {}).get("state") == Recording.State.ON
        if on and since is None:
            since = change.at
        elif not on and since is not None:
            found.append((since, change.at))
            since = None
    return [*found, (since, until)] if since else found


def _since(begins: datetime, at: datetime | None) -> float:
    return round(((at or begins) - begins).total_seconds(), 3)
