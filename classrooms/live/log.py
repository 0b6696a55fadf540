"""The log of a class: every event gets the next number, is stored, and is announced after the commit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from classrooms.hooks import events
from classrooms.live.announce import announce, announce_to
from classrooms.live.commit import after_commit
from classrooms.models import ClassSession, Participant, SessionEvent


@dataclass(frozen=True)
class Recorded:
    """An event as it is stored and sent: plain JSON, its shape is the socket schema's."""

    seq: int
    type: str
    at: str
    payload: dict[str, Any]

    @property
    def wire(self) -> dict[str, Any]:
        return {"type": self.type, "seq": self.seq, "at": self.at, **self.payload}


def iso(at: datetime) -> str:
    """ISO 8601 in UTC with a Z."""
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def record(
    session: ClassSession,
    *,
    at: datetime,
    type: str,
    payload: dict[str, Any] | None = None,
    by: Participant | None = None,
    key: str = "",
    told: dict[str, Any] | None = None,
    only: Sequence[Participant] = (),
    others: dict[str, Any] | None = None,
    to_hooks: bool = True,
) -> Recorded:
    """Give an event the next number and store it; the sockets hear of it after the commit.

    `session` must be locked by the caller's transaction. `told`: what the sockets hear, where that is more
    than the `payload` that is stored. `only`: the participants who may know what it is; all others are told
    that the number is taken or, with `others`, that much of it.
    """
    session.last_seq += 1
    session.save(update_fields=["last_seq"])
    row = SessionEvent(
        session=session,
        seq=session.last_seq,
        type=type,
        payload=payload or {},
        at=at,
        by=by,
        key=key,
        only=[person.public_id for person in only] if only and others is None else None,
    )
    row.save(force_insert=True)
    if to_hooks:
        events.of_class(session, type, row.payload, at)
    event = Recorded(seq=row.seq, type=type, at=iso(at), payload=row.payload if told is None else told)
    if only:
        rest = withheld(row) if others is None else Recorded(event.seq, event.type, event.at, others)
        ids = [person.public_id for person in only]
        connections = [person.connection for person in only if person.connection]
        after_commit(announce_to, session, event.wire, rest.wire, ids, connections)
    else:
        after_commit(announce, session, event.wire)
    return event


def recorded(row: SessionEvent) -> Recorded:
    return Recorded(seq=row.seq, type=row.type, at=iso(row.at), payload=row.payload)


def withheld(row: SessionEvent) -> Recorded:
    """What others learn of an event that is not theirs: its number is taken."""
    return Recorded(seq=row.seq, type="withheld", at=iso(row.at), payload={})
