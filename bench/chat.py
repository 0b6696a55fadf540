"""500 people in one class on the classroom socket: how late a message reaches them, and what it costs.

Beside it the least that Channels does to bring the same octets to a group (bench/bare.py), in the same web
server, with the same channel layer and the same clients.
"""

from __future__ import annotations

import asyncio
import json
import random
import secrets
import statistics
import subprocess
import sys
import tempfile
import time
from argparse import ArgumentParser, Namespace
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import psutil
from websockets.asyncio.client import ClientConnection, connect

from bench import report
from bench.process import CLIENT_CORE, SERVER_CORE, free_ports, pin, pinned
from tests.socket.web import School, Web, get, send

RATIO = 1.3  # of what the bare group costs for a delivered message
FIGURES = ("p50", "p99", "cpu", "memory")
JOINING_AT_ONCE = 10
PRODUCTION = {
    "DEBUG": "0",
    "SECRET_KEY": secrets.token_hex(32),
    "BASE_DOMAIN": "localhost",
    "EMAIL_URL": "dummymail://",
    "MEDIA_URL": "ws://127.0.0.1:9",
    "MEDIA_API_SECRET": secrets.token_hex(32),
}
SETTLED = 3.0  # seconds
LATEST = 30.0


def arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--people", type=int, default=500)
    parser.add_argument("--rate", type=float, default=10.0, help="messages a second, from people in turn")
    parser.add_argument("--seconds", type=float, default=30.0)


async def run(options: Namespace) -> bool:
    """Measure, print, write. True when a delivered message costs at most RATIO of the bare group's."""
    with tempfile.TemporaryDirectory() as var, pinned(CLIENT_CORE):
        school = School(Path(var), options.people, **PRODUCTION)
        ours = await measured("Aula", classroom(school), options)
        bare = await measured("Channels alone", group(school, options.people, ours["octets"]), options)
    ratio = ours["cpu"] / bare["cpu"]
    head = ("server", "delivered", "p50, ms", "p99, ms", "CPU µs each", "KiB a connection", "octets")
    cells = [
        (row["server"], row["delivered"], *(f"{row[key]:.1f}" for key in FIGURES), round(row["octets"]))
        for row in (ours, bare)
    ]
    print(report.table(f"Chat: {options.people} people, {options.rate:.0f} messages a second", head, cells))
    reached = ratio <= RATIO and not ours["missing"]
    came = "reached" if reached else "MISSED"
    print(f"\nTarget: all delivered, at most {RATIO} of the bare group's CPU: {ratio:.2f}, {came}")
    parameters = vars(options)
    print(f"Written to {report.write('chat', parameters=parameters, samples={}, rows=[ours, bare])}")
    return reached


class Listener:
    """One person's socket: notes how late each message came."""

    def __init__(self, socket: ClientConnection, sent: dict[str, float]) -> None:
        self.socket, self.sent = socket, sent
        self.late: list[float] = []
        self.octets = 0

    async def listen(self) -> None:
        async for line in self.socket:
            at = time.monotonic()
            if '"said"' not in str(line)[:200]:
                continue
            words = json.loads(line)["message"]["text"]
            self.late.append(at - self.sent[words])
            self.octets = len(line)


class Room:
    """Those who listen in a class, the process behind them, and how one says something."""

    memory = 0.0  # KiB a connection

    def __init__(self, process: psutil.Process) -> None:
        self.process = process
        self.before = process.memory_info().rss
        self.sent: dict[str, float] = {}
        self.listeners: list[Listener] = []
        self.tasks: list[asyncio.Task[None]] = []

    def listen(self, socket: ClientConnection) -> None:
        """From now on, as a page does: an unread socket would fill."""
        listener = Listener(socket, self.sent)
        self.listeners.append(listener)
        self.tasks.append(asyncio.create_task(listener.listen()))

    def all_here(self) -> None:
        self.memory = (self.process.memory_info().rss - self.before) / len(self.listeners) / 1024

    async def say(self, socket: ClientConnection, words: str) -> None:
        await send(socket, "say", key=f"{random.getrandbits(100):x}", text=words)


