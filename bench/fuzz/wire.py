"""Damaged datagrams, connections and frames against an engine in a process of its own."""

from __future__ import annotations

import asyncio
import itertools
import json
import random
import re
import sys
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from bench.aula import KEY, ROOT, SECRET, Aula
from bench.fuzz import mutate, seeds
from bench.fuzz.intruder import Intruder
from signaling.sfu.framing import framed

INTRUDERS = 4
LIFE = 3000  # datagrams until an intruder leaves and another one comes
BURST = 20  # datagrams between two breaths, so that the kernel loses none
BREATH = 0.002  # seconds
WAITING = 500_000  # octets the engine may be behind: what its socket cannot take proves nothing
SETTLE = 3.0  # seconds
PARTS = 5  # measurements of memory
WARM = 100_000  # datagrams before memory is measured: pools, caches and the heap have their size then


@dataclass
class Outcome:
    """`growth` and `memory` in bytes; in seconds `lag` of the engine's loop, `gap` of the sound,
    `picture_gap` of the picture. `complaints`: errors in its log."""

    sent: Counter[str] = field(default_factory=Counter)
    growth: int = 0
    memory: list[int] = field(default_factory=list)
    lag: float = 0.0
    gap: float = 0.0
    picture_gap: float = 0.0
    received: float = 0.0
    lost: float = 0.0
    sent_away: float = 0.0
    unread: int = 0  # datagrams the kernel dropped before the engine read them
    complaints: list[str] = field(default_factory=list)
    alive: bool = False

    @property
    def total(self) -> int:
        return sum(self.sent.values())


async def run(total: int, seed: int) -> Outcome:
    """About `total` damaged things, in equal shares of every kind."""
    outcome, dice = Outcome(), random.Random(seed)
    async with Aula() as server:
        watchers = await _watchers(server)
        await _attack(server, outcome, dice, min(WARM, total // 2))
        await asyncio.sleep(SETTLE)
        outcome.memory = [server.usage().memory]
        for part in range(PARTS, 0, -1):
            await _attack(server, outcome, dice, (total - outcome.total) // part)
            await asyncio.sleep(SETTLE)
            outcome.memory.append(server.usage().memory)
        outcome.growth = outcome.memory[-1] - outcome.memory[0]
        outcome.unread = queued(server.media_port)[1]
        said, _ = await watchers.communicate(b"enough\n")
        found = json.loads(said.splitlines()[-1])
        for name, value in found.items():
            setattr(outcome, name, value)
        outcome.lag = await longest_lag(server)
        outcome.alive = server.process.child.poll() is None
        outcome.complaints = complaints(server.process.log)
    return outcome


async def longest_lag(server: Aula) -> float:
    """Seconds the engine's loop was late at worst, as it says itself."""
    async with server.http.get(f"http://127.0.0.1:{server.port}/metrics") as answer:
        found = re.search(r"^\S+loop_lag_longest_seconds (\S+)$", await answer.text(), re.MULTILINE)
    return float(found[1]) if found else float("inf")


async def _watchers(server: Aula) -> asyncio.subprocess.Process:
    watchers = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "bench.fuzz.watchers", str(server.port), KEY, SECRET, "fuzz"),
        cwd=ROOT,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    assert watchers.stdout is not None
    await asyncio.wait_for(watchers.stdout.readline(), 60)
    return watchers


async def _attack(server: Aula, outcome: Outcome, dice: random.Random, total: int) -> None:
    goal = outcome.total + total
    async with asyncio.TaskGroup() as group:
        for number in range(INTRUDERS):
            group.create_task(_intrude(server, outcome, random.Random(dice.random()), goal, number))
        group.create_task(_connections(server, outcome, random.Random(dice.random()), goal))


async def _intrude(server: Aula, outcome: Outcome, dice: random.Random, goal: int, number: int) -> None:
    room = "fuzz" if number % 2 else "elsewhere"
    while outcome.total < goal:
        intruder = Intruder(server, dice)
        try:
            await intruder.enter(room)
            signals = asyncio.create_task(intruder.signals(LIFE))
            await _one_life(intruder, outcome, dice, goal)
            signals.cancel()
        except (OSError, RuntimeError, TimeoutError) as error:  # sent away while it came in
            outcome.sent[f"not in: {type(error).__name__}"] += 1
            await asyncio.sleep(0.1)
        finally:
            if hasattr(intruder, "socket"):
                await intruder.close()


async def _one_life(intruder: Intruder, outcome: Outcome, dice: random.Random, goal: int) -> None:
    for turn in range(LIFE // BURST):
        if intruder.gone or outcome.total >= goal:
            return
        attack = intruder.attacks[turn % len(intruder.attacks)]
        for _ in range(BURST):
            attack()
        outcome.sent[attack.__name__] += BURST
        await asyncio.sleep(BREATH)
        while queued(intruder.server.media_port)[0] > WAITING:  # noqa: ASYNC110
            await asyncio.sleep(BREATH)


async def _connections(server: Aula, outcome: Outcome, dice: random.Random, goal: int) -> None:
    """TCP: frames to the media port, requests to the HTTP port."""
    ports = {True: server.tcp, False: server.port}
    while outcome.total < goal:
        media = dice.random() < 0.5
        reader, writer = await asyncio.open_connection("127.0.0.1", ports[media])
        if media:
            data = b"".join(framed(mutate.octets(dice, seeds.check("u", "p", dice))) for _ in range(5))
        else:
            data = mutate.octets(dice, REQUEST % dice.choice(PATHS))
        writer.write(data if dice.random() < 0.5 else mutate.octets(dice, data))
        try:
            async with asyncio.timeout(0.2):
                await reader.read(4096)
        except (TimeoutError, ConnectionError):
            pass
        writer.transport.abort()
        outcome.sent["tcp" if media else "http"] += 1


PATHS = (b"/rtc/v1?access_token=x", b"//healthz", b"/rtc/validate")
REQUEST = (
    b"GET %s HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
)


SIGNS = ("ERROR", "CRITICAL", "Error:", "never retrieved", "never awaited")


def queued(port: int) -> tuple[int, int]:
    """Octets that wait in the UDP socket at `port` of this machine, and datagrams that found it full."""
    for line in Path("/proc/net/udp").read_text().splitlines()[1:]:
        words = line.split()
        if int(words[1].rpartition(":")[2], 16) == port:
            return int(words[4].rpartition(":")[2], 16), int(words[-1])
    return 0, 0


def complaints(log: Path) -> list[str]:
    """What the engine's log tells of things nobody expected, each kind once: errors, and tracebacks whole."""
    found: dict[str, str] = {}
    lines = iter(log.read_text(errors="replace").splitlines())
    for line in lines:
        if "Traceback" in line:
            whole = [line, *itertools.takewhile(lambda part: not part[:1].isdigit(), lines)]
            found.setdefault(whole[-1], "\n".join(whole))
        elif any(sign in line for sign in SIGNS):
            found.setdefault(line[-60:], line)
    return list(found.values())[:40]
