"""Reading a class for one socket: may this person come to the door, what is to be seen there, what is new."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from accounts.models import Membership, User
from classrooms.live.lobby import must_wait, place_in_line, place_of
from classrooms.live.rules import is_locked_out
from classrooms.live.seats import Seat, Visitor, people_of, read_session, read_visitor
from classrooms.models import ClassSession, Participant

MOST_NAMES = 5


@dataclass(frozen=True)
class Greeting:
    """What a page shows before its person has come in, as of event `seq`."""

    seq: int
    session: ClassSession
    name: str
    role: str
    hue: int
    opens_at: datetime
    you: str | None  # this person's participant id, once there is one
    elsewhere: bool
    barred: bool
    reason: str  # of being removed or turned away, where one was given
    locked_out: bool
    here: list[tuple[str, str]]  # (participant id, name) by arrival
    lobby: str | None = None  # waiting, let_in or turned_away
    place: int | None = None  # in line, from 1, while waiting
    sent_back: bool = False  # from inside to the waiting room
    veiled: bool = False  # comes no further than the waiting room: who is here is not told


def visit(
    *, user: User, session_public_id: str, connection: str, at: datetime
) -> tuple[Seat, Greeting] | None:
    """A seat at the door of a session that `user` may see, and the greeting there; None alike for every
    other session."""
    member = Membership.objects.of(user)
    if member is None:
        return None
    sessions = ClassSession.objects.visible_to(member).select_related("tenant", "course", "teacher__user")
    session: ClassSession | None = sessions.filter(public_id=session_public_id).first()
    if session is None:
        return None
    seat = Seat(session.pk, member.pk, connection)
    return seat, _greeting(session, read_visitor(session, seat, at), seat, at)


def visit_as_guest(*, guest: Participant, connection: str, at: datetime) -> tuple[Seat, Greeting]:
    """The same for who came by a link. Raises NoLongerMember, LinkOver."""
    session = read_session(guest.session_id)
    seat = Seat(session.pk, None, connection, guest.pk)
    return seat, _greeting(session, read_visitor(session, seat, at), seat, at)


def greet(*, seat: Seat, at: datetime) -> Greeting:
    """Raises NoLongerMember, LinkOver."""
    session = read_session(seat.session_id)
    return _greeting(session, read_visitor(session, seat, at), seat, at)


def _greeting(session: ClassSession, visitor: Visitor, seat: Seat, at: datetime) -> Greeting:
    leads, own = visitor.leads, visitor.known
    here = people_of(session).here(at).order_by("joined_at", "pk")
    return Greeting(
        seq=session.last_seq,
        session=session,
        name=visitor.name,
        role=Participant.Role.TEACHER if own and own.co_teacher else visitor.usual_role,
        hue=visitor.hue,
        opens_at=session.opens_for(leads=leads),
        you=own.public_id if own else None,
        barred=bool(own and own.barred),
        reason=(own.turned_away_word if own.turned_away_at else own.removal_reason) if own else "",
        locked_out=is_locked_out(locked=session.locked, leads=leads, was_inside=visitor.was_inside),
        elsewhere=bool(own and own.is_here(at) and own.connection != seat.connection),
        lobby=place_of(own),
        place=place_in_line(session, own, at),
        sent_back=bool(own and own.sent_back),
        veiled=must_wait(session, visitor),
        here=list(here.values_list("public_id", "name")),
    )
