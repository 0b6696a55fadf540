"""Reminders that a socket sends to itself, so that it handles one message after the other and never two."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

RETRY = 1.0  # seconds


class Timers:
    """At most one reminder of each name waits. `deliver` puts a reminder among the socket's messages.

    The socket closes its timers when it closes.
    """

    def __init__(self, deliver: Callable[[str], Awaitable[None]]) -> None:
        self.deliver = deliver
        self.waiting: set[str] = set()
        self.tasks: set[asyncio.Task[None]] = set()

    def start(self, name: str, after: float) -> None:
        """Remind in `after` seconds, unless a reminder of this name waits already."""
        if name not in self.waiting:
            self.waiting.add(name)
            task = asyncio.create_task(self._remind(name, after))
            self.tasks.add(task)
            task.add_done_callback(self.tasks.discard)

    def close(self) -> None:
        for task in self.tasks:
            task.cancel()

    async def _remind(self, name: str, after: float) -> None:
        await asyncio.sleep(after)
        self.waiting.discard(name)
        try:
            await self.deliver(name)
        except Exception:  # a full channel, or a layer that is away: no reminder is lost
            self.start(name, RETRY)
