"""Moments of a class that is being recorded: the teacher marks one for all, a student says "I am lost here".

Who is lost stays between the student and the row: teachers are told how many, never who.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from accounts.models import Membership
from classrooms.live import rules
from classrooms.live.announce import tell_alone
from classrooms.live.commit import after_commit
from classrooms.live.egress import running
from classrooms.live.log import iso
from classrooms.live.refusals import NotRecorded, StudentsOnly, TooManyChapters, TooSoon
from classrooms.live.seats import Seat, people_of, read_session, taken
from classrooms.live.standing import leads
from classrooms.models import ClassSession, Participant, Recording, RecordingMark

LOST_AGAIN = timedelta(seconds=10)  # one student's tap, and the next
JUST_NOW = timedelta(seconds=60)
MOST_CHAPTERS = 200  # that a teacher marks in one recording


def check_chapters(recording: Recording) -> None:
    """Raises TooManyChapters."""
    if recording.marks.filter(kind=RecordingMark.Kind.CHAPTER).count() >= MOST_CHAPTERS:
        raise TooManyChapters


@transaction.atomic
def mark_moment(*, seat: Seat, title: str, ago: int, at: datetime) -> None:
    """Keep the moment `ago` seconds before `at` as a chapter; all teachers here are told.

    Raises Ended, NotHere, NoLongerMember, NotAllowed, NotRecorded, TooManyChapters.
    """
    session = read_session(seat.session_id, locked=True)
    by = taken(session, seat)
    rules.check_leading(leads=leads(session, by))
    recording = _recorded_now(session)
    check_chapters(recording)
    moment = max(recording.started_at, at - timedelta(seconds=ago))
    _keep(recording, by.membership, RecordingMark.Kind.CHAPTER, moment, title)
    told = {"type": "moment_marked", "at": iso(moment), "title": title, "by": by.name}
    for connection in _teachers(session, at):
        after_commit(tell_alone, connection, told)


@transaction.atomic
def lost_here(*, seat: Seat, at: datetime) -> None:
    """Keep that somebody is lost; the teachers here are told how many were within the last minute, and the
    student that they know.

    Raises Ended, NotHere, NoLongerMember, StudentsOnly, NotRecorded, TooSoon.
    """
    session = read_session(seat.session_id, locked=True)
    by = taken(session, seat)
    if by.membership is None or leads(session, by):
        raise StudentsOnly
    recording = _recorded_now(session)
    lost = recording.marks.filter(kind=RecordingMark.Kind.LOST)
    last = lost.filter(by=by.membership, at__gt=at - LOST_AGAIN).order_by("-at").first()
    if last is not None:
        raise TooSoon(last.at + LOST_AGAIN)
    _keep(recording, by.membership, RecordingMark.Kind.LOST, at)
    count = lost.filter(at__gt=at - JUST_NOW).order_by().values("by").distinct().count()
    for connection in _teachers(session, at):
        after_commit(tell_alone, connection, {"type": "people_lost", "count": count})
    after_commit(tell_alone, by.connection, {"type": "lost_noted"})


def _recorded_now(session: ClassSession) -> Recording:
    recording = running(session)
    if recording is None or recording.state != Recording.State.ON:
        raise NotRecorded
    return recording


def _keep(recording: Recording, by: Membership | None, kind: str, at: datetime, title: str = "") -> None:
    assert by is not None, "a guest marks nothing"
    RecordingMark.objects.create(
        tenant=recording.tenant, recording=recording, kind=kind, by=by, at=at, title=title
    )


def _teachers(session: ClassSession, at: datetime) -> list[str]:
    """The sockets of those who lead the class and are in it."""
    teachers = people_of(session).here(at).filter(role=Participant.Role.TEACHER)
    return list(teachers.values_list("connection", flat=True))
