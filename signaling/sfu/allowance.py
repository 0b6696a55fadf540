"""How fast one participant may ask for things: a token bucket."""

from __future__ import annotations


class Allowance:
    """`rate` a second, with bursts of `burst`."""

    def __init__(self, rate: float, burst: float, now: float) -> None:
        self._rate = rate
        self._burst = burst
        self._left = burst
        self._at = now

    def take(self, now: float, cost: float = 1) -> bool:
        """Use one, or `cost` of them; False when fewer are left."""
        self._left = min(self._burst, self._left + (now - self._at) * self._rate)
        self._at = now
        if self._left < cost:
            return False
        self._left -= cost
        return True
