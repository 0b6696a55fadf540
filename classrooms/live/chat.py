"""Writing in a class: to everyone or to one person, changed, taken back, reacted to.

As in actions.py: one transaction each, from a seat, at a time; the sockets hear of it after the commit. Every
one raises Ended, NotHere and NoLongerMember.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q

from classrooms.live import rules
from classrooms.live.log import Recorded, iso, record
from classrooms.live.messages import find_message, last_messages, message_told
from classrooms.live.people import rules_of
from classrooms.live.refusals import (
    AnswersElsewhere,
    FilesForAll,
    NotYourMessage,
    UnknownFile,
    UnknownMessage,
    UnknownParticipant,
)
from classrooms.live.replay import events_for, payload_told
from classrooms.live.seats import Seat, people_of, read_session, taken
from classrooms.materials import take_away
from classrooms.models import ChatMessage, ChatReaction, ClassSession, Material, Participant, SessionEvent


@transaction.atomic
def say(
    *,
    seat: Seat,
    key: str,
    text: str,
    at: datetime,
    to: str | None = None,
    reply: int | None = None,
    files: Sequence[str] = (),
) -> Recorded | None:
    """Write to everyone, or to the participant `to` alone; `reply`: in answer to that message. Said before
    under this `key`: the event of then is returned, nothing is written.

    Raises UnknownParticipant, NoPrivateChat, UnknownMessage, AnswersElsewhere, FilesForAll, UnknownFile.
    """
    session = read_session(seat.session_id, locked=True)
    by = taken(session, seat)
    if before := said_before(session, by, key):
        return before
    reader = _reader(session, by, to) if to else None
    _check_writing(session, by, reader)
    answered = _answered(session, by, reader, reply) if reply is not None else None
    materials = _materials(session, by, reader, files)
    message = ChatMessage.objects.create(
        session=session,
        number=session.last_seq + 1,
        by=by,
        to=reader,
        key=key,
        text=text,
        reply_to=answered,
        said_at=at,
    )
    Material.objects.filter(pk__in=[each.pk for each in materials]).update(message=message)
    told = {"message": message_told(message, None)}
    _record(session, message, at=at, type="said", told=told, by=by, key=key)
    return None


def said_before(session: ClassSession, by: Participant, key: str) -> Recorded | None:
    """What `by` said under `key`, as it is now, if it was stored already."""
    rows = list(SessionEvent.objects.filter(session=session, type="said", by=by, key=key))
    return events_for(session, rows, by)[0] if rows else None


def _reader(session: ClassSession, by: Participant, to: str) -> Participant:
    """The one person it is for, who may be away for the moment."""
    guests = Q(membership=None, guest_link__revoked_at=None)
    people = people_of(session).filter(Q(membership__is_active=True) | guests)
    reader = people.select_related("membership__user").exclude(pk=by.pk).filter(public_id=to).first()
    if reader is None:
        raise UnknownParticipant
    return reader


def _check_writing(session: ClassSession, by: Participant, reader: Participant | None) -> None:
    """By what the class and the school allow. Raises ChatOff, PrivateChatOff, NoPrivateChat."""
    if reader is None:
        rules.check_chat(rules_of(session), leads=_teaches(by))
        return
    leads, to_leads = _teaches(by), _teaches(reader)
    rules.check_whispering(leads=leads, to_leads=to_leads, school_allows=session.tenant.private_chat)
    rules.check_private_chat(rules_of(session), leads=leads, to_leads=to_leads)


def _other(found: ChatMessage, by: Participant) -> Participant | None:
    """With whom `by` shares a private message; None for one to everyone."""
    other: Participant | None = found.by if found.to is not None and found.by_id != by.pk else found.to
    return other


def _teaches(person: Participant) -> bool:
    """A co-teacher too."""
    return person.role == Participant.Role.TEACHER


def _answered(session: ClassSession, by: Participant, reader: Participant | None, reply: int) -> ChatMessage:
    """The message that is quoted; a private one only between the same two."""
    found = _find(session, by, reply)
    if found.to is not None and (reader is None or {found.by, found.to} != {by, reader}):
        raise AnswersElsewhere
    return found


def _materials(
    session: ClassSession, by: Participant, reader: Participant | None, files: Sequence[str]
) -> list[Material]:
    """Files that `by` has added to the class for this message."""
    if files and reader is not None:
        raise FilesForAll
    if files and by.membership is None:  # a guest adds none
        raise UnknownFile
    own = Material.objects.filter(session=session, by=by.membership, message=None)
    found = list(own.filter(public_id__in=files))
    if len(found) != len(set(files)):
        raise UnknownFile
    return found


def _find(session: ClassSession, by: Participant, number: int) -> ChatMessage:
    found = find_message(session, by, number)
    if found is None:
        raise UnknownMessage
    return found


@transaction.atomic
def edit(*, seat: Seat, message: int, text: str, at: datetime) -> None:
    """Write one's own message anew. Raises UnknownMessage, NotYourMessage."""
    session = read_session(seat.session_id, locked=True)
    by = taken(session, seat)
    found = _find(session, by, message)
    if found.by_id != by.pk:
        raise NotYourMessage
    _check_writing(session, by, _other(found, by))
    if found.text == text:
        return
    found.text, found.edited_at = text, at
    found.save(update_fields=["text", "edited_at"])
    told = {"message": found.number, "text": text, "edited_at": iso(at)}
    _record(session, found, at=at, type="message_edited", told=told)


