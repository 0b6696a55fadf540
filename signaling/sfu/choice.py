"""Which simulcast layer a listener gets, and when a key frame is asked for: rules without I/O."""

from __future__ import annotations

from collections.abc import Sequence

FLOWING = 1.2  # seconds since the last packet
ORDER = "qhf"  # LiveKit's rids, low to high
REQUEST_SPACING = 0.2  # seconds between two key frame requests: 5 a second
LARGE_SPACING = 0.5  # for pictures above 720 lines
RETRY = 0.6  # seconds to wait for a key frame that was asked for


def low_to_high(rids: Sequence[str]) -> tuple[str, ...]:
    """q < h < f where these are the names, else the order given; ("",) for a track without simulcast."""
    if not rids:
        return ("",)
    if all(rid in ORDER for rid in rids):
        return tuple(sorted(rids, key=ORDER.index))
    return tuple(rids)


def choose(flowing: Sequence[bool], ceiling: int, current: int | None) -> int | None:
    """The best layer up to `ceiling` that flows, else the lowest above it; `current` when none flows."""
    below = [i for i, flows in enumerate(flowing) if flows and i <= ceiling]
    if below:
        return below[-1]
    above = [i for i, flows in enumerate(flowing) if flows]
    return above[0] if above else current


class KeyFrames:
    """Coalesces the requests for one layer's key frames. Times are seconds."""

    __slots__ = ("_asked", "_sent", "spacing", "wanted")

    def __init__(self) -> None:
        self.wanted = False
        self.spacing = REQUEST_SPACING
        self._sent = -1e9
        self._asked = False  # sent and not answered

    def ask(self) -> None:
        self.wanted = True

    def forget(self) -> None:
        """Nobody is left who wants one."""
        self.wanted = self._asked = False

    def due(self, now: float) -> bool:
        """Whether to send a request now; asks again when none came."""
        if not self.wanted or now - self._sent < (RETRY if self._asked else self.spacing):
            return False
        self._sent = now
        self._asked = True
        return True

    def arrived(self, height: int) -> None:
        self.wanted = self._asked = False
        self.spacing = LARGE_SPACING if height > 720 else REQUEST_SPACING
