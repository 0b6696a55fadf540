"""What one socket knows of its class, and what it is told of what happens: plain Python, no I/O.

A page waits at the door (it is told a `hello` on every change), is inside (it is told every event), or is
over: put out, or the class has ended.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum

from signaling.schema import (
    Admitted,
    ClassEnded,
    ClassRules,
    ClassStarted,
    EntryDenied,
    EntryGranted,
    Event,
    HandLowered,
    HandRaised,
    Knocked,
    LeadChanged,
    MaySpeak,
    MessageDeleted,
    MessageEdited,
    ParticipantJoined,
    ParticipantLeft,
    PollCounted,
    Reacted,
    RecordingChanged,
    RoleChanged,
    RulesChanged,
    Said,
    Session,
    State,
    Stopped,
    StoppedWaiting,
    Withheld,
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
    participant, once there is one. `veiled`: who is here is not shown."""

    session: Session
    you: You
    own: str | None
    here: dict[str, str]
    veiled: bool = False

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
                here = dict(self.here)
                here.pop(left, None)
                you = self.you.model_copy(update=GONE if left == self.own else {})
                return replace(self, here=here, you=you)
            case RoleChanged(participant=whose, role=role) if whose == self.own:
                return replace(self, you=self.you.model_copy(update={"role": role}))
        return self

    def turned(self, state: State) -> Lobby:
        return replace(self, session=self.session.model_copy(update={"state": state}))


GONE = {"elsewhere": False}


class Due(Enum):
    """What only the class itself can say, after an event: may this person (no longer) come in; what do they
    send now, and is it asked by one or by all at once; is somebody else to lead; who is barred; who waits;
    what is seen of polls. `ROLE`: all that only those who lead are told is told anew, or no longer."""

    DOOR = "door"
    OWN_RIGHTS = "own rights"
    ALL_RIGHTS = "all rights"
    LEAD = "lead"
    BARRED = "barred"
    LOBBY = "lobby"
    POLLS = "polls"
    ROLE = "role"


def consequences(event: Event, *, own: str | None, lead: str | None) -> set[Due]:
    match event:
        case RulesChanged():
            return {Due.DOOR, Due.ALL_RIGHTS}
        case Stopped(what="mic", participant=None):
            return {Due.ALL_RIGHTS}
        case RoleChanged(participant=whose) if whose == own:
            return {Due.OWN_RIGHTS, Due.LEAD, Due.BARRED, Due.LOBBY, Due.POLLS, Due.ROLE}
        case Stopped(what="mic" | "screen", participant=whose) | MaySpeak(participant=whose) if whose == own:
            return {Due.OWN_RIGHTS}
        case ParticipantLeft(participant=whose) | Admitted(participant=whose) if whose == own:
            return {Due.DOOR}
        case EntryGranted() | Knocked() | StoppedWaiting() | EntryDenied():
            return {Due.LOBBY, Due.DOOR} if own in concerned(event) else {Due.LOBBY}
        case ParticipantLeft(participant=whose) if event.barred or whose == lead:
            return ({Due.BARRED} if event.barred else set()) | ({Due.LEAD} if whose == lead else set())
    return set()


def concerned(event: EntryGranted | EntryDenied | Knocked | StoppedWaiting) -> list[str]:
    return event.participants if isinstance(event, EntryGranted) else [event.participant]


CHAT = (Said, MessageEdited, MessageDeleted, Reacted, Withheld)
TOLD_ONLY = (*CHAT, HandRaised, HandLowered, PollCounted, ParticipantJoined, ParticipantLeft)


class Room:
    """Seen from one socket, which starts at the door."""

    def __init__(self, seq: int, lobby: Lobby, media_name: str = "") -> None:
        """`media_name`: of the room at the media server."""
        self.place = Place.WAITING
        self.media_name = media_name
        self.recorded = False
        self.lead: str | None = None
        self.rules: ClassRules | None = None
        self._due: set[Due] = set()
        self.stream = Stream(seq)
        self.lobby = lobby

    @property
    def leads(self) -> bool:
        """Whether this person is inside and leads the class, perhaps along with others."""
        return self.place is Place.INSIDE and self.lobby.you.role == "teacher"

    @property
    def others(self) -> int:
        """How many are in the class beside this person."""
        return len(self.lobby.here.keys() - {self.lobby.own})

    def take(self, *events: Event) -> list[Event]:
        """What the page is to be told of `events`: inside, each in its turn; at the door nothing but the
        change of its lobby."""
        return self._told(self.stream.offer(*events))

    def has_nothing_but_to_tell(self, event: Event) -> bool:
        """Whether the page, inside, is told `event` now, and nothing else follows from it."""
        in_turn = event.seq == self.stream.seq + 1 and not self.stream.has_gap
        if not in_turn or self.place is not Place.INSIDE or not isinstance(event, TOLD_ONLY):
            return False
        return not (self._due or consequences(event, own=self.lobby.own, lead=self.lead))

    def enter(
        self,
        seq: int,
        *,
        own: str | None = None,
        recorded: bool = False,
        lead: str | None = None,
        rules: ClassRules | None = None,
    ) -> list[Event]:
        """The page knows everything up to `seq` and is inside, as the participant `own`; what it is to be
        told after that."""
        self.place = Place.INSIDE
        self.lobby = replace(self.lobby, own=own or self.lobby.own)
        self.recorded = recorded
        self.lead = lead
        self.rules = rules
        return self._told(self.stream.jump(seq))

    def wait(self, seq: int, lobby: Lobby) -> None:
        """The page is at the door (again), knowing everything up to `seq`."""
        self.place = Place.WAITING
        self.lobby = lobby
        self._told(self.stream.jump(seq))

    def due(self) -> set[Due]:
        """What is to be looked at because of the events so far, once."""
        due, self._due = self._due, set()
        return due

    def _told(self, events: list[Event]) -> list[Event]:
        was = self.place
        for event in events:
            self.lobby = self.lobby.after(event)
            if isinstance(event, RecordingChanged):
                self.recorded = event.recording is not None
            if isinstance(event, LeadChanged):
                self.lead = event.participant
            if isinstance(event, RulesChanged):
                self.rules = event.rules
            self._due |= consequences(event, own=self.lobby.own, lead=self.lead)
        if was is Place.INSIDE and any(isinstance(event, ClassEnded) for event in events):
            self.place = Place.OVER
        return events if was is Place.INSIDE else []
