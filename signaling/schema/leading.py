"""Leading a class: its rules, what is stopped, who is removed, who leads."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import StringConstraints

from signaling.schema.base import Event, Hue, Id, Message, Role

MOST_REASON = 200

Reason = Annotated[
    str, StringConstraints(strip_whitespace=True, max_length=MOST_REASON, pattern=r"^[^\x00]*$")
]
Stoppable = Literal["mic", "camera", "screen"]


class Stop(Message):
    """End the microphone, camera or shared screen of `participant`, of all students without one (teachers
    and co-teachers, as for all down to `remove`). They may begin again as the rules allow; who was let speak
    while microphones are off, or given the screen, no longer is. Told by `stopped`, and in
    effect at the media server at once."""

    type: Literal["stop"]
    what: Stoppable
    participant: Id | None = None


class AskToUnmute(Message):
    """Ask `participant` to turn the microphone on; they decide."""

    type: Literal["ask_to_unmute"]
    participant: Id


class SetRules(Message):
    """What students and guests may do from now on, whether the class is locked (nobody new gets in, who was
    inside may come back), whether guests wait to be let in, and whether there are captions. What is left out
    stays as it is; whoever waits comes in when there is no waiting room any more."""

    type: Literal["set_rules"]
    mic: bool | None = None
    camera: bool | None = None
    screen: bool | None = None
    chat: bool | None = None
    private_chat: bool | None = None
    locked: bool | None = None
    waiting_room: bool | None = None
    captions: bool | None = None


class Remove(Message):
    """Put `participant` out of the class, telling them `reason` where there is one; `bar`: they cannot come
    back. Not a teacher of the class; a co-teacher only as `appoint`."""

    type: Literal["remove"]
    participant: Id
    reason: Reason = ""
    bar: bool = False


class SendBack(Message):
    """Send `participant` to the waiting room, last in line; they come in again once they are let in. Nobody
    who leads."""

    type: Literal["send_back"]
    participant: Id


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


class ClassRules(Message):
    """What students and guests may do: use microphone and camera, share a screen, write to everyone, write
    and send files to each other. `locked`: nobody new gets in. `waiting_room`: guests wait to be let in.
    `captions`: of anybody, teachers too."""

    mic: bool
    camera: bool
    screen: bool
    chat: bool
    private_chat: bool
    locked: bool
    waiting_room: bool
    captions: bool


class BarredPerson(Message):
    """Somebody who was removed, at `at`, and cannot come back before they are admitted."""

    id: Id
    name: str
    hue: Hue
    reason: str
    at: datetime | None


class Barred(Message):
    """Who is barred, for those who lead: when you have become one of them or are back as one, and when
    somebody is barred."""

    type: Literal["barred"] = "barred"
    people: list[BarredPerson]


class Removed(Message):
    """You were removed from the class, for `reason` if one was given; the socket closes (4403). `barred`:
    there is no way back."""

    type: Literal["removed"] = "removed"
    reason: str
    barred: bool


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


class RulesChanged(Event):
    """These are the rules now. With a change of `mic` nobody has the word any more, with one of
    `screen` nobody was given that."""

    type: Literal["rules_changed"] = "rules_changed"
    rules: ClassRules
    by: Id


class Rules(Message):
    """The rules as they are now: after what was missed (`resumed`), and when the school or the course has
    another waiting room."""

    type: Literal["rules"] = "rules"
    rules: ClassRules


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
