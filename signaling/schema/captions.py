"""Captions of what is said, as the speaker's own browser hears it. They are passed on, and kept nowhere."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from signaling.schema.base import Id, Message

MOST_CAPTION = 500

Spoken = Annotated[
    str, StringConstraints(strip_whitespace=True, max_length=MOST_CAPTION, pattern=r"^[^\x00]*$")
]
Line = Annotated[int, Field(ge=0, le=2**31 - 1)]
Language = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9-]{0,35}$")]
Captioned = Literal["on", "unable", "failed", "declined", "off"]


class CaptionsNow(Message):
    """`allowed`: the school lets people make captions. `wanted`: somebody in the class wants to read some;
    whoever speaks makes none before that."""

    allowed: bool
    wanted: bool


class WantCaptions(Message):
    """Read captions from now on, or no longer. Forgotten at each `join`. Refused with `no_captions` by the
    school, with `captions_off` by the class's rules."""

    type: Literal["want_captions"]
    wanted: bool


class Caption(Message):
    """What you are saying: `line` counts, and a caption takes the place of the one before of the same line
    until it is `final`. `language`: a BCP 47 tag. For who may use the microphone (else `mic_off`). A caption
    that is not final and comes too fast is dropped without a word."""

    type: Literal["caption"]
    line: Line
    text: Spoken
    final: bool = False
    language: Language = ""


class Captioning(Message):
    """What becomes of what you say: `on`: captions; `unable`: none, your browser has no speech recognition;
    `failed`: none, it does not answer; `declined`: none, you have not agreed; `off`: you are not speaking."""

    type: Literal["captioning"]
    state: Captioned


class CaptionsChanged(Message):
    """Captions are wanted, or allowed, otherwise than told last."""

    type: Literal["captions_changed"] = "captions_changed"
    captions: CaptionsNow


class Subtitle(Message):
    """What `by` says, to who wants captions: as `caption`."""

    type: Literal["subtitle"] = "subtitle"
    by: Id
    line: Line
    text: Spoken
    final: bool
    language: Language


class CaptioningNow(Message):
    """What becomes of what `by` says, to who wants captions: as `captioning`."""

    type: Literal["captioning_now"] = "captioning_now"
    by: Id
    state: Captioned
