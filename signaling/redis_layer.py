"""The channel layer of several processes, with Redis between them.

A reach into channels_redis 4.3.0: a process's own channels are queues in it. tests/socket/test_redis.py
watches it.
"""

from __future__ import annotations

from typing import Any

from channels_redis.pubsub import RedisPubSubChannelLayer


class RedisChannelLayer(RedisPubSubChannelLayer):  # type: ignore[misc]  # Channels has no types
    """A message to a socket of this very process does not go by way of Redis: what a socket reminds itself of
    would be lost for good while Redis restarts."""

    async def send(self, channel: str, message: dict[str, Any]) -> None:
        if (queue := self.channels.get(channel)) is not None:
            queue.put_nowait(self.serialize(message))
        else:
            await self._get_layer().send(channel, message)
