"""Whether the media server is there, as this web process sees it, told to its classroom sockets at once.

One connection to `/watch` (media_watch.py) is held as long as anybody is in a class: the kernel closes it the
moment the media process dies. A LiveKit cluster has no such address; its clients mend themselves, slower.
"""

from __future__ import annotations

import asyncio
import json
import logging
import time
from collections.abc import Awaitable, Callable
from enum import Enum
from typing import Any

import aiohttp
import jwt
from django.conf import settings

log = logging.getLogger(__name__)
PATH = "/watch"
HEARTBEAT = 4.0  # seconds between pings; half of it for the answer: a machine that vanished closes nothing
CONNECT_WITHIN = 2.0  # seconds
HURRY, HURRY_FOR = 0.05, 10.0  # seconds between tries, for so long after it was lost
RETRY = 1.0  # seconds between tries, after that
UNWATCHED = 60.0  # seconds until a server without our address is asked again
TOKEN_LASTS = 60  # seconds
SPREAD, LONGEST_SPREAD = 40, 2000  # milliseconds, for each person and at most: not all come back at once


class State(Enum):
    UNKNOWN = "unknown"
    UP = "up"
    LOST = "lost"


Tell = Callable[[dict[str, Any]], Awaitable[None]]
"""Puts a message among a consumer's own (`media.leaving`, `media.lost`, `media.back`)."""


class MediaWatch:
    """Runs while somebody listens. Each web process has one."""

    def __init__(self) -> None:
        self.state = State.UNKNOWN
        self._listeners: dict[str, Tell] = {}
        self._task: asyncio.Task[None] | None = None
        self._lost_at = 0.0
        self._instance: str | None = None

    def listen(self, name: str, tell: Tell) -> None:
        """Tell `name` from now on."""
        self._listeners[name] = tell
        if self._task is None or self._task.done():
            self.state = State.UNKNOWN
            self._task = asyncio.get_running_loop().create_task(self._watch())

    def forget(self, name: str) -> None:
        """Idempotent."""
        self._listeners.pop(name, None)
        if not self._listeners and self._task:
            self._task.cancel()
            self._task = None

    async def _watch(self) -> None:
        timeout = aiohttp.ClientTimeout(total=None, connect=CONNECT_WITHIN)
        async with aiohttp.ClientSession(timeout=timeout) as http:
            while True:
                pause = await self._hold(http)
                await asyncio.sleep(pause)

    async def _hold(self, http: aiohttp.ClientSession) -> float:
        """Connect, and stay for as long as the server does; the seconds to wait before the next try."""
        try:
            async with http.ws_connect(
                settings.MEDIA_API_URL.rstrip("/") + PATH,
                headers={"Authorization": f"Bearer {token()}"},
                heartbeat=HEARTBEAT,
            ) as socket:
                async for frame in socket:
                    if frame.type is aiohttp.WSMsgType.TEXT:
                        await self._heard(json.loads(frame.data))
        except aiohttp.WSServerHandshakeError as error:
            if error.status < 500:
                log.info("the media server cannot be watched (%d)", error.status)
                return UNWATCHED
        except (aiohttp.ClientError, OSError, TimeoutError, ValueError) as error:
            log.debug("the media server does not answer: %r", error)
        await self._gone()
        return HURRY if time.monotonic() - self._lost_at < HURRY_FOR else RETRY

    async def _heard(self, message: dict[str, Any]) -> None:
        match message:
            case {"state": "up", "id": str() as instance}:
                before, self.state = self.state, State.UP
                restarted, self._instance = instance != self._instance, instance
                if before is State.LOST:
                    away = time.monotonic() - self._lost_at
                    log.info(
                        "the media server is back after %.2f s%s", away, "" if restarted else ", the same one"
                    )
                    await self._tell({"type": "media.back", "restarted": restarted})
            case {"state": "leaving", "seconds": float() | int() as seconds}:
                await self._tell({"type": "media.leaving", "seconds": round(seconds)})

    async def _gone(self) -> None:
        """Of one that never answered nothing is known, and nothing is told."""
        if self.state is not State.UP:
            return
        self.state, self._lost_at = State.LOST, time.monotonic()
        log.warning("the media server is out of sight")
        await self._tell({"type": "media.lost"})

    async def _tell(self, message: dict[str, Any]) -> None:
        for name, tell in list(self._listeners.items()):
            try:
                await tell(message)
            except Exception:  # a full channel, or a layer that is away: the page mends itself, slower
                log.warning("%s was not told %s", name, message["type"], exc_info=True)


def spread_of(others: int) -> int:
    """The milliseconds over which somebody comes back to a class of so many others."""
    return min(LONGEST_SPREAD, SPREAD * others)


def token() -> str:
    """Whoever holds the API's secret may watch."""
    now = int(time.time())
    claims = {
        "iss": settings.MEDIA_API_KEY,
        "nbf": now - TOKEN_LASTS,
        "exp": now + TOKEN_LASTS,
        "video": {"roomList": True},
    }
    return jwt.encode(claims, settings.MEDIA_API_SECRET, algorithm="HS256")


media_watch = MediaWatch()
