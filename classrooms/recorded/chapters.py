"""Moments of a recording: its teacher's chapters, where polls began, and where people were lost."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.models import Membership
from classrooms.live.marks import check_chapters
from classrooms.models import Poll, Recording, RecordingMark
from classrooms.recorded.captions import check_leads
from classrooms.recorded.playback import recorded_spans
from classrooms.refusals import NoTitle, TitleTooLong

MOST_TITLE = 80
TOGETHER = 30.0  # seconds between two taps of one trouble
LONGEST = 120.0  # seconds of one trouble
EARLIER = 10.0  # seconds from what was hard to the first who says so


@dataclass(frozen=True)
class Trouble:
    """`count` people were lost at about `at` seconds of the class."""

    at: float
    count: int


def troubles(taps: Iterable[tuple[float, int]]) -> list[Trouble]:
    """Taps (when, whose), close to each other, as one. Pure."""
    found: list[list[tuple[float, int]]] = []
    for tap in sorted(taps):
        if found and tap[0] - found[-1][-1][0] <= TOGETHER and tap[0] - found[-1][0][0] <= LONGEST:
            found[-1].append(tap)
        else:
            found.append([tap])
    return [Trouble(max(0.0, each[0][0] - EARLIER), len({who for _, who in each})) for each in found]


def marks_told(recording: Recording, begins: datetime, *, leads: bool) -> dict[str, Any]:
    """In seconds of the class. Where people were lost is for those who lead it, and names nobody."""
    marks = list(recording.marks.all())
    chapters = [mark for mark in marks if mark.kind == RecordingMark.Kind.CHAPTER]
    told: dict[str, Any] = {
        "chapters": [
            {"id": mark.public_id, "at": _since(begins, mark.at), "title": mark.title} for mark in chapters
        ],
        "polls": _polls(recording, begins),
    }
    if leads:
        lost = [
            (_since(begins, mark.at), mark.by_id) for mark in marks if mark.kind == RecordingMark.Kind.LOST
        ]
        told["lost"] = [{"at": each.at, "count": each.count} for each in troubles(lost)]
    return told


def _polls(recording: Recording, begins: datetime) -> list[dict[str, Any]]:
    """What the class was asked while it recorded; no votes."""
    polls = Poll.objects.filter(session=recording.session_id, asked_at__gte=recording.started_at)
    spans = recorded_spans(recording) if polls else []
    return [
        {"at": _since(begins, poll.asked_at), "title": poll.question}
        for poll in polls
        if any(since <= poll.asked_at <= until for since, until in spans)
    ]


def _since(begins: datetime, at: datetime) -> float:
    return max(0.0, round((at - begins).total_seconds(), 3))


@transaction.atomic
def add_chapter(*, recording: Recording, by: Membership, title: str, at: datetime) -> RecordingMark:
    """Mark the moment `at` of the class, after it.

    Raises NotTheTeacher, NoTitle, TitleTooLong, TooManyChapters.
    """
    check_leads(recording, by)
    title = _title(title)
    check_chapters(recording)
    mark: RecordingMark = RecordingMark.objects.create(
        tenant=recording.tenant,
        recording=recording,
        kind=RecordingMark.Kind.CHAPTER,
        by=by,
        at=min(at, recording.ended_at or at),
        title=title,
    )
    return mark


def name_chapter(*, mark: RecordingMark, by: Membership, title: str) -> None:
    """Raises NotTheTeacher, NoTitle, TitleTooLong."""
    check_leads(mark.recording, by)
    mark.title = _title(title)
    mark.save(update_fields=["title"])


def remove_chapter(*, mark: RecordingMark, by: Membership) -> None:
    """Raises NotTheTeacher."""
    check_leads(mark.recording, by)
    mark.delete()


def _title(title: str) -> str:
    """Raises NoTitle, TitleTooLong."""
    words = " ".join(title.replace("\0", "").split())
    if not words:
        raise NoTitle
    if len(words) > MOST_TITLE:
        raise TitleTooLong
    return words
