"""Changes to series. One transaction each: all classes of it, or none."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial

from django.db import transaction

from accounts.audit import differences, note
from accounts.entries import Deed
from accounts.models import Membership
from classrooms.actions import LATE_START, check_teaches, facts, placed, still_scheduled
from classrooms.hooks.events import of_calendar
from classrooms.invitations.letters import raised, rows_of, tell_series
from classrooms.models import ClassSession, Course, Series
from classrooms.recurrence import MOST_CLASSES, Rule, moment
from classrooms.refusals import (
    AllSkipped,
    NoSuchDays,
    NotTheTeacher,
    SeriesTaken,
    SeriesTooLong,
    TimePassed,
)
from classrooms.repeating.words import words_of
from tenants.languages import in_every

State = ClassSession.State


@dataclass(frozen=True)
class Later:
    """What became of a class and those after it: `done` were changed or cancelled, `kept` are as they were,
    for they had been changed by hand."""

    done: list[ClassSession]
    kept: list[ClassSession]


@transaction.atomic
def schedule_series(
    *,
    course: Course,
    by: Membership,
    teacher: Membership,
    title: str,
    rule: Rule,
    duration: timedelta,
    entry: str,
    records: bool | None = None,
    at: datetime,
    despite_clash: bool = False,
    skipped: Collection[date] = (),
) -> Series:
    """Put every class of `rule` but those of the days `skipped` on the course's calendar, on the school's
    clock.

    Raises NotTheTeacher, NoTeacherHere, NoSuchDays, SeriesTooLong, AllSkipped, TimePassed, SeriesTaken.
    """
    if not course.led_by(by):
        raise NotTheTeacher
    check_teaches(teacher, course)
    zone = course.tenant.zone
    days = kept(days_of(rule), skipped)
    times = {day: moment(day, rule.clock, zone) for day in days}
    if times[days[0]] < at - LATE_START:
        raise TimePassed
    if not despite_clash:
        check_free(course, teacher, times, duration)
    series = Series.objects.create(
        tenant=course.tenant,
        course=course,
        zone_name=zone.key,
        every=rule.every,
        weekdays=list(rule.weekdays),
        starts_on=rule.starts_on,
        clock=rule.clock,
        minutes=duration // timedelta(minutes=1),
        until=rule.until,
        count=rule.count,
    )
    made = [
        ClassSession(
            tenant=course.tenant,
            course=course,
            series=series,
            slot=day,
            title=title,
            teacher=teacher,
            starts_at=begin,
            ends_at=begin + duration,
            entry=entry,
            records=records,
        )
        for day, begin in times.items()
    ]
    ClassSession.objects.bulk_create(made)
    of_calendar("scheduled", made, at)
    changes = placed(made[0]) | {"classes": [0, len(made)]}
    note(deed=Deed.CLASS_SCHEDULED, by=by, tenant=by.tenant, on=made[0], changes=changes)
    tell_series(
        "scheduled", series, about=made, sentence=in_every(partial(words_of, series, made, at)), at=at
    )
    return series


@transaction.atomic
def reschedule_later(
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
) -> Later:
    """Change a class of a series and those after it. All move by as much, on the wall clock.

    Raises NotTheTeacher, AlreadyStarted, NoTeacherHere, TimePassed, SeriesTaken.
    """
    root, fresh, later, kept = _from(session, by, at)
    check_teaches(teacher, fresh.course)
    shift = _shift(fresh, starts_at, root)
    begins = {row: _begin(row, shift, root) for row in later} | {fresh: starts_at}
    if shift and min(begins.values()) < at - LATE_START:
        raise TimePassed
    if not despite_clash:
        times = {begin.astimezone(root.zone).date(): begin for begin in begins.values()}
        check_free(fresh.course, teacher, times, duration, besides=begins)
    old = {row: (row.starts_at, row.ends_at, row.title, row.teacher_id) for row in begins}
    before = facts(fresh)
    _assign_parts(root, begins, shift, duration)
    for row, begin in begins.items():
        row.title, row.teacher, row.entry, row.records = title, teacher, entry, records
        row.starts_at, row.ends_at = begin, begin + duration
        row.set_apart = row.set_apart and begin != _begin(row, timedelta(), root)
    _save(begins, backwards=shift > timedelta())
    if any(old[row] != (row.starts_at, row.ends_at, row.title, row.teacher_id) for row in begins):
        of_calendar("changed", begins, at)
        changes = differences(before, facts(fresh)) | {"classes": [None, len(begins)]}
        note(deed=Deed.CLASS_CHANGED, by=by, tenant=by.tenant, on=fresh, changes=changes)
        moved = any(old[row][:2] != (row.starts_at, row.ends_at) for row in begins)
        _tell("moved" if moved else "changed", root, [fresh, *later], at)
    return Later([fresh, *later], kept)


@transaction.atomic
def cancel_later(*, session: ClassSession, by: Membership, at: datetime) -> Later:
    """Take a class of a series and those after it off the calendar. Raises NotTheTeacher, AlreadyStarted."""
    root, fresh, later, kept = _from(session, by, at)
    gone = [fresh, *later]
    of_calendar("cancelled", gone, at)
    changes = placed(fresh) | {"classes": [len(gone), 0]}
    note(deed=Deed.CLASS_CANCELLED, by=by, tenant=by.tenant, on=fresh, changes=changes)
    ClassSession.objects.filter(pk__in=[row.pk for row in gone]).delete()
    if any(row.ends_at > at for row in gone):
        _tell("cancelled", root, gone, at)
    return Later(gone, kept)


def days_of(rule: Rule) -> list[date]:
    """Every day of it. Raises NoSuchDays, SeriesTooLong."""
    days = rule.first(MOST_CLASSES)
    if not days:
        raise NoSuchDays
    if len(days) > MOST_CLASSES:
        raise SeriesTooLong(MOST_CLASSES)
    return days


def kept(days: Iterable[date], skipped: Collection[date]) -> list[date]:
    """Raises AllSkipped."""
    left = [day for day in days if day not in skipped]
    if not left:
        raise AllSkipped
    return left


def check_free(
    course: Course,
    teacher: Membership,
    times: dict[date, datetime],
    duration: timedelta,
    besides: Iterable[ClassSession] = (),
) -> None:
    """Raises SeriesTaken with every day on which the course or the teacher has something else."""
    first, last = min(times.values()), max(times.values()) + duration
    found = ClassSession.objects.clashing(course=course, teacher=teacher, starts_at=first, ends_at=last)
    others = list(found.exclude(pk__in=[row.pk for row in besides]).order_by("starts_at"))
    clashes = [
        (day, other)
        for day, begin in times.items()
        for other in others
        if other.starts_at < begin + duration and begin < other.ends_at
    ]
    if clashes:
        raise SeriesTaken(clashes, len(times))


def later_of(session: ClassSession, at: datetime) -> tuple[list[ClassSession], list[ClassSession]]:
    """What comes after a class in its series and is not live or over: what follows it, and what stays as it
    is because it was changed by hand."""
    if session.series is None or session.slot is None:
        return [], []
    after = [
        row
        for row in rows_of(session.series.root)
        if row.slot and row.slot > session.slot and row.state == State.SCHEDULED and row.ends_at > at
    ]
    return [row for row in after if not row.set_apart], [row for row in after if row.set_apart]


def _from(
    session: ClassSession, by: Membership, at: datetime
) -> tuple[Series, ClassSession, list[ClassSession], list[ClassSession]]:
    """The series as calendars know it, the class, those that follow it, and those that stay: all locked."""
    fresh = still_scheduled(session, by)
    if fresh.series is None:
        raise ValueError(f"{fresh.public_id} belongs to no series.")
    root: Series = Series.objects.select_for_update().get(pk=fresh.series.root.pk)
    parts = [root.pk, *root.tails.values_list("pk", flat=True)]
    list(ClassSession.objects.select_for_update().filter(series__in=parts).values_list("pk"))
    later, kept = later_of(fresh, at)
    return root, fresh, later, kept


def _shift(fresh: ClassSession, starts_at: datetime, root: Series) -> timedelta:
    """By how much the class moves on the wall clock."""
    if starts_at == fresh.starts_at:
        return timedelta()
    was = fresh.starts_at.astimezone(root.zone).replace(tzinfo=None)
    if not fresh.set_apart:
        was = _ruled(fresh)
    return starts_at.astimezone(root.zone).replace(tzinfo=None) - was


def _ruled(row: ClassSession) -> datetime:
    """Where the row's own part of the series has it, on the wall clock."""
    assert row.series is not None and row.slot is not None  # noqa: PT018
    return datetime.combine(row.series.day_of(row.slot), row.series.clock)


