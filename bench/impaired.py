"""A listener in Chromium on a bad line: loss, a narrow link, blackouts, a new address, layer switches.

A light publisher sends three layers; the listener is livekit-client on a bare page whose media goes through a
UDP proxy. A freeze is a pause between two pictures longer than both three usual ones and one usual one plus
150 ms, as in getStats' freezeCount.
"""

from __future__ import annotations

import asyncio
import random
import shutil
import time
from argparse import ArgumentParser, Namespace
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import pairwise
from typing import Any
from urllib.parse import urlencode

from playwright.async_api import Browser, Page, async_playwright

from bench import report
from bench.aula import Aula
from bench.join import CHROMIUM, FLAGS, pages
from bench.switches import ENCODINGS, RIDS
from tests.sfu.link import Link, running_link, through

ROOM = "impaired"
USUAL = 40.0  # ms between two pictures
FREEZE = max(3 * USUAL, USUAL + 150)
QUALITY_EVERY = 6.0  # seconds
TOP, LOWEST = ENCODINGS[-1].width, ENCODINGS[0].width
Frames = list[tuple[float, int]]
"""(ms of the page's clock, width) of each picture shown."""


@dataclass
class Listener:
    """A page that watches, and the line it is on."""

    page: Page
    link: Link

    async def frames(self, seconds: float) -> Frames:
        """What is shown from now on for so long; the last picture before is the first."""
        await self.page.evaluate("watch.frames.splice(0, watch.frames.length - 1)")
        await asyncio.sleep(seconds)
        return [(at, width) for at, width in await self.page.evaluate("watch.frames")]

    async def shows(self, condition: str, within: float) -> float:
        """Seconds until JavaScript's condition on `f`, the newest [ms, width], holds; or TimeoutError."""
        start = time.monotonic()
        script = f"() => {{ const f = watch.frames.at(-1); return f && {condition} }}"
        await self.page.wait_for_function(script, timeout=within * 1e3, polling=20)
        return time.monotonic() - start

    async def stats(self) -> dict[str, Any]:
        return await self.page.evaluate("watch.stats()")

    async def now(self) -> float:
        return await self.page.evaluate("performance.now()")


def gaps(frames: Frames) -> list[float]:
    """Milliseconds between one picture and the next."""
    return [after - before for (before, _), (after, _) in pairwise(frames)]


def frozen(frames: Frames) -> float:
    """Share of the time in which the picture stood still."""
    return sum(gap for gap in gaps(frames) if gap > FREEZE) / (frames[-1][0] - frames[0][0])


@asynccontextmanager
async def listener(browser: Browser, server: Aula) -> AsyncIterator[Listener]:
    """One page in the class, with the top layer on its screen."""
    with running_link(("127.0.0.1", server.media_port)) as link:
        async with pages() as base:
            context = await browser.new_context()
            await context.add_init_script(through(link))
            page = await context.new_page()
            words = {"url": f"ws://127.0.0.1:{server.port}", "token": server.token(ROOM)}
            await page.goto(f"{base}/watch_aula.html#{urlencode(words)}")
            await page.get_by_role("button").click()
            found = Listener(page, link)
            try:
                await found.shows(f"f[1] === {TOP}", 20)
                yield found
            finally:
                await context.close()


async def loss(at: Listener, options: Namespace) -> dict[str, Any]:
    """10 % lost at a round trip of 50 ms, of what comes, then each way: frozen less than 1 % of the time."""
    link, found = at.link, {}
    link.up.delay = link.down.delay = 0.025
    for ways, lossy in (("down", [link.down]), ("both", [link.up, link.down])):
        for way in lossy:
            way.loss = 0.10
        await asyncio.sleep(QUALITY_EVERY)  # until the page hears that its line is weak
        frames = await at.frames(options.seconds)
        found[ways] = {"frozen": frozen(frames), "rate": len(frames) / options.seconds}
    down, both = found["down"], found["both"]
    return {
        "figure": f"frozen {down['frozen']:.2%} at {down['rate']:.1f} pictures/s; "
        f"both ways {both['frozen']:.2%} at {both['rate']:.1f}",
        "reached": all(each["frozen"] < 0.01 and each["rate"] > 5 for each in found.values()),
        **found,
    }


async def narrow(at: Listener, options: Namespace) -> dict[str, Any]:
    """300 kbit/s: lowest layer and clean sound within 5 s; the top layer < 10 s after the line recovered."""
    at.link.down.rate = 300_000
    down = await at.shows(f"f[1] <= {LOWEST}", 30)
    await asyncio.sleep(max(0.0, 5 - down))
    before = await at.stats()
    await asyncio.sleep(5)
    after = await at.stats()
    concealed, heard = (
        after["audio"][key] - before["audio"][key] for key in ("concealedSamples", "totalSamplesReceived")
    )
    at.link.down.rate = None
    up = await at.shows(f"f[1] === {TOP}", 60)
    share = concealed / max(1, heard)
    return {
        "figure": f"lowest layer after {down:.1f} s, sound missing {share:.1%}, top again after {up:.1f} s",
        "reached": down < 5 and share < 0.02 and up < 10,
        "down": down,
        "up": up,
        "concealed": share,
    }


