"""Every message of the classroom socket, in both directions.

One JSON object per text frame, told apart by `type`; a field that is not listed is refused. Times are
ISO 8601 in UTC. `tools/socket_types.py` writes the browser's types and docs/classroom-protocol.md from here.
"""

from __future__ import annotations

from datetime import datetime
from functools import cached_property
from typing import Annotated, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    TypeAdapter,
    model_validator,
)

from signaling.graphemes import graphemes

MOST_TEXT = 2_000  # characters as people count them
MOST_CODE_POINTS = 8_000  # of which one character may have many
MOST_ATTACHED = 10  # files in one message
MOST_KEY = 36
MOST_SDP = 24_000
MOST_CANDIDATE = 1_000
MOST_CANDIDATES = 32  # in one message
MOST_NAME = 256
MOST_TITLE = 80
MOST_AGO = 600  # seconds between a moment and its mark
MOST_FILES = 20  # in one transfer
MOST_FILE_SIZE = 2**40
MOST_REASON = 200

Id = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{32}$")]
Key = Annotated[str, StringConstraints(pattern=r"^[\w-]+$", min_length=1, max_length=MOST_KEY)]


def of_most_characters(text: str) -> str:
    if graphemes(text) > MOST_TEXT:
        raise ValueError(f"more than {MOST_TEXT} characters")
    return text


Words = Annotated[  # PostgreSQL's JSON holds no U+0000
    str,
    StringConstraints(strip_whitespace=True, max_length=MOST_CODE_POINTS, pattern=r"^[^\x00]*$"),
    AfterValidator(of_most_characters),
]
Title = Annotated[
    str, StringConstraints(strip_whitespace=True, max_length=MOST_TITLE, pattern=r"^[^\x00-\x1f]*$")
]
Reason = Annotated[
    str, StringConstraints(strip_whitespace=True, max_length=MOST_REASON, pattern=r"^[^\x00]*$")
]
Text = Annotated[Words, StringConstraints(min_length=1)]
Seq = Annotated[int, Field(ge=0, le=2**31 - 1)]
Count = Annotated[int, Field(ge=0)]
Hue = Annotated[int, Field(ge=0, le=11)]
Role = Literal["teacher", "student"]
State = Literal["scheduled", "live", "ended"]
RecordingWish = Literal["on", "paused", "off"]
Emoji = Literal["👍", "❤️", "😂", "😮", "👏", "🎉"]
Deleted = Literal["own", "teacher"]
Purpose = Literal["call", "files"]
Stoppable = Literal["mic", "camera", "screen"]
Going = Literal["left", "lost", "removed"]
Verdict = Literal["accepted", "refused", "cancelled", "failed"]
RefusalCode = Literal[
    "malformed",
    "too_large",
    "too_fast",
    "not_open",
    "not_started",
    "ended",
    "not_here",
    "not_allowed",
    "unknown_participant",
    "no_longer_member",
    "not_direct",
    "barred",
    "removed",
    "locked",
    "chat_off",
    "private_chat_off",
    "no_private_chat",
    "unknown_message",
    "not_your_message",
    "private_answer",
    "files_for_all",
    "unknown_file",
    "storage_full",
    "not_recorded",
    "too_many_chapters",
    "failed",
]


