"""What one participant costs each server: CPU of its join, CPU while in class, resident memory."""

from __future__ import annotations

import asyncio
import statistics
from argparse import ArgumentParser, Namespace
from dataclasses import asdict, dataclass
from typing import Any

from bench import report
from bench.aula import Aula
from bench.forward import WARM_UP, subjects
from bench.load import Class
from bench.process import CLIENT_CORE, pinned

TARGET = 1e6 / 1024  # KiB
ALREADY_THERE = 3  # listeners seated first: what a server sets up once is no participant's cost


@dataclass(frozen=True)
class Cost:
    """Of one listener and one publisher. CPU: ms a join, ms each second in class; memory: KiB resident."""

    join: float
    listening: float
    listener_memory: float
    publishing: float
    publisher_memory: float


def arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--participants", type=int, default=30, help="listeners, and publishers, to add")
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--seconds", type=float, default=6.0, help="of one sample")


async def run(options: Namespace) -> bool:
    """Measure, print, write. True when a participant of ours holds less than the target."""
    samples: dict[str, list[Cost]] = {}
    for _ in range(options.rounds):
        for server in subjects():
            with pinned(CLIENT_CORE):
                cost = await sample(server, options.participants, options.seconds)
            samples.setdefault(server.name, []).append(cost)
            print(f"  {server.name}: {cost.join:.1f} ms a join", flush=True)
    rows = [row(name, costs) for name, costs in samples.items()]
    head = ("server", "join, ms", "listening, ms/s", "listener, KiB", "publishing, ms/s", "publisher, KiB")
    cells = [(line.pop("server"), *(f"{value:.1f}" for value in line.values())) for line in map(dict, rows)]
    print(report.table("Server CPU and memory of one participant", head, cells))
    raw = {name: [asdict(cost) for cost in costs] for name, costs in samples.items()}
    print(f"\nWritten to {report.write('participant', parameters=vars(options), samples=raw, rows=rows)}")
    return judge(rows)


def judge(rows: list[dict[str, Any]]) -> bool:
    """Memory alone has a target; Janus has none."""
    most = max(
        max(row["listener_memory"], row["publisher_memory"]) for row in rows if row["server"] == Aula.name
    )
    verdict = "reached" if most < TARGET else "MISSED"
    print(f"\nTarget: < {TARGET:.0f} KiB resident a participant. Most: {most:.0f} KiB, {verdict}.")
    return most < TARGET


def row(name: str, costs: list[Cost]) -> dict[str, Any]:
    fields = asdict(costs[0])
    return {"server": name} | {field: statistics.median(asdict(c)[field] for c in costs) for field in fields}


async def sample(server: Any, count: int, seconds: float) -> Cost:
    async with server:
        lesson = Class(server, await server.publish("class"), [])
        try:
            await lesson.seat(ALREADY_THERE, "class")
            join, listening, listener_memory = await listeners(lesson, count, seconds)
            publishing, publisher_memory = await publishers(server, count, seconds)
        finally:
            await lesson.close()
    return Cost(join, listening, listener_memory, publishing, publisher_memory)


async def listeners(lesson: Class, count: int, seconds: float) -> tuple[float, float, float]:
    """Joins are counted while nobody sends; then the class runs."""
    before_load = await lesson.watch(seconds / 2)
    await lesson.quiet()
    before = lesson.server.usage()
    await lesson.admit(count, "class")
    joined = lesson.server.usage()
    lesson.publisher.source.play()
    await lesson.all_hear()
    await asyncio.sleep(WARM_UP)
    load = await lesson.watch(seconds)
    busy = load.cpu / load.seconds - before_load.cpu / before_load.seconds
    memory = lesson.server.usage().memory - before.memory
    return (joined.cpu - before.cpu) * 1e3 / count, busy * 1e3 / count, memory / 1024 / count


async def publishers(server: Any, count: int, seconds: float) -> tuple[float, float]:
    """Each alone in a room: what taking media in costs, without forwarding."""
    before = server.usage()
    await asyncio.sleep(seconds)
    idle = server.usage()
    peers = [await server.publish(f"alone {number}") for number in range(count)]
    try:
        await asyncio.sleep(WARM_UP)
        start = server.usage()
        await asyncio.sleep(seconds)
        end = server.usage()
    finally:
        for peer in peers:
            await peer.close()
    background = (idle.cpu - before.cpu) / (idle.at - before.at)
    busy = (end.cpu - start.cpu) / (end.at - start.at) - background
    return busy * 1e3 / count, (end.memory - idle.memory) / 1024 / count
