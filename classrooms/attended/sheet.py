"""The attendance of one class: everyone of its course, who else of the school came, and guests."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Prefetch

from accounts.models import Membership
from classrooms.attended.segments import last_here
from classrooms.attended.stays import Presence, Span, length, presence, taught
from classrooms.models import AttendanceSegment, ClassSession, Enrolment, Participant


@dataclass(frozen=True)
class Row:
    """One person; `presence` None: did not come."""

    member: Membership
    teaches: bool
    presence: Presence | None

    @property
    def who(self) -> Membership:
        return self.member


@dataclass(frozen=True)
class GuestRow:
    """A guest, known by the name they gave."""

    who: Participant
    presence: Presence | None
    teaches: bool = False


@dataclass(frozen=True)
class Sheet:
    """`held`: the class's real time (stays.taught). A class that nobody ended counts until the last one left,
    and an outage that put everyone out counts against nobody."""

    session: ClassSession
    held: list[Span]
    rows: list[Row]
    visitors: list[Row]
    guests: list[GuestRow]

    @property
    def began_at(self) -> datetime:
        return self.session.started_at or self.session.starts_at

    @property
    def length(self) -> timedelta:
        return length(self.held)

    @property
    def students(self) -> list[Row]:
        return [row for row in self.rows if not row.teaches]

    @property
    def came(self) -> int:
        """How many students of the course."""
        return sum(row.presence is not None for row in self.students)

    def of(self, member: Membership) -> Row | None:
        return next((row for row in (*self.rows, *self.visitors) if row.member == member), None)


def sheet(session: ClassSession, now: datetime) -> Sheet:
    return drawn(session, enrolled(session.course_id), came_to([session]), now)


def enrolled(course_id: int) -> list[Enrolment]:
    found = Enrolment.objects.filter(course=course_id).select_related("membership__user")
    return list(found.order_by("membership__user__name", "pk"))


def came_to(sessions: Iterable[ClassSession]) -> list[Participant]:
    """Everybody who was in one of them, with all segments: two queries."""
    segments = Prefetch("segments", queryset=AttendanceSegment.objects.all())
    people = Participant.objects.filter(session__in=[session.pk for session in sessions])
    return list(people.select_related("membership__user").prefetch_related(segments))


def drawn(
    session: ClassSession, enrolments: Iterable[Enrolment], people: Iterable[Participant], now: datetime
) -> Sheet:
    """`people`: those who were in this class."""
    everybody = sorted(people, key=lambda each: each.name)
    spans = {person.pk: spans_of(person, now) for person in everybody}
    held = taught((span for each in spans.values() for span in each), session.starts_at)
    members = {person.membership_id: person for person in everybody if person.membership_id}

    def was(person: Participant | None) -> Presence | None:
        return presence(spans[person.pk], held, here=person.is_here(now)) if person else None

    began = session.started_at or session.starts_at
    counted = [each for each in enrolments if each.membership_id in members or was_in_course(each, began)]
    rows = [
        Row(each.membership, each.role == Enrolment.Role.TEACHER, was(members.get(each.membership_id)))
        for each in counted
    ]
    known = {each.membership_id for each in counted}
    visitors = [
        Row(each.membership, each.role == Participant.Role.TEACHER, was(each))
        for each in members.values()
        if each.membership and each.membership_id not in known
    ]
    guests = [GuestRow(each, was(each)) for each in everybody if each.is_guest]
    return Sheet(
        session,
        held,
        rows,
        [each for each in visitors if each.presence],
        [each for each in guests if each.presence],
    )


def spans_of(person: Participant, now: datetime) -> list[Span]:
    """An open one goes on while there are signs of life, and to the last of them."""
    return [
        (each.began_at, each.ended_at or max(each.began_at, last_here(person, now)))
        for each in person.segments.all()
    ]


def was_in_course(enrolment: Enrolment, at: datetime) -> bool:
    """Whether a class at that time was one of theirs: who joined the course later has not missed it."""
    joined = enrolment.added_at
    return enrolment.membership.is_active and (joined is None or joined <= at)
