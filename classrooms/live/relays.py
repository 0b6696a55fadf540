"""Relay servers for those who are in a class now."""

from __future__ import annotations

from datetime import datetime

from classrooms.live.seats import Seat, read_session, taken
from turncreds.actions import IceServers, issue_ice_servers


def ice_servers(*, seat: Seat, at: datetime) -> IceServers:
    """Of the school's relay or the platform's, none where there is neither.

    Raises Ended, NotHere, NoLongerMember, TooManyCredentials, RelayFull.
    """
    session = read_session(seat.session_id)
    person = taken(session, seat)
    return issue_ice_servers(tenant=session.tenant, participant=person.public_id, in_class=True, now=at)
