"""From what the class says (rows, refusals) to the messages of the schema."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache
from typing import Any

from classrooms.live.actions import Entered
from classrooms.live.log import Recorded
from classrooms.live.media import Pass
from classrooms.live.visits import Greeting
from signaling import schema
from signaling.room import Lobby
from tenants.refusals import Refusal
from turncreds.actions import IceServers

MOST_NAMES = 5


def lobby(greeting: Greeting) -> Lobby:
    session = greeting.session
    return Lobby(
        session=schema.Session.model_validate(
            {
                "id": session.public_id,
                "title": session.title,
                "course": session.course.title,
                "teacher": session.teacher.name,
                "state": session.state,
                "starts_at": session.starts_at,
                "opens_at": greeting.opens_at,
                "ends_at": session.ends_at,
            }
        ),
        you=schema.You.model_validate(
            {
                "name": greeting.name,
                "role": greeting.role,
                "hue": greeting.hue,
                "elsewhere": greeting.elsewhere,
            }
        ),
        own=greeting.you,
        here=dict(greeting.here),
    )


def hello(lobby: Lobby, now: datetime) -> schema.Hello:
    names = list(lobby.here.values())[:MOST_NAMES]
    return schema.Hello(now=now, session=lobby.session, you=lobby.you, here=len(lobby.here), names=names)


def entered(inside: Entered, since: int | None, now: datetime) -> schema.Joined | schema.Resumed:
    facts = {
        "now": now,
        "you": inside.you,
        "started_at": inside.started_at,
        "media": {"url": inside.media.url, "token": inside.media.token},
        "direct_calls": inside.direct_calls,
    }
    if inside.missed is not None:
        return schema.Resumed.model_validate({**facts, "seq": since}, strict=False)
    snapshot = {"seq": inside.seq, "participants": inside.participants, "messages": inside.messages}
    return schema.Joined.model_validate({**facts, **snapshot}, strict=False)


def media_token(media: Pass) -> schema.MediaToken:
    return schema.MediaToken(media=schema.Media(url=media.url, token=media.token))


def ice_servers(issued: IceServers) -> schema.IceServers:
    lists = {"servers": issued.servers, "call_servers": issued.call_servers}
    return schema.IceServers.model_validate({**lists, "expires_at": issued.expires_at})


def signal(message: schema.Signal) -> dict[str, Any]:
    """What is passed on of it, as plain JSON."""
    return message.model_dump(include={"call", "description", "candidates"})


def signalled(by: str, signal: dict[str, Any]) -> schema.Signalled:
    return schema.Signalled.model_validate({"by": by, **signal})


@lru_cache(maxsize=256)
def announced(text: str) -> schema.Event:
    """An event as it came over the channel layer, read once for all sockets of a process.

    Raises ValueError when it is none of the schema's.
    """
    return schema.session_events.validate_json(text)


def events(recorded: Iterable[Recorded]) -> list[schema.Event]:
    return [schema.session_events.validate_python(each.wire, strict=False) for each in recorded]


def refused(no: Refusal, message: schema.ClientMessage | None) -> schema.Refused:
    """`message` is what is refused, if it could be read."""
    return schema.Refused.model_validate(
        {
            "code": no.code,
            "text": str(no.text),
            "mend": str(no.mend) if no.mend else None,
            "re": message.type if message else None,
            "key": getattr(message, "key", None),
            "retry_at": no.retry_at,
        }
    )
