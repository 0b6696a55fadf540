"""Coming and going: who is in the class, and what each page learns as it enters."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from signaling.schema.base import Count, Event, Hue, Id, Message, Role, Seq
from signaling.schema.captions import CaptionsNow
from signaling.schema.chat import ChatMessage
from signaling.schema.leading import BarredPerson, ClassRules
from signaling.schema.lobby import LobbyPlace
from signaling.schema.materials import Material
from signaling.schema.media import Media
from signaling.schema.polls import Poll
from signaling.schema.recording import RecordingNow

State = Literal["scheduled", "live", "ended"]
Going = Literal["left", "lost", "removed", "sent_back"]


class Join(Message):
    """Enter the class, or come back to it. `since` is the last `seq` this page has seen; answered by
    `joined` or, with `since`, by `resumed`; by `waiting` where one has to be let in first. Another socket of
    the same person gets `moved`."""

    type: Literal["join"]
    since: Seq | None = None


class Leave(Message):
    """Leave the class; the socket stays open and gets `hello` again."""

    type: Literal["leave"]


class EndClass(Message):
    """End the class for everyone (its teachers, and who leads it)."""

    type: Literal["end_class"]


class Ping(Message):
    """Sign of life: after 20 s of silence, and after 64 KiB of whatever came. `seen` is the last `seq` this
    page has handled: a page that falls far behind (2 MiB) is cut off (close code 4408) and resumes."""

    type: Literal["ping"]
    n: Count
    seen: Seq | None = None


class Session(Message):
    """The class. `opens_at` is when *you* may enter; a student also needs `state` to be `live`."""

    id: Id
    title: str
    course: str
    teacher: str
    state: State
    starts_at: datetime
    opens_at: datetime
    ends_at: datetime


class You(Message):
    """Who this socket belongs to. `elsewhere`: this person is in the class in another tab or device, which
    `join` would put out. `locked_out`: the class is locked, and they were not inside. `barred`: there is no
    way back for them, for `reason`, if one was given. `lobby`: in the waiting room; let in, so that `join`
    succeeds; or turned away, for `reason`. `place`: in line, from 1, while waiting; `sent_back`: there by
    somebody who leads, from inside."""

    name: str
    role: Role
    hue: Hue
    elsewhere: bool
    locked_out: bool = False
    barred: bool = False
    reason: str = ""
    lobby: LobbyPlace | None = None
    place: Count | None = None
    sent_back: bool = False


class Participant(Message):
    """A person in the class. `id` is also the identity in the media room; `hand`: raised since. A
    `co_teacher` has the role of a teacher in this class alone. `may_speak`: has the word, until muted;
    `may_share`: was given the screen, until that is stopped."""

    id: Id
    name: str
    role: Role
    co_teacher: bool = False
    may_speak: bool = False
    may_share: bool = False
    hue: Hue
    hand: datetime | None
    joined_at: datetime


class Hello(Message):
    """First message after connecting, and again on every change until the page has joined: who is here (at
    most five names; nobody for who has to be let in), and whether the class is on. `now` is the server's
    clock."""

    type: Literal["hello"] = "hello"
    now: datetime
    session: Session
    you: You
    here: Count
    names: list[str]


class Joined(Message):
    """You are in: everything there is to show as of `seq`. Events that follow count on from it. `messages`
    are the last 200 that you may read (`earlier`: there are older ones), `materials` all, both oldest first.
    `private_chat`: whether the school lets students write to each other privately. `consent`: whether you
    agreed to being recorded, none if you have not said; `asks_consent`: whether you are recorded only if you
    do. `direct_calls`: whether two people alone here may connect directly, while the class is not recorded
    and both may send everything. `lead`: who leads the class, here or away; `barred`: for those who lead,
    else empty. `polls`: all, as you may see them."""

    type: Literal["joined"] = "joined"
    now: datetime
    seq: Seq
    you: Id
    started_at: datetime
    participants: list[Participant]
    messages: list[ChatMessage]
    earlier: bool
    private_chat: bool
    materials: list[Material]
    recording: RecordingNow | None
    consent: bool | None
    asks_consent: bool
    media: Media
    direct_calls: bool
    rules: ClassRules
    lead: Id | None
    barred: list[BarredPerson]
    polls: list[Poll]
    captions: CaptionsNow


class Resumed(Message):
    """You are back: keep what you have; the events you missed, from `seq` + 1, follow in order. Comes
    instead of `joined` when `since` was given and not too much was missed. `polls`: all as they are now, your
    vote in them; `consent` and `asks_consent` as in `joined`."""

    type: Literal["resumed"] = "resumed"
    now: datetime
    seq: Seq
    you: Id
    started_at: datetime
    media: Media
    direct_calls: bool
    private_chat: bool
    consent: bool | None
    asks_consent: bool
    polls: list[Poll]
    captions: CaptionsNow


class SchoolChanged(Message):
    """What the school has chosen now, when that is otherwise than told last: as in `joined`."""

    type: Literal["school_changed"] = "school_changed"
    private_chat: bool
    asks_consent: bool


class Moved(Message):
    """You joined from another tab or device; this socket is put out and closes (4409)."""

    type: Literal["moved"] = "moved"


class Pong(Message):
    """Answer to `ping`."""

    type: Literal["pong"] = "pong"
    n: Count


class ClassStarted(Event):
    """The first teacher came in."""

    type: Literal["class_started"] = "class_started"


class ParticipantJoined(Event):
    """Came in; also after a lost connection that everyone had been told of. Of somebody who is here already:
    something about them, such as the name, is another by now."""

    type: Literal["participant_joined"] = "participant_joined"
    participant: Participant


class ParticipantLeft(Event):
    """`participant` left, lost the connection, or was removed: by `by`, and perhaps `barred`; `sent_back`: to
    the waiting room, by `by`."""

    type: Literal["participant_left"] = "participant_left"
    participant: Id
    why: Going = "left"
    by: Id | None = None
    barred: bool = False


class ClassEnded(Event):
    """The class is over for everyone; from here on everything but `ping` is refused with `ended`. `by` is
    none when it was not ended from inside."""

    type: Literal["class_ended"] = "class_ended"
    by: Id | None
