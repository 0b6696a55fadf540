"""The media server is killed under a running class of four Chromium pages, again and again.

Figures: from `kill -9` to the media server as the web process sees it again (`server`), to the first frame
that a page decodes on a new connection, and to the last of the three others' cameras. The last two hold the
browsers' own work: all four begin to encode and decode at one moment, on this machine. Their cameras give
pictures of `--size`, small enough that two cores are not busy with them alone.
"""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import signal
import time
from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import Any

from playwright.async_api import Browser, Page, async_playwright

from bench import report
from bench.join import BUTTON, CHROMIUM, FLAGS, open_room, signed_in
from bench.process import folder
from bench.site import Site

SCRIPT = (Path(__file__).parent / "pages/restart.js").read_text()
PEOPLE = ("teacher@demo.test", "student@demo.test", "birch@demo.test", "cedar@demo.test")
BACK = re.compile(r"the media server is back after ([\d.]+) s")
STARTED = re.compile(r"media started \(pid (\d+)\)")
GIVE_UP = 60.0  # seconds
FPS = 10
TARGET = 3000.0  # milliseconds, p95
SIGNALS = {"kill -9": signal.SIGKILL, "SIGTERM": signal.SIGTERM}

Times = dict[str, float]


def arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--ends", type=int, default=5, help="restarts that are asked for (SIGTERM)")
    parser.add_argument("--size", default="320x180", help="of the cameras' pictures, ten a second")
    parser.add_argument("--pause", type=float, default=8.0, help="seconds of class between two of them")


async def run(options: Namespace) -> bool:
    """Measure, print, write. True when kill -9 costs nobody three seconds (p95)."""
    if not shutil.which(CHROMIUM):
        print(f"Restarts are measured in Chromium: install it so that {CHROMIUM} exists.")
        return False
    width, height = map(int, options.size.split("x"))
    with folder() as clips:
        return await measured(options, camera(Path(clips) / "camera.y4m", width, height))


def camera(path: Path, width: int, height: int) -> Path:
    """Four seconds of a bar that moves, as Chromium reads it in place of a camera (YUV4MPEG2)."""
    with path.open("wb") as file:
        file.write(f"YUV4MPEG2 W{width} H{height} F{FPS}:1 Ip A1:1 C420jpeg\n".encode())
        for number in range(4 * FPS):
            line = bytearray(b"\x3c" * width)
            line[number * 8 : number * 8 + 32] = b"\xc8" * 32
            file.write(b"FRAME\n" + bytes(line[:width]) * height + b"\x80" * (width * height // 2))
    return path


async def measured(options: Namespace, clip: Path) -> bool:
    async with async_playwright() as playwright, Site() as site:
        flags = [*FLAGS, f"--use-file-for-fake-video-capture={clip}"]
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=flags)
        pages = await klass(browser, site)
        samples = {
            name: [await restart(site, pages, number, options.pause) for _ in range(times)]
            for (name, number), times in zip(SIGNALS.items(), (options.kills, options.ends), strict=True)
        }
        await browser.close()
    rows = [row for name, taken in samples.items() if taken for row in rows_of(name, taken)]
    print(
        report.table(
            "The media server ends; four Chromium pages, ms to decoded video", HEAD, map(cells, rows)
        )
    )
    path = report.write("restart", parameters=vars(options), samples=samples, rows=rows)
    print(f"\nWritten to {path}")
    return judge(rows)


def judge(rows: list[dict[str, Any]]) -> bool:
    """Media is back when everybody's is: the last camera counts, not the first."""
    killed = [row["p95"] for row in rows if row["end"] == "kill -9" and row["until"] == "all"]
    return bool(killed) and max(killed) < TARGET


HEAD = ("end", "until", "median", "p95", "worst", "pages")


def rows_of(name: str, taken: list[list[Times]]) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    for until in ("server", "first", "all"):
        values = sorted(times[until] for each in taken for times in each)
        middle = report.percentile(values, 0.5)
        p95 = report.percentile(values, 0.95)
        row = {"end": name, "until": until, "median": middle, "p95": p95, "worst": values[-1]}
        rows.append({**row, "pages": len(values)})
    return rows


def cells(row: dict[str, Any]) -> list[str]:
    return [f"{value:.0f}" if isinstance(value, float) else str(value) for value in row.values()]


async def klass(browser: Browser, site: Site) -> list[Page]:
    """A class that is on, all cameras sent and seen."""
    pages = []
    for email in PEOPLE:
        page = await signed_in(browser, site, email)
        await page.context.add_init_script(SCRIPT)
        await open_room(page, site)
        await page.get_by_role("button", name=BUTTON).click()
        await page.get_by_role("toolbar", name="Class controls").wait_for()
        pages.append(page)
    await asyncio.gather(*(seen(page, 0) for page in pages))
    return pages


async def seen(page: Page, since: float) -> Times:
    others = len(PEOPLE) - 1
    found = page.evaluate(f"bench.back({since}, {others})")
    return await asyncio.wait_for(found, GIVE_UP)


async def restart(site: Site, pages: list[Page], number: int, pause: float) -> list[Times]:
    """End the media process; per page, milliseconds to its first and to all of its pictures."""
    await asyncio.sleep(pause)
    pid = int(STARTED.findall(log_of(site))[-1])
    at = time.time() * 1000
    os.kill(pid, number)
    taken = await asyncio.gather(*(seen(page, at) for page in pages))
    server = float(BACK.findall(log_of(site))[-1]) * 1000
    times = [{"server": server, **{name: value - at for name, value in each.items()}} for each in taken]
    print(f"  {max(each['first'] for each in times):.0f} ms, all {max(each['all'] for each in times):.0f} ms")
    return times


def log_of(site: Site) -> str:
    return site.process.log.read_text(errors="replace")
