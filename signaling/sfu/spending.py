"""How much feedback of one peer is read: what it NACKs and what it tells of arrivals, together.

A datagram of NACKs asks for thousands of numbers, one of transport-wide feedback tells of a hundred thousand
packets: looking at all of them would take what the others need.
"""

from __future__ import annotations

from collections.abc import Callable

from signaling.sfu.allowance import Allowance
from signaling.sfu.rtcp import Costly

RATE, BURST = 1500.0, 1500.0  # NACKed numbers, a second and at once: browsers ask for 1,000 at the most
STATUSES = 16  # cost as much as one NACKed number


class Feedbacks:
    """`refused` is called for every packet that is not read; `now` is the time of the datagram."""

    def __init__(self, now: float, refused: Callable[[], None]) -> None:
        self.now = now
        self._refused = refused
        self._allowance = Allowance(RATE, BURST, now)

    def nacked(self, numbers: int) -> None:
        self._spend(numbers)

    def told(self, statuses: int) -> None:
        self._spend(statuses / STATUSES)

    def _spend(self, cost: float) -> None:
        if not self._allowance.take(self.now, cost):
            self._refused()
            raise Costly
