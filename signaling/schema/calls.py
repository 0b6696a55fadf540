"""Direct connections between two browsers."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from signaling.schema.base import Id, Key, Message

MOST_SDP = 24_000
MOST_CANDIDATE = 1_000
MOST_CANDIDATES = 32  # in one message
MOST_NAME = 256

Purpose = Literal["call", "files"]


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
