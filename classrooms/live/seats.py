"""A seat: one person's one socket in one class, and the rows behind it."""

from __future__ import annotations

from dataclasses import dataclass

from accounts.models import Membership
from classrooms.live import rules
from classrooms.live.refusals import NoLongerMember
from classrooms.models import ClassSession, Participant, ParticipantQuerySet


@dataclass(frozen=True)
class Seat:
    """Who (a membership) is where (a session), through which socket (its channel's name)."""

    session_id: int
    membership_id: int
    connection: str


def find_session(pk: int, *, locked: bool = False) -> ClassSession | None:
    """The session with what its messages name. Locked, its other actions wait: events get their numbers one
    after the other (SQLite has the whole database locked from BEGIN IMMEDIATE on)."""
    sessions = ClassSession.objects.select_related("tenant", "course", "teacher__user")
    if locked:
        sessions = sessions.select_for_update(of=("self",))
    session: ClassSession | None = sessions.filter(pk=pk).first()
    return session


def read_session(pk: int, *, locked: bool = False) -> ClassSession:
    """The session, if it is still there and its school open. Raises NoLongerMember."""
    session = find_session(pk, locked=locked)
    if session is None or not session.tenant.is_active:
        raise NoLongerMember
    return session


def people_of(session: ClassSession) -> ParticipantQuerySet:
    people: ParticipantQuerySet = Participant.objects.filter(session=session)
    return people


def read_member(session: ClassSession, membership_id: int) -> Membership:
    """The member, if they may (still) see the session. Raises NoLongerMember."""
    members = Membership.objects.active().select_related("user", "tenant")
    member: Membership | None = members.filter(pk=membership_id).first()
    if member is None or not ClassSession.objects.visible_to(member).filter(pk=session.pk).exists():
        raise NoLongerMember
    return member


def sitting(session: ClassSession, seat: Seat) -> Participant | None:
    """The participant on this seat, if it is taken."""
    people = people_of(session).select_related("membership__user")
    return people.filter(membership_id=seat.membership_id, connection=seat.connection).first()


def taken(session: ClassSession, seat: Seat) -> Participant:
    """The participant on this seat, who may act. Raises Ended, NotHere or NoLongerMember."""
    person = sitting(session, seat)
    rules.check_inside(state=session.state, here=person is not None)
    assert person is not None
    if not (person.membership.is_active and person.membership.user.is_active):
        raise NoLongerMember
    return person
