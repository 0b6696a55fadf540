"""Guests whose link no longer lets them in are put out of the classes they are in, at once."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from classrooms.attended.segments import Why, went
from classrooms.live.announce import look_at_guests
from classrooms.live.commit import after_commit
from classrooms.live.holding import give, order_for
from classrooms.live.lobby import step_back
from classrooms.live.log import record
from classrooms.live.seats import people_of, read_session
from classrooms.models import ClassSession, GuestLink, Participant


def put_out_guests(link: GuestLink, at: datetime) -> None:
    """Also those who wait at the door: every guest's socket looks whether its link still holds."""
    came = Participant.objects.filter(guest_link=link).exclude(session__state=ClassSession.State.ENDED)
    for pk in came.order_by().values_list("session", flat=True).distinct():
        _put_out(pk, link, at)


@transaction.atomic
def _put_out(session_id: int, link: GuestLink, at: datetime) -> None:
    session = read_session(session_id, locked=True)
    guests = list(people_of(session).filter(guest_link=link).exclude(connection=""))
    for person in guests:
        went(person, at, Why.REMOVED)
        person.connection, person.left_at, person.hand_raised_at = "", at, None
        person.save(update_fields=["connection", "left_at", "hand_raised_at"])
        payload = {"participant": person.public_id, "why": "removed"}
        record(session, at=at, type="participant_left", payload=payload)
    step_back(session, list(people_of(session).filter(guest_link=link).exclude(waits_since=None)), at)
    if guests:
        after_commit(give, order_for(session, [], out=[person.public_id for person in guests]))
    after_commit(look_at_guests, session)