def _begin(row: ClassSession, shift: timedelta, root: Series) -> datetime:
    local = _ruled(row) + shift
    return moment(local.date(), local.time(), root.zone)


def _assign_parts(
    root: Series, begins: dict[ClassSession, datetime], shift: timedelta, duration: timedelta
) -> None:
    """Let the moved ones be a part of their own, or the series itself where all of it moves."""
    minutes = duration // timedelta(minutes=1)
    rows = rows_of(root)
    moved = _moved_rule(root, shift)
    if moved and {row.pk for row in rows} == {row.pk for row in begins} and not root.tails.exists():
        _move_all(root, begins, moved, minutes)
        return
    parts = {row.series for row in begins if row.series and (shift or row.series.minutes != minutes)}
    for part in parts:
        its = [row for row in begins if row.series == part]
        tail = _tail(root, part, sorted(row.slot for row in its if row.slot), shift, minutes)
        for row in its:
            row.series = tail


def _moved_rule(root: Series, shift: timedelta) -> Rule | None:
    """The whole rule so much later; None where no rule says that: every second Monday and Friday moved to
    Thursday and the Monday of the week between."""
    local = datetime.combine(root.starts_on, root.clock) + shift
    days = (local.date() - root.starts_on).days
    moved = root.rule.shifted(days, local.time())
    same = [day + timedelta(days=days) for day in root.rule.days()] == list(moved.days())
    return moved if same else None


