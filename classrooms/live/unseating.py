"""Taking somebody's seat, by whoever leads."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from classrooms.attended.segments import Why, went
from classrooms.live.captions import stops_reading
from classrooms.live.commit import after_commit
from classrooms.live.holding import give, order_for
from classrooms.live.log import record
from classrooms.live.screens import free_screen
from classrooms.models import ClassSession, Participant


def unseat(session: ClassSession, person: Participant, by: Participant, at: datetime, **told: Any) -> None:
    """Take the seat of `person`, who is inside, and all that was given to them; the class is told so, and the
    media server puts them out. Saves what else has changed about them."""
    went(person, at, Why.REMOVED)
    person.connection, person.left_at, person.hand_raised_at = "", at, None
    person.co_teacher = person.may_speak = person.may_share = False
    person.let_in_at = None
    person.save()
    payload = {"participant": person.public_id, "by": by.public_id, **told}
    record(session, at=at, type="participant_left", payload=payload, by=by)
    stops_reading(session, person, at)
    after_commit(give, order_for(session, [], out=[person.public_id]))
    free_screen(session, person)
