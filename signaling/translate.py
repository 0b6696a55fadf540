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
                "locked_out": greeting.locked_out,
                "barred": greeting.barred,
                "reason": greeting.reason if greeting.barred or greeting.lobby == "turned_away" else "",
                "lobby": greeting.lobby,
                "place": greeting.place,
                "sent_back": greeting.sent_back,
            }
        ),
        own=greeting.you,
        here=dict(greeting.here),
        veiled=greeting.veiled,
    )


def hello(lobby: Lobby, now: datetime) -> schema.Hello:
    names = [] if lobby.veiled else list(lobby.here.values())
    here, first = len(names), names[:MOST_NAMES]
    return schema.Hello(now=now, session=lobby.session, you=lobby.you, here=here, names=first)


def entered(inside: Entered, since: int | None, now: datetime) -> schema.Joined | schema.Resumed:
    facts = {
        "now": now,
        "you": inside.you,
        "started_at": inside.started_at,
        "media": {"url": inside.media.url, "token": inside.media.token},
        "direct_calls": inside.direct_calls,
        **inside.school,
        "consent": inside.consent,
        "polls": inside.polls,
        "captions": inside.captions,
    }
    if inside.missed is not None:
        return schema.Resumed.model_validate({**facts, "seq": since}, strict=False)
    snapshot = {"seq": inside.seq, "participants": inside.participants, "messages": inside.messages}
    snapshot |= {"earlier": inside.earlier, "materials": inside.materials, "recording": inside.recording}
    snapshot |= {"rules": inside.rules, "lead": inside.lead, "barred": inside.barred}
    return schema.Joined.model_validate({**facts, **snapshot}, strict=False)


def media_token(media: Pass) -> schema.MediaToken:
    return schema.MediaToken(media=schema.Media(url=media.url, token=media.token))


def screen_granted(on: bool, media: Pass) -> schema.ScreenGranted:
    return schema.ScreenGranted(on=on, media=schema.Media(url=media.url, token=media.token))


def ice_servers(issued: IceServers) -> schema.IceServers:
    lists = {"servers": issued.servers, "call_servers": issued.call_servers}
    return schema.IceServers.model_validate({**lists, "expires_at": issued.expires_at})


PASSED_AS = {
    schema.Signal: "signalled",
    schema.OfferFiles: "files_offered",
    schema.SettleFiles: "files_settled",
}


def to_pass_on(message: schema.Signal | schema.OfferFiles | schema.SettleFiles) -> dict[str, Any]:
    """What the other side gets of it, as plain JSON; who it is from is still missing."""
    return {**message.model_dump(exclude={"type", "to"}), "type": PASSED_AS[type(message)]}


def passed_on(by: str, message: dict[str, Any]) -> schema.PassedOn:
    return schema.passed_on.validate_python({**message, "by": by})


def told_alone(message: dict[str, Any]) -> schema.ToldAlone:
    return schema.told_alone.validate_python(message, strict=False)


@lru_cache(maxsize=256)
def announced(text: str) -> schema.Event:
    """An event as it came over the channel layer, read once for all sockets of a process.

    Raises ValueError when it is none of the schema's.
    """
    return schema.session_events.validate_json(text)


def events(recorded: Iterable[Recorded]) -> list[schema.Event]:
    return [schema.session_events.validate_python(each.wire, strict=False) for each in recorded]


def earlier(before: int, messages: list[dict[str, Any]], more: bool) -> schema.Earlier:
    return schema.Earlier.model_validate({"before": before, "messages": messages, "more": more}, strict=False)


def refused(no: Refusal, message: schema.ClientMessage | None) -> schema.Refused:
    """`message` is what is refused, if it could be read."""
    return schema.Refused.model_validate(
        {
            "code": no.code,
            "text": str(no.text),
            "mend": str(no.mend) if no.mend else None,
            "re": message.type if message else None,
            "key": getattr(message, "key", None),
            "message": getattr(message, "message", None),
            "retry_at": no.retry_at,
        }
    )
