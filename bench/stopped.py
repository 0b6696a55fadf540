"""One listener of fifty is stopped (SIGSTOP): does anybody else's media wait?

The stopped one is a process of its own: its sockets fill, its reports, its consent and its signalling end.
The added latency of the others is compared before and while it is stopped.
"""

from __future__ import annotations

import asyncio
import signal
import sys
from argparse import ArgumentParser, Namespace
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bench import clip, report
from bench.aula import ROOT, Aula
from bench.forward import WARM_UP
from bench.latency import measure, summarise
from bench.load import classroom
from bench.process import CLIENT_CORE, SERVER_CORE, pinned

ROOM = "stopped"
SLACK = 2.0  # ms that p99 may differ: the machine's own noise


def arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--listeners", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=15.0, help="before, and while it is stopped")


async def run(options: Namespace) -> bool:
    """Measure, print, write. True when the others' p99 stays where it was."""
    with pinned(CLIENT_CORE):
        async with (
            Aula(SERVER_CORE) as server,
            classroom(server, options.listeners - 1, ROOM, clip.LECTURE, polled=True) as lesson,
            guest(server) as process,
        ):
            await asyncio.sleep(WARM_UP)
            before = await measure(lesson, options.seconds)
            process.send_signal(signal.SIGSTOP)
            during = await measure(lesson, options.seconds)
            process.send_signal(signal.SIGCONT)
    rows = [summarise("before", before), summarise("one stopped", during)]
    head = ("the others' latency", "p50, ms", "p95, ms", "p99, ms", "highest", "packets")
    cells = [(r["server"], *(f"{r[k]:.2f}" for k in ("p50", "p95", "p99", "highest")), r["n"]) for r in rows]
    print(report.table(f"One of {options.listeners} listeners stopped", head, cells))
    reached = rows[1]["p99"] < rows[0]["p99"] + SLACK and len(during) > 0.99 * len(before)
    print(f"\nTarget: nobody else's p99 moves: {'reached' if reached else 'MISSED'}")
    print(f"Written to {report.write('stopped', parameters=vars(options), samples=[], rows=rows)}")
    return reached


@asynccontextmanager
async def guest(server: Aula) -> AsyncIterator[Process]:
    """A listener whose process may be stopped."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bench.guest", str(server.port), server.token(ROOM), cwd=ROOT, stdout=PIPE
    )
    try:
        assert process.stdout is not None
        if await process.stdout.readline() != b"hears\n":
            raise RuntimeError("the guest did not hear anything")
        yield process
    finally:
        process.kill()
        await process.wait()
