"""Recording the class, and marks in what is recorded."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from signaling.schema.base import Count, Event, Message

MOST_TITLE = 80
MOST_AGO = 600  # seconds between a moment and its mark

Title = Annotated[
    str, StringConstraints(strip_whitespace=True, max_length=MOST_TITLE, pattern=r"^[^\x00-\x1f]*$")
]
RecordingWish = Literal["on", "paused", "off"]


class Record(Message):
    """Record the class from now on, pause, go on, or stop (teachers). As it is already: nothing happens."""

    type: Literal["record"]
    wanted: RecordingWish


class Consent(Message):
    """Whether you agree to being recorded: your sound, camera and screen. It can be changed any time, for
    what comes after. Answered by `consent_noted`."""

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


class ConsentNoted(Message):
    """Whether you agree to being recorded, as it is kept."""

    type: Literal["consent_noted"] = "consent_noted"
    given: bool


class RecordingNow(Message):
    """The class is recorded, or the recording is paused, `since` then. `by`: who began it."""

    state: Literal["on", "paused"]
    since: datetime
    started_at: datetime
    by: str


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


class RecordingChanged(Event):
    """The class is recorded from now on, or paused, or no longer (none)."""

    type: Literal["recording_changed"] = "recording_changed"
    recording: RecordingNow | None
