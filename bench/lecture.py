"""A lecture on one core: one teacher (600 kbit/s video, 50 audio packets/s), how many listeners it carries.

The class grows and shrinks until the largest number is found at which at least 99.9 % arrives and the engine
takes less than 85 % of its core. The listeners run on the other core; when that one is full first, or the
kernel drops what they do not read in time, the result says so: it is then a lower bound.
"""

from __future__ import annotations

import asyncio
from argparse import ArgumentParser, Namespace
from dataclasses import asdict, dataclass
from typing import Any

from bench import clip, report
from bench.aula import Aula
from bench.drain import overrun
from bench.load import Class, Window, classroom
from bench.process import CLIENT_CORE, SERVER_CORE, pinned

DELIVERED, CORE = 0.999, 0.85
FULL = 0.90  # of the clients' core: beyond it they are what limits
CLOSE = 1.05  # the search ends when the largest that held and the smallest that did not are this near
WARM_UP = 2.0
ROOM = "lecture"


@dataclass(frozen=True)
class Step:
    """One size of the class. `cpu` and `load`: shares of a core, the engine's and the clients'."""

    listeners: int
    cpu: float
    delivered: float
    microseconds: float
    load: float
    overrun: int

    @property
    def holds(self) -> bool:
        return self.delivered >= DELIVERED and self.cpu < CORE

    @property
    def limited(self) -> bool:
        """Whether the clients could not keep up."""
        return self.overrun > 0 or self.load > FULL


def arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--listeners", type=int, default=200)
    parser.add_argument("--most", type=int, default=2000)
    parser.add_argument("--probes", type=int, default=7, help="sizes of the class to try")
    parser.add_argument("--seconds", type=float, default=8.0, help="of one size")


async def run(options: Namespace) -> bool:
    """Measure, print, write. True when the first size asked for holds."""
    with pinned(CLIENT_CORE):
        async with (
            Aula(SERVER_CORE) as server,
            classroom(server, 0, ROOM, clip.LECTURE, polled=True) as lesson,
        ):
            steps = await search(lesson, options)
    reached = steps[0].holds
    show(steps)
    best = max((step.listeners for step in steps if step.holds), default=0)
    rows = [asdict(step) | {"holds": step.holds, "limited": step.limited} for step in steps]
    path = report.write("lecture", parameters=vars(options), samples=rows, rows=rows, found={"most": best})
    print(f"Written to {path}")
    return reached


async def search(lesson: Class, options: Namespace) -> list[Step]:
    """First the size asked for; then guesses from what a listener costs, then between good and bad."""
    steps: list[Step] = []
    size = options.listeners
    while size and len(steps) < options.probes:
        steps.append(await try_size(lesson, size, options.seconds))
        print(f"  {describe(steps[-1])}", flush=True)
        if steps[-1].holds and steps[-1].limited:
            break
        size = next_size(steps, options.most)
    return steps


def next_size(steps: list[Step], most: int) -> int:
    """0 when the answer is known well enough."""
    good = max((step.listeners for step in steps if step.holds), default=0)
    bad = min((step.listeners for step in steps if not step.holds), default=0)
    if bad and (bad <= good * CLOSE or bad - good < 2):
        return 0
    if bad:
        return (good + bad) // 2
    last = steps[-1]
    guess = int(last.listeners * min(4.0, CORE / last.cpu))
    return 0 if good >= most else min(most, max(guess, int(good * CLOSE) + 1))


async def try_size(lesson: Class, size: int, seconds: float) -> Step:
    if size < len(lesson.listeners):
        await lesson.dismiss(len(lesson.listeners) - size)
    await lesson.seat(size - len(lesson.listeners), ROOM)
    await asyncio.sleep(WARM_UP)
    ports = {peer.client.port for peer in lesson.listeners}
    dropped = overrun(ports)
    window = await lesson.watch(seconds)
    return step(window, overrun(ports) - dropped)


def step(window: Window, dropped: int) -> Step:
    return Step(
        listeners=window.listeners,
        cpu=window.cpu / window.seconds,
        delivered=window.delivered,
        microseconds=window.microseconds,
        load=window.load / window.seconds,
        overrun=dropped,
    )


def describe(step: Step) -> str:
    return f"{step.listeners:5} listeners: {step.cpu:.0%} of the core, {step.delivered:.3%} delivered"


def show(steps: list[Step]) -> None:
    head = ("listeners", "engine, of a core", "delivered", "µs/packet", "clients, of a core", "holds")
    cells: list[tuple[Any, ...]] = [
        (
            each.listeners,
            f"{each.cpu:.1%}",
            f"{each.delivered:.3%}",
            f"{each.microseconds:.1f}",
            f"{each.load:.0%}",
            "yes" if each.holds else "no",
        )
        for each in steps
    ]
    print(report.table("A lecture: one teacher, engine on one core", head, cells))
    good = [each for each in steps if each.holds]
    if not good:
        print("\nNot even the first size holds.")
        return
    best = max(good, key=lambda each: each.listeners)
    bound = " at least: the clients' core was full" if any(each.limited for each in steps) else ""
    print(f"\nTarget: ≥ {DELIVERED:.1%} delivered, engine < {CORE:.0%} of a core.")
    print(f"Holds up to {best.listeners} listeners{bound}.")
