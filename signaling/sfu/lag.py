"""How late the loop runs what is due: the one number that says whether the engine keeps up."""

from __future__ import annotations

from collections import deque

STALLED = 2.0  # seconds late: the process does not live
BEHIND = 0.5  # seconds late: no more people, please
REMEMBERED = 5.0  # seconds
MOST = 100  # observations


class Lag:
    """The worst of the last five seconds; `longest` is the worst ever."""

    def __init__(self) -> None:
        self.longest = 0.0
        self._seen: deque[tuple[float, float]] = deque(maxlen=MOST)

    def observe(self, at: float, late: float) -> None:
        """Something that was due `late` seconds before `at` ran at `at`."""
        self.longest = max(self.longest, late)
        self._seen.append((at, late))

    def worst(self, now: float) -> float:
        """Seconds."""
        while self._seen and self._seen[0][0] < now - REMEMBERED:
            self._seen.popleft()
        return max((late for _, late in self._seen), default=0.0)
