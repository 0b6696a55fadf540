"""The waiting room of a class: who is in it, and what those who lead do about it.

A person who waits has a participant and no seat: nothing of the class is told to them, and the time is
nobody's attendance. Their place in line outlives a lost connection. Events name ids alone, for everyone in
the class reads them; names go to those who lead.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q

from classrooms.live import rules
from classrooms.live.log import iso, record
from classrooms.live.refusals import UnknownParticipant
from classrooms.live.seats import Seat, Visitor, people_of, read_session, taken
from classrooms.live.standing import leads
from classrooms.models import ClassSession, Participant


@dataclass(frozen=True)
class Waits:
    """Instead of coming in: in the waiting room, since then."""

    since: datetime


def must_wait(session: ClassSession, visitor: Visitor) -> bool:
    known = visitor.known
    return rules.must_wait(
        guest=visitor.member is None,
        waiting_room=session.guests_must_wait,
        let_in=bool(known and known.let_in_at),
        removed=bool(known and known.removed_at),
        sent_back=bool(known and known.sent_back and not visitor.leads),
    )


def knock(session: ClassSession, person: Participant, at: datetime) -> Waits:
    """Put `person` in line; who is in it keeps the place. `session` is locked by the caller's transaction.

    Raises TurnedAway.
    """
    rules.check_knock(turned_away_at=person.turned_away_at, at=at)
    tells = not person.is_waiting(at)
    person.waits_since, person.waits_seen_at = person.waits_since or at, at
    person.turned_away_at, person.turned_away_word = None, ""
    person.save(update_fields=["waits_since", "waits_seen_at", "turned_away_at", "turned_away_word"])
    if tells:
        record(session, at=at, type="knocked", payload={"participant": person.public_id})
    return Waits(person.waits_since)


def step_back(session: ClassSession, people: list[Participant], at: datetime) -> None:
    """Out of the line, by themselves or because their link is over; `session` is locked as above."""
    for person in people:
        if person.waits_since is None:
            continue
        person.waits_since = None
        person.save(update_fields=["waits_since"])
        record(session, at=at, type="stopped_waiting", payload={"participant": person.public_id})


@transaction.atomic
def let_in(*, seat: Seat, participant: str | None, at: datetime) -> None:
    """Let somebody who waits come in, or everybody. Who is let in already, or no longer waits: nothing
    happens.

    Raises Ended, NotHere, NoLongerMember, NotAllowed, UnknownParticipant.
    """
    session, by = _leading(seat)
    if participant is None:
        grant(session, list(people_of(session).waiting(at)), by, at)
    else:
        person = _somebody(session, participant)
        grant(session, [person] if person.waits_since else [], by, at)


def grant(session: ClassSession, people: list[Participant], by: Participant, at: datetime) -> None:
    """Let `people`, who wait, come in; `session` is locked as above."""
    for person in people:
        person.waits_since, person.let_in_at, person.sent_back = None, at, False
        person.removed_at, person.removal_reason = None, ""
        person.save(update_fields=["waits_since", "let_in_at", "sent_back", "removed_at", "removal_reason"])
    if people:
        payload = {"participants": [person.public_id for person in people], "by": by.public_id}
        record(session, at=at, type="entry_granted", payload=payload, by=by)


@transaction.atomic
def turn_away(*, seat: Seat, participant: str, reason: str, at: datetime) -> None:
    """Refuse somebody who waits, with a word to them or without. Who does not wait any more: nothing happens.

    Raises Ended, NotHere, NoLongerMember, NotAllowed, UnknownParticipant.
    """
    session, by = _leading(seat)
    person = _somebody(session, participant)
    if person.waits_since is None:
        return
    person.waits_since, person.turned_away_at, person.turned_away_word = None, at, reason
    person.save(update_fields=["waits_since", "turned_away_at", "turned_away_word"])
    payload = {"participant": person.public_id, "by": by.public_id}
    record(session, at=at, type="entry_denied", payload=payload, by=by)


def who_waits(*, seat: Seat, at: datetime) -> list[dict[str, Any]]:
    """For those who lead: the line, in the shape of the socket's schema; nobody for others.

    Raises Ended, NotHere, NoLongerMember.
    """
    session = read_session(seat.session_id)
    if not leads(session, taken(session, seat)):
        return []
    people = people_of(session).waiting(at).select_related("membership", "guest_link")
    return [
        {
            "id": person.public_id,
            "name": person.name,
            "hue": person.hue,
            "link": person.guest_link.name if person.guest_link else "",
            "since": iso(person.waits_since or at),
        }
        for person in people.order_by("waits_since", "pk")
    ]


def place_of(person: Participant | None) -> str | None:
    """Where somebody stands who has to be let in, or had: waiting, let_in, turned_away; None for who has not
    asked, or never had to."""
    if person is None:
        return None
    if person.waits_since:
        return "waiting"
    if person.turned_away_at:
        return "turned_away"
    return "let_in" if person.let_in_at else None


def place_in_line(session: ClassSession, person: Participant | None, at: datetime) -> int | None:
    """From 1, behind those whose page gave a sign of life lately; None for who does not wait."""
    if person is None or person.waits_since is None:
        return None
    earlier = Q(waits_since__lt=person.waits_since) | Q(waits_since=person.waits_since, pk__lt=person.pk)
    return 1 + people_of(session).waiting(at).filter(earlier).count()


def _leading(seat: Seat) -> tuple[ClassSession, Participant]:
    """The class, locked, and whoever sits there. Raises Ended, NotHere, NoLongerMember, NotAllowed."""
    session = read_session(seat.session_id, locked=True)
    by = taken(session, seat)
    rules.check_leading(leads=leads(session, by))
    return session, by


def _somebody(session: ClassSession, public_id: str) -> Participant:
    person: Participant | None = people_of(session).filter(public_id=public_id).first()
    if person is None:
        raise UnknownParticipant
    return person
