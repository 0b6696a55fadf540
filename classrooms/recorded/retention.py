"""What is kept no longer: recordings as the school wants it, the bin, and old reports of connections.

Whoever teaches is told a week before, and nothing goes before that week is over: not when a school begins to
delete today, nor when it was suspended meanwhile.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import ParamSpec

from django.db.models import QuerySet

from accounts.models import Membership, Role
from classrooms.models import Recording
from classrooms.recorded.bin import delete_for_good
from classrooms.recorded.mails import send_warning
from classrooms.reports import forget_old_reports
from tenants.models import Tenant
from tenants.scope import tenant_scope

P = ParamSpec("P")
logger = logging.getLogger(__name__)

WARNED_BEFORE = timedelta(days=7)
SHOWN_BEFORE = timedelta(days=14)


def sweep(now: datetime) -> None:
    """Warn of what is due in a week, delete what is due, empty the bins. Safe to repeat at any time."""
    for tenant in Tenant.objects.all():
        _attempt(f"School {tenant.slug} could not be swept", _sweep, tenant, now)
    _attempt("Old reports of connections could not be deleted", forget_old_reports, now)


def due_at(recording: Recording, now: datetime) -> datetime | None:
    """When the school's rule deletes it; None: never, or it is on or in the bin."""
    days = recording.tenant.recordings_kept_days
    if days is None or recording.ended_at is None or recording.deleted_at is not None:
        return None
    return max(recording.ended_at + timedelta(days=days), (recording.warned_at or now) + WARNED_BEFORE)


def due_soon(recording: Recording, now: datetime) -> datetime | None:
    """The same, where it is near enough to be shown."""
    due = due_at(recording, now)
    return due if due and due <= now + SHOWN_BEFORE else None


def _sweep(tenant: Tenant, now: datetime) -> None:
    with tenant_scope(tenant):
        if not tenant.is_active:  # nothing is deleted, and nobody reads a warning
            _forget_warnings(Recording.objects.all())
            return
        _apply(tenant.recordings_kept_days, now)
        gone = Recording.objects.filter(deleted_at__lte=now - Recording.BIN_KEEPS)
        _delete(gone, "its week in the bin is over")


def _apply(days: int | None, now: datetime) -> None:
    """The school's rule. A warning holds for the rule it was given under."""
    if days is None:
        _forget_warnings(Recording.objects.all())
        return
    kept = timedelta(days=days)
    ended = Recording.objects.there().filter(ended_at__isnull=False)
    _forget_warnings(ended.filter(ended_at__gt=now - kept + WARNED_BEFORE))
    _delete(ended.filter(ended_at__lte=now - kept, warned_at__lte=now - WARNED_BEFORE), "the school's rule")
    _warn(ended.filter(ended_at__lte=now - kept + WARNED_BEFORE, warned_at=None), now)


def _forget_warnings(recordings: QuerySet[Recording]) -> None:
    recordings.filter(warned_at__isnull=False).update(warned_at=None)


def _delete(recordings: QuerySet[Recording], reason: str) -> None:
    for pk in list(recordings.values_list("pk", flat=True)):
        recording = recordings.select_related("session").filter(pk=pk).first()
        if recording is None:  # restored while others were being deleted
            continue
        public_id, title = recording.public_id, recording.session.title
        if _attempt(f"Recording {public_id} could not be deleted", delete_for_good, recording):
            logger.info("Recording %s of “%s” is deleted for good: %s", public_id, title, reason)


def _warn(recordings: QuerySet[Recording], now: datetime) -> None:
    """One mail to each person, whatever is due. Who is reached by none is written to again the next time."""
    letters: dict[Membership, list[tuple[Recording, datetime]]] = {}
    reached: set[int] = set()
    for recording in recordings.select_related("tenant", "session__course", "session__teacher", "by"):
        people, due = list(_told(recording)), due_at(recording, now)
        for person in people:
            letters.setdefault(person, []).append((recording, due or now))
        if not people:  # their page shows the day all the same
            logger.warning("Nobody is left to be warned that recording %s goes", recording.public_id)
            reached.add(recording.pk)
    for person, lines in letters.items():
        if _attempt(f"{person.pk} could not be warned", send_warning, person, lines):
            reached.update(recording.pk for recording, _ in lines)
    Recording.objects.filter(pk__in=reached, warned_at=None).update(warned_at=now)


def _told(recording: Recording) -> Iterable[Membership]:
    """The class's teacher and who recorded it, while they lead it; else the school's own people."""
    session = recording.session
    asked = {each.pk for each in (session.teacher, recording.by) if each is not None}
    members = Membership.objects.active().select_related("user", "tenant")
    teachers = [each for each in members.filter(pk__in=asked) if session.led_by(each)]
    return teachers or members.filter(role__in=(Role.OWNER, Role.ADMIN))


def _attempt(failure: str, work: Callable[P, object], *args: P.args, **kwargs: P.kwargs) -> bool:
    """Whether it was done. What fails is logged and tried again the next time; the rest goes on."""
    try:
        work(*args, **kwargs)
    except Exception:
        logger.exception(failure)
        return False
    return True
