"""What one socket knows of its class, and what it is told of what happens: plain Python, no I/O.

A page waits at the door (it is told a `hello` on every change), is inside (it is told every event), or is
over: put out, or the class has ended.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum

from signaling.schema import (
    ClassEnded,
    ClassStarted,
    Event,
    ParticipantJoined,
    ParticipantLeft,
    RecordingChanged,
    Session,
    State,
    You,
)
from signaling.stream import Stream


class Place(Enum):
    WAITING = "waiting"
    INSIDE = "inside"
    OVER = "over"


@dataclass(frozen=True)
class Lobby:
    """What a page at the door shows. `here` maps participants to names, by arrival; `own` is this person's
    participant, once there is one."""

    session: Session
    you: You
    own: str | None
    here: dict[str, str]

    def after(self, event: Event) -> Lobby:
        """The same page once `event` has happened."""
        match event:
            case ClassStarted():
                return self.turned("live")
            case ClassEnded():
                return replace(self.turned("ended"), here={}, you=self.you.model_copy(update=GONE))
            case ParticipantJoined(participant=person):
                elsewhere = {"elsewhere": True} if person.id == self.own else {}
                here = {**self.here, person.id: person.name}
                return replace(self, here=here, you=self.you.model_copy(update=elsewhere))
            case ParticipantLeft(participant=left):
                here = {known: name for known, name in self.here.items() if known != left}
                you = self.you.model_copy(update=GONE if left == self.own else {})
                return replace(self, here=here, you=you)
        return self

    def turned(self, state: State) -> Lobby:
        return replace(self, session=self.session.model_copy(update={"state": state}))


GONE = {"elsewhere": False}


class Room:
    """Seen from one socket, which starts at the door."""

    def __init__(self, seq: int, lobby: Lobby, media_name: str = "") -> None:
        """`media_name`: of the room at the media server."""
        self.place = Place.WAITING
        self.media_name = media_name
        self.recorded = False
        self.stream = Stream(seq)
        self.lobby = lobby

    @property
    def others(self) -> int:
        """How many are in the class beside this person."""
        return len(self.lobby.here.keys() - {self.lobby.own})

    def take(self, *events: Event) -> list[Event]:
        """What the page is to be told of `events`: inside, each in its turn; at the door nothing but the
        change of its lobby."""
        return self._told(self.stream.offer(*events))

    def enter(self, seq: int, *, recorded: bool = False) -> list[Event]:
        """The page knows everything up to `seq` and is inside; what it is to be told after that."""
        self.place = Place.INSIDE
        self.recorded = recorded
        return self._told(self.stream.jump(seq))

    def wait(self, seq: int, lobby: Lobby) -> None:
        """The page is at the door (again), knowing everything up to `seq`."""
        self.place = Place.WAITING
        self.lobby = lobby
        self._told(self.stream.jump(seq))

    def _told(self, events: list[Event]) -> list[Event]:
        was = self.place
        for event in events:
            self.lobby = self.lobby.after(event)
            if isinstance(event, RecordingChanged):
                self.recorded = event.recording is not None
        if was is Place.INSIDE and any(isinstance(event, ClassEnded) for event in events):
            self.place = Place.OVER
        return events if was is Place.INSIDE else []
