"""The bad line that other tests rely on: what it delays, drops, slows down and moves."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator

import pytest

from tests.sfu.link import Link, Way, bound, read


class Far:
    """The engine's side: answers every packet to the address it came from."""

    def __init__(self) -> None:
        self.socket = bound("127.0.0.1")
        self.heard: list[tuple[str, int]] = []
        asyncio.get_running_loop().add_reader(self.socket, self._echo)

    @property
    def address(self) -> tuple[str, int]:
        return self.socket.getsockname()

    def _echo(self) -> None:
        for data, sender in read(self.socket):
            self.heard.append(sender)
            self.socket.sendto(data, sender)

    def close(self) -> None:
        asyncio.get_running_loop().remove_reader(self.socket)
        self.socket.close()


@pytest.fixture
async def far() -> AsyncIterator[Far]:
    far = Far()
    yield far
    far.close()


@pytest.fixture
async def link(far: Far) -> AsyncIterator[Link]:
    link = await Link(far.address).open()
    yield link
    link.close()


@pytest.fixture
async def near(link: Link) -> AsyncIterator[socket.socket]:
    near = bound("127.0.0.1")
    near.connect((link.host, link.port))
    yield near
    near.close()


async def back(near: socket.socket) -> bytes:
    return await asyncio.wait_for(asyncio.get_running_loop().sock_recv(near, 2048), 3)


async def test_a_packet_goes_to_the_engine_and_its_answer_comes_back(near: socket.socket) -> None:
    near.send(b"hello")
    assert await back(near) == b"hello"


async def test_order_is_kept_with_delay_and_jitter(near: socket.socket, link: Link) -> None:
    link.down.delay, link.down.jitter = 0.01, 0.02
    for number in range(20):
        near.send(bytes([number]))
    assert [await back(near) for _ in range(20)] == [bytes([number]) for number in range(20)]


async def test_a_client_that_moves_comes_from_another_port_and_still_gets_its_answers(
    near: socket.socket, link: Link, far: Far
) -> None:
    near.send(b"one")
    await back(near)
    link.move()
    await asyncio.sleep(0)  # lets the link's own loop take the change
    near.send(b"two")
    assert await back(near) == b"two"
    assert far.heard[0] != far.heard[1]


async def test_nothing_passes_in_a_blackout_and_everything_after_it(near: socket.socket, link: Link) -> None:
    link.darken()
    near.send(b"lost")
    while not link.up.lost:  # noqa: ASYNC110 (the link has no events)
        await asyncio.sleep(0)
    link.darken(False)
    near.send(b"seen")
    assert await back(near) == b"seen"


def test_a_rate_spreads_packets_and_its_queue_overflows() -> None:
    way = Way(rate=80_000, queue=0.25)  # 100 octets in 10 ms
    times = [way.due(1000, 5.0) for _ in range(5)]  # each takes 100 ms
    assert times[:3] == pytest.approx([5.1, 5.2, 5.3])
    assert times[3:] == [None, None]
    assert (way.passed, way.overflowed) == (3, 2)


def test_a_loss_of_a_tenth_drops_about_a_tenth() -> None:
    way = Way(loss=0.1)
    delivered = [way.due(100, 0.0) for _ in range(10_000)]
    assert 900 < delivered.count(None) < 1100
