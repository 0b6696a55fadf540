"""All recordings of a school that one person may watch, to be looked through."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Prefetch, Q

from accounts.models import Membership
from classrooms.models import ClassSession, Recording, RecordingQuerySet, RecordingTrack
from classrooms.recorded.retention import due_soon
from classrooms.recorded.timeline import length_of, stretches


@dataclass(frozen=True)
class Shown:
    """One row. `length`: what its viewer has before them; `goes_at`: when the school's rule deletes it, where
    that is soon."""

    recording: Recording
    length: timedelta
    goes_at: datetime | None


def playable() -> RecordingQuerySet:
    """Those that are over, have something to see or hear, and are not in the bin."""
    ready = RecordingTrack.objects.filter(state=RecordingTrack.State.READY, recording=OuterRef("pk"))
    found: RecordingQuerySet = Recording.objects.there().exclude(ended_at=None).filter(Exists(ready))
    return found


def library(member: Membership, asked: str = "") -> RecordingQuerySet:
    """Playable recordings of the classes that `member` sees, the newest first; `asked`: words of a class's or
    a course's title."""
    found = playable().filter(session__in=ClassSession.objects.visible_to(member))
    if asked:
        named = Q(session__title__icontains=asked) | Q(session__course__title__icontains=asked)
        found = found.filter(named)
    ready = RecordingTrack.objects.filter(state=RecordingTrack.State.READY).exclude(started_at=None)
    times = ready.only("recording", "started_at", "ended_at")
    parts = Prefetch("tracks", queryset=times, to_attr="parts")
    found = found.select_related("session__course", "tenant").prefetch_related(parts)
    return found.order_by("-started_at", "-pk")


def shown(recording: Recording, now: datetime) -> Shown:
    """`recording` is one of a library's."""
    parts: list[RecordingTrack] = recording.parts  # type: ignore[attr-defined]
    spans = [
        (part.started_at.timestamp(), part.ended_at.timestamp())
        for part in parts
        if part.started_at and part.ended_at
    ]
    length = timedelta(seconds=length_of(stretches(spans)))
    return Shown(recording, length, due_soon(recording, now))
