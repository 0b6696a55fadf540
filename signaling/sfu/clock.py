"""Time as the rooms see it: passed in, so that tests can move it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Protocol


class Timer(Protocol):
    def cancel(self) -> None: ...


class Clock(Protocol):
    def now(self) -> float:
        """Seconds that never go back, from an arbitrary start."""

    def wall(self) -> float:
        """Seconds since 1970-01-01 UTC."""

    def later(self, delay: float, call: Callable[[], None]) -> Timer:
        """Call `call` once after `delay` seconds, on the loop."""


class LoopClock:
    """The time of the running asyncio loop."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop

    def now(self) -> float:
        return self._loop.time()

    def wall(self) -> float:
        return time.time()

    def later(self, delay: float, call: Callable[[], None]) -> Timer:
        return self._loop.call_later(delay, call)
