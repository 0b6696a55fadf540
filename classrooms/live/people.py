"""Participants as the sockets tell of them: plain JSON in the shape of the socket's schema."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any

from classrooms.live import rules
from classrooms.live.log import iso
from classrooms.live.rules import ClassRules
from classrooms.live.seats import people_of
from classrooms.models import ClassSession, Participant


def told(person: Participant) -> dict[str, Any]:
    """What everyone in the class learns of `person`."""
    return {
        "id": person.public_id,
        "name": person.name,
        "role": person.role,
        "hue": person.hue,
        "co_teacher": person.co_teacher,
        "may_speak": person.may_speak,
        "may_share": person.may_share,
        "hand": iso(person.hand_raised_at) if person.hand_raised_at else None,
        "joined_at": iso(person.joined_at) if person.joined_at else None,
    }


def roster(session: ClassSession, at: datetime) -> list[dict[str, Any]]:
    """Everyone who is here, by arrival."""
    people = people_of(session).here(at).select_related("membership").order_by("joined_at", "pk")
    return [told(person) for person in people]


def rules_of(session: ClassSession) -> ClassRules:
    return ClassRules(
        mic=session.students_mic,
        camera=session.students_camera,
        screen=session.students_screen,
        chat=session.students_chat,
        private_chat=session.students_private_chat,
        locked=session.locked,
        waiting_room=session.guests_must_wait,
        captions=session.captions,
    )


def allowed(session: ClassSession, person: Participant) -> frozenset[str]:
    """What this person may send: mic, camera, screen."""
    leads = person.role == Participant.Role.TEACHER
    given = {"may_speak": person.may_speak, "may_share": person.may_share}
    return rules.allowed(rules_of(session), leads=leads, **given)


def sending(session: ClassSession, person: Participant) -> frozenset[str]:
    """What of that just now."""
    leads = person.role == Participant.Role.TEACHER
    presents = session.presenter_id == person.pk
    return rules.sends(allowed(session, person), leads=leads, presents=presents)


def class_rules(session: ClassSession) -> dict[str, Any]:
    """As the sockets tell of them."""
    return asdict(rules_of(session))