class Group(Room):
    """Says with as many octets as the class has for it."""

    octets = 0

    async def say(self, socket: ClientConnection, words: str) -> None:
        line = json.dumps({"type": "said", "message": {"text": words}, "rest": ""})
        await socket.send(line[:-2] + "x" * max(0, self.octets - len(line)) + line[-2:])


@asynccontextmanager
async def classroom(school: School) -> AsyncIterator[Room]:
    web = Web(school, free_ports(1)[0])
    web.wait_until_ready()
    pin(web.process.pid, SERVER_CORE)
    process = psutil.Process(web.process.pid)
    try:
        async with AsyncExitStack() as stack:
            first = await stack.enter_async_context(web.open(school.teacher))
            await entered(first)
            room = Room(process)
            for begin in range(0, len(school.students), JOINING_AT_ONCE):
                keys = school.students[begin : begin + JOINING_AT_ONCE]
                opened = [await stack.enter_async_context(web.open(key)) for key in keys]
                await asyncio.gather(*map(entered, opened))
                for socket in opened:
                    room.listen(socket)
            room.all_here()
            yield room
    finally:
        web.stop()


async def entered(socket: ClientConnection) -> None:
    await get(socket, "hello")
    await send(socket, "join")
    await get(socket, "joined")


@asynccontextmanager
async def group(school: School, people: int, octets: float) -> AsyncIterator[Room]:
    port = free_ports(1)[0]
    command = [sys.executable, "-m", "daphne", "-v", "0", "-p", str(port), "bench.bare:application"]
    with subprocess.Popen(command, env=school.environment) as child:  # noqa: ASYNC220 (before the clients)
        pin(child.pid, SERVER_CORE)
        process = psutil.Process(child.pid)
        try:
            async with AsyncExitStack() as stack:
                await stack.enter_async_context(await opened(port))
                room = Group(process)
                room.octets = round(octets)
                for _ in range(people):
                    room.listen(await stack.enter_async_context(await opened(port)))
                room.all_here()
                yield room
        finally:
            child.terminate()


async def opened(port: int) -> connect:
    """Once the server is up."""
    async with asyncio.timeout(LATEST):
        while True:
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", port)
            except OSError:
                await asyncio.sleep(0.1)
            else:
                writer.close()
                return connect(f"ws://127.0.0.1:{port}/", proxy=None, open_timeout=LATEST)


async def measured(name: str, opening: Any, options: Namespace) -> dict[str, Any]:
    """Talk for a while; what came late, and what of it the process spent."""
    async with opening as room:
        await asyncio.sleep(SETTLED)
        spent = -cpu(room.process)
        await talk(room, options)
        await asyncio.sleep(SETTLED)
        spent += cpu(room.process)
        for task in room.tasks:
            task.cancel()
    listeners = room.listeners
    late = [value * 1e3 for each in listeners for value in each.late]
    return {
        "server": name,
        "delivered": len(late),
        "missing": len(room.sent) * len(listeners) - len(late),
        "p50": report.percentile(late, 0.5),
        "p99": report.percentile(late, 0.99),
        "cpu": spent / max(1, len(late)) * 1e6,
        "memory": room.memory,
        "octets": statistics.mean(each.octets for each in listeners),
    }


def cpu(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)


async def talk(room: Room, options: Namespace) -> None:
    """Each in turn, so that nobody is too fast for the class's limits."""
    began = time.monotonic()
    for number in range(int(options.rate * options.seconds)):
        await asyncio.sleep(max(0.0, began + number / options.rate - time.monotonic()))
        words = f"This is what somebody says as number {number}."
        room.sent[words] = time.monotonic()
        await room.say(room.listeners[number % len(room.listeners)].socket, words)
