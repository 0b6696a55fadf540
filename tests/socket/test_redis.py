"""Redis between web processes: it may go away and come back."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
from channels_redis.pubsub import RedisPubSubLoopLayer

from signaling.ears import Ear, ears
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


@pytest.fixture
async def listener(layers: list[RedisChannelLayer]) -> AsyncIterator[Listener]:
    """A socket of the first process, in the class."""
    listening = Listener(await layers[0].new_channel())
    ears.open(listening.channel, listening.ear)
    await layers[0].group_add("class", listening.channel)
    yield listening
    ears.close(listening.channel)


class Listener:
    def __init__(self, channel: str) -> None:
        self.channel = channel
        self.ear = Ear(self.hear)
        self.heard: list[str] = []

    def hear(self, message: dict[str, Any]) -> bool:
        self.heard.append(message["type"])
        return True


async def test_what_another_process_tells_a_class_is_heard_straight_by_who_is_idle_and_queued_for_who_is_not(
    layers: list[RedisChannelLayer], listener: Listener
) -> None:
    async with asyncio.timeout(PATIENCE):
        while not listener.heard:  # the subscription may be under way
            await layers[1].group_send("class", {"type": "idle"})
            await asyncio.sleep(0.01)
        listener.ear.waiting = 1
        await layers[1].group_send("class", {"type": "busy"})
        queued = []
        while "busy" not in queued:
            queued.append((await layers[0].receive(listener.channel))["type"])
    assert set(listener.heard) == {"idle"}
    assert listener.ear.waiting == 1 + len(queued)


async def test_what_a_socket_is_told_alone_is_counted_whichever_process_tells_it(
    layers: list[RedisChannelLayer], listener: Listener
) -> None:
    async with asyncio.timeout(PATIENCE):
        for layer in layers:
            await layer.send(listener.channel, {"type": "x"})
            assert await layers[0].receive(listener.channel) == {"type": "x"}
    assert listener.ear.waiting == 2


def test_channels_redis_still_keeps_what_the_layer_reaches_for() -> None:
    layer = RedisPubSubLoopLayer(hosts=["redis://127.0.0.1"])
    assert (layer.channels, layer.groups) == ({}, {})
    assert all(hasattr(shard, "_receive_message") for shard in layer._shards)
