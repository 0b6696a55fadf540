"""What people are told when a class or series is put on the calendar, changed, or taken off it.

One mail to each person for one change, however many classes it is about. The letter is written inside the
change's transaction, for what is cancelled is gone afterwards; the background worker sends it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from accounts.mails import address
from accounts.models import Membership
from classrooms.invitations import events
from classrooms.invitations.ics import Happening, Sheet, write
from classrooms.invitations.mails import deliver
from classrooms.mailing import BATCH
from classrooms.models import ClassSession, Course, Series
from tenants.hosts import site_of
from tenants.models import Tenant


@dataclass(frozen=True)
class Letter:
    """All that a mail says, as JSON can hold it. `kind`: scheduled, moved, changed or cancelled."""

    kind: str
    method: str  # REQUEST or CANCEL
    calendar: str
    title: str
    course: str
    teacher: str
    link: str
    starts_at: str  # ISO 8601; for a series of its first class
    ends_at: str
    was: str = ""  # when it used to begin
    sentence: dict[str, str] = field(default_factory=dict)  # of a series, in every language
    n: int = 1  # how many classes it is about


def tell_scheduled(session: ClassSession, at: datetime) -> None:
    if session.ends_at > at:
        letter = _about(
            session, "scheduled", "REQUEST", [events.single(session, site=site_of(session.tenant))], at
        )
        _send(session.tenant, letter, people(session.course, session.teacher))


def tell_changed(session: ClassSession, before: ClassSession, at: datetime) -> None:
    """Nobody reads of what is long past, nor that other people may enter."""
    moved = (session.starts_at, session.ends_at) != (before.starts_at, before.ends_at)
    if not moved and (session.title, session.teacher_id) == (before.title, before.teacher_id):
        return
    if max(session.ends_at, before.ends_at) <= at:
        return
    happening = _next_version(session)
    kind = "moved" if moved else "changed"
    was = before.starts_at.isoformat() if moved else ""
    asked = people(session.course, session.teacher)
    _send(session.tenant, _about(session, kind, "REQUEST", [happening], at, was=was), asked)
    if before.teacher_id not in asked:  # who taught it and is not of the course
        _tell_gone(session, [before.teacher_id], at)


def tell_cancelled(session: ClassSession, at: datetime) -> None:
    """Before the row is deleted."""
    if session.ends_at > at:
        _next_version(session)
        _tell_gone(session, people(session.course, session.teacher), at)


def tell_series(
    kind: str, root: Series, *, about: list[ClassSession], sentence: dict[str, str], at: datetime
) -> None:
    """A change to several classes of a series (`about`, still there or not): the series as it is now."""
    rows = rows_of(root)
    method = "REQUEST" if rows else "CANCEL"
    happenings = events.whole(root, rows or about, site=site_of(root.tenant), cancelled=not rows)
    letter = _about(about[0], kind, method, happenings, at, sentence=sentence, n=len(about))
    asked = people(root.course, *{row.teacher for row in [*rows, *about]})
    _send(root.tenant, letter, asked)


def rows_of(root: Series) -> list[ClassSession]:
    """Every class of a series, those moved to a part of their own too."""
    parts = [root.pk, *root.tails.values_list("pk", flat=True)]
    found = ClassSession.objects.filter(series__in=parts).order_by("slot", "pk")
    return list(found.select_related("course", "teacher__user", "tenant", "series"))


def people(course: Course, *teachers: Membership) -> list[int]:
    """Who is told: the people of the course and whoever teaches, unless they want no mail."""
    members = Membership.objects.active()
    asked = members.filter(enrolments__course=course) | members.filter(pk__in=[each.pk for each in teachers])
    wanted = asked.exclude(calendar__mails=False)
    return sorted(set(wanted.values_list("pk", flat=True)))


def _next_version(session: ClassSession) -> Happening:
    """Its event with the next SEQUENCE: by itself, or beside its series' one."""
    site = site_of(session.tenant)
    if session.series is None or session.slot is None:
        session.sequence += 1
        session.save(update_fields=["sequence"])
        return events.single(session, site=site)
    root = raised(session.series.root)
    return events.one_of(root, session, session.slot, site=site)


def raised(root: Series) -> Series:
    """The series with its next SEQUENCE, locked."""
    fresh: Series = Series.objects.select_for_update().get(pk=root.pk)
    fresh.sequence += 1
    fresh.save(update_fields=["sequence"])
    return fresh


def _tell_gone(session: ClassSession, asked: Iterable[int], at: datetime) -> None:
    site = site_of(session.tenant)
    if session.series is None or session.slot is None:
        happening = events.single(session, site=site, cancelled=True)
    else:
        root = Series.objects.get(pk=session.series.root.pk)
        happening = events.one_of(root, session, session.slot, site=site, cancelled=True)
    _send(session.tenant, _about(session, "cancelled", "CANCEL", [happening], at), asked)


def _about(
    session: ClassSession, kind: str, method: str, happenings: list[Happening], at: datetime, **more: Any
) -> Letter:
    tenant, begin = session.tenant, session.starts_at
    sheet = Sheet(happenings, method, organizer=address(), organizer_name=tenant.name)
    return Letter(
        kind=kind,
        method=method,
        calendar=write(sheet, zone=tenant.zone, stamp=at),
        title=session.title,
        course=session.course.title,
        teacher=session.teacher.name,
        link="" if kind == "cancelled" else happenings[0].address,
        starts_at=begin.isoformat(),
        ends_at=session.ends_at.isoformat(),
        **more,
    )


def _send(tenant: Tenant, letter: Letter, asked: Iterable[int]) -> None:
    told = asdict(letter)
    for batch in batched(asked):
        deliver.enqueue(tenant_id=tenant.pk, membership_ids=batch, letter=told)


def batched(asked: Iterable[int]) -> list[list[int]]:
    each = list(asked)
    return [each[n : n + BATCH] for n in range(0, len(each), BATCH)]
