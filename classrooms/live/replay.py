"""What happened while a page was away, as its person may know it.

The numbers have no gaps for anyone: an event between two others is told as `withheld`. Events of
the chat and of polls are told as the message or the poll is now, so that what was deleted does not come back
and the end is the same as in a snapshot.
"""

from __future__ import annotations

from typing import Any

from classrooms.live import rules
from classrooms.live.log import Recorded, iso, recorded, withheld
from classrooms.live.messages import message_told, reactions_told, seen, with_all
from classrooms.live.tallies import count_told, end_told, leads_now, poll_told, sees_counts
from classrooms.models import ChatMessage, ClassSession, Participant, Poll, SessionEvent

CHAT = ("said", "message_edited", "message_deleted", "reacted")
POLLS = ("poll_started", "poll_counted", "poll_ended", "poll_shown")


def events_after(session: ClassSession, seq: int, person: Participant | None) -> list[Recorded]:
    """The events after number `seq`, not too many at once; nobody: what is for everyone."""
    rows = SessionEvent.objects.filter(session=session, seq__gt=seq).order_by("seq")[: rules.MOST_REPLAYED]
    return events_for(session, list(rows), person)


def events_for(session: ClassSession, rows: list[SessionEvent], person: Participant | None) -> list[Recorded]:
    """`rows` as `person` may know them."""
    numbers = {row.payload["message"] for row in rows if row.type in CHAT}
    found = with_all(seen(session, person).filter(number__in=numbers)) if numbers else []
    messages = {each.number: each for each in found}
    asked = {row.payload["poll"] for row in rows if row.type in POLLS}
    polls = Poll.objects.filter(session=session, number__in=asked).select_related("by") if asked else []
    known = {poll.number: poll for poll in polls}
    return [
        _told_poll(row, known.get(row.payload["poll"]), person)
        if row.type in POLLS
        else _told(row, messages, person)
        for row in rows
    ]


def _told(row: SessionEvent, messages: dict[int, ChatMessage], person: Participant | None) -> Recorded:
    if row.only is not None and (person is None or person.public_id not in row.only):
        return withheld(row)
    if row.type not in CHAT:
        return recorded(row)
    message = messages.get(row.payload["message"])
    if message is None:  # its writer's account was deleted, and all they wrote with it
        return withheld(row)
    return Recorded(row.seq, row.type, iso(row.at), payload_told(row.type, row.payload, message, person))


def _told_poll(row: SessionEvent, poll: Poll | None, person: Participant | None) -> Recorded:
    """Whom it is for is decided by who leads now, whoever led then."""
    leads = leads_now(person)
    if poll is None or (row.type == "poll_counted" and not sees_counts(poll, leads=leads)):
        return withheld(row)
    told = row.payload
    match row.type:
        case "poll_started":
            told = {"poll": poll_told(poll, person)}
        case "poll_counted":
            told = count_told(poll, row.payload, leads=leads)
        case "poll_ended":
            told = end_told(poll)
    return Recorded(row.seq, row.type, iso(row.at), told)


def payload_told(
    type: str, stored: dict[str, Any], message: ChatMessage, person: Participant | None
) -> dict[str, Any]:
    """What an event of the chat tells beside its number."""
    match type:
        case "said":
            return {"message": message_told(message, person)}
        case "message_edited":
            edited_at = iso(message.edited_at) if message.edited_at else None
            return {"message": message.number, "text": message.text, "edited_at": edited_at}
        case "reacted":
            same = [each for each in message.reactions.all() if each.emoji == stored["emoji"]]
            now = reactions_told(same, person)
            many = {"count": now[0]["count"], "names": now[0]["names"]} if now else {"count": 0, "names": []}
            return {**stored, **many}
    return stored
