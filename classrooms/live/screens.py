"""Who has the screen of a class: teachers share theirs whenever they like, of all others one at a time.

Only whoever has it may publish one at the media server; so two who begin at the same moment are told apart
here, and not by their pages.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from classrooms.live import rules
from classrooms.live.commit import after_commit
from classrooms.live.holding import give, order_for
from classrooms.live.media import Pass, media_pass
from classrooms.live.people import allowed
from classrooms.live.seats import Seat, read_session, taken
from classrooms.models import ClassSession, Participant


@transaction.atomic
def share_screen(*, seat: Seat, on: bool, at: datetime) -> Pass:
    """Take the screen, or give it back; the way to the media server, with the rights of then.

    Raises Ended, NotHere, NoLongerMember, LinkOver, ScreenOff, ScreenTaken.
    """
    session = read_session(seat.session_id, locked=True)
    person = taken(session, seat)
    leads = person.role == Participant.Role.TEACHER
    if on:
        other = presenter(session, at)
        name = other.name if other and other.pk != person.pk else None
        lost = other is not None and not other.is_here(at)
        rules.check_sharing(allowed(session, person), leads=leads, presenter=name, lost=lost)
        if not leads:
            _hand(session, person)
    elif session.presenter_id == person.pk:
        _hand(session, None)
    return media_pass(session, person, at)


def presenter(session: ClassSession, at: datetime) -> Participant | None:
    """The student or guest who has the screen just now."""
    person: Participant | None = session.presenter
    if person is None or not rules.keeps_screen(left_at=person.left_at, at=at):
        return None
    return person


def free_screen(session: ClassSession, *people: Participant) -> None:
    """None of `people` has it any more, and the media server takes it from whoever had it."""
    had = [person for person in people if person.pk == session.presenter_id]
    if had:
        session.presenter = None
        session.save(update_fields=["presenter"])
        after_commit(give, order_for(session, had))


def _hand(session: ClassSession, person: Participant | None) -> None:
    """To somebody, or to nobody; the media server takes it from whoever had it."""
    before = session.presenter
    if before == person:
        return
    session.presenter = person
    session.save(update_fields=["presenter"])
    after_commit(give, order_for(session, [each for each in (before, person) if each]))
