"""The chat of a class for its pages: what one member may read of it, during the class and after, and to take
away."""

from __future__ import annotations

import csv
import io
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Membership
from classrooms.live.messages import message_told, with_all
from classrooms.models import ChatMessage, ClassSession, Participant
from classrooms.tables import plain


def chat_of(session: ClassSession, member: Membership, most: int | None = None) -> list[ChatMessage]:
    """What `member` may read, the last `most` of it, oldest first; deleted messages are not in it."""
    rows = ChatMessage.objects.filter(session=session, deleted="").seen_by(member).order_by("-number")
    return list(reversed(with_all(rows)[:most]))


def as_text(messages: list[ChatMessage]) -> str:
    """“[13:05] Tom Teacher: …”, one message after the other, further lines of it indented."""
    return "".join(f"[{_clock(each)}] {_who(each)}: {_words(each)}\n" for each in messages)


def as_table(messages: list[ChatMessage]) -> str:
    """RFC 4180, times in this person's zone."""
    answer = io.StringIO()
    answer.write("\N{ZERO WIDTH NO-BREAK SPACE}")  # without it Excel takes UTF-8 for Latin-1
    lines = csv.writer(answer)
    lines.writerow([_("Time"), _("Name"), _("To"), _("Message"), _("Files"), _("Reactions")])
    for each in messages:
        said_at = timezone.localtime(each.said_at).strftime("%Y-%m-%d %H:%M:%S")
        to = _name(each.to) if each.to else _("Everyone")
        told = (_name(each.by), to, each.text, _files(each))
        lines.writerow([said_at, *map(plain, told), reactions_of(each)])
    return answer.getvalue()


def as_data(session: ClassSession, messages: list[ChatMessage], member: Membership) -> dict[str, Any]:
    """The socket's own words for them (docs/classroom-protocol.md, ChatMessage), without its keys."""
    own = Participant.objects.filter(session=session, membership=member).first()
    told = [message_told(each, own) for each in messages]
    for each in told:
        del each["key"]
    return {"class": session.title, "course": session.course.title, "id": session.public_id, "messages": told}


def _clock(message: ChatMessage) -> str:
    return timezone.localtime(message.said_at).strftime("%Y-%m-%d %H:%M")


def _who(message: ChatMessage) -> str:
    if message.to is None:
        return _name(message.by)
    people = {"name": _name(message.by), "reader": _name(message.to)}
    return _("%(name)s to %(reader)s only") % people


def _name(person: Participant) -> str:
    return _("%(name)s (guest)") % {"name": person.name} if person.is_guest else person.name


def _words(message: ChatMessage) -> str:
    parts = [message.text.replace("\n", "\n    ")] if message.text else []
    if names := _files(message):
        parts.append(f"[{names}]")
    if message.edited_at:
        parts.append(_("(edited)"))
    return " ".join(parts)


def _files(message: ChatMessage) -> str:
    return ", ".join(material.name for material in message.materials.all())


def reactions_of(message: ChatMessage) -> str:
    """“👍 12 🎉 2”; nothing where nobody reacted."""
    found = [reaction.emoji for reaction in message.reactions.all()]
    return " ".join(f"{emoji} {found.count(emoji)}" for emoji in dict.fromkeys(found))
