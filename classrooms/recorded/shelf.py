"""A class's recordings as its page lists them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef

from classrooms.models import ClassSession, Recording, RecordingTrack
from classrooms.recorded.retention import due_soon


@dataclass(frozen=True)
class Shelved:
    """One of them; `playable`: there is something to see or hear; `goes_at`: when the school's rule deletes
    it, where that is soon."""

    recording: Recording
    playable: bool
    goes_at: datetime | None


@dataclass(frozen=True)
class Shelf:
    """All that are over. Those in the bin are shown to who leads the class, and to nobody else."""

    there: list[Shelved]
    bin: list[Recording]
    is_on: bool
    """Another one is on or paused."""

    @property
    def plays(self) -> bool:
        return any(each.playable for each in self.there)


def shelf(session: ClassSession, *, leads: bool, now: datetime) -> Shelf:
    ready = RecordingTrack.objects.filter(state=RecordingTrack.State.READY, recording=OuterRef("pk"))
    found = session.recordings.select_related("session", "tenant").annotate(playable=Exists(ready))
    is_on = any(each.ended_at is None for each in found)
    rows: list[Any] = [each for each in found if each.ended_at is not None]
    there = [Shelved(each, each.playable, due_soon(each, now)) for each in rows if each.deleted_at is None]
    return Shelf(there, [each for each in rows if each.deleted_at is not None and leads], is_on)
