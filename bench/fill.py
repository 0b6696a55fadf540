"""A database full of schools that are all alike: what is slower in the larger one is slower by its size.

Each school: an owner, an admin, a teacher for each of its courses, and students, each in one course; five
classes of a course (two over, the others to come, the first course's third one is on), who was there, what
they wrote, a recording of the first, and the audit log.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any

from django.core.management.color import no_style
from django.db import connection

from accounts.entries import AuditEntry, Deed
from accounts.models import Membership, Role, User
from classrooms.models import (
    AttendanceSegment,
    ChatMessage,
    ClassSession,
    Course,
    Enrolment,
    Participant,
    Recording,
    RecordingTrack,
)
from tenants.models import Tenant
from tenants.scope import every_tenant

NOON = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
CLASSES = 5  # of a course
CAME = 5  # people to each class that is over
AT_ONCE = 2_000  # rows of one statement
SCHOOLS_AT_ONCE = 50
KINDS: tuple[type[Any], ...] = (  # what is pointed to first
    *(Tenant, User, Membership, Course, Enrolment, ClassSession, Participant, AttendanceSegment),
    *(ChatMessage, Recording, RecordingTrack, AuditEntry),
)
STRIDES: dict[type[Any], int] = {}  # how many rows of each kind the first school has


def fill(tenants: int, users: int, sessions: int) -> dict[str, float]:
    """How many rows, and in how many seconds. The first school is written, the others are its copies, made by
    the database itself."""
    began = time.monotonic()
    with every_tenant():
        rows = _schools(range(1), users, sessions)
        with connection.cursor() as cursor:
            if connection.vendor == "sqlite":  # nothing outlives the run
                cursor.execute("PRAGMA synchronous=OFF")
                cursor.execute("PRAGMA cache_size=-500000")
            for first in range(1, tenants, SCHOOLS_AT_ONCE):
                _copy(cursor, first, min(first + SCHOOLS_AT_ONCE, tenants) - 1)
            for statement in connection.ops.sequence_reset_sql(no_style(), KINDS):
                cursor.execute(statement)
            cursor.execute("ANALYZE")
    return {"rows": rows * tenants, "seconds": time.monotonic() - began}


def _copy(cursor: Any, first: int, last: int) -> None:
    """Copies of the first school's rows, for the schools `first` to `last`."""
    for kind in KINDS:
        fields = kind._meta.local_concrete_fields
        names, values = (
            ", ".join(each) for each in zip(*((at.column, _value(at)) for at in fields), strict=True)
        )
        table = kind._meta.db_table
        cursor.execute(
            f"WITH RECURSIVE copies(n) AS"
            f" (SELECT {first} UNION ALL SELECT n + 1 FROM copies WHERE n < {last})"
            f" INSERT INTO {table} ({names}) SELECT {values} FROM copies, {table}"
            f" WHERE id <= {STRIDES[kind]} ORDER BY n, id"
        )


def _value(field: Any) -> str:
    """A column of a copy: keys are moved on by as many rows as the first school has, words that only one row
    may have are told apart."""
    if field.primary_key or field.remote_field:
        target = field.model if field.primary_key else field.remote_field.model
        return f"{field.column} + n * {STRIDES[target]}" if target in STRIDES else field.column
    if field.column == "public_id":
        return "lower(hex(randomblob(16)))" if connection.vendor == "sqlite" else "md5(random()::text || n)"
    if field.unique or (field.model is Tenant and field.column == "name"):
        return f"{field.column} || '-' || n"
    return str(field.column)


