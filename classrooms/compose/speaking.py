"""Who speaks when, without flicker. Pure; seconds of the class."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from classrooms.compose.job import Source

HELD = 2.0  # seconds that a speaker stays in the picture at least


@dataclass(frozen=True)
class Turn:
    """From `start` on `person` is the one who speaks, until the next turn."""

    start: float
    person: str


@dataclass(frozen=True)
class Part:
    """Somebody speaks from `start` to `end`."""

    start: float
    end: float
    person: str
    teaches: bool


def turns(tracks: Sequence[Source]) -> list[Turn]:
    """Whoever begins to speak while nobody does has the turn; who still speaks when the speaker falls silent
    gets it then: the teacher first, else who began first. Nobody loses it before HELD."""
    spoken = sorted(
        (
            Part(track.start + start, track.start + end, track.person, track.teaches)
            for track in tracks
            if track.source == "microphone"
            for start, end in track.speech or ()
        ),
        key=lambda part: part.start,
    )
    floor = Floor()
    for part in spoken:
        floor.hand_over(before=part.start)
        floor.hear(part)
    floor.hand_over(before=math.inf)
    return floor.turns


class Floor:
    """Who has it, until when, and who waits for it."""

    def __init__(self) -> None:
        self.turns: list[Turn] = []
        self._until = -math.inf
        self._waiting: list[Part] = []

    @property
    def _over(self) -> float:
        """When somebody else may have it."""
        return max(self._until, self.turns[-1].start + HELD) if self.turns else -math.inf

    def hear(self, part: Part) -> None:
        if part.start >= self._over:
            self._take(part, part.start)
        elif part.person == self.turns[-1].person:
            self._until = max(self._until, part.end)
        else:
            self._waiting.append(part)

    def hand_over(self, before: float) -> None:
        while self._waiting and self._over <= before:
            moment = self._over
            self._waiting = [part for part in self._waiting if part.end > moment]
            if self._waiting:
                chosen = min(self._waiting, key=lambda part: (not part.teaches, part.start))
                self._waiting.remove(chosen)
                self._take(chosen, moment)

    def _take(self, part: Part, at: float) -> None:
        if not self.turns or self.turns[-1].person != part.person:
            self.turns.append(Turn(at, part.person))
        self._until = part.end
