"""A delay that came and stays although everything arrives: the way is longer now, nothing queues on it."""

from __future__ import annotations

FLAT = 0.02  # seconds up or down that are no growth
SEEMS, PROVEN = 0.4, 1.5  # seconds


class Standing:
    """Feed it every round with a queue, and `end` it with the first that has none.

    Packets that queue at a line too small for them make the queue grow, or are lost once it is full: what
    neither grows nor loses anything passes.
    """

    def __init__(self) -> None:
        self._since: float | None = None
        self._queue = 0.0  # seconds, when it began
        self._packets = self._lost = 0

    def end(self) -> None:
        self._since = None

    def take(self, now: float, queue: float, packets: int, lost: int) -> None:
        """`queue` in seconds."""
        if self._since is None or abs(queue - self._queue) > FLAT:
            self._since, self._queue, self._packets, self._lost = now, queue, 0, 0
            return
        self._packets += packets
        self._lost += lost

    def seems(self, now: float, loss: float) -> bool:
        """Whether it has stood for a while. `loss` is the share 0..1 that is no sign of too much."""
        return self._stood(now, loss, SEEMS)

    def proven(self, now: float, loss: float) -> bool:
        return self._stood(now, loss, PROVEN)

    def _stood(self, now: float, loss: float, seconds: float) -> bool:
        since = self._since
        return since is not None and now - since >= seconds and self._lost <= loss * self._packets
