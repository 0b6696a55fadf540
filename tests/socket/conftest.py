"""The classroom socket as a browser speaks it: a page of the cast opens it on its school's host."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from channels.layers import channel_layers, get_channel_layer
from channels.testing import WebsocketCommunicator
from django.db import connections

from aula.asgi import application
from classrooms.models import ClassSession, Participant
from signaling import schema
from tenants.scope import tenant_scope
from tests.conftest import NOON, Guest, MakeLink, Person

PATIENCE = 30  # seconds; what is not told at all fails, however busy the machine


class Clock:
    """The time of the test; it moves when the test says so."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at

    def pass_by(self, **span: float) -> None:
        self.at += timedelta(**span)


class Page:
    """One browser page with its socket. What it receives is checked against the schema."""

    def __init__(self, socket: WebsocketCommunicator) -> None:
        self.socket = socket
        self.hello: dict[str, Any] = {}
        self.joined: dict[str, Any] = {}
        self.keep: list[dict[str, Any]] = []
        self.seq = 0
        self.id = ""

    async def open(self) -> tuple[bool, Any]:
        return await self.socket.connect(timeout=PATIENCE)

    async def send(self, type: str, **fields: Any) -> None:
        await self.send_text(json.dumps({"type": type, **fields}))

    async def send_text(self, text: str) -> None:
        await self.socket.send_input({"type": "websocket.receive", "text": text})

    async def next(self) -> dict[str, Any]:
        """The next message, or {"type": "close", "code": …}. A lost or doubled event fails the test."""
        output = await self.socket.receive_output(timeout=PATIENCE)
        if output["type"] == "websocket.close":
            return {"type": "close", "code": output.get("code")}
        schema.server_messages.validate_json(output["text"])
        message = json.loads(output["text"])
        if message["type"] in ("joined", "resumed"):
            self.seq, self.id = message["seq"], message["you"]
        elif message.get("seq", 0) > self.seq:
            assert message["seq"] == self.seq + 1, f"after {self.seq} came {message}"
            self.seq += 1
        return message

    async def get(self, *types: str) -> dict[str, Any]:
        """The next message of one of these types; those before it are in `keep`."""
        while (message := await self.next())["type"] not in types:
            self.keep.append(message)
        return message

    async def join(self, **fields: Any) -> dict[str, Any]:
        """Join, and read up to the snapshot (or the refusal)."""
        await self.send("join", **fields)
        return await self.get("joined", "resumed", "refused", "waiting")

    async def up_to_date(self) -> list[dict[str, Any]]:
        """All messages that are on their way, up to the answer to a ping."""
        start = len(self.keep)
        await self.send("ping", n=7)
        await self.get("pong")
        return self.keep[start:]

    async def close(self) -> None:
        await self.socket.disconnect(code=1001, timeout=PATIENCE)


def wire(person: Person, path: str, clock: Callable[[], datetime], **headers: str) -> WebsocketCommunicator:
    """A socket as the person's browser opens it; a header given as "" is left out."""
    cookies = "; ".join(f"{name}={morsel.value}" for name, morsel in person.browser.cookies.items())
    said = {"host": person.host, "origin": f"http://{person.host}", "cookie": cookies} | headers
    pairs = [(name.encode(), value.encode()) for name, value in said.items() if value]
    socket = WebsocketCommunicator(application, path, headers=pairs)
    socket.scope["aula.now"] = clock
    return socket


@pytest.fixture
def clock() -> Clock:
    return Clock(NOON)


@pytest.fixture
def cast(transactional_db: None, settings: Any) -> None:
    """Sockets use the database from a thread of their own, so the rows must be committed. No media server."""
    settings.MEDIA_API_URL = "http://127.0.0.1:9"


@pytest.fixture
def live(cast: None, make_session: Callable[..., ClassSession]) -> ClassSession:
    """A class that started five minutes ago by the calendar; nobody has come in."""
    return make_session(starts=timedelta(minutes=-5))


@pytest.fixture
def invited(live: ClassSession, make_link: MakeLink, guest: Guest) -> Guest:
    """Gwen, who came by a link and has given her name."""
    guest.come(make_link(live))
    return guest


OpenPage = Callable[..., Any]


@pytest.fixture
async def page(clock: Clock, cast: None) -> AsyncIterator[OpenPage]:
    """Open a class's page: `await page(student, session)`. It has read its first hello."""
    pages: list[Page] = []
    channel_layers.backends.clear()

    async def open_page(person: Person, session: ClassSession | str, **headers: str) -> Page:
        public_id = session if isinstance(session, str) else session.public_id
        as_guest = "guest/" if isinstance(person, Guest) else ""
        opened = Page(wire(person, f"/ws/sessions/{public_id}/{as_guest}", clock, **headers))
        pages.append(opened)
        assert (await opened.open())[0], "the handshake was refused"
        opened.hello = await opened.next()
        return opened

    yield open_page
    for each in pages:
        if not each.socket.future.done():
            await each.close()
    await sync_to_async(connections.close_all)()


@pytest.fixture
def inside(page: OpenPage) -> OpenPage:
    """Open a class's page and join: `await inside(teacher, session)`. Events so far have been read."""

    async def open_and_join(person: Person, session: ClassSession) -> Page:
        opened = await page(person, session)
        opened.joined = await opened.join()
        assert opened.joined["type"] == "joined", opened.joined
        return opened

    return open_and_join


async def beat(session: ClassSession) -> None:
    """Let every socket of the class do now what it does every 20 s."""
    layer = get_channel_layer()
    group = f"classroom.{session.tenant.slug}.{session.public_id}"
    await layer.group_send(group, {"type": "timer", "name": "beat"})


async def rows(session: ClassSession, read: Callable[[], Any]) -> Any:
    """Read or change rows of the session's school."""

    def scoped() -> Any:
        with tenant_scope(session.tenant):
            return read()

    return await sync_to_async(scoped)()


async def sign_of_life(session: ClassSession, page: Page, at: datetime) -> None:
    """Wait until the page's socket has done its beat of time `at`."""
    async with asyncio.timeout(PATIENCE):
        while True:
            if await rows(session, lambda: Participant.objects.get(public_id=page.id).seen_at) == at:
                break
            await asyncio.sleep(0.01)
    await page.up_to_date()
