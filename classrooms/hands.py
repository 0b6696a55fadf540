"""The hands of a class for whoever leads it: who raised one, when, and what became of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from classrooms.models import ClassSession, Participant, SessionEvent

TOLD = ("hand_raised", "may_speak", "hand_lowered", "hands_lowered")


class Outcome(StrEnum):
    LET_SPEAK = "let_speak"
    TAKEN_DOWN = "taken_down"  # by whose hand it was
    LOWERED = "lowered"  # by a teacher, without the word
    WAITED = "waited"  # up to the end, or until its owner left


@dataclass
class Hand:
    """`ended_at`: when it went down; None where nobody lowered it."""

    who: Participant
    raised_at: datetime
    outcome: Outcome = Outcome.WAITED
    ended_at: datetime | None = None

    @property
    def waited(self) -> timedelta:
        return (self.ended_at or self.raised_at) - self.raised_at

    def end(self, outcome: Outcome, at: datetime) -> None:
        self.outcome, self.ended_at = outcome, at


def hands_of(session: ClassSession, people: Iterable[Participant]) -> list[Hand]:
    """As they were raised. `people`: everybody who was in the class."""
    events = SessionEvent.objects.filter(session=session, type__in=TOLD).order_by("seq")
    return read(events, {person.public_id: person for person in people})


def read(events: Iterable[SessionEvent], people: dict[str, Participant]) -> list[Hand]:
    """From the log; `people` by public id. Pure."""
    hands: list[Hand] = []
    up: dict[str, Hand] = {}
    for event in events:
        who = event.payload.get("participant", "")
        match event.type:
            case "hand_raised" if who in people:
                up[who] = Hand(people[who], event.at)
                hands.append(up[who])
            case "may_speak" if who in up:
                up.pop(who).end(Outcome.LET_SPEAK, event.at)
            case "hand_lowered" if who in up:
                own = event.payload.get("by") == who
                up.pop(who).end(Outcome.TAKEN_DOWN if own else Outcome.LOWERED, event.at)
            case "hands_lowered":
                for hand in up.values():
                    hand.end(Outcome.LOWERED, event.at)
                up.clear()
    return hands
