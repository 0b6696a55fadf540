"""Who may lead a class: its teachers by right, co-teachers because they were appointed for it."""

from __future__ import annotations

from classrooms.models import ClassSession, Participant


def by_right(session: ClassSession, person: Participant) -> bool:
    """A teacher of the class, or somebody who runs the school: nobody can take that from them here."""
    return person.membership is not None and session.led_by(person.membership)


def leads(session: ClassSession, person: Participant) -> bool:
    """May mute, remove, set rules, record."""
    return person.co_teacher or by_right(session, person)


def heads(session: ClassSession, person: Participant) -> bool:
    """May besides appoint, hand over, admit again and end the class: a teacher by right, or a co-teacher
    who leads it just now."""
    return by_right(session, person) or (person.co_teacher and session.lead_id == person.pk)
