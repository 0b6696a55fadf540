"""Two people alone in a class connect directly: passing on what they say to each other to do so."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from classrooms.live import rules
from classrooms.live.announce import pass_on
from classrooms.live.refusals import UnknownParticipant
from classrooms.live.seats import Seat, people_of, read_session, taken


def signal(*, seat: Seat, to: str, signal: dict[str, Any], at: datetime) -> None:
    """Pass `signal` on to the participant `to` (a public id) as theirs who sits on `seat`; nothing is kept.

    Raises Ended, NotHere, NoLongerMember, UnknownParticipant, NotDirect.
    """
    session = read_session(seat.session_id)
    by = taken(session, seat)
    connections = dict(people_of(session).here(at).values_list("public_id", "connection"))
    if to not in connections or to == by.public_id:
        raise UnknownParticipant
    rules.check_direct(allowed=session.tenant.direct_calls, here=len(connections))
    pass_on(connections[to], by=by.public_id, signal=signal)
