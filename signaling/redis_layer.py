"""The channel layer of several processes, with Redis between them.

A reach into channels_redis 4.3.0: a process's own channels are queues in it, and what Redis brings for a
group is put into the queue of each of its sockets. tests/socket/test_redis.py watches both.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from channels_redis.pubsub import RedisPubSubChannelLayer, RedisPubSubLoopLayer

from signaling.ears import ears


class RedisChannelLayer(RedisPubSubChannelLayer):  # type: ignore[misc]  # Channels has no types
    """A message to a socket of this very process does not go by way of Redis: what a socket reminds itself of
    would be lost for good while Redis restarts. What a group is told is read once for all its sockets."""

    async def send(self, channel: str, message: dict[str, Any]) -> None:
        if (queue := self.channels.get(channel)) is not None:
            queue.put_nowait(self.serialize(message))
            ears.queued(channel)
        else:
            await self._get_layer().send(channel, message)

    def _get_layer(self) -> RedisPubSubLoopLayer:
        layer = super()._get_layer()
        for shard in layer._shards:
            shard._receive_message = partial(self._receive, layer)
        return layer

    def _receive(self, layer: RedisPubSubLoopLayer, brought: dict[str, Any] | None) -> None:
        """What Redis brings, for a channel or a group; nothing when it brings none."""
        if brought is None:
            return
        name, data = brought["channel"].decode(), brought["data"]
        if (queue := layer.channels.get(name)) is not None:
            queue.put_nowait(data)
            ears.queued(name)
        elif name in layer.groups:
            message = self.deserialize(data)
            for channel in list(layer.groups[name]):
                queue = layer.channels.get(channel)
                if queue is not None and not ears.heard(channel, message):
                    queue.put_nowait(data)
                    ears.queued(channel)
