"""The attendance of a course over all its classes: who missed what."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from accounts.models import Membership
from classrooms.attended.sheet import Row, Sheet, came_to, drawn, enrolled
from classrooms.attended.stays import NONE, percent
from classrooms.models import ClassSession, Course, Participant


@dataclass
class Sum:
    """One student over the classes of their time in the course."""

    member: Membership
    of: int = 0
    came: int = 0
    late: int = 0
    spent: timedelta = NONE
    whole: timedelta = NONE
    missed: list[ClassSession] = field(default_factory=list)

    @property
    def percent(self) -> int:
        return percent(self.spent, self.whole) if self.came else 0

    def add(self, sheet: Sheet, row: Row) -> None:
        self.of += 1
        self.whole += sheet.length
        if row.presence is None:
            self.missed.append(sheet.session)
            return
        self.came += 1
        self.late += row.presence.was_late
        self.spent += row.presence.spent


@dataclass(frozen=True)
class Overview:
    sheets: list[Sheet]
    """Of the classes that were held or are on, newest first."""
    students: list[Sum]


def overview(course: Course, now: datetime) -> Overview:
    """In a fixed number of queries."""
    held = course.sessions.exclude(state=ClassSession.State.SCHEDULED).order_by("-started_at", "-pk")
    sessions = list(held.select_related("course"))
    enrolments = enrolled(course.pk)
    people: dict[int, list[Participant]] = {session.pk: [] for session in sessions}
    for person in came_to(sessions):
        people[person.session_id].append(person)
    sheets = [drawn(session, enrolments, people[session.pk], now) for session in sessions]
    sums: dict[int, Sum] = {}
    for sheet in sheets:
        for row in sheet.students:
            sums.setdefault(row.member.pk, Sum(row.member)).add(sheet, row)
    return Overview(sheets, list(sums.values()))
