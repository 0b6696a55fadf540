"""Two people in a class connect directly: passing on what they say to each other to do so."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from classrooms.live import rules
from classrooms.live.announce import hand_over
from classrooms.live.egress import running
from classrooms.live.people import allowed, rules_of
from classrooms.live.refusals import UnknownParticipant
from classrooms.live.seats import Seat, people_of, read_session, taken
from classrooms.models import ClassSession, Participant


def pass_on(*, seat: Seat, to: str, for_call: bool, message: dict[str, Any], at: datetime) -> None:
    """Hand `message` to the participant `to` (a public id) as theirs who sits on `seat`; nothing is kept.

    Raises Ended, NotHere, NoLongerMember, UnknownParticipant, NotDirect, NoFiles, PrivateChatOff.
    """
    session = read_session(seat.session_id)
    by = taken(session, seat)
    people = {person.public_id: person for person in people_of(session).here(at)}
    other = people.get(to)
    if other is None or to == by.public_id:
        raise UnknownParticipant
    rules.check_direct(
        allowed=session.tenant.direct_calls,
        for_call=for_call,
        here=len(people),
        recorded=for_call and running(session) is not None,
        restricted=for_call and any(_is_restricted(session, person) for person in people.values()),
    )
    if not for_call:
        rules.check_private_chat(rules_of(session), leads=_teaches(by), to_leads=_teaches(other))
    hand_over(other.connection, by=by.public_id, message=message)


def _teaches(person: Participant) -> bool:
    return person.role == Participant.Role.TEACHER


def _is_restricted(session: ClassSession, person: Participant) -> bool:
    return allowed(session, person) != rules.EVERYTHING
