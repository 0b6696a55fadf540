"""Segments begin and end with what happens in `live/actions.py`, in its transactions; nothing else writes."""

from __future__ import annotations

from datetime import datetime

from classrooms.models import AttendanceSegment, Participant

Why = AttendanceSegment.Why


def came(person: Participant, at: datetime) -> None:
    """`person` is in the class from `at` on; nothing new when they are in it already."""
    if not person.segments.open().exists():
        person.segments.create(tenant_id=person.tenant_id, began_at=at)


def went(person: Participant, at: datetime, why: AttendanceSegment.Why) -> None:
    """Close what is open. Of two web processes one may have the later clock: none ends before it began."""
    for segment in person.segments.open():
        segment.ended_at, segment.why = max(at, segment.began_at), why
        segment.save(update_fields=["ended_at", "why"])


def last_here(person: Participant, at: datetime) -> datetime:
    """Up to when a person with a seat was surely in the class, as seen at `at`."""
    return at if person.is_here(at) or person.seen_at is None else person.seen_at
