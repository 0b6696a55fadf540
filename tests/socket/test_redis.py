"""Redis between web processes: it may go away and come back."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
from channels_redis.pubsub import RedisPubSubLoopLayer

from signaling.redis_layer import RedisChannelLayer
from tests import redis
from tests.redis import Redis

PATIENCE = 30  # seconds


@pytest.fixture
def between() -> Iterator[Redis]:
    with redis.running() as running:
        yield running


@pytest.fixture
async def layers(between: Redis) -> AsyncIterator[list[RedisChannelLayer]]:
    """Of two processes."""
    both = [RedisChannelLayer(hosts=[between.url], prefix="aula") for _ in range(2)]
    yield both
    for each in both:
        await each.flush()


async def test_a_message_to_another_process_arrives(layers: list[RedisChannelLayer]) -> None:
    channel = await layers[0].new_channel()
    await layers[1].send(channel, {"type": "x"})
    async with asyncio.timeout(PATIENCE):
        assert await layers[0].receive(channel) == {"type": "x"}


async def test_what_a_socket_tells_itself_arrives_though_redis_is_away(
    layers: list[RedisChannelLayer], between: Redis
) -> None:
    """Else a sign of life that falls into a restart of Redis would be a socket's last."""
    channel = await layers[0].new_channel()
    between.stop()
    await layers[0].send(channel, {"type": "timer", "name": "beat"})
    async with asyncio.timeout(PATIENCE):
        assert await layers[0].receive(channel) == {"type": "timer", "name": "beat"}


async def test_groups_are_heard_again_once_redis_is_back(
    layers: list[RedisChannelLayer], between: Redis
) -> None:
    channel = await layers[0].new_channel()
    await layers[0].group_add("class", channel)
    between.stop()
    between.start()

    async def told_until_heard() -> dict[str, Any]:
        hearing = asyncio.ensure_future(layers[0].receive(channel))
        while not hearing.done():
            await layers[1].group_send("class", {"type": "x"})
            await asyncio.wait([hearing], timeout=0.1)
        return hearing.result()

    async with asyncio.timeout(PATIENCE):
        assert await told_until_heard() == {"type": "x"}


def test_channels_redis_still_keeps_the_channels_of_a_process_where_the_layer_looks_for_them() -> None:
    assert RedisPubSubLoopLayer(hosts=["redis://127.0.0.1"]).channels == {}
