"""The channel layer of a single process.

Three reaches into channels 4.3.2. Its in-memory layer looks for expired messages in all channels each time
any socket reads, which for a class of a hundred is a fifth of all work; it takes whoever has one out of all
groups, also a socket that was only held up; and it copies what a group is told, and makes a task, for each of
its sockets. tests/socket/test_layers.py watches them.
"""

from __future__ import annotations

import time
from contextlib import suppress
from typing import Any

from channels.exceptions import ChannelFull
from channels.layers import InMemoryChannelLayer

from signaling.ears import ears

CLEAN_EVERY = 5.0  # seconds; messages expire after 60


class LocalChannelLayer(InMemoryChannelLayer):  # type: ignore[misc]  # Channels has no types
    """The in-memory layer, looking now and then instead of always for what nobody will read, and
    telling at once whoever can take it."""

    cleaned_at = 0.0

    async def send(self, channel: str, message: dict[str, Any]) -> None:
        await super().send(channel, message)
        ears.queued(channel)

    async def group_send(self, group: str, message: dict[str, Any]) -> None:
        self.require_valid_group_name(group)
        self._clean_expired()
        for channel in list(self.groups.get(group, ())):
            if not ears.heard(channel, message):
                with suppress(ChannelFull):
                    await self.send(channel, message)

    def _clean_expired(self) -> None:
        """Drop the channels that nobody reads any more. What waits for a live socket waits on, as there is
        nothing else that would remind it."""
        now = time.monotonic()
        if now - self.cleaned_at < CLEAN_EVERY:
            return
        self.cleaned_at = now
        for channel in self.channels.keys() - ears.by_channel.keys():
            messages = self.channels[channel]._queue
            if messages and messages[-1][0] < time.time():
                del self.channels[channel]
                self._remove_from_groups(channel)
