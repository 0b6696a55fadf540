"""The media process's sign of life: measures how late its loop is, tells its keeper, writes down a stall."""

from __future__ import annotations

import asyncio
import faulthandler
import logging
import os
from collections.abc import Callable

from signaling.sfu.lag import Lag

log = logging.getLogger(__name__)
EVERY = 0.5  # seconds
NOTABLE = 1.0  # seconds late: worth a line
STACKS_AFTER = 3.0  # seconds the loop stands still before all stacks are written to stderr
BEAT, RELEASED = b".", b"x"  # as platform/aula/child.py reads them
HEARTBEAT = "AULA_HEARTBEAT"  # the descriptor the keeper listens to (platform/aula/child.py)


class Heart:
    """Beats twice a second while the loop runs. `tell` is called with each beat, and with RELEASED last."""

    def __init__(self, loop: asyncio.AbstractEventLoop, lag: Lag, tell: Callable[[bytes], None]) -> None:
        self._loop, self._lag, self._tell = loop, lag, tell
        self._timer: asyncio.TimerHandle | None = None
        self._due = 0.0

    def start(self) -> None:
        faulthandler.enable()  # the keeper ends a process that stalls by SIGABRT: say where
        self._due = self._loop.time()
        self._beat()

    def stop(self) -> None:
        """All ports are closed: another process may have them."""
        self._tell(RELEASED)
        faulthandler.cancel_dump_traceback_later()
        if self._timer:
            self._timer.cancel()

    def _beat(self) -> None:
        now = self._loop.time()
        late = now - self._due
        self._lag.observe(now, late)
        if late >= NOTABLE:
            log.warning("the loop stood still for %.1f s", late)
        faulthandler.dump_traceback_later(STACKS_AFTER)  # replaces the last one: fires when no beat follows
        self._tell(BEAT)
        self._due = now + EVERY
        self._timer = self._loop.call_later(EVERY, self._beat)


def keeper_pipe() -> Callable[[bytes], None]:
    """Tells the keeper, where there is one, how this process does."""
    number = os.environ.pop(HEARTBEAT, "")
    if not number:
        return lambda word: None
    pipe = int(number)
    os.set_inheritable(pipe, False)
    os.set_blocking(pipe, False)

    def tell(word: bytes) -> None:
        try:
            os.write(pipe, word)
        except OSError:  # the keeper is gone, or does not read just now: media goes on
            return

    return tell
