"""Events in order: none lost between a snapshot and the subscription, none twice, whatever the layer did."""

from __future__ import annotations

from signaling.schema import Event

MOST_EARLY = 1_000  # ahead of the one that is missing; those beyond are fetched when their time comes


class Stream:
    """Passes on the events after `seq` one by one; those that come early wait for the missing ones."""

    def __init__(self, seq: int) -> None:
        self.seq = seq
        self.early: dict[int, Event] = {}

    def offer(self, *events: Event) -> list[Event]:
        """The events that are now in turn; old ones and repetitions vanish."""
        for event in events:
            if 0 < event.seq - self.seq <= MOST_EARLY:
                self.early[event.seq] = event
        return self._in_turn()

    def jump(self, seq: int) -> list[Event]:
        """Everything up to `seq` is known (from a snapshot); what waited for it is now in turn."""
        self.seq = max(self.seq, seq)
        self.early = {known: event for known, event in self.early.items() if known > self.seq}
        return self._in_turn()

    @property
    def has_gap(self) -> bool:
        """Whether an event waits for one that has not come."""
        return bool(self.early)

    def _in_turn(self) -> list[Event]:
        ready = []
        while event := self.early.pop(self.seq + 1, None):
            self.seq = event.seq
            ready.append(event)
        return ready
