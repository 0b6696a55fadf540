"""Pages hear at once that the media server died, and when it is back: a media server that watches can end."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from asgiref.sync import sync_to_async

from signaling import watch
from signaling.watch import State, media_watch
from tests.socket.conftest import PATIENCE


class Server:
    """Stands in for a media process: `/watch` answers with `status`, or stays open until `die`."""

    def __init__(self) -> None:
        self.status = 101
        self.id = "first"
        self.sockets: list[web.WebSocketResponse] = []
        self.asked: asyncio.Queue[str] = asyncio.Queue()

    async def start(self, port: int = 0) -> None:
        application = web.Application()
        application.router.add_get("/watch", self.answer)
        self.runner = web.AppRunner(application, shutdown_timeout=0.1)
        await self.runner.setup()
        site = web.TCPSite(self.runner, "127.0.0.1", port)
        await site.start()
        self.port = self.runner.addresses[0][1]

    async def answer(self, request: web.Request) -> web.StreamResponse:
        self.asked.put_nowait(request.headers["Authorization"])
        if self.status != 101:
            return web.Response(status=self.status)
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        await socket.send_json({"state": "up", "id": self.id})
        self.sockets.append(socket)
        async for _ in socket:
            pass
        return socket

    async def die(self) -> None:
        for socket in self.sockets:
            await socket.close()
        self.sockets.clear()
        await self.runner.cleanup()

    async def is_watched(self) -> None:
        async with asyncio.timeout(PATIENCE):
            while media_watch.state is not State.UP:  # noqa: ASYNC110
                await asyncio.sleep(0.01)


@pytest.fixture
async def server(cast: None, settings: Any) -> AsyncIterator[Server]:
    for name in list(media_watch._listeners):  # sockets of other tests that were cut off
        media_watch.forget(name)
    server = Server()
    await server.start()
    settings.MEDIA_API_URL = f"http://127.0.0.1:{server.port}"
    yield server
    await server.die()


async def test_who_is_in_the_class_hears_that_the_media_server_died_and_that_it_is_back(
    server: Server,
    live: Any,
    teacher: Any,
    student: Any,
    inside: Callable[..., Any],
    page: Callable[..., Any],
) -> None:
    one, other = await inside(teacher, live), await inside(student, live)
    await server.is_watched()
    await server.die()
    for each in (one, other):
        assert await each.get("media_lost") == {"type": "media_lost"}
    server.id = "second"
    await server.start(server.port)
    for each in (one, other):
        back = {"type": "media_back", "restarted": True, "spread": watch.SPREAD}
        assert await each.get("media_back") == back


async def test_a_media_server_that_was_only_out_of_sight_has_not_restarted(
    server: Server, live: Any, teacher: Any, inside: Callable[..., Any]
) -> None:
    one = await inside(teacher, live)
    for id, restarted in (("first", False), ("second", True), ("second", False)):
        await server.is_watched()
        await server.die()
        await one.get("media_lost")
        server.id = id
        await server.start(server.port)
        assert (await one.get("media_back"))["restarted"] is restarted


async def test_a_class_comes_back_spread_over_its_own_people_whoever_else_is_connected(
    server: Server,
    live: Any,
    make_session: Callable[..., Any],
    teacher: Any,
    student: Any,
    inside: Callable[..., Any],
    page: Callable[..., Any],
) -> None:
    one = await inside(teacher, live)
    await page(student, live)
    await page(student, await sync_to_async(make_session)())
    await server.is_watched()
    await server.die()
    await server.start(server.port)
    assert (await one.get("media_back"))["spread"] == 0


def test_however_large_a_class_is_it_is_back_within_two_seconds() -> None:
    assert [watch.spread_of(others) for others in (0, 1, 49, 500)] == [0, 40, 1960, 2000]


async def test_who_comes_in_while_it_is_away_is_told_too_and_who_waits_at_the_door_is_not(
    server: Server,
    live: Any,
    teacher: Any,
    student: Any,
    inside: Callable[..., Any],
    page: Callable[..., Any],
) -> None:
    one, at_the_door = await inside(teacher, live), await page(student, live)
    await server.is_watched()
    await server.die()
    await one.get("media_lost")
    assert (await at_the_door.up_to_date())[-1:] in ([], [at_the_door.hello])
    await at_the_door.join()
    await at_the_door.get("media_lost")
    await server.start(server.port)
    await at_the_door.get("media_back")


async def test_a_restart_that_is_planned_is_announced(
    server: Server, live: Any, teacher: Any, inside: Callable[..., Any]
) -> None:
    one = await inside(teacher, live)
    await server.is_watched()
    await server.sockets[0].send_json({"state": "leaving", "seconds": 3.0})
    assert await one.get("media_leaving") == {"type": "media_leaving", "seconds": 3}


async def test_a_media_server_that_cannot_be_watched_is_asked_once_and_nothing_is_said(
    server: Server, live: Any, teacher: Any, inside: Callable[..., Any]
) -> None:
    server.status = 404
    one = await inside(teacher, live)
    async with asyncio.timeout(PATIENCE):
        assert (await server.asked.get()).startswith("Bearer ")
    await one.up_to_date()
    await server.die()
    assert not [each for each in await one.up_to_date() if each["type"].startswith("media_")]


@pytest.mark.parametrize(
    ("status", "pauses"),
    [(404, {watch.UNWATCHED}), (401, {watch.UNWATCHED}), (503, {watch.HURRY, watch.RETRY})],
)
async def test_who_has_no_such_address_is_left_alone_for_a_while_and_who_is_busy_is_not(
    server: Server, status: int, pauses: set[float]
) -> None:
    server.status = status
    async with aiohttp.ClientSession() as http:
        assert await watch.MediaWatch()._hold(http) in pauses
    assert server.asked.qsize() == 1


async def test_nothing_is_watched_when_nobody_is_here(
    server: Server, live: Any, teacher: Any, inside: Callable[..., Any]
) -> None:
    one = await inside(teacher, live)
    await server.is_watched()
    await one.close()
    async with asyncio.timeout(PATIENCE):
        while server.sockets and not server.sockets[0].closed:  # noqa: ASYNC110
            await asyncio.sleep(0.01)


async def test_a_watch_that_ended_begins_again_with_the_next_person(
    server: Server, live: Any, teacher: Any, student: Any, inside: Callable[..., Any]
) -> None:
    await inside(teacher, live)
    await server.is_watched()
    assert media_watch._task
    media_watch._task.cancel()
    await asyncio.wait([media_watch._task])
    await inside(student, live)
    async with asyncio.timeout(PATIENCE):
        for _ in range(2):
            await server.asked.get()
