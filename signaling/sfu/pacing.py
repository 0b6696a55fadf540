"""Smooths bursts that come in, a key frame of a publisher who does not pace (WHIP), before they go out.

Once for each packet of a layer, whatever the number of listeners. Whatever stays within the allowance passes
at once; what is beyond waits its turn, 40 ms at most, and order is never changed. Browsers pace by themselves
and are hardly ever held up.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Protocol

from signaling.sfu.rtp import Packet

BURST = 24_000  # octets that pass at once
LEAST_RATE = 10e6  # bit/s
TIMES = 4.0  # the layer's own bit/s
LONGEST = 0.04  # seconds a packet may wait
GRAIN = 0.004  # seconds between two releases


class Timer(Protocol):
    def cancel(self) -> None: ...


Later = Callable[[float, Callable[[], None]], Timer]


class Pacer:
    """One layer's; `hand_on` takes each packet, and whether it was the newest, in the order they came."""

    __slots__ = ("_clock", "_debt", "_debt_at", "_hand_on", "_later", "_timer", "_waiting")

    def __init__(
        self, hand_on: Callable[[Packet, bool], None], later: Later, clock: Callable[[], float]
    ) -> None:
        self._hand_on = hand_on
        self._later = later
        self._clock = clock
        self._debt = 0.0  # octets let through that the rate has not yet covered
        self._debt_at = 0.0
        self._waiting: deque[tuple[float, Packet, bool]] = deque()
        self._timer: Timer | None = None

    def take(self, packet: Packet, newest: bool, now: float, bitrate: float) -> None:
        """`bitrate` is the layer's, in bit/s."""
        rate = max(TIMES * bitrate, LEAST_RATE) / 8
        self._debt = max(0.0, self._debt - rate * (now - self._debt_at)) + len(packet.payload)
        self._debt_at = now
        if self._debt <= BURST and not self._waiting:
            self._hand_on(packet, newest)
            return
        wait = min(max(0.0, self._debt - BURST) / rate, LONGEST)
        self._waiting.append((now + wait, packet, newest))
        if self._timer is None:
            self._timer = self._later(GRAIN, self._release)

    def flush(self) -> None:
        """Everything that waits goes now."""
        while self._waiting:
            _, packet, newest = self._waiting.popleft()
            self._hand_on(packet, newest)

    def close(self) -> None:
        """Idempotent; nothing is handed on any more."""
        self._waiting.clear()
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _release(self) -> None:
        self._timer = None
        now, waiting = self._clock(), self._waiting
        try:
            while waiting and waiting[0][0] <= now:
                _, packet, newest = waiting.popleft()
                self._hand_on(packet, newest)
        finally:
            if waiting:
                self._timer = self._later(GRAIN, self._release)
