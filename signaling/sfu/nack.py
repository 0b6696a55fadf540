"""Which lost packets to ask a publisher for, and when (RFC 4585 6.2.1)."""

from __future__ import annotations

TRIES = 10
FIRST_WAIT = 0.01  # seconds: most reordering is over by then
RETRY = 0.05  # seconds, or the round trip
KEEP = 1.5  # seconds after which a packet is no longer worth having
MOST = 300  # missing at once; more is not loss but an outage, and a key frame mends it


class Missing:
    """The numbers of one layer that did not arrive. Times are seconds."""

    __slots__ = ("_lost", "gave_up")

    def __init__(self) -> None:
        self._lost: dict[int, list[float]] = {}  # number -> [since, tries, last]
        self.gave_up = False  # a packet is lost for good: only a key frame helps

    def __bool__(self) -> bool:
        return bool(self._lost)

    def skipped(self, first: int, after: int, now: float) -> None:
        """Numbers first..after-1 were jumped over."""
        if len(self._lost) + after - first > MOST:
            self._lost.clear()
            self.gave_up = True
            return
        for number in range(first, after):
            self._lost[number] = [now, 0, now]

    def arrived(self, number: int) -> None:
        self._lost.pop(number, None)

    def forget_before(self, number: int) -> None:
        """A key frame starts at `number`: nothing older is needed any more."""
        self._lost = {n: state for n, state in self._lost.items() if n >= number}

    def due(self, now: float, rtt: float) -> list[int]:
        """What to ask for now; counts the try and gives up on what is too old."""
        asked = []
        for number, state in list(self._lost.items()):
            since, tries, last = state
            if tries >= TRIES or now - since > KEEP:
                del self._lost[number]
                self.gave_up = True
            elif now - last >= (max(RETRY, rtt) if tries else FIRST_WAIT):
                state[1] += 1
                state[2] = now
                asked.append(number)
        return asked
