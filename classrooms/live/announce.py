"""Telling the open sockets of a class, over the channel layer."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer

from classrooms.models import ClassSession

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Letter:
    """A message to all sockets of a `group`, or to the one socket that is `channel`."""

    message: dict[str, Any]
    group: str = ""
    channel: str = ""


Letters = list[Letter]
_collected: ContextVar[Letters | None] = ContextVar("collected", default=None)


def group_name(tenant_slug: str, session_public_id: str) -> str:
    """The group of a class's sockets; the tenant is part of it."""
    return f"classroom.{tenant_slug}.{session_public_id}"


def readers_of(group: str) -> str:
    """The group of those sockets of `group` whose people read captions."""
    return f"{group}.captions"


def announce(session: ClassSession, event: dict[str, Any]) -> None:
    """Send an event to every socket of the class. Whoever does not get it notices the missing number."""
    group = group_name(session.tenant.slug, session.public_id)
    _send(Letter({"type": "session.event", "event": json.dumps(event)}, group=group))


def announce_to(
    session: ClassSession,
    event: dict[str, Any],
    rest: dict[str, Any],
    only: list[str],
    sockets: list[str],
) -> None:
    """Send an event to the `sockets` of those whom it is for alone. All others of the class get `rest` in its
    place; `only` are the participants who do not take that for an answer."""
    group = group_name(session.tenant.slug, session.public_id)
    _send(Letter({"type": "session.event", "event": json.dumps(rest), "but": only}, group=group))
    for channel in sockets:
        _send(Letter({"type": "session.event", "event": json.dumps(event)}, channel=channel))


def reaction(group: str, *, by: str, emoji: str) -> Letter:
    """To everyone in the class: how participant `by` reacts to what goes on. It is kept nowhere."""
    return Letter({"type": "session.reaction", "by": by, "emoji": emoji}, group=group)


def tell_captions_wanted(session: ClassSession, *, wanted: bool, new: str) -> None:
    """To everyone in the class: whether somebody wants captions; `new`: the socket of who wants some now, to
    whom those who speak say what becomes of it."""
    group = group_name(session.tenant.slug, session.public_id)
    _send(Letter({"type": "session.captions", "wanted": wanted, "new": new}, group=group))


def tell_those_who_read(session: ClassSession, *, by: str, said: dict[str, Any]) -> None:
    """To who wants captions: what participant `by` says. It is kept nowhere."""
    group = readers_of(group_name(session.tenant.slug, session.public_id))
    _send(Letter({"type": "session.subtitle", "by": by, "said": said}, group=group))


def captioning(*, by: str, state: str, group: str = "", channel: str = "") -> Letter:
    """To who wants captions: what becomes of what participant `by` says."""
    return Letter({"type": "session.captioning", "by": by, "state": state}, group=group, channel=channel)


def put_out(connection: str) -> None:
    """Tell one socket that its person has moved to another."""
    _send(Letter({"type": "session.moved"}, channel=connection))


def put_away(connection: str, *, reason: str, barred: bool) -> None:
    """Tell one socket that its person was removed from the class."""
    _send(Letter({"type": "session.removed", "reason": reason, "barred": barred}, channel=connection))


def look_at_guests(session: ClassSession) -> None:
    """Have every guest's socket of a class look at once whether its person may still be there."""
    _send(Letter({"type": "session.guests"}, group=group_name(session.tenant.slug, session.public_id)))


def have_look(connection: str) -> None:
    """Have one socket look at once whether its person may still be there."""
    _send(Letter({"type": "session.look"}, channel=connection))


def hand_over(connection: str, *, by: str, message: dict[str, Any]) -> None:
    """Hand one socket what the participant `by` has for it."""
    _send(Letter({"type": "session.passed", "by": by, "message": message}, channel=connection))


def tell_alone(connection: str, message: dict[str, Any]) -> None:
    """Tell one socket something that is no event of the class."""
    _send(Letter({"type": "session.told", "message": message}, channel=connection))


@contextmanager
def collect(letters: Letters) -> Iterator[None]:
    """Inside, what is announced is put into `letters` instead, for a caller that posts them itself."""
    token = _collected.set(letters)
    try:
        yield
    finally:
        _collected.reset(token)


async def post(letters: Letters) -> None:
    """Send `letters` in order. One that cannot be sent is logged: its readers fetch it from the log."""
    layer = get_channel_layer()
    for letter in letters:
        try:
            if letter.group:
                await layer.group_send(letter.group, letter.message)
            else:
                await layer.send(letter.channel, letter.message)
        except Exception:
            logger.exception("A class could not be told of %s", letter.message["type"])


def _send(letter: Letter) -> None:
    letters = _collected.get()
    if letters is None:
        async_to_sync(post)([letter])
    else:
        letters.append(letter)
