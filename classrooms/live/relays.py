"""Relay servers for those who are in a class now."""

from __future__ import annotations

from datetime import datetime

from django.utils.crypto import salted_hmac

from accounts.models import Membership
from classrooms.live.seats import Seat, people_of, read_session, taken
from classrooms.models import ClassSession
from turncreds.actions import IceServers, issue_ice_servers


def ice_servers(*, seat: Seat, at: datetime) -> IceServers:
    """Of the school's relay or the platform's, none where there is neither.

    Raises Ended, NotHere, NoLongerMember, TooManyCredentials, RelayFull.
    """
    session = read_session(seat.session_id)
    person = taken(session, seat)
    return issue_ice_servers(tenant=session.tenant, participant=person.public_id, in_class=True, now=at)


def ice_servers_of(*, session: ClassSession, member: Membership, at: datetime) -> IceServers:
    """The same for somebody who asks from outside the classroom socket, while they are in the class.

    Raises NotInClass, TooManyCredentials, RelayFull.
    """
    person = people_of(session).here(at).filter(membership=member).first()
    name = person.public_id if person else member_id(member)
    inside = person is not None and session.state == ClassSession.State.LIVE
    return issue_ice_servers(tenant=session.tenant, participant=name, in_class=inside, now=at)


def member_id(member: Membership) -> str:
    """An opaque name for whoever has none from a class: always the same, and says nothing of the person."""
    return salted_hmac("classrooms.live.relays", f"{member.tenant_id}:{member.pk}").hexdigest()[:32]