@transaction.atomic
def delete(*, seat: Seat, message: int, at: datetime) -> None:
    """Take a message back: its words, its reactions, and the files that came with it are gone for good.

    Raises UnknownMessage, NotYourMessage.
    """
    session = read_session(seat.session_id, locked=True)
    by = taken(session, seat)
    found = _find(session, by, message)
    own = found.by_id == by.pk
    rules.check_deleting(own=own, leads=_teaches(by))
    found.text, found.reply_to, found.edited_at = "", None, None
    found.deleted = ChatMessage.Deleted.OWN if own else ChatMessage.Deleted.TEACHER
    found.save(update_fields=["text", "reply_to", "edited_at", "deleted"])
    found.reactions.all().delete()
    stored = {"message": found.number, "deleted": found.deleted}
    _record(session, found, at=at, type="message_deleted", stored=stored, told=stored)
    for material in found.materials.all():
        take_away(material, session, at)


@transaction.atomic
def react(*, seat: Seat, message: int, emoji: str, on: bool, at: datetime) -> None:
    """Put one's `emoji` on a message, or take it off. As it is already: nothing happens. Raises
    UnknownMessage."""
    session = read_session(seat.session_id, locked=True)
    by = taken(session, seat)
    found = _find(session, by, message)
    _check_writing(session, by, _other(found, by))
    own = ChatReaction.objects.filter(message=found, by=by, emoji=emoji)
    if own.exists() is on:
        return
    if on:
        ChatReaction.objects.create(message=found, by=by, emoji=emoji)
    else:
        own.delete()
    stored = {"message": found.number, "emoji": emoji, "participant": by.public_id, "on": on}
    told = payload_told("reacted", stored, found, None)
    _record(session, found, at=at, type="reacted", stored=stored, told=told)


def earlier(*, seat: Seat, before: int) -> tuple[list[dict[str, Any]], bool]:
    """The messages before number `before` that this person may read, and whether there are still earlier
    ones."""
    session = read_session(seat.session_id)
    return last_messages(session, taken(session, seat), before)


def _record(
    session: ClassSession,
    message: ChatMessage,
    *,
    at: datetime,
    type: str,
    told: dict[str, Any],
    stored: dict[str, Any] | None = None,
    by: Participant | None = None,
    key: str = "",
) -> None:
    only = [message.by, message.to] if message.to else []
    stored = stored or {"message": message.number}
    record(session, at=at, type=type, payload=stored, told=told, by=by, key=key, only=only)