def _schools(numbers: range, users: int, sessions: int) -> int:
    courses = max(1, sessions // CLASSES)
    schools = kept(
        Tenant(slug=f"school{n}", name=f"School {n:05}", time_zone="Europe/Berlin") for n in numbers
    )
    people = kept(
        User(email=f"p{n}@{school.slug}.test", name=_name(n), password="!")
        for school in schools
        for n in range(users)
    )
    everybody = iter(people)
    members = kept(
        Membership(tenant=school, user=next(everybody), role=_role(n, courses))
        for school in schools
        for n in range(users)
    )
    of_school = [members[n * users : (n + 1) * users] for n in range(len(schools))]
    taught = kept(
        Course(tenant=school, title=f"Course {n:04}", description="What it is about.")
        for school in schools
        for n in range(courses)
    )
    rows = [schools, people, members, taught, _enrolments(schools, of_school, taught, courses)]
    classes = kept(_classes(schools, of_school, taught, courses))
    rows += [classes, *_past(classes, of_school, users, courses), _log(schools)]
    STRIDES.update({kind: kind._base_manager.latest("pk").pk for kind in KINDS})
    return sum(map(len, rows))


def kept(rows: Iterable[Any]) -> list[Any]:
    """Written in batches; all with their keys."""
    rows, done = iter(rows), []
    while batch := list(islice(rows, AT_ONCE)):
        done += type(batch[0])._base_manager.bulk_create(batch)
    return done


def _name(n: int) -> str:
    """Names come in no order, as those of people do."""
    return f"{hashlib.sha256(str(n).encode()).hexdigest()[:6].capitalize()} Person"


def _role(n: int, courses: int) -> str:
    return [Role.OWNER, Role.ADMIN][n] if n < 2 else Role.TEACHER if n < 2 + courses else Role.STUDENT


def _enrolments(schools: list[Any], members: list[Any], taught: list[Any], courses: int) -> list[Any]:
    return kept(
        Enrolment(
            tenant=school,
            course=taught[at * courses + (n - 2) % courses],
            membership=member,
            role=Enrolment.Role.TEACHER if n < 2 + courses else Enrolment.Role.STUDENT,
        )
        for at, school in enumerate(schools)
        for n, member in enumerate(members[at])
        if n >= 2
    )


def _classes(schools: list[Any], members: list[Any], taught: list[Any], courses: int) -> Iterator[Any]:
    for at, school in enumerate(schools):
        for n in range(courses):
            for number in range(CLASSES):
                begin = NOON + (number - 2) * DAY + (n - 1) * 15 * MINUTE
                more: dict[str, Any] = {}
                if number < 2:
                    more = {"state": "ended", "started_at": begin, "ended_at": begin + 45 * MINUTE}
                elif number == 2 and n == 0:
                    more = {"state": "live", "started_at": begin}
                yield ClassSession(
                    tenant=school,
                    course=taught[at * courses + n],
                    title=f"Class {number}",
                    teacher=members[at][2 + n],
                    starts_at=begin,
                    ends_at=begin + 45 * MINUTE,
                    **more,
                )


def _past(classes: list[Any], members: list[Any], users: int, courses: int) -> Iterator[list[Any]]:
    """Who was there, when, what they said, and what is kept of it."""
    held = [(n, each) for n, each in enumerate(classes) if each.state != "scheduled"]
    in_school = courses * CLASSES
    came = kept(
        Participant(
            tenant_id=session.tenant_id,
            session=session,
            membership=members[n // in_school][who],
            name=_name(who),
            role="teacher" if person == 0 else "student",
            connection="" if session.ended_at else f"c{who}",
            joined_at=session.started_at,
            seen_at=NOON,
            left_at=session.ended_at,
        )
        for n, session in held
        for person in range(CAME)
        if (who := 2 + (n % in_school) // CLASSES + person * courses) < users
    )
    yield came
    yield kept(
        AttendanceSegment(
            tenant_id=each.tenant_id,
            participant=each,
            began_at=each.joined_at,
            ended_at=each.left_at,
            why="over" if each.left_at else "",
        )
        for each in came
    )
    yield kept(
        ChatMessage(
            tenant_id=each.tenant_id,
            session_id=each.session_id,
            number=each.pk,
            by=each,
            key="1",
            text="What somebody said in class.",
            said_at=each.joined_at,
        )
        for each in came
    )
    recordings = kept(
        Recording(
            tenant_id=session.tenant_id,
            session=session,
            state="ready",
            started_at=session.started_at,
            changed_at=session.ended_at,
            ended_at=session.ended_at,
        )
        for _, session in held
        if session.title == "Class 0"
    )
    yield recordings
    yield kept(
        RecordingTrack(
            tenant_id=each.tenant_id,
            recording=each,
            name="Somebody",
            source="camera",
            egress_id=f"EG_{each.pk}",
            state="ready",
            started_at=each.started_at,
            ended_at=each.ended_at,
            size=10**6,
        )
        for each in recordings
    )


def _log(schools: list[Any]) -> list[Any]:
    return kept(
        AuditEntry(tenant=school, who="Somebody", deed=Deed.PERSON_ADDED, door="page", object_name=_name(n))
        for school in schools
        for n in range(100)
    )