async def blackout(at: Listener, options: Namespace) -> dict[str, Any]:
    """5 s without a packet: nobody joins again, media goes on."""
    connections = await at.page.evaluate("watch.connections")
    at.link.darken()
    await asyncio.sleep(5)
    since = await at.now()
    at.link.darken(False)
    back = await at.shows(f"f[0] > {since} + 20", 20)
    await asyncio.sleep(2)
    events = await at.page.evaluate("watch.events.filter((event) => !event.startsWith('stream'))")
    same = connections == await at.page.evaluate("watch.connections") and "disconnected" not in events
    return {
        "figure": f"picture back after {back:.2f} s, {'no rejoin' if same else 'REJOINED'}, events {events}",
        "reached": same and back < 2,
        "back": back,
    }


async def moved(at: Listener, options: Namespace) -> dict[str, Any]:
    """The client's address changes: media is back p95 < 2 s."""
    times = []
    for _ in range(options.moves):
        since = await at.now()
        at.link.move()
        times.append(await at.shows(f"f[0] > {since} + 100", 20))
        await asyncio.sleep(random.random())
    p95 = report.percentile(times, 0.95)
    return {
        "figure": f"{options.moves} moves, picture back p95 {p95:.2f} s, highest {max(times):.2f} s",
        "reached": p95 < 2,
        "times": times,
    }


async def switched(at: Listener, options: Namespace) -> dict[str, Any]:
    """Switches between three layers: the longest pause around each, p95 < 200 ms."""
    pauses, dice, layer = [], random.Random(1), 2
    await at.page.evaluate("watch.frames.splice(0, watch.frames.length - 1)")
    for _ in range(options.switches):
        layer = dice.choice([other for other in range(3) if other != layer])
        await at.page.evaluate("watch.frames.splice(0, watch.frames.length - 1)")
        await at.page.evaluate(f"watch.quality({layer})")
        await at.shows(f"f[1] === {ENCODINGS[layer].width}", 15)
        await asyncio.sleep(0.3)
        pauses.append(max(gaps([tuple(f) for f in await at.page.evaluate("watch.frames")])))
    p95 = report.percentile(pauses, 0.95)
    return {
        "figure": f"{options.switches} switches, pause p95 {p95:.0f} ms, highest {max(pauses):.0f} ms",
        "reached": p95 < 200,
        "pauses": pauses,
    }


SCENES: dict[str, Callable[[Listener, Namespace], Awaitable[dict[str, Any]]]] = {
    scene.__name__: scene for scene in (loss, narrow, blackout, moved, switched)
}


def arguments(parser: ArgumentParser) -> None:
    parser.add_argument("scenes", nargs="*", help=f"of {', '.join(SCENES)}; all unless named")
    parser.add_argument("--seconds", type=float, default=60.0, help="of loss")
    parser.add_argument("--moves", type=int, default=20)
    parser.add_argument("--switches", type=int, default=60)


async def run(options: Namespace) -> bool:
    """Measure, print, write. True when every scene reaches its target."""
    if not shutil.which(CHROMIUM):
        print(f"Bad lines are measured in Chromium: install it so that {CHROMIUM} exists.")
        return False
    found = await scenes(options.scenes or list(SCENES), options)
    cells = [
        (SCENES[name].__doc__ or "", "reached" if each["reached"] else "MISSED", each["figure"])
        for name, each in found.items()
    ]
    print(report.table("Chromium on a bad line", ("what is promised", "", "seen"), cells))
    print(f"\nWritten to {report.write('impaired', parameters=vars(options), samples=found, rows=found)}")
    return all(each["reached"] for each in found.values())


async def scenes(names: list[str], options: Namespace) -> dict[str, dict[str, Any]]:
    found = {}
    async with async_playwright() as playwright, Aula() as server:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        teacher = await server.publish(ROOM, ENCODINGS, RIDS)
        for name in names:
            found[name] = await play(browser, server, name, options)
            print(f"  {name}: {found[name]['figure']}", flush=True)
        await teacher.close()
        await browser.close()
    return found


async def play(browser: Browser, server: Aula, name: str, options: Namespace) -> dict[str, Any]:
    """One scene on a page of its own; what never happens is a miss, not the end of the run."""
    try:
        async with listener(browser, server) as at:
            return await SCENES[name](at, options)
    except Exception as error:
        return {"figure": f"{type(error).__name__}: {str(error).splitlines()[0]}", "reached": False}