class Message(BaseModel):
    """Frozen, and closed to unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


# ── client → server ──────────────────────────────────────────────────────────────────────────────


class Join(Message):
    """Enter the class, or come back to it. `since` is the last `seq` this page has seen; answered by
    `joined` or, with `since`, by `resumed`. Another socket of the same person gets `moved`."""

    type: Literal["join"]
    since: Seq | None = None


class Leave(Message):
    """Leave the class; the socket stays open and gets `hello` again."""

    type: Literal["leave"]


class Say(Message):
    """Write to everyone, or to the participant `to` alone. `reply`: the message that is answered. `files`:
    class materials this person has added for the message; only to everyone. There is text, or a file, or
    both; the text has at most 2,000 characters as people count them. `key` is chosen by the page: sent again
    with the same key after a reconnect it is not written twice; the stored `said` comes back either way."""

    type: Literal["say"]
    key: Key
    text: Words
    to: Id | None = None
    reply: Seq | None = None
    files: Annotated[list[Id], Field(max_length=MOST_ATTACHED)] = []

    @model_validator(mode="after")
    def says_something(self) -> Say:
        if not self.text and not self.files:
            raise ValueError("neither text nor files")
        return self


class EditMessage(Message):
    """Write one's own message anew, while the class is on."""

    type: Literal["edit_message"]
    message: Seq
    text: Text


class DeleteMessage(Message):
    """Take back one's own message or, as a teacher, any; its text and files are gone for good."""

    type: Literal["delete_message"]
    message: Seq


class ReactTo(Message):
    """Put an emoji on a message, or take one's own off. As it is already: nothing happens."""

    type: Literal["react_to"]
    message: Seq
    emoji: Emoji
    on: bool


class React(Message):
    """React to what goes on; everyone gets `reactions`. Nothing of it is kept."""

    type: Literal["react"]
    emoji: Emoji


class History(Message):
    """Ask for messages older than `before`; answered by `earlier`."""

    type: Literal["history"]
    before: Seq


class RaiseHand(Message):
    """Ask to speak. Raised already: nothing happens."""

    type: Literal["raise_hand"]


class LowerHand(Message):
    """Lower one's own hand or, as a teacher, the hand of `participant`."""

    type: Literal["lower_hand"]
    participant: Id | None = None


class EndClass(Message):
    """End the class for everyone (its teachers, and who leads it)."""

    type: Literal["end_class"]


class Stop(Message):
    """End the microphone, camera or shared screen of `participant`, of all students without one (teachers
    and co-teachers, as for all down to `remove`). They may begin again as the rules allow; who was let speak
    while microphones are off no longer is. Told by `stopped`, and in effect at the media server at once."""

    type: Literal["stop"]
    what: Stoppable
    participant: Id | None = None


class AskToUnmute(Message):
    """Ask `participant` to turn the microphone on; they decide."""

    type: Literal["ask_to_unmute"]
    participant: Id


class LowerHands(Message):
    """Lower all hands."""

    type: Literal["lower_hands"]


class LetSpeak(Message):
    """Give `participant` the word: lowers the hand, and allows the microphone until they are muted, also
    while the rules keep students' microphones off."""

    type: Literal["let_speak"]
    participant: Id


class SetRules(Message):
    """What students may do from now on, and whether the class is locked: nobody new gets in, who was inside
    may come back. What is left out stays as it is."""

    type: Literal["set_rules"]
    mic: bool | None = None
    camera: bool | None = None
    screen: bool | None = None
    chat: bool | None = None
    private_chat: bool | None = None
    locked: bool | None = None


class Remove(Message):
    """Put `participant` out of the class, telling them `reason` where there is one; `bar`: they cannot come
    back. Not a teacher of the class; a co-teacher only as `appoint`."""

    type: Literal["remove"]
    participant: Id
    reason: Reason = ""
    bar: bool = False


class Admit(Message):
    """Let `participant`, who is barred, come in again (the class's teachers, and who leads it, as for all
    that follow)."""

    type: Literal["admit"]
    participant: Id


class Appoint(Message):
    """Make `participant` a co-teacher of this class, or no longer. A co-teacher has the rights of a teacher
    here, without `admit`, `appoint`, `hand_lead` and `end_class` while somebody else leads."""

    type: Literal["appoint"]
    participant: Id
    co_teacher: bool


class HandLead(Message):
    """Let `participant` lead the class from now on; a student becomes a co-teacher by it."""

    type: Literal["hand_lead"]
    participant: Id


