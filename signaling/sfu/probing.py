"""Whether more would pass: short bursts of padding, asked for only when somebody would get a better picture.

A probe lasts a tenth of a second. After a failure the next one waits twice as long and asks for little more
than what is known to pass, so that one too many makes a queue of some ten milliseconds; after a success the
next one goes further.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

LENGTH = 0.1  # seconds
STEPS = (1.3, 2.0, 3.0)  # times the estimate: after a failure, else, after two successes
LEAST = 200_000.0  # bit/s
PASSED = 0.85  # of what was sent: the line may carry more
PAUSE, LONGEST_PAUSE, LONGEST_BLAMED = 1.0, 4.0, 30.0  # seconds
AGAIN = 0.15  # seconds after a success
PATIENCE = 1.5  # seconds for the feedback to come
BLAME = 3.0  # seconds after a success in which congestion proves it wrong


@dataclass
class Probe:
    """One burst: numbers `first` to `last` (64-bit transport-wide) at `rate` bit/s, media included."""

    rate: float
    started: float
    first: int
    last: int | None = None  # None while it is sent
    ended: float = 0.0
    packets: list[tuple[float, float | None, int]] = field(default_factory=list)  # sent, arrived, octets

    def note(
        self, first: int, sent: Sequence[float], sizes: Sequence[int], arrivals: Sequence[float | None]
    ) -> None:
        """What is told of packets from number `first` on; a time of sending of 0 is unknown."""
        for number, (at, size, arrival) in enumerate(zip(sent, sizes, arrivals, strict=True), first):
            if at and number >= self.first and (self.last is None or number <= self.last):
                self.packets.append((at, arrival, size))

    def outcome(self) -> tuple[float, float] | None:
        """bit/s that were sent and that passed; None when nothing can be said."""
        arrived = [(at, size) for _, at, size in self.packets if at is not None]
        if len(arrived) < 4:
            return None
        begin, end = self.packets[0][0], self.packets[-1][0]
        before_last = sum(size for at, _, size in self.packets if at < end - 0.002)
        first, last = min(arrived), max(arrived)
        if end - begin < LENGTH / 4 or last[0] <= first[0]:
            return None
        sent = before_last * 8 / (end - begin)
        return sent, (sum(size for _, size in arrived) - first[1]) * 8 / (last[0] - first[0])


class Probing:
    """When to probe one listener, and how far to go."""

    def __init__(self) -> None:
        self.probe: Probe | None = None
        self._next_at = 0.0
        self._pause = PAUSE
        self._succeeded_at = -1e9
        self._boldness = 1
        self._blamed = PAUSE

    def begin(self, now: float, needed: float, estimate: float, first: int) -> bool:
        """Start one when `needed` bit/s exceed `estimate` and it is time; `first` is the next number."""
        if self.probe is not None or now < self._next_at or needed <= estimate:
            return False
        rate = max(LEAST, min(needed, STEPS[self._boldness] * estimate))
        self.probe = Probe(rate, now, first)
        return True

    def soon(self, now: float) -> bool:
        """The next may begin within moments."""
        return self.probe is None and 0 < self._next_at - now < 2 * AGAIN

    def end(self, now: float, last: int) -> None:
        """The burst was sent."""
        if self.probe is not None:
            self.probe.last, self.probe.ended = last, now

    def overdue(self, now: float) -> bool:
        probe = self.probe
        return probe is not None and probe.last is not None and now - probe.ended > PATIENCE

    def conclude(self, now: float) -> tuple[float, bool] | None:
        """bit/s that passed, and whether that was all of the probe; None when it told nothing."""
        probe, self.probe = self.probe, None
        outcome = probe.outcome() if probe is not None else None
        whole = outcome is not None and outcome[1] >= PASSED * outcome[0]
        if whole:
            self._next_at = now + AGAIN
            self._pause = PAUSE
            self._boldness = min(self._boldness + 1, len(STEPS) - 1)
            self._succeeded_at = now
        else:
            self._next_at = now + self._pause
            self._pause = min(LONGEST_PAUSE, 2 * self._pause)
            self._boldness = 0
        return None if outcome is None else (min(outcome), whole)

    def start_anew(self, now: float) -> None:
        """The line is back after a silence: what failed before says little."""
        self.probe = None
        self._pause = PAUSE
        self._next_at = now + AGAIN
        self._boldness = len(STEPS) - 1

    def give_up(self, now: float) -> None:
        """Congestion: no probe now, and none soon if it was a probe that led here."""
        self.probe = None
        self._next_at = max(self._next_at, now + self._pause)
        if now - self._succeeded_at < BLAME:
            self._succeeded_at = -1e9
            self._blamed = min(LONGEST_BLAMED, 2 * self._blamed)
            self._next_at = now + self._blamed
        elif now - self._succeeded_at > LONGEST_BLAMED:
            self._blamed = PAUSE
