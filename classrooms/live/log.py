"""The log of a class: every event gets the next number, is stored, and is announced after the commit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from classrooms.live.announce import announce
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
) -> Recorded:
    """Give an event the next number and store it; the sockets hear of it after the commit.

    `session` must be locked by the caller's transaction.
    """
    session.last_seq += 1
    session.save(update_fields=["last_seq"])
    row = SessionEvent(
        session=session, seq=session.last_seq, type=type, payload=payload or {}, at=at, by=by, key=key
    )
    row.save(force_insert=True)
    event = recorded(row)
    after_commit(announce, session, event.wire)
    return event


def recorded(row: SessionEvent) -> Recorded:
    return Recorded(seq=row.seq, type=row.type, at=iso(row.at), payload=row.payload)


def said_before(session: ClassSession, by: Participant, key: str) -> Recorded | None:
    """What `by` said under `key`, if it was stored already."""
    row = SessionEvent.objects.filter(session=session, by=by, key=key).first()
    return recorded(row) if row else None


def events_after(session: ClassSession, seq: int, limit: int) -> list[Recorded]:
    """The first `limit` events after number `seq`."""
    rows = SessionEvent.objects.filter(session=session, seq__gt=seq).order_by("seq")[:limit]
    return [recorded(row) for row in rows]


def last_said(session: ClassSession, limit: int) -> list[dict[str, Any]]:
    """The last `limit` messages of the chat, oldest first."""
    rows = SessionEvent.objects.filter(session=session, type="said").order_by("-seq")[:limit]
    return [row.payload["message"] for row in reversed(rows)]
