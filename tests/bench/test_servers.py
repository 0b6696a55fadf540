"""The benchmarks measure what they say, on either server: what is sent arrives, what does not shows."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest

from bench import participant
from bench.aula import Aula
from bench.janus import Janus
from bench.load import Class, classroom
from bench.process import NotStarted

LISTENERS = 3
SECONDS = 1.0


@pytest.fixture(params=[Aula, Janus], ids=["aula", "janus"])
async def server(request: pytest.FixtureRequest) -> AsyncIterator[Any]:
    async with request.param() as server:
        yield server


@pytest.fixture
async def lesson(server: Any) -> AsyncIterator[Class]:
    async with classroom(server, LISTENERS) as lesson:
        yield lesson


async def test_what_the_publisher_sends_reaches_every_listener(lesson: Class) -> None:
    window = await lesson.watch(SECONDS)
    assert window.sent > 150  # of 250 a second
    assert window.delivered >= 0.99
    assert window.received <= window.sent * LISTENERS


async def test_each_listener_gets_two_streams_that_decrypt(lesson: Class) -> None:
    await lesson.watch(SECONDS)
    for peer in lesson.listeners:
        media = [
            flow for flow in peer.client.flows.values() if flow.payload_type not in peer.client.rtx_types
        ]
        assert len(media) == 2
        assert peer.client.sampled > 0
        assert peer.client.forged == 0


async def test_the_cpu_is_the_servers_and_grows_with_the_load(lesson: Class) -> None:
    window = await lesson.watch(SECONDS)
    idle = lesson.server.usage().cpu
    assert 0 < window.cpu < window.seconds * 2
    assert lesson.server.usage().cpu - idle < window.cpu
    assert lesson.server.usage().memory > 1 << 20


async def test_a_listener_that_hears_nothing_shows_in_the_delivered_share(lesson: Class) -> None:
    lesson.listeners[0].client.loop.remove_reader(lesson.listeners[0].client.socket)
    window = await lesson.watch(SECONDS)
    assert window.delivered == pytest.approx((LISTENERS - 1) / LISTENERS, abs=0.01)


async def test_packets_that_do_not_decrypt_are_counted(lesson: Class) -> None:
    client = lesson.listeners[0].client
    client.handshake.inbound = lesson.listeners[1].client.handshake.inbound
    window = await lesson.watch(SECONDS)
    assert window.forged > 0


@pytest.mark.parametrize("kind", [Aula, Janus])
async def test_participants_cost_something(kind: Callable[[], Any]) -> None:
    cost = await participant.sample(kind(), count=2, seconds=SECONDS)
    assert cost.join > 0
    assert cost.publisher_memory > 0


async def test_a_server_that_cannot_start_says_what_its_log_says() -> None:
    server = Aula(command=("/bin/sh", "-c", "echo no such door; exit 3"))
    with pytest.raises(NotStarted, match="no such door"):
        async with server:
            raise AssertionError("it started")
