"""Hands, the word, and the screen."""

from __future__ import annotations

from typing import Literal

from signaling.schema.base import Event, Id, Message


class RaiseHand(Message):
    """Ask to speak. Raised already: nothing happens."""

    type: Literal["raise_hand"]


class LowerHand(Message):
    """Lower one's own hand or, as a teacher, the hand of `participant`."""

    type: Literal["lower_hand"]
    participant: Id | None = None


class LowerHands(Message):
    """Lower all hands."""

    type: Literal["lower_hands"]


class LetSpeak(Message):
    """Give `participant` the word: lowers the hand, and allows the microphone until they are muted, also
    while the rules keep students' microphones off."""

    type: Literal["let_speak"]
    participant: Id


class GiveScreen(Message):
    """Ask `participant` to share a screen, and allow it until they leave or their screen is stopped (`stop`),
    also while the rules keep students' screens off. Whoever shares already goes on."""

    type: Literal["give_screen"]
    participant: Id


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


class MaySpeak(Event):
    """`by` gave `participant` the word; their hand is down."""

    type: Literal["may_speak"] = "may_speak"
    participant: Id
    by: Id


class MayShare(Event):
    """`by` gave `participant` the screen, and asks them to share it."""

    type: Literal["may_share"] = "may_share"
    participant: Id
    by: Id
