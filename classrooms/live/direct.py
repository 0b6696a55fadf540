"""Two people in a class connect directly: passing on what they say to each other to do so."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from classrooms.live import rules
from classrooms.live.announce import hand_over
from classrooms.live.egress import running
from classrooms.live.refusals import UnknownParticipant
from classrooms.live.seats import Seat, people_of, read_session, taken


def pass_on(*, seat: Seat, to: str, for_call: bool, message: dict[str, Any], at: datetime) -> None:
    """Hand `message` to the participant `to` (a public id) as theirs who sits on `seat`; nothing is kept.

    Raises Ended, NotHere, NoLongerMember, UnknownParticipant, NotDirect, NoFiles.
    """
    session = read_session(seat.session_id)
    by = taken(session, seat)
    connections = dict(people_of(session).here(at).values_list("public_id", "connection"))
    if to not in connections or to == by.public_id:
        raise UnknownParticipant
    rules.check_direct(
        allowed=session.tenant.direct_calls,
        for_call=for_call,
        here=len(connections),
        recorded=for_call and running(session) is not None,
    )
    hand_over(connections[to], by=by.public_id, message=message)
