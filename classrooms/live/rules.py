"""What is decided about a live class, as plain functions: no database, no clock, no sockets."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from classrooms.live.refusals import (
    Barred,
    CaptionsOff,
    ChatOff,
    Ended,
    Locked,
    MicOff,
    NoCaptions,
    NoFiles,
    NoPrivateChat,
    NotAGuest,
    NotAllowed,
    NotDirect,
    NotHere,
    NotOpen,
    NotStarted,
    NotThem,
    NotYourMessage,
    OnlyTheLead,
    PrivateChatOff,
    Removed,
    ScreenOff,
    ScreenTaken,
    TurnedAway,
)

HAND_SURVIVES = timedelta(minutes=2)
SCREEN_SURVIVES = timedelta(seconds=45)
MOST_REPLAYED = 500
MOST_HISTORY = 200  # messages of the chat at once,
MOST_HISTORY_BYTES = 512 * 1024  # and of those so many bytes
ASK_AGAIN = timedelta(seconds=30)  # after somebody was turned away
DESERTED = timedelta(seconds=20)  # without whoever leads it: somebody else does from then on


@dataclass(frozen=True)
class ClassRules:
    """What students and guests may do in a class, whether guests wait to be let in, whether it is locked, and
    whether what is said may be captioned."""

    mic: bool = True
    camera: bool = True
    screen: bool = True
    chat: bool = True
    private_chat: bool = True
    locked: bool = False
    waiting_room: bool = True
    captions: bool = True


def check_entry(
    *,
    state: str,
    leads: bool,
    opens_at: datetime,
    at: datetime,
    zone: ZoneInfo,
    locked_out: bool = False,
    barred: bool = False,
    removed: bool = False,
    waits: bool = False,
) -> None:
    """Whether a person may come in now. Raises Ended, Barred, Removed, NotOpen (told in `zone`), NotStarted,
    Locked.

    `state` is scheduled, live or ended; `leads`: may start the class by coming in; `opens_at`: when this
    person may enter; `removed`: their page comes back by itself, not knowing that they were removed;
    `waits`: comes no further than the waiting room, also before the class is on.
    """
    if state == "ended":
        raise Ended
    if barred:
        raise Barred
    if removed:
        raise Removed
    if at < opens_at:
        raise NotOpen(opens_at, zone)
    if state == "scheduled" and not (leads or waits):
        raise NotStarted
    if locked_out:
        raise Locked


def must_wait(
    *, guest: bool, waiting_room: bool, let_in: bool, removed: bool, sent_back: bool = False
) -> bool:
    """Whether somebody comes no further than the waiting room: a guest whom nobody has let in yet, one who
    was removed even where there is none, and whoever was sent there from inside."""
    return sent_back or (guest and not let_in and (waiting_room or removed))


def check_knock(*, turned_away_at: datetime | None, at: datetime) -> None:
    """Whether somebody may ask (again) to be let in. Raises TurnedAway."""
    if turned_away_at is not None and at < turned_away_at + ASK_AGAIN:
        raise TurnedAway(turned_away_at + ASK_AGAIN)


def is_locked_out(*, locked: bool, leads: bool, was_inside: bool) -> bool:
    """A lock keeps out whoever is new: not who was inside and only lost the connection, and no teacher."""
    return locked and not leads and not was_inside


def allowed(now: ClassRules, *, leads: bool, may_speak: bool, may_share: bool) -> frozenset[str]:
    """What somebody may send: mic, camera, screen. `may_speak`: was given the word; `may_share`: the
    screen."""
    students = {"mic": now.mic or may_speak, "camera": now.camera, "screen": now.screen or may_share}
    return frozenset(kind for kind, may in students.items() if may or leads)


def sends(may: frozenset[str], *, leads: bool, presents: bool) -> frozenset[str]:
    """Of what somebody may, what they may send just now: a screen goes to one student at a time, who
    `presents`."""
    return may if leads or presents else may - {"screen"}


EVERYTHING = allowed(ClassRules(), leads=False, may_speak=False, may_share=False)


def check_inside(*, state: str, here: bool) -> None:
    """Whether a person may take part. Raises Ended or NotHere."""
    if state == "ended":
        raise Ended
    if not here:
        raise NotHere


def check_running(*, state: str) -> None:
    """Whether there is a class to lead. Raises Ended or NotStarted."""
    if state == "ended":
        raise Ended
    if state == "scheduled":
        raise NotStarted


def check_leading(*, leads: bool) -> None:
    """Raises NotAllowed."""
    if not leads:
        raise NotAllowed


def check_heading(*, heads: bool) -> None:
    """What is for a teacher of the class, or a co-teacher who leads it just now. Raises OnlyTheLead."""
    if not heads:
        raise OnlyTheLead


def check_removing(*, own: bool, by_right: bool, co_teacher: bool, heads: bool) -> None:
    """Whom somebody who leads may put out. Raises NotThem, OnlyTheLead."""
    if own or by_right:
        raise NotThem
    if co_teacher:
        check_heading(heads=heads)


def check_sending_back(*, leads: bool) -> None:
    """Whom somebody who leads may send to the waiting room: nobody who leads. Raises NotThem."""
    if leads:
        raise NotThem


def check_appointing(*, by_right: bool, guest: bool = False) -> None:
    """A teacher of the class is no co-teacher and cannot be made less; a guest leads nothing. Raises NotThem,
    NotAGuest."""
    if by_right:
        raise NotThem
    if guest:
        raise NotAGuest


def check_chat(now: ClassRules, *, leads: bool) -> None:
    """Whether somebody may write to everyone. Raises ChatOff."""
    if not (now.chat or leads):
        raise ChatOff


def check_private_chat(now: ClassRules, *, leads: bool, to_leads: bool) -> None:
    """Whether somebody may write, or send files, to one other person: with a teacher everybody may.
    Raises PrivateChatOff."""
    if not (now.private_chat or leads or to_leads):
        raise PrivateChatOff


def check_sharing(
    may_send: frozenset[str], *, leads: bool, presenter: str | None, lost: bool = False
) -> None:
    """Whether somebody may share a screen; `may_send`: as `allowed`; `presenter`: another student who has
    it, though their line may be `lost`. Raises ScreenOff, ScreenTaken."""
    if leads:
        return
    if "screen" not in may_send:
        raise ScreenOff
    if presenter is not None:
        raise ScreenTaken(presenter, lost=lost)


def keeps_screen(*, left_at: datetime | None, at: datetime) -> bool:
    """Whether whoever has the screen still does: also while only their line is lost, or their web process
    gives no sign of life, when what they share may go on."""
    return left_at is None or at - left_at <= SCREEN_SURVIVES


def check_captions(now: ClassRules, *, school_allows: bool) -> None:
    """Whether there are captions in a class. Raises NoCaptions, CaptionsOff."""
    if not school_allows:
        raise NoCaptions
    if not now.captions:
        raise CaptionsOff


def check_speaking(may_send: frozenset[str]) -> None:
    """Whether somebody may be heard; `may_send`: as `allowed`. Raises MicOff."""
    if "mic" not in may_send:
        raise MicOff


def patience_left(*, left_at: datetime, at: datetime) -> timedelta:
    """How long the class still waits for who led it and left; 0 when somebody else is to lead."""
    return max(DESERTED - (at - left_at), timedelta(0))


def check_lowering(*, own: bool, leads: bool) -> None:
    """Whose hand may be lowered: one's own, and a teacher anyone's. Raises NotAllowed."""
    if not own:
        check_leading(leads=leads)


def check_whispering(*, leads: bool, to_leads: bool, school_allows: bool) -> None:
    """Whether a person may write to another one alone: with a teacher always, student to student where the
    school allows it. Raises NoPrivateChat."""
    if not (leads or to_leads or school_allows):
        raise NoPrivateChat


def check_deleting(*, own: bool, leads: bool) -> None:
    """One's own message, and a teacher each that they see. Raises NotYourMessage."""
    if not (own or leads):
        raise NotYourMessage


def check_direct(
    *, allowed: bool, for_call: bool, here: int, recorded: bool, restricted: bool = False
) -> None:
    """Whether two people may connect directly: their school allows it, and, for a call, they are alone here,
    not recorded, and neither is `restricted` in what to send (only the media server can hold them to that).
    Raises NotDirect, NoFiles."""
    if for_call and (not allowed or here != 2 or recorded or restricted):
        raise NotDirect
    if not allowed:
        raise NoFiles


def keeps_hand(*, left_at: datetime | None, at: datetime) -> bool:
    """Whether a raised hand outlives an absence: a short one, such as a reload, costs no place in line."""
    return left_at is not None and at - left_at <= HAND_SURVIVES


def can_replay(*, since: int | None, last_seq: int) -> bool:
    """Whether a page that has seen `since` gets what it missed rather than a snapshot."""
    return since is not None and 0 <= last_seq - since <= MOST_REPLAYED
