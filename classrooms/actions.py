"""Changes to courses and their calendar. Every door (page, API, command) comes through here."""

from __future__ import annotations

from collections.abc import Iterable
from copy import copy
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from accounts.audit import differences, note
from accounts.entries import Deed
from accounts.models import Membership
from classrooms.hooks.events import of_calendar
from classrooms.invitations.letters import tell_cancelled, tell_changed, tell_scheduled
from classrooms.models import ClassSession, Course, Enrolment
from classrooms.refusals import (
    AlreadyStarted,
    LastTeacher,
    NoTeacherHere,
    NotTheTeacher,
    TimePassed,
    TimeTaken,
)

LATE_START = timedelta(minutes=15)  # a class that should have begun just now may still be put on the calendar


@transaction.atomic
def create_course(
    *,
    by: Membership,
    title: str,
    description: str = "",
    records: bool = False,
    guests_wait: bool | None = None,
) -> Course:
    """Open a course, whose classes are recorded from their start if it `records`. A teacher teaches it;
    admins say afterwards who does. `guests_wait`: to be let in; None as the school has it."""
    if not by.teaches:
        raise NotTheTeacher
    chosen = {"title": title, "description": description, "records": records, "guests_wait": guests_wait}
    course: Course = Course.objects.create(tenant=by.tenant, **chosen)
    if not by.runs_school:
        course.enrolments.create(tenant=by.tenant, membership=by, role=Enrolment.Role.TEACHER)
    note(deed=Deed.COURSE_ADDED, by=by, tenant=by.tenant, on=course)
    return course


@transaction.atomic
def change_course(
    *,
    course: Course,
    by: Membership,
    title: str,
    description: str,
    records: bool,
    guests_wait: bool | None = None,
) -> None:
    """A class that is on goes on as it is: recorded, or not."""
    if not course.led_by(by):
        raise NotTheTeacher
    new = {"title": title, "description": description, "records": records, "guests_wait": guests_wait}
    changes = differences({name: getattr(course, name) for name in new}, new)
    for name, value in new.items():
        setattr(course, name, value)
    course.save(update_fields=list(new))
    if changes:
        note(deed=Deed.COURSE_CHANGED, by=by, tenant=by.tenant, on=course, changes=changes)


@transaction.atomic
def enrol(*, course: Course, by: Membership, members: Iterable[Membership], role: str, at: datetime) -> int:
    """Put active people of the school into a course; who is in it already stays as they are.

    Returns how many are new. Students of the school cannot become a course's teachers.
    """
    if not course.led_by(by):
        raise NotTheTeacher
    new = 0
    for member in members:
        if role == Enrolment.Role.TEACHER and not member.teaches:
            raise NoTeacherHere
        made = course.enrolments.get_or_create(
            membership=member, defaults={"tenant": course.tenant, "role": role, "added_at": at}
        )[1]
        new += made
        if made:
            changes = {"person": [None, member.name], "role": [None, str(role)]}
            note(deed=Deed.ENROLLED, by=by, tenant=by.tenant, on=course, changes=changes)
    return new


def last_teacher(course: Course, by: Membership) -> Enrolment | None:
    """Whom `by` may not take out of the course, for nobody would teach it. The school's own people may."""
    teachers = list(course.enrolments.filter(role=Enrolment.Role.TEACHER)[:2])
    return teachers[0] if len(teachers) == 1 and not by.runs_school else None


@transaction.atomic
def remove_enrolment(*, enrolment: Enrolment, by: Membership) -> None:
    """Take somebody out of a course. Teachers cannot leave it without one."""
    course = enrolment.course
    if not course.led_by(by):
        raise NotTheTeacher
    if enrolment == last_teacher(course, by):
        raise LastTeacher
    changes = {"person": [enrolment.membership.name, None]}
    enrolment.delete()
    note(deed=Deed.ENROLMENT_REMOVED, by=by, tenant=by.tenant, on=course, changes=changes)


@transaction.atomic
def schedule_session(
    *,
    course: Course,
    by: Membership,
    teacher: Membership,
    title: str,
    starts_at: datetime,
    duration: timedelta,
    entry: str = ClassSession.Entry.ENROLLED,
    records: bool | None = None,
    at: datetime,
    despite_clash: bool = False,
) -> ClassSession:
    """Put a class on the course's calendar. `at` is now; `despite_clash` accepts a clash once it was told;
    `records`: from its start, None as the course has it."""
    session = ClassSession(tenant=course.tenant, course=course, title=title, entry=entry, records=records)
    if not course.led_by(by):
        raise NotTheTeacher
    _place(session, teacher, starts_at, duration, at, despite_clash)
    session.save()
    tell_scheduled(session, at)
    of_calendar("scheduled", [session], at)
    note(deed=Deed.CLASS_SCHEDULED, by=by, tenant=by.tenant, on=session, changes=placed(session))
    return session


