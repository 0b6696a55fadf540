"""A seat: one person's one socket in one class, and the rows behind it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from accounts.models import Membership
from classrooms.live import rules
from classrooms.live.refusals import LinkOver, NoLongerMember
from classrooms.models import ClassSession, Participant, ParticipantQuerySet


@dataclass(frozen=True)
class Seat:
    """Who (a membership, or a guest's participant) is where (a session), through which socket (its channel's
    name)."""

    session_id: int
    membership_id: int | None
    connection: str
    guest_id: int | None = None

    @property
    def owner(self) -> dict[str, Any]:
        """What finds this person's participant among those of the session."""
        return {"membership_id": self.membership_id} if self.guest_id is None else {"pk": self.guest_id}


@dataclass(frozen=True)
class Visitor:
    """Somebody who may come to the door of a class: a member of the school, or a guest by name. `known`:
    their participant, once there is one; `leads`: by right."""

    name: str
    hue: int
    zone: ZoneInfo
    leads: bool
    known: Participant | None
    member: Membership | None = None

    @property
    def usual_role(self) -> Participant.Role:
        """What they are here if nobody makes them more."""
        if self.leads:
            return Participant.Role.TEACHER
        return Participant.Role.STUDENT if self.member else Participant.Role.GUEST

    @property
    def was_inside(self) -> bool:
        """Or was let in, and was not removed since."""
        known = self.known
        return bool(known and (known.joined_at or known.let_in_at) and not known.removed_at)


class Outside(Seat):
    """No seat: a teacher of the class who leads it from elsewhere, over the API."""


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


def read_visitor(session: ClassSession, seat: Seat, at: datetime) -> Visitor:
    """Whoever owns `seat`, if they may (still) come to the door. Raises NoLongerMember, LinkOver."""
    known: Participant | None = (
        people_of(session).filter(**seat.owner).select_related("guest_link", "membership").first()
    )
    if seat.membership_id is not None:
        member = read_member(session, seat.membership_id)
        return Visitor(member.name, member.hue, member.zone, session.led_by(member), known, member)
    link = known.guest_link if known else None
    if known is None or link is None or not (session.tenant.guests and link.is_open(at)):
        raise LinkOver
    return Visitor(known.name, known.hue, session.tenant.zone, False, known)


def sitting(session: ClassSession, seat: Seat) -> Participant | None:
    """The participant on this seat, if it is taken."""
    people = people_of(session).select_related("membership__user", "guest_link")
    return people.filter(**seat.owner, connection=seat.connection).first()


def taken(session: ClassSession, seat: Seat) -> Participant:
    """The participant on this seat, who may act. Raises Ended, NotHere, NoLongerMember or LinkOver; from
    outside besides NotAllowed, and NotStarted."""
    if isinstance(seat, Outside):
        return _outside(session, seat)
    person = sitting(session, seat)
    rules.check_inside(state=session.state, here=person is not None)
    assert person is not None
    if person.guest_link is not None and not (session.tenant.guests and person.guest_link.revoked_at is None):
        raise LinkOver
    if person.membership is not None and not (
        person.membership.is_active and person.membership.user.is_active
    ):
        raise NoLongerMember
    return person


def _outside(session: ClassSession, seat: Outside) -> Participant:
    """The log and the sockets name who did something by a participant's id, so whoever leads from outside is
    one: of their own, without a connection, and in no list of who is or was there."""
    assert seat.membership_id is not None  # guests lead nothing
    member = read_member(session, seat.membership_id)
    rules.check_leading(leads=session.led_by(member))
    rules.check_running(state=session.state)
    person: Participant
    person, _ = Participant.objects.get_or_create(
        session=session,
        membership=member,
        defaults={"tenant": session.tenant, "name": member.name, "role": Participant.Role.TEACHER},
    )
    return person
