"""Reading a class for one socket: may this person come to the door, what is to be seen there, what is new."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from accounts.models import Membership, User

from classrooms.live.people import role
from classrooms.live.seats import Seat, people_of, read_member, read_session
from classrooms.models import ClassSession

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
    here: list[tuple[str, str]]  # (participant id, name) by arrival


def find_seat(*, user: User, session_public_id: str, connection: str) -> Seat | None:
    """A seat at the door of a session that `user` may see; None alike for every other one."""
    member = Membership.objects.of(user)
    if member is None:
        return None
    sessions = ClassSession.objects.visible_to(member).filter(public_id=session_public_id)
    pk: int | None = sessions.values_list("pk", flat=True).first()
    return Seat(pk, member.pk, connection) if pk else None


def greet(*, seat: Seat, at: datetime) -> Greeting:
    """Raises NoLongerMember."""
    session = read_session(seat.session_id)
    member = read_member(session, seat.membership_id)
    leads = session.led_by(member)
    own = people_of(session).filter(membership=member).first()
    people = people_of(session).here(at).order_by("joined_at", "pk")
    return Greeting(
        seq=session.last_seq,
        session=session,
        name=member.name,
        role=role(leads=leads),
        hue=member.hue,
        opens_at=session.opens_for(leads=leads),
        you=own.public_id if own else None,
        elsewhere=bool(own and own.is_here(at) and own.connection != seat.connection),
        here=list(people.values_list("public_id", "name")),
    )