@transaction.atomic
def reschedule_session(
    *,
    session: ClassSession,
    by: Membership,
    teacher: Membership,
    title: str,
    starts_at: datetime,
    duration: timedelta,
    entry: str,
    records: bool | None,
    at: datetime,
    despite_clash: bool = False,
) -> ClassSession:
    """Change a class that has not started: its title, time, teacher, who may enter or its recording.

    One of a series is set apart by it: changes to the series pass it by from then on.
    """
    fresh = still_scheduled(session, by)
    before = copy(fresh)
    fresh.title, fresh.entry, fresh.records = title, entry, records
    _place(fresh, teacher, starts_at, duration, at, despite_clash)
    fresh.set_apart |= fresh.series_id is not None and differs(fresh, before)
    fresh.save(update_fields=["title", "entry", "records", "teacher", "starts_at", "ends_at", "set_apart"])
    tell_changed(fresh, before, at)
    if differs(fresh, before):
        of_calendar("changed", [fresh], at)
        note(
            deed=Deed.CLASS_CHANGED,
            by=by,
            tenant=by.tenant,
            on=fresh,
            changes=differences(facts(before), facts(fresh)),
        )
    return fresh


@transaction.atomic
def cancel_session(*, session: ClassSession, by: Membership, at: datetime) -> None:
    """Take a class that has not started off the calendar. Its link then leads nowhere."""
    fresh = still_scheduled(session, by)
    tell_cancelled(fresh, at)
    of_calendar("cancelled", [fresh], at)
    note(deed=Deed.CLASS_CANCELLED, by=by, tenant=by.tenant, on=fresh)
    fresh.delete()


def facts(session: ClassSession) -> dict[str, Any]:
    """What a teacher chooses about a class, as the audit log says it: times on the school's clock."""
    zone = session.tenant.zone
    return {
        "title": session.title,
        "teacher": session.teacher.name,
        "entry": str(session.entry),
        "records": session.records,
        "starts_at": f"{session.starts_at.astimezone(zone):%Y-%m-%d %H:%M}",
        "ends_at": f"{session.ends_at.astimezone(zone):%Y-%m-%d %H:%M}",
    }


def placed(session: ClassSession) -> dict[str, list[Any]]:
    """The course and the time of a class that is new."""
    chosen = facts(session)
    return {"course": [None, session.course.title]} | {
        name: [None, chosen[name]] for name in ("teacher", "starts_at", "ends_at")
    }


def differs(session: ClassSession, before: ClassSession) -> bool:
    """Whether anything that a teacher chooses is another."""
    chosen = ("title", "entry", "records", "teacher_id", "starts_at", "ends_at")
    return any(getattr(session, name) != getattr(before, name) for name in chosen)


def still_scheduled(session: ClassSession, by: Membership) -> ClassSession:
    """The row as it is now, locked. Raises NotTheTeacher or AlreadyStarted."""
    fresh = ClassSession.objects.select_for_update().get(pk=session.pk)
    if not fresh.led_by(by):
        raise NotTheTeacher
    if fresh.state != ClassSession.State.SCHEDULED:
        raise AlreadyStarted
    return fresh


def check_teaches(teacher: Membership, course: Course) -> None:
    """Raises NoTeacherHere."""
    if not teacher.teaches or teacher.tenant_id != course.tenant_id:
        raise NoTeacherHere


def _place(
    session: ClassSession,
    teacher: Membership,
    starts_at: datetime,
    duration: timedelta,
    at: datetime,
    despite_clash: bool,
) -> None:
    """Set teacher and time. Raises NoTeacherHere, TimePassed (unless the time stays) or TimeTaken."""
    check_teaches(teacher, session.course)
    ends_at = starts_at + duration
    if starts_at < at - LATE_START and starts_at != session.starts_at:
        raise TimePassed
    clashing = ClassSession.objects.clashing(
        course=session.course, teacher=teacher, starts_at=starts_at, ends_at=ends_at
    )
    other = clashing.exclude(pk=session.pk).first()
    if other is not None and not despite_clash:
        raise TimeTaken(other)
    session.teacher, session.starts_at, session.ends_at = teacher, starts_at, ends_at
