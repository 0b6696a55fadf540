"""A room page of a test: its socket, and the class as the browser's own code makes it of what came
(static/js/state, run by Node)."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from classrooms.models import ClassSession, Participant
from tests.conftest import Person
from tests.socket.conftest import PATIENCE, Page, beat, rows

REDUCER = Path(__file__).with_name("reducer.mjs")
LONGEST = 64 * 2**20  # octets of a line
OpenPage = Callable[[Person, ClassSession], Awaitable[Page]]


class Reducer:
    """The process that keeps the states of all pages."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        assert process.stdin
        assert process.stdout
        self.into, self.out = process.stdin, process.stdout

    async def tell(self, page: str, messages: list[str]) -> None:
        self.into.write(f'{{"page": "{page}", "told": [{",".join(messages)}]}}\n'.encode())
        await self.into.drain()

    async def show(self, page: str) -> dict[str, Any]:
        self.into.write(f'{{"page": "{page}", "shown": true}}\n'.encode())
        shown: dict[str, Any] = json.loads(await self.out.readline())
        return shown


@asynccontextmanager
async def reducing() -> AsyncIterator[Reducer]:
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(
        "node", str(REDUCER), stdin=pipe, stdout=pipe, limit=LONGEST
    )
    try:
        yield Reducer(process)
    finally:
        process.kill()
        await process.wait()


class Replica:
    """One person's page, over all its connections. `wire`: all it was ever told, where `keeps_wire`."""

    def __init__(
        self,
        who: Person,
        open_page: OpenPage,
        live: ClassSession,
        reducer: Reducer,
        *,
        keeps_wire: bool = False,
    ) -> None:
        self.who, self.open_page, self.live, self.reducer = who, open_page, live, reducer
        self.key = f"{id(self)}"
        self.page: Page | None = None
        self.id = ""
        self.seq = 0
        self.waits = False
        self.keeps_wire = keeps_wire
        self.wire = ""

    @property
    def is_inside(self) -> bool:
        return self.page is not None and not self.waits

    @property
    def socket(self) -> Page:
        assert self.page is not None
        return self.page

    async def come(self, *, anew: bool = False) -> bool:
        """Connect and join, with what was missed, or `anew` with a snapshot; whether one is let in."""
        self.page = await self.open_page(self.who, self.live)
        await self.take([self.page.hello])
        return await self.join(**({"since": self.seq} if self.seq and not anew else {}))

    async def join(self, **since: int) -> bool:
        answer = await self.socket.join(**since)
        await self.take([*self.socket.keep, answer])
        self.socket.keep.clear()
        self.waits = answer["type"] == "waiting"
        if self.waits:
            self.seq = 0  # a page at the door joins anew
        if answer["type"] in ("joined", "resumed"):
            self.id = answer["you"]
            return True
        if not self.waits:
            await self.cut()
        return False

    async def ask_again(self) -> None:
        """In the waiting room: in as soon as one is let in; whoever is turned away goes."""
        place = "waiting"
        for message in await self.socket.up_to_date():
            place = message["you"]["lobby"] if message["type"] == "hello" else place
        await self.take(self.socket.keep)
        self.socket.keep.clear()
        if place == "turned_away":
            await self.cut()
        elif place != "waiting":
            await self.join()

    async def cut(self) -> None:
        await self.socket.close()
        self.page, self.waits = None, False

    async def send(self, type: str, **fields: Any) -> None:
        await self.socket.send(type, **fields)

    async def catch_up(self) -> None:
        """Take in all that is on its way, up to the answer to a ping; whoever was put out is out."""
        if self.page is None:
            return
        if self.waits:
            return await self.ask_again()
        await self.page.send("ping", n=7, seen=self.seq)
        came = []
        while (message := await self.page.next())["type"] not in ("pong", "close"):
            came.append(message)
        await self.take(came)
        if message["type"] == "close":
            self.page = None
        elif any(message["type"] == "hello" for message in came):  # back at the door
            self.seq = 0
            await self.cut()

    async def catch_up_to(self, seq: int) -> None:
        """A ping may be answered before what others did is told."""
        await self.catch_up()
        while self.is_inside and self.seq < seq:
            message = await self.socket.next()
            if message["type"] == "close":
                self.page = None
            else:
                await self.take([message])

    async def take(self, messages: list[dict[str, Any]]) -> None:
        for message in messages:
            if message["type"] == "joined":
                self.seq = message["seq"]
            elif message.get("seq", 0) > self.seq and message["type"] != "resumed":
                assert message["seq"] == self.seq + 1, "a number is missing"
                self.seq = message["seq"]
        lines = [json.dumps(message) for message in messages]
        if self.keeps_wire:
            self.wire += "".join(lines)
        await self.reducer.tell(self.key, lines)

    async def show(self) -> dict[str, Any]:
        """The class as this page shows it."""
        return await self.reducer.show(self.key)


async def all_there(people: list[Replica], live: ClassSession, at: datetime) -> None:
    """Whoever was cut off is back, has given a sign of life, and all that was asked for is done."""
    for each in people:
        if each.page is None:
            await each.come()
    await beat(live)
    silent = lambda: Participant.objects.exclude(connection="").exclude(seen_at=at).exists()  # noqa: E731
    async with asyncio.timeout(PATIENCE):
        while await rows(live, silent):  # noqa: ASYNC110 (another thread writes it)
            await asyncio.sleep(0.01)
    for each in people:
        await each.catch_up()


async def opened_anew(each: Replica) -> Replica:
    """Who opens the page anew sees what the old page shows; older messages of the chat come later."""
    seen = await each.show()
    fresh = Replica(each.who, each.open_page, each.live, each.reducer)
    await fresh.come()
    await fresh.catch_up()  # who waits is told by itself
    shown = await fresh.show()
    seen["messages"] = seen["messages"][-len(shown["messages"]) :] if shown["messages"] else seen["messages"]
    assert not (found := differences(seen, shown)), "\n".join(found)
    await each.catch_up()  # it is told that it was taken over
    return fresh


def differences(seen: Any, shown: Any, at: str = "") -> list[str]:
    """Where, and what, for whoever reads it."""
    if isinstance(seen, dict) and isinstance(shown, dict) and seen.keys() == shown.keys():
        return [line for key in seen for line in differences(seen[key], shown[key], f"{at}.{key}")]
    if isinstance(seen, list) and isinstance(shown, list) and len(seen) == len(shown):
        return [
            line
            for n, two in enumerate(zip(seen, shown, strict=True))
            for line in differences(*two, f"{at}[{n}]")
        ]
    return [] if seen == shown else [f"{at}: {seen!r}, but {shown!r}"]
