"""Logs that wait to be finished, one at a time: this engine's, and those an engine before left behind.

One that cannot be finished just now, because the disk is full, say, is tried again until it is, after longer
and longer pauses; after some of them it is given up in what is told of it, and may be finished after all.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine, Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from livekit.protocol import egress

from signaling.sfu.clock import Clock, Timer
from signaling.sfu.egress.disk import Disk
from signaling.sfu.egress.finishing import finished
from signaling.sfu.egress.infos import left_behind
from signaling.sfu.egress.left import Left, everything, forget, look

log = logging.getLogger(__name__)

TRY_AGAIN = 5.0  # seconds: a log whose writer still lives
PAUSE, LONGEST_PAUSE = 15.0, 900.0  # seconds after a failure; doubled each time
ATTEMPTS = 4  # before it is told that nothing will come of it

Info = egress.EgressInfo


@dataclass
class Waiting:
    """One log. `info` is what everybody is told of its recording, None where the log does not say which;
    `error` what ended it. `ours`: this engine has written it."""

    log: Path
    octets: int
    info: Info | None
    error: str = ""
    ours: bool = False
    due: float = 0.0
    failures: int = 0
    pause: float = 0.0


class Finisher:
    """`done(info, made)`: there is a file, or there was nothing to make one of. `failed(info, given_up)`:
    there is none yet; it is said once that it is given up."""

    def __init__(
        self,
        root: Path,
        disk: Disk,
        clock: Clock,
        done: Callable[[Info, dict[str, Any]], None],
        failed: Callable[[Info, bool], None],
    ) -> None:
        self._root = root
        self._disk = disk
        self._clock = clock
        self._done = done
        self._failed = failed
        self._waiting: dict[Path, Waiting] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._works = False
        self._timer: Timer | None = None
        self._closed = False

    @property
    def octets(self) -> int:
        """Of all logs; asked from any thread."""
        return sum(item.octets for item in list(self._waiting.values()))

    def infos(self) -> Iterator[Info]:
        """Of the recordings that wait."""
        return (item.info for item in self._waiting.values() if item.info)

    def add(self, path: Path, octets: int, info: Info) -> None:
        """A recording of this engine is over."""
        self._waiting[path] = Waiting(path, octets, info, info.error, ours=True)
        self._go_on()

    def recover(self) -> None:
        """Take over what an engine before left behind. Called on the running loop, before anything begins."""
        self._start(self._recover())

    def close(self) -> None:
        """What waits is left to the next engine. Idempotent."""
        self._closed = True
        for task in self._tasks:
            task.cancel()
        if self._timer:
            self._timer.cancel()

    async def _recover(self) -> None:
        try:
            found = await self._disk.ask(lambda: everything(self._root))
        except OSError as error:
            log.error("what is left of recordings cannot be read: %s", error.strerror or error)
            return
        for left in found:
            facts = left.made or (asdict(left.head) if left.head else None)
            info = left_behind(facts) if facts else None
            item = Waiting(left.log, left.octets, info, info.error if info else "")
            self._waiting.setdefault(left.log, item)
        self._go_on()

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _go_on(self) -> None:
        """With what is due; what is due later sets the hour."""
        if self._works or self._closed or not self._waiting:
            return
        if self._timer:
            self._timer.cancel()
        pause = min(item.due for item in self._waiting.values()) - self._clock.now()
        if pause > 0:
            self._timer = self._clock.later(pause, self._go_on)
        else:
            self._works = True
            self._start(self._finish_due())

    async def _finish_due(self) -> None:
        try:
            while item := next((each for each in self._waiting.values() if self._is_due(each)), None):
                try:
                    await self._finish(item)
                except OSError as error:
                    log.error("%s: %s", item.log.name, error.strerror or error)
                    self._try_later(item)
        finally:
            self._works = False
        self._go_on()

    def _is_due(self, item: Waiting) -> bool:
        return item.due <= self._clock.now()

    async def _finish(self, item: Waiting) -> None:
        left = await self._disk.ask(lambda: look(item.log))
        if left.written:
            item.due = self._clock.now() + TRY_AGAIN
            return
        if left.there and left.made is None:
            made = await finished(item.log, self._root)
            left = replace(left, made=made) if made else await self._disk.ask(lambda: look(item.log))
        if left.made is not None:
            self._pass_on(item, left, left.made)
        elif left.there:
            self._try_later(item)
        else:
            self._give_up(item)

    def _pass_on(self, item: Waiting, left: Left, made: dict[str, Any]) -> None:
        """Told first: who is killed in between tells it twice."""
        del self._waiting[item.log]
        info = item.info or left_behind(made)
        if item.info:
            info.error = item.error  # not what was said while it was tried
        self._done(info, made)
        self._disk.do(lambda: forget(left))

    def _try_later(self, item: Waiting) -> None:
        item.failures += 1
        item.pause = min(2 * item.pause or PAUSE, LONGEST_PAUSE)
        item.due = self._clock.now() + item.pause
        log.error("%s could not be finished; it is tried again", item.log.name)
        if item.info and item.failures <= ATTEMPTS:
            self._failed(item.info, item.failures == ATTEMPTS)

    def _give_up(self, item: Waiting) -> None:
        """Its log has gone: it was none, or another engine has finished it and said so."""
        del self._waiting[item.log]
        if item.info and (item.ours or item.failures):
            self._failed(item.info, True)