class Record(Message):
    """Record the class from now on, pause, go on, or stop (teachers). As it is already: nothing happens."""

    type: Literal["record"]
    wanted: RecordingWish


class Consent(Message):
    """Whether you agree to being recorded: your sound, camera and screen. It can be changed any time, for
    what comes after."""

    type: Literal["consent"]
    given: bool


class MarkMoment(Message):
    """Mark the moment `ago` seconds back as a chapter of the recording (teachers), with a title or without.
    Refused with `not_recorded` while nothing is recorded. All teachers get `moment_marked`."""

    type: Literal["mark_moment"]
    title: Title = ""
    ago: Annotated[int, Field(ge=0, le=MOST_AGO)] = 0


class LostHere(Message):
    """Say that you cannot follow just now (students), at most every ten seconds. Refused with `not_recorded`
    while nothing is recorded. Teachers get `people_lost`, without your name, and you `lost_noted`."""

    type: Literal["lost_here"]


class Ping(Message):
    """Sign of life: after 20 s of silence, and every 100 events. `seen` is the last `seq` this page has
    handled: a page that falls far behind (2 MiB) is cut off (close code 4408) and resumes."""

    type: Literal["ping"]
    n: Count
    seen: Seq | None = None


# ── parts ────────────────────────────────────────────────────────────────────────────────────────


class Description(Message):
    """An RTCSessionDescription as browsers make and take it."""

    type: Literal["offer", "answer"]
    sdp: Annotated[str, StringConstraints(max_length=MOST_SDP)]


class Candidate(Message):
    """An RTCIceCandidateInit under the browsers' own names; an empty `candidate` ends a generation."""

    candidate: Annotated[str, StringConstraints(max_length=MOST_CANDIDATE)]
    sdpMid: Annotated[str, StringConstraints(max_length=MOST_NAME)] | None = None
    sdpMLineIndex: Annotated[int, Field(ge=0, le=99)] | None = None
    usernameFragment: Annotated[str, StringConstraints(max_length=MOST_NAME)] | None = None


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
    way back for them, for `reason`, if one was given."""

    name: str
    role: Role
    hue: Hue
    elsewhere: bool
    locked_out: bool = False
    barred: bool = False
    reason: str = ""


class Participant(Message):
    """A person in the class. `id` is also the identity in the media room; `hand`: raised since. A
    `co_teacher` has the role of a teacher in this class alone. `may_speak`: has the word, until muted."""

    id: Id
    name: str
    role: Role
    co_teacher: bool = False
    may_speak: bool = False
    hue: Hue
    hand: datetime | None
    joined_at: datetime


class ClassRules(Message):
    """What students may do: use microphone and camera, share a screen, write to everyone, write and send
    files to each other. `locked`: nobody new gets in."""

    mic: bool
    camera: bool
    screen: bool
    chat: bool
    private_chat: bool
    locked: bool


class BarredPerson(Message):
    """Somebody who was removed, at `at`, and cannot come back before they are admitted."""

    id: Id
    name: str
    hue: Hue
    reason: str
    at: datetime | None


class Picture(Message):
    """A picture's size in pixels."""

    width: Count
    height: Count


class Material(Message):
    """A file for everybody of the class; its content is at `<address of the class>materials/<id>/`.
    `picture`: it is one by its first bytes, and is shown at `…/<id>/picture/`."""

    id: Id
    name: str
    size: Count
    kind: str
    by: str
    at: datetime
    picture: Picture | None


class Named(Message):
    """A person, under the name of then."""

    id: Id
    name: str


class Quote(Message):
    """The message that is replied to: who wrote it, and its first 140 characters; none once it is deleted."""

    id: Seq
    name: str
    text: str
    deleted: bool


class Reaction(Message):
    """One emoji on a message: how many put it there, the first twelve by name, and whether you did."""

    emoji: Emoji
    count: Count
    names: list[str]
    mine: bool


