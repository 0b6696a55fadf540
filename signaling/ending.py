"""How the media process ends: no new rooms, a warning, everybody is moved, then all closes."""

from __future__ import annotations

import asyncio
import logging
import signal
from dataclasses import dataclass, field

from signaling.media_server import MediaServer
from signaling.media_watch import Watchers
from signaling.sfu.plane import Plane
from signaling.sfu.rooms import Rooms
from signaling.sfu.webhooks import Webhooks

log = logging.getLogger(__name__)
LOOK_EVERY = 0.1  # seconds: is everybody gone?
GOODBYES = 0.2  # seconds for the last messages to leave
AT_ONCE = 0.05  # seconds for both, when it is urgent
END_WITHIN = 1.0  # seconds for the transports to say goodbye, and for the last webhooks


@dataclass
class Ending:
    """`drain`: seconds from the first SIGTERM (or SIGINT) until those who are still here are told to connect
    anew, to the process that takes over. A second signal skips what is left of every wait."""

    loop: asyncio.AbstractEventLoop
    rooms: Rooms
    watchers: Watchers
    webhooks: Webhooks
    plane: Plane
    server: MediaServer
    drain: float
    _urgent: asyncio.Event = field(default_factory=asyncio.Event)
    _task: asyncio.Task[None] | None = None

    def on_signals(self) -> None:
        for number in (signal.SIGTERM, signal.SIGINT):
            self.loop.add_signal_handler(number, self._told)

    def _told(self) -> None:
        if self._task is None:
            self._task = self.loop.create_task(self._end())
        else:
            self._urgent.set()

    async def _end(self) -> None:
        try:
            await self._drain()
            self.rooms.stop()
            await self._wait(GOODBYES)
            within = AT_ONCE if self._urgent.is_set() else END_WITHIN
            await asyncio.gather(asyncio.wait_for(self.plane.close(), within), self.webhooks.close(within))
        except TimeoutError:
            log.warning("some transports did not say goodbye in time")
        finally:
            self.server.stop()

    async def _drain(self) -> None:
        self.rooms.drain()
        if not self.rooms.people:
            return
        log.info("stopping: %d people have %.0f s", self.rooms.people, self.drain)
        self.watchers.tell_leaving(self.drain)
        until = self.loop.time() + self.drain
        while self.rooms.people and self.loop.time() < until and not self._urgent.is_set():
            await self._wait(min(LOOK_EVERY, until - self.loop.time()))

    async def _wait(self, seconds: float) -> None:
        try:
            await asyncio.wait_for(self._urgent.wait(), seconds)
        except TimeoutError:
            return
