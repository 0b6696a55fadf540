"""What a socket sends leaves at once where nothing waits in front of it, else in its turn."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from twisted.internet import tcp
from twisted.internet.protocol import Protocol
from twisted.internet.testing import MemoryReactor

from aula.eager import written
from tests.conftest import NewSchool
from tests.journeys.aula import free_port
from tests.socket.web import TALK, Web, get, send


@pytest.fixture
def line() -> Iterator[tuple[tcp.Connection, socket.socket]]:
    """A connection of Twisted's, and its other end."""
    near, far = socket.socketpair()
    near.setblocking(False)
    connection = tcp.Connection(near, Protocol(), MemoryReactor())
    connection.connected = True
    yield connection, far
    near.close()
    far.close()


def test_what_nothing_waits_in_front_of_leaves_at_once(line: tuple[tcp.Connection, socket.socket]) -> None:
    connection, far = line
    assert written(connection, b"hello") == 5
    assert far.recv(9) == b"hello"


def test_what_something_waits_in_front_of_takes_its_turn(line: tuple[tcp.Connection, socket.socket]) -> None:
    connection, far = line
    connection.write(b"first")
    assert written(connection, b"second") == 0
    connection.doWrite()
    assert (far.recv(9), written(connection, b"second")) == (b"first", 6)


def test_what_the_network_does_not_take_is_left(line: tuple[tcp.Connection, socket.socket]) -> None:
    connection, _ = line
    while taken := written(connection, bytes(100_000)):
        assert taken <= 100_000
    assert written(connection, b"more") == 0


@pytest.mark.parametrize("ends", ["connected", "disconnecting", "TLS"])
def test_a_connection_that_ends_or_is_not_plain_is_left_to_twisted(
    line: tuple[tcp.Connection, socket.socket], ends: str
) -> None:
    connection, far = line
    setattr(connection, ends, ends != "connected")
    assert written(connection, b"hello") == 0
    far.setblocking(False)
    with pytest.raises(BlockingIOError):
        far.recv(9)


def test_a_connection_that_is_lost_is_noticed_the_usual_way(
    line: tuple[tcp.Connection, socket.socket],
) -> None:
    connection, far = line
    far.close()
    assert written(connection, b"hello") == 0


async def test_long_answers_to_a_page_that_reads_late_come_whole_and_in_order(
    new_school: NewSchool, tmp_path: Path
) -> None:
    talkative = new_school(tmp_path)
    talkative.run("-c", TALK, "400", "🙂" * 1000)
    web = Web(talkative, free_port())
    try:
        web.wait_until_ready()
        async with asyncio.timeout(30), web.open(talkative.teacher) as teacher:
            await send(teacher, "join")
            for before in (300, 200):
                await send(teacher, "history", before=before)
            await asyncio.sleep(1)
            first = (await get(teacher, "joined"))["messages"]
            second, third = [(await get(teacher, "earlier"))["messages"] for _ in range(2)]
            assert [each[-1]["id"] for each in (first, second, third)] == [400, 299, 199]
    finally:
        web.kill()
