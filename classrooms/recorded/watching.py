"""How much of a recording each student has watched. Times are the viewer's (timeline.py), in seconds."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from django.core.cache import cache
from django.db import transaction
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from accounts.models import Membership
from classrooms.models import Enrolment, Recording, RecordingView
from classrooms.recorded.playback import watchable
from classrooms.recorded.timeline import Span, length_of, stretches
from classrooms.refusals import MalformedReport, TooOften
from classrooms.spans import merged

NOTHING_BETWEEN = 0.5  # seconds apart are no two spans
MOST_SENT = 200  # spans in one report; a page sends one every 15 s
MOST_KEPT = 500  # spans of one person: the row stays small whatever they do
MOST_A_MINUTE = 30  # reports of one person

Second = Annotated[float, Field(ge=0, le=10**7, allow_inf_nan=False)]


class Report(BaseModel):
    """What a page says has been played since its last word."""

    model_config = ConfigDict(extra="forbid")
    seen: Annotated[list[tuple[Second, Second]], Field(max_length=MOST_SENT)]


def read_seen(body: bytes) -> list[Span]:
    """Raises MalformedReport."""
    try:
        return Report.model_validate_json(body).seen
    except ValidationError:
        raise MalformedReport from None


def once(spans: Iterable[Iterable[float]]) -> list[Span]:
    """What was watched, each moment once, without what is empty or backwards."""
    return merged(((start, end) for start, end in spans if start < end), NOTHING_BETWEEN)


def clamped(spans: Iterable[Span], length: float) -> list[Span]:
    """What of them lies within the recording."""
    inside = ((start, min(end, length)) for start, end in spans)
    return [(round(start, 1), round(end, 1)) for start, end in inside if start < end]


def bounded(spans: list[Span], most: int = MOST_KEPT) -> list[Span]:
    """At most so many: the smallest gaps are closed."""
    gaps = sorted(range(1, len(spans)), key=lambda index: spans[index][0] - spans[index - 1][1])
    closed = set(gaps[: max(0, len(spans) - most)])
    found: list[Span] = []
    for index, span in enumerate(spans):
        if index in closed:
            found[-1] = (found[-1][0], span[1])
        else:
            found.append(span)
    return found


def length(recording: Recording) -> float:
    """Seconds that its viewer has before them."""
    tracks = [(track.started_at, track.ended_at or track.so_far_until) for track in watchable(recording)]
    times = [(start, end) for start, end in tracks if start and end]
    begins = min((start for start, _ in times), default=recording.started_at)
    spans = (((start - begins).total_seconds(), (end - begins).total_seconds()) for start, end in times)
    return length_of(stretches(spans))


@transaction.atomic
def count_seen(*, recording: Recording, member: Membership, spans: list[Span], at: datetime) -> None:
    """Add what `member` has just watched. Who leads the class is not counted. Raises TooOften."""
    if not may_report(member):
        raise TooOften
    fitting = clamped(spans, length(recording))
    if not fitting or recording.session.led_by(member):
        return
    views = RecordingView.objects.select_for_update()
    times = {"tenant": recording.tenant, "first_at": at, "last_at": at}
    view, _ = views.get_or_create(recording=recording, membership=member, defaults=times)
    view.last_at, view.seen = at, bounded(once([*view.seen, *fitting]))
    view.save(update_fields=["last_at", "seen"])


def may_report(member: Membership) -> bool:
    """Whether this member has not reported too often within the minute, and count one more."""
    key = f"seen-{member.tenant_id}-{member.pk}"
    cache.add(key, 0, timeout=60)
    with suppress(ValueError):  # the minute ended just now
        return bool(cache.incr(key) <= MOST_A_MINUTE)
    return True


@dataclass(frozen=True)
class Watched:
    """One student; `percent` of the recording, `last_at` None: nothing yet."""

    member: Membership
    percent: int
    last_at: datetime | None


def watched(recording: Recording) -> list[Watched]:
    """The students of the course, those who have watched least first."""
    whole = length(recording)
    views = {view.membership_id: view for view in recording.views.all()}
    students = Enrolment.objects.filter(
        course=recording.session.course, role=Enrolment.Role.STUDENT, membership__is_active=True
    ).select_related("membership__user")
    rows = [_row(each.membership, views.get(each.membership_id), whole) for each in students]
    return sorted(rows, key=lambda row: (row.percent, row.member.name))


def _row(member: Membership, view: RecordingView | None, whole: float) -> Watched:
    if view is None:
        return Watched(member, 0, None)
    return Watched(member, percent(view.seen, whole), view.last_at)


def percent(spans: Iterable[Iterable[float]], whole: float) -> int:
    """Who has begun has seen one at least."""
    seen = sum(end - start for start, end in once(spans))
    return min(100, max(1, round(100 * seen / whole))) if seen and whole else 0
