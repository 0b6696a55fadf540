"""Who is told of a participant's changes, and how often: all at once, but not at anybody's pace.

Every request to mute makes a message for everybody in the room. Beyond a rate that no person reaches, several
changes share one message, which says how things are then.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from signaling.sfu.clock import Clock, Timer

if TYPE_CHECKING:
    from signaling.sfu.participant import Participant

PAUSE = 0.2  # seconds


class Changes:
    """`tell` is called for a participant with news; each has an allowance of its own."""

    def __init__(self, clock: Clock, tell: Callable[[Participant], None]) -> None:
        self._clock = clock
        self._tell = tell
        self._waiting: dict[Participant, None] = {}
        self._timer: Timer | None = None

    def note(self, participant: Participant) -> None:
        """Something of what everybody may know of it is new."""
        if participant in self._waiting:
            return
        if participant.changes.take(self._clock.now()):
            self._tell(participant)
            return
        self._waiting[participant] = None
        if self._timer is None:
            self._timer = self._clock.later(PAUSE, self._tell_waiting)

    def close(self) -> None:
        """Idempotent."""
        self._waiting.clear()
        if self._timer:
            self._timer.cancel()
            self._timer = None

    def _tell_waiting(self) -> None:
        self._timer = None
        waiting, self._waiting = self._waiting, {}
        for participant in waiting:
            if not participant.gone:
                self._tell(participant)
