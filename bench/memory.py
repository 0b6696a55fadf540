"""Whether the engine gives everything back: small classes come, see media and go, a hundred times.

Resident memory, threads, descriptors and tasks are read once the last class has gone. The cycles before the
first reading warm up what is kept for good: the allocators' pools are as large as they get after some forty
of them (what is in use, by mallinfo2, grows by 11 octets for each who left from there on).
"""

from __future__ import annotations

import asyncio
import re
from argparse import ArgumentParser, Namespace
from dataclasses import asdict, dataclass

from bench import clip, report
from bench.aula import Aula
from bench.load import classroom
from bench.process import CLIENT_CORE, SERVER_CORE, pinned

GROWTH = 4.0  # MiB a run may grow: the allocator's own noise
TASKS = re.compile(r"^aula_media_tasks ([\d.e+]+)$", re.M)


@dataclass(frozen=True)
class Held:
    """What the engine's process holds. `memory` in MiB."""

    memory: float
    threads: int
    descriptors: int
    tasks: int


def arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--cycles", type=int, default=100)
    parser.add_argument("--warm", type=int, default=50, help="cycles before the first reading")
    parser.add_argument("--listeners", type=int, default=8)
    parser.add_argument("--rest", type=float, default=25.0, help="an empty room is remembered for 20 s")


async def run(options: Namespace) -> bool:
    """Measure, print, write. True when everything returns to what it was."""
    with pinned(CLIENT_CORE):
        async with Aula(SERVER_CORE) as server:
            states = []
            for count in (options.warm, options.cycles):
                await cycles(server, count, options.listeners)
                await asyncio.sleep(options.rest)
                states.append(await held(server))
            before, after = states
    rows = [{"when": when} | asdict(each) for when, each in (("warm", before), ("after", after))]
    head = ("engine", "resident, MiB", "threads", "descriptors", "tasks")
    cells = [(r["when"], f"{r['memory']:.1f}", r["threads"], r["descriptors"], r["tasks"]) for r in rows]
    people = options.cycles * (options.listeners + 1)
    print(report.table(f"{options.cycles} classes, {people} joins and leaves", head, cells))
    reached = returned(before, after) and after.memory - before.memory < GROWTH
    verdict = "returned to base" if reached else "GREW"
    print(f"\n{verdict}; {(after.memory - before.memory) * 1024 / people:.2f} KiB a participant that left")
    print(f"Written to {report.write('memory', parameters=vars(options), samples=rows, rows=rows)}")
    return reached


async def cycles(server: Aula, count: int, listeners: int) -> None:
    """One class after the other, each until media reached everybody."""
    for number in range(count):
        async with classroom(server, listeners, f"class {number % 3}", clip.LECTURE):
            pass


async def held(server: Aula) -> Held:
    process = server.process.process
    async with server.http.get(f"http://127.0.0.1:{server.port}/metrics") as answer:
        tasks = tasks_told(await answer.text())
    return Held(
        memory=process.memory_info().rss / 2**20,
        threads=process.num_threads(),
        descriptors=process.num_fds(),
        tasks=tasks,
    )


def tasks_told(metrics: str) -> int:
    """Raises ValueError when nobody tells: a check of what is not there passes for ever."""
    found = TASKS.search(metrics)
    if found is None:
        raise ValueError("/metrics does not tell how many tasks there are")
    return int(float(found[1]))


def returned(base: Held, found: Held) -> bool:
    """Daphne's thread pool and Python's own caches may keep one or two."""
    return (
        found.descriptors <= base.descriptors + 2
        and found.threads <= base.threads + 2
        and found.tasks <= base.tasks + 2
    )
