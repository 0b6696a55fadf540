"""One class under load: a publisher and its listeners on one server, watched for a while."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Protocol

from bench import clip
from bench.clip import Encoding
from bench.drain import Drain
from bench.light import LightClient
from bench.process import Usage
from bench.source import Source

JOINING_AT_ONCE = 5
FLOWING_WITHIN = 30.0
STILL, POLL = 1.0, 0.05


class Peer(Protocol):
    client: LightClient
    source: Source | None

    async def close(self) -> None: ...


class Server(Protocol):
    """What each server under test offers: the same two verbs, its name and what it used."""

    name: str

    def usage(self) -> Usage: ...
    async def publish(self, room: str, encodings: Sequence[Encoding] = ...) -> Peer: ...
    async def listen(self, room: str) -> Peer: ...


@dataclass(frozen=True)
class Window:
    """What happened between two quiet moments: `sent` by the publisher, `received` by all listeners.

    `cpu` is the server's, `load` ours: seconds of one core.
    """

    seconds: float
    cpu: float
    load: float
    sent: int
    received: int
    listeners: int
    forged: int
    resent: int

    @property
    def delivered(self) -> float:
        """Share of sent × listeners that arrived."""
        return self.received / (self.sent * self.listeners)

    @property
    def microseconds(self) -> float:
        """Server CPU per packet that reached a listener."""
        return self.cpu * 1e6 / self.received


@dataclass
class Class:
    """A publisher with `listeners`, all on one server."""

    server: Server
    publisher: Peer
    listeners: list[Peer]
    drain: Drain | None = None

    async def seat(self, count: int, room: str) -> None:
        """Let `count` more listeners in and wait until both streams reach everybody."""
        await self.admit(count, room)
        await self.all_hear()

    async def dismiss(self, count: int) -> None:
        """Let the last ones go."""
        for peer in self.listeners[len(self.listeners) - count :]:
            await peer.close()
        del self.listeners[len(self.listeners) - count :]

    async def admit(self, count: int, room: str) -> None:
        """Let them in, a few at once."""
        gate = asyncio.Semaphore(JOINING_AT_ONCE)

        async def join() -> Peer:
            async with gate:
                return await self.server.listen(room)

        joined = await asyncio.gather(*(join() for _ in range(count)))
        if self.drain:
            self.drain.add(peer.client for peer in joined)
        self.listeners += joined

    async def all_hear(self) -> None:
        """Raises TimeoutError when media does not reach everybody."""
        await until(lambda: all(hears_both(peer.client) for peer in self.listeners), FLOWING_WITHIN)

    async def watch(self, seconds: float) -> Window:
        """Measure. Sending stops at both ends, so that nothing is under way when packets are counted."""
        source = self.publisher.source
        await self.quiet()
        before, sent, received, load = self.server.usage(), source.sent, self.received, time.process_time()
        source.play()
        await asyncio.sleep(seconds)
        await source.pause()
        await self.still(lambda: self.received - received >= (source.sent - sent) * len(self.listeners))
        after = self.server.usage()
        window = Window(
            seconds=after.at - before.at,
            cpu=after.cpu - before.cpu,
            load=time.process_time() - load,
            sent=source.sent - sent,
            received=self.received - received,
            listeners=len(self.listeners),
            forged=sum(peer.client.forged for peer in self.listeners),
            resent=self.publisher.client.resent,
        )
        source.play()
        return window

    async def quiet(self) -> None:
        """Stop sending and wait until nothing arrives any more."""
        await self.publisher.source.pause()
        await self.still(lambda: False)

    async def still(self, complete: Callable[[], bool]) -> None:
        """Wait until all is there, or nothing came for a while."""
        seen, since = self.received, time.monotonic()
        while not complete() and time.monotonic() - since < STILL:
            await asyncio.sleep(POLL)
            if self.received != seen:
                seen, since = self.received, time.monotonic()

    @property
    def received(self) -> int:
        return sum(peer.client.received for peer in self.listeners)

    async def close(self) -> None:
        if self.drain:
            await self.drain.close()
        for peer in [*self.listeners, self.publisher]:
            await peer.close()


@asynccontextmanager
async def classroom(
    server: Server,
    listeners: int,
    room: str = "bench",
    encoding: Encoding = clip.LESSON,
    *,
    polled: bool = False,
):
    """A class with everybody seated and media flowing; `polled`: listeners are read on a timer."""
    lesson = Class(server, await server.publish(room, (encoding,)), [], Drain() if polled else None)
    try:
        await lesson.seat(listeners, room)
        yield lesson
    finally:
        await lesson.close()


def hears_both(client: LightClient) -> bool:
    return sum(flow.received > 2 for flow in client.flows.values()) >= 2


async def until(condition: Callable[[], bool], seconds: float) -> None:
    """Raises TimeoutError when the condition does not come true."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError(f"media did not reach every listener within {seconds:.0f} s")
        await asyncio.sleep(POLL)
