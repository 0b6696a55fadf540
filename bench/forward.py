"""CPU for each forwarded packet: one publisher, many listeners, Aula and Janus in turn.

Each sample is a fresh server on core 0 with the clients on core 1; a round takes every server once. The ratio
is Aula to Janus within a round, so that what else the machine does weighs on both.
"""

from __future__ import annotations

import asyncio
import statistics
from argparse import ArgumentParser, Namespace
from dataclasses import asdict
from typing import Any

from bench import janus, report
from bench.aula import Aula
from bench.janus import Janus
from bench.load import Window, classroom
from bench.process import CLIENT_CORE, SERVER_CORE, pinned

TARGET = 0.35
WARM_UP = 1.5


def arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--listeners", type=int, nargs="+", default=[30, 100])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=6.0, help="of one sample")


def subjects() -> list[Any]:
    """The servers in the order of a round. Janus in its default and in its cheaper configuration."""
    aula: list[Any] = [Aula(SERVER_CORE)]
    return aula + ([Janus(0, SERVER_CORE), Janus(2, SERVER_CORE)] if janus.version() else [])


async def sample(server: Any, listeners: int, seconds: float) -> Window:
    with pinned(CLIENT_CORE):
        async with server, classroom(server, listeners) as lesson:
            await asyncio.sleep(WARM_UP)
            return await lesson.watch(seconds)


async def run(options: Namespace) -> bool:
    """Measure, print, write. True when every ratio is below the target."""
    samples: dict[int, dict[str, list[Window]]] = {}
    for listeners in options.listeners:
        taken: dict[str, list[Window]] = {}
        for _ in range(options.rounds):
            for server in subjects():
                window = await sample(server, listeners, options.seconds)
                taken.setdefault(server.name, []).append(window)
                print(f"  {listeners:3} listeners, {server.name}: {window.microseconds:.1f} µs", flush=True)
        samples[listeners] = taken
    rows = [row for listeners, taken in samples.items() for row in summarise(listeners, taken)]
    show(rows)
    path = report.write(
        "forward",
        parameters=vars(options),
        samples={n: {name: [asdict(w) for w in ws] for name, ws in s.items()} for n, s in samples.items()},
        rows=rows,
    )
    print(f"\nWritten to {path}")
    return judge(rows)


def summarise(listeners: int, taken: dict[str, list[Window]]) -> list[dict[str, Any]]:
    """One row for each server: medians, and Aula's cost relative to it within each round."""
    ours = [window.microseconds for window in taken[Aula.name]]
    rows = []
    for name, windows in taken.items():
        costs = [window.microseconds for window in windows]
        ratios = [a / b for a, b in zip(ours, costs, strict=True)]
        rows.append(
            {
                "listeners": listeners,
                "server": name,
                "microseconds": costs,
                "delivered": min(window.delivered for window in windows),
                "forged": sum(window.forged for window in windows),
                "ratio": None if name == Aula.name else statistics.median(ratios),
                "ratios": ratios,
            }
        )
    return rows


def show(rows: list[dict[str, Any]]) -> None:
    head = ("listeners", "server", "µs/packet (lowest-highest)", "delivered", "Aula / it")
    cells = [
        (
            row["listeners"],
            row["server"],
            report.spread(row["microseconds"]),
            f"{row['delivered']:.2%}",
            report.spread(row["ratios"], 2) if row["ratio"] else "",
        )
        for row in rows
    ]
    print(report.table("Server CPU per forwarded packet", head, cells))


def judge(rows: list[dict[str, Any]]) -> bool:
    """Hold the worst ratio, at any number of listeners and against either Janus, to the target."""
    ratios = [row["ratio"] for row in rows if row["ratio"]]
    if not ratios:
        print("\nWithout Janus there is no ratio to hold to the target: install it.")
        return False
    verdict = "reached" if max(ratios) <= TARGET else "MISSED"
    print(f"\nTarget: ratio ≤ {TARGET}. Worst: {max(ratios):.2f}, {verdict}.")
    return max(ratios) <= TARGET