class ChatMessage(Message):
    """One message of the chat; `id` is the `seq` of its `said`, `participant` who wrote it, `to` who alone
    may read it (none: everyone). Deleted, by its writer or a teacher, it has neither text nor files."""

    id: Seq
    key: str
    participant: Id
    name: str
    role: Role
    hue: Hue
    text: str
    at: datetime
    to: Named | None
    reply: Quote | None
    files: list[Material]
    reactions: list[Reaction]
    edited_at: datetime | None
    deleted: Deleted | None


class RoomReaction(Message):
    """One emoji: how often within half a second, and by whom (at most twelve)."""

    emoji: Emoji
    count: Count
    by: list[Id]


class FileInfo(Message):
    """A file before it is sent: `size` in bytes, `kind` a media type or nothing."""

    name: Annotated[str, StringConstraints(min_length=1, max_length=255, pattern=r"^[^\x00-\x1f/\\]+$")]
    size: Annotated[int, Field(ge=0, le=MOST_FILE_SIZE)]
    kind: Annotated[str, StringConstraints(max_length=127)] = ""


class RecordingNow(Message):
    """The class is recorded, or the recording is paused, `since` then. `by`: who began it."""

    state: Literal["on", "paused"]
    since: datetime
    started_at: datetime
    by: str


class Media(Message):
    """Where and with what to connect to the media server. The token is good for ten minutes."""

    url: str
    token: str


class Signal(Message):
    """One step of a direct connection to `to`, passed on as it is (`signalled`): an offer, an answer, what
    candidates were found since. `call` is chosen by whoever begins; it tells the tries apart. `purpose`: a
    call, which only two people who are alone in a class may have, or files, which any two may send each
    other. Either only where the school allows direct connections: else refused with `not_direct`."""

    type: Literal["signal"]
    to: Id
    call: Key
    purpose: Purpose = "call"
    description: Description | None = None
    candidates: Annotated[list[Candidate], Field(max_length=MOST_CANDIDATES)] = []


class OfferFiles(Message):
    """Ask `to` whether they take these files, which then go from browser to browser. `key` is chosen by the
    page and names the transfer from here on; it is in the `refused` as well. `to` gets `files_offered`."""

    type: Literal["offer_files"]
    to: Id
    key: Key
    files: Annotated[list[FileInfo], Field(min_length=1, max_length=MOST_FILES)]


class SettleFiles(Message):
    """Say to the other side of transfer `key` what becomes of it; they get `files_settled`. Accepted: the
    sender may connect, with `signal`. Failed: this side cannot go on, its disk is full or a file is gone."""

    type: Literal["settle_files"]
    to: Id
    key: Key
    verdict: Verdict


ClientMessage = Annotated[
    Join
    | Leave
    | Say
    | EditMessage
    | DeleteMessage
    | ReactTo
    | React
    | History
    | RaiseHand
    | LowerHand
    | EndClass
    | Stop
    | AskToUnmute
    | LowerHands
    | LetSpeak
    | SetRules
    | Remove
    | Admit
    | Appoint
    | HandLead
    | Record
    | Consent
    | MarkMoment
    | LostHere
    | Signal
    | OfferFiles
    | SettleFiles
    | Ping,
    Field(discriminator="type"),
]


class IceServer(Message):
    """As RTCPeerConnection takes it; relays have a name and a credential."""

    urls: list[str]
    username: str | None = None
    credential: str | None = None


# ── server → client, about this socket ───────────────────────────────────────────────────────────


