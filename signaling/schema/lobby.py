"""The waiting room: who waits, and what those who lead do about it."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from signaling.schema.base import Event, Hue, Id, Message
from signaling.schema.leading import Reason

LobbyPlace = Literal["waiting", "let_in", "turned_away"]


class LetIn(Message):
    """Let `participant`, who waits, come in; without one, everybody who does. Who does not wait any more:
    nothing happens."""

    type: Literal["let_in"]
    participant: Id | None = None


class TurnAway(Message):
    """Refuse `participant`, who waits, telling them `reason` where there is one; they may ask again after
    half a minute. Who does not wait any more: nothing happens."""

    type: Literal["turn_away"]
    participant: Id
    reason: Reason = ""


class WaitingPerson(Message):
    """Somebody in the waiting room, `since` then; they came by the guest link of that name."""

    id: Id
    name: str
    hue: Hue
    link: str
    since: datetime


class Waiting(Message):
    """You are in the waiting room, `since` then: nothing of the class is told before you are let in. That
    comes as a `hello` with your place; a connection that is lost and comes back with `join` keeps the
    place."""

    type: Literal["waiting"] = "waiting"
    since: datetime


class WaitingRoom(Message):
    """To those who lead: who waits, longest first; after `joined` where there is somebody, after `resumed`,
    and on every change."""

    type: Literal["waiting_room"] = "waiting_room"
    people: list[WaitingPerson]


class Knocked(Event):
    """`participant`, whom nobody sees yet, waits to be let in. Names are told to those who lead."""

    type: Literal["knocked"] = "knocked"
    participant: Id


class StoppedWaiting(Event):
    """`participant` no longer waits, by themselves."""

    type: Literal["stopped_waiting"] = "stopped_waiting"
    participant: Id


class EntryGranted(Event):
    """`by` let `participants` in, who waited: they may come, and do so by themselves."""

    type: Literal["entry_granted"] = "entry_granted"
    participants: list[Id]
    by: Id


class EntryDenied(Event):
    """`by` turned `participant` away, who waited."""

    type: Literal["entry_denied"] = "entry_denied"
    participant: Id
    by: Id