def _move_all(root: Series, begins: Iterable[ClassSession], rule: Rule, minutes: int) -> None:
    later = rule.starts_on - root.starts_on
    root.starts_on, root.clock, root.until = rule.starts_on, rule.clock, rule.until
    root.weekdays, root.minutes = list(rule.weekdays), minutes
    root.save(update_fields=["starts_on", "clock", "until", "weekdays", "minutes"])
    for row in begins:
        row.series = root
        row.slot = row.slot and row.slot + later


def _tail(root: Series, part: Series, slots: list[date], shift: timedelta, minutes: int) -> Series:
    """The part of a series that has `slots`, at its new time."""
    day = part.day_of(slots[0])
    local = datetime.combine(day, part.clock) + shift
    days = (local.date() - day).days
    rule = part.rule.shifted(days, local.time())
    return Series.objects.create(
        tenant=root.tenant,
        course=root.course,
        head=root,
        zone_name=root.zone_name,
        every=rule.every,
        weekdays=list(rule.weekdays),
        starts_on=local.date(),
        clock=rule.clock,
        minutes=minutes,
        until=part.day_of(slots[-1]) + timedelta(days=days),
        shift=part.shift + days,
    )


def _save(rows: Iterable[ClassSession], *, backwards: bool) -> None:
    """From the end where days move on: no two have the same slot on the way."""
    names = ["title", "teacher", "entry", "records", "starts_at", "ends_at", "set_apart", "series", "slot"]
    for row in sorted(rows, key=lambda row: row.starts_at, reverse=backwards):
        row.save(update_fields=names)


def _tell(kind: str, root: Series, rows: list[ClassSession], at: datetime) -> None:
    """After the change: everybody's calendar gets the series as it is now."""
    fresh = raised(root)
    first = rows[0].series
    left = [row for row in rows_of(fresh) if row.series == first] if first else []
    sentence = in_every(partial(words_of, first, left, at)) if first and left else {}
    tell_series(kind, fresh, about=rows, sentence=sentence, at=at)