class Hello(Message):
    """First message after connecting, and again on every change until the page has joined: who is here (at
    most five names), and whether the class is on. `now` is the server's clock."""

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
    else empty."""

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


class Resumed(Message):
    """You are back: keep what you have; the events you missed, from `seq` + 1, follow in order. Comes
    instead of `joined` when `since` was given and not too much was missed."""

    type: Literal["resumed"] = "resumed"
    now: datetime
    seq: Seq
    you: Id
    started_at: datetime
    media: Media
    direct_calls: bool
    private_chat: bool


class MediaToken(Message):
    """A fresh token, sent before the last one expires and when your rights have changed: for the next
    connection to the media server."""

    type: Literal["media_token"] = "media_token"
    media: Media


class IceServers(Message):
    """Ways to the media server for those who do not reach it directly, in the order to try them: before
    `joined` and `resumed`, and anew when half their time is over; empty when there are none any more. For the
    next connection: one that is up stays up. The credentials last until `expires_at`.
    `call_servers` are for a direct connection beside the one to the media server."""

    type: Literal["ice_servers"] = "ice_servers"
    servers: list[IceServer]
    call_servers: list[IceServer]
    expires_at: datetime


class DirectCalls(Message):
    """Whether two people who are alone in this class may connect directly, when that has changed since
    `joined` or `resumed`. Not any more: direct connections end."""

    type: Literal["direct_calls"] = "direct_calls"
    allowed: bool


class Signalled(Message):
    """What `by` has sent with `signal`."""

    type: Literal["signalled"] = "signalled"
    by: Id
    call: Key
    purpose: Purpose
    description: Description | None
    candidates: list[Candidate]


class FilesOffered(Message):
    """`by` asks with `offer_files` whether you take these."""

    type: Literal["files_offered"] = "files_offered"
    by: Id
    key: Key
    files: list[FileInfo]


class FilesSettled(Message):
    """What `by` has said with `settle_files`."""

    type: Literal["files_settled"] = "files_settled"
    by: Id
    key: Key
    verdict: Verdict


class Barred(Message):
    """Who is barred, when you have become somebody who leads."""

    type: Literal["barred"] = "barred"
    people: list[BarredPerson]


class Removed(Message):
    """You were removed from the class, for `reason` if one was given; the socket closes (4403). `barred`:
    there is no way back."""

    type: Literal["removed"] = "removed"
    reason: str
    barred: bool


class RecordingSafe(Message):
    """How many seconds of the recording are safely stored, every few seconds while a teacher is here: of the
    sound, and of the screen or else a camera, none where there is none. `trouble`: why the recording is at
    risk, for people."""

    type: Literal["recording_safe"] = "recording_safe"
    sound: Count | None
    screen: Count | None
    trouble: str | None


class MomentMarked(Message):
    """To teachers: `by` has marked the moment `at` as a chapter of the recording."""

    type: Literal["moment_marked"] = "moment_marked"
    at: datetime
    title: str
    by: str


class PeopleLost(Message):
    """To teachers: how many people have said within the last minute that they cannot follow."""

    type: Literal["people_lost"] = "people_lost"
    count: Count


class LostNoted(Message):
    """The teachers have been told that somebody is lost, and not who."""

    type: Literal["lost_noted"] = "lost_noted"


class MediaLeaving(Message):
    """The media server restarts in about `seconds`: sound and video then pause for a moment and come back by
    themselves."""

    type: Literal["media_leaving"] = "media_leaving"
    seconds: Count


class MediaLost(Message):
    """The media server is gone or out of sight. What still flows goes on, and so does all else. Whose own
    connection to it is cut does not try before `media_back`."""

    type: Literal["media_lost"] = "media_lost"


class MediaBack(Message):
    """The media server is there again. `restarted`: it knows nobody, all connect anew with the last token;
    otherwise only those whose connection was cut do. At some moment of the next `spread` milliseconds, so
    that a large class does not come back all at once."""

    type: Literal["media_back"] = "media_back"
    restarted: bool
    spread: Count


class Moved(Message):
    """You joined from another tab or device; this socket is put out and closes (4409)."""

    type: Literal["moved"] = "moved"


class Refused(Message):
    """A "no": `text` says why and `mend` what to do, both for people. `re` is the `type` of the message
    refused (none if it could not be read), `key` that of a refused `say`, `message` the number of one that
    was to be changed, `retry_at` when to try again."""

    type: Literal["refused"] = "refused"
    code: RefusalCode
    text: str
    mend: str | None = None
    re: str | None = None
    key: str | None = None
    message: Seq | None = None
    retry_at: datetime | None = None


class Earlier(Message):
    """Answer to `history`: up to 200 messages before number `before` that you may read, oldest first; `more`:
    there are still older ones."""

    type: Literal["earlier"] = "earlier"
    before: Seq
    messages: list[ChatMessage]
    more: bool


class Reactions(Message):
    """How people react to what goes on, gathered over half a second. No event: it has no number and is in no
    snapshot."""

    type: Literal["reactions"] = "reactions"
    reactions: list[RoomReaction]


class Pong(Message):
    """Answer to `ping`."""

    type: Literal["pong"] = "pong"
    n: Count


# ── server → client, events: what happened in the class ──────────────────────────────────────────


class Event(Message):
    """`seq` counts 1, 2, 3 … within a class without gaps, for everyone: what is private to others comes as
    `withheld`. An event at or below the last one handled is a repetition: skip it (a repeated `said` still
    settles its `key`)."""

    seq: Seq
    at: datetime

    @cached_property
    def wire(self) -> str:
        """The event as it is sent: written once for all sockets of a process."""
        return self.model_dump_json()


class ClassStarted(Event):
    """The first teacher came in."""

    type: Literal["class_started"] = "class_started"


class ParticipantJoined(Event):
    """Came in; also after a lost connection that everyone had been told of."""

    type: Literal["participant_joined"] = "participant_joined"
    participant: Participant


class ParticipantLeft(Event):
    """`participant` left, lost the connection, or was removed: by `by`, and perhaps `barred`."""

    type: Literal["participant_left"] = "participant_left"
    participant: Id
    why: Going = "left"
    by: Id | None = None
    barred: bool = False


class Withheld(Event):
    """Something private between two others. That its number is taken is all that anybody else learns of it,
    now and in every replay."""

    type: Literal["withheld"] = "withheld"


class Said(Event):
    """Somebody wrote to everyone, or to you, or you to somebody. In a replay the message is as it is now."""

    type: Literal["said"] = "said"
    message: ChatMessage


class MessageEdited(Event):
    """Its writer has changed `message`. In a replay the text is that of now."""

    type: Literal["message_edited"] = "message_edited"
    message: Seq
    text: str
    edited_at: datetime | None


class MessageDeleted(Event):
    """`message` was taken back, by its writer or a teacher."""

    type: Literal["message_deleted"] = "message_deleted"
    message: Seq
    deleted: Deleted


class Reacted(Event):
    """`participant` put an emoji on `message`, or took it off; it is there `count` times now."""

    type: Literal["reacted"] = "reacted"
    message: Seq
    emoji: Emoji
    participant: Id
    on: bool
    count: Count
    names: list[str]


class HandRaised(Event):
    """Raised at `at`."""

    type: Literal["hand_raised"] = "hand_raised"
    participant: Id


class HandLowered(Event):
    """`by` is `participant` or the teacher who lowered it."""

    type: Literal["hand_lowered"] = "hand_lowered"
    participant: Id
    by: Id


class HandsLowered(Event):
    """`by` lowered all hands."""

    type: Literal["hands_lowered"] = "hands_lowered"
    by: Id


class Stopped(Event):
    """`by` ended the microphone, camera or shared screen of `participant`; none: of all students."""

    type: Literal["stopped"] = "stopped"
    what: Stoppable
    participant: Id | None
    by: Id


class AskedToUnmute(Event):
    """`by` asked `participant` to turn the microphone on."""

    type: Literal["asked_to_unmute"] = "asked_to_unmute"
    participant: Id
    by: Id


class MaySpeak(Event):
    """`by` gave `participant` the word; their hand is down."""

    type: Literal["may_speak"] = "may_speak"
    participant: Id
    by: Id


class RulesChanged(Event):
    """These are the rules now. With a change of `mic` nobody has the word any more."""

    type: Literal["rules_changed"] = "rules_changed"
    rules: ClassRules
    by: Id


class Admitted(Event):
    """`by` let `participant`, who was barred, come in again."""

    type: Literal["admitted"] = "admitted"
    participant: Id
    by: Id


class RoleChanged(Event):
    """`by` made `participant` a co-teacher (teacher) or a student again; their hand is down."""

    type: Literal["role_changed"] = "role_changed"
    participant: Id
    role: Role
    by: Id


class LeadChanged(Event):
    """`participant` leads the class now. `by`: who handed it over; none: the last one was away."""

    type: Literal["lead_changed"] = "lead_changed"
    participant: Id
    by: Id | None


class MaterialAdded(Event):
    """There is another file for everybody."""

    type: Literal["material_added"] = "material_added"
    material: Material


class MaterialRemoved(Event):
    """A file for everybody is gone."""

    type: Literal["material_removed"] = "material_removed"
    id: Id


class RecordingChanged(Event):
    """The class is recorded from now on, or paused, or no longer (none)."""

    type: Literal["recording_changed"] = "recording_changed"
    recording: RecordingNow | None


class ClassEnded(Event):
    """The class is over for everyone; from here on everything but `ping` is refused with `ended`. `by` is
    none when it was not ended from inside."""

    type: Literal["class_ended"] = "class_ended"
    by: Id | None


Events = (
    ClassStarted
    | ParticipantJoined
    | ParticipantLeft
    | Withheld
    | Said
    | MessageEdited
    | MessageDeleted
    | Reacted
    | HandRaised
    | HandLowered
    | HandsLowered
    | Stopped
    | AskedToUnmute
    | MaySpeak
    | RulesChanged
    | Admitted
    | RoleChanged
    | LeadChanged
    | MaterialAdded
    | MaterialRemoved
    | RecordingChanged
    | ClassEnded
)
Passed = Signalled | FilesOffered | FilesSettled
Told = MomentMarked | PeopleLost | LostNoted
SessionEvent = Annotated[Events, Field(discriminator="type")]
PassedOn = Annotated[Passed, Field(discriminator="type")]
ToldAlone = Annotated[Told, Field(discriminator="type")]
ServerMessage = Annotated[
    Hello
    | Joined
    | Resumed
    | MediaToken
    | IceServers
    | DirectCalls
    | Barred
    | Removed
    | RecordingSafe
    | MediaLeaving
    | MediaLost
    | MediaBack
    | Moved
    | Refused
    | Earlier
    | Reactions
    | Pong
    | Passed
    | Told
    | Events,
    Field(discriminator="type"),
]

client_messages: TypeAdapter[ClientMessage] = TypeAdapter(ClientMessage)
server_messages: TypeAdapter[ServerMessage] = TypeAdapter(ServerMessage)
session_events: TypeAdapter[SessionEvent] = TypeAdapter(SessionEvent)
passed_on: TypeAdapter[PassedOn] = TypeAdapter(PassedOn)
told_alone: TypeAdapter[ToldAlone] = TypeAdapter(ToldAlone)

CLOSE_CODES = {
    4401: "Signed out, or the session ran out: sign in again. Do not reconnect before.",
    4403: "May no longer be in this class (told by `refused` first). Do not reconnect.",
    4408: "This page fell too far behind: reconnect and `join` with `since`.",
    4409: "Moved to another tab or device. Reconnect only when the person asks for it.",
    4429: "Kept sending too fast after being refused. Reconnect after 10 s.",
    1006: "The connection was lost, or cut without a word after a frame of more than 64 KiB: reconnect.",
    1011: "The server failed on this socket: reconnect.",
}
