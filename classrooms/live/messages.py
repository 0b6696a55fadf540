"""The chat as one person may read it: plain JSON in the socket schema's shape. What is not theirs is not
there."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import Prefetch, Q

from classrooms.live import rules
from classrooms.live.log import iso
from classrooms.live.materials import material_told
from classrooms.models import (
    ChatMessage,
    ChatMessageQuerySet,
    ChatReaction,
    ClassSession,
    Material,
    Participant,
)

MOST_QUOTED = 140  # characters of the message that is replied to
MOST_NAMES = 12  # of those who reacted


def seen(session: ClassSession, person: Participant | None) -> ChatMessageQuerySet:
    """The messages of `session` that `person` may read; nobody: those to everyone."""
    everything: ChatMessageQuerySet = ChatMessage.objects.filter(session=session)
    if person is None:
        return everything.to_everyone()
    return everything.filter(Q(to=None) | Q(to=person) | Q(by=person))


def find_message(session: ClassSession, person: Participant, number: int) -> ChatMessage | None:
    """The message, if `person` may read it and it was not deleted."""
    rows = seen(session, person).select_related("by__membership", "to__membership")
    message: ChatMessage | None = rows.filter(number=number, deleted="").first()
    return message


def last_messages(
    session: ClassSession, person: Participant, before: int | None = None
) -> tuple[list[dict[str, Any]], bool]:
    """The last messages (before number `before`), oldest first, as many as may be told at once, and whether
    there are earlier ones."""
    rows = seen(session, person)
    if before is not None:
        rows = rows.filter(number__lt=before)
    found = list(with_all(rows).order_by("-number")[: rules.MOST_HISTORY + 1])
    last = list(_fitting(message_told(each, person) for each in found[: rules.MOST_HISTORY]))
    return last[::-1], len(found) > len(last)


def _fitting(messages: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """The first of `messages`, and the next ones while there is room."""
    room = rules.MOST_HISTORY_BYTES
    for count, message in enumerate(messages):
        room -= len(json.dumps(message, ensure_ascii=False).encode("utf-8", "surrogatepass"))
        if count and room < 0:
            return
        yield message


def with_all(rows: ChatMessageQuerySet) -> ChatMessageQuerySet:
    """With what `message_told` needs, in a few queries."""
    named = rows.select_related("by__membership__user", "to", "reply_to__by")
    files, reactions = Material.objects.select_related("by__user"), ChatReaction.objects.select_related("by")
    return named.prefetch_related(Prefetch("materials", files), Prefetch("reactions", reactions))


def message_told(message: ChatMessage, person: Participant | None) -> dict[str, Any]:
    """A message as `person` sees it."""
    return {
        "id": message.number,
        "key": message.key,
        "participant": message.by.public_id,
        "name": message.by.name,
        "role": message.by.role,
        "hue": message.by.hue,
        "text": message.text,
        "at": iso(message.said_at),
        "to": {"id": message.to.public_id, "name": message.to.name} if message.to else None,
        "reply": quoted(message.reply_to),
        "files": [material_told(each) for each in message.materials.all()],
        "reactions": reactions_told(list(message.reactions.all()), person),
        "edited_at": iso(message.edited_at) if message.edited_at else None,
        "deleted": message.deleted or None,
    }


def quoted(message: ChatMessage | None) -> dict[str, Any] | None:
    if message is None:
        return None
    return {
        "id": message.number,
        "name": message.by.name,
        "text": message.text[:MOST_QUOTED],
        "deleted": bool(message.deleted),
    }


def reactions_told(reactions: list[ChatReaction], person: Participant | None) -> list[dict[str, Any]]:
    """Each emoji once, with how many and who; the first reaction comes first."""
    by_emoji: dict[str, list[Participant]] = {}
    for each in reactions:
        by_emoji.setdefault(each.emoji, []).append(each.by)
    return [
        {
            "emoji": emoji,
            "count": len(people),
            "names": [each.name for each in people[:MOST_NAMES]],
            "mine": person in people,
        }
        for emoji, people in by_emoji.items()
    ]
