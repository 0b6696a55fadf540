"""The channel layer of a single process.

Two reaches into channels 4.3.2: its in-memory layer looks for expired messages in all channels each time any
socket reads, which for a class of a hundred is a fifth of all work; and it copies what a group is told, and
makes a task, for each of its sockets. tests/socket/test_layers.py watches both.
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
    """The in-memory layer, looking for expired messages now and then instead of always, and telling
    at once whoever can take it."""

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
        now = time.monotonic()
        if now - self.cleaned_at >= CLEAN_EVERY:
            self.cleaned_at = now
            super()._clean_expired()
