"""A large file from one real Chromium to another: how fast, and how much memory the two pages take for it.

Memory is the resident memory of all of Chromium's renderer processes, above what it was before; the file has
to arrive whole (SHA-256 of what is saved).
"""

from __future__ import annotations

import asyncio
import hashlib
import os
import time
from argparse import ArgumentParser, Namespace
from pathlib import Path

import psutil
from playwright.async_api import Page, async_playwright

from bench import report
from bench.direct import enter
from bench.join import CHROMIUM, FLAGS, open_room, signed_in
from bench.process import folder
from bench.site import Site

MEBIBYTE = 1024 * 1024
GROWTH = 300.0  # MiB both pages together may grow, whatever the size of the file


def arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--size", type=int, default=1_000, help="of the file, in MB")


async def run(options: Namespace) -> bool:
    """Measure, print, write. True when the file arrives whole and memory stays flat."""
    with folder() as name:
        sent = made(Path(name) / "large.bin", options.size * 1_000_000)
        async with async_playwright() as playwright, Site() as site:
            browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
            teacher, student = [
                await signed_in(browser, site, f"{who}@demo.test") for who in ("teacher", "student")
            ]
            room = await open_room(teacher, site)
            await enter(teacher)
            await student.goto(room)
            await enter(student)
            seconds, growth, received = await send(teacher, student, sent)
            whole = digest(received) == digest(sent)
            await browser.close()
    rows = [
        {
            "size": options.size,
            "seconds": f"{seconds:.1f}",
            "rate": f"{options.size * 8 / seconds:.0f}",
            "growth": f"{growth:.0f}",
            "whole": "yes" if whole else "NO",
        }
    ]
    head = ("MB", "seconds", "Mbit/s", "both pages grow by, MiB", "whole")
    print(report.table("A file, browser to browser", head, [tuple(each.values()) for each in rows]))
    print(f"\nWritten to {report.write('files', parameters=vars(options), samples=rows, rows=rows)}")
    reached = whole and growth < GROWTH
    print(f"Target: whole, and < {GROWTH:.0f} MiB: {'reached' if reached else 'MISSED'}")
    return reached


def made(path: Path, size: int) -> Path:
    with path.open("wb") as file:
        for _ in range(0, size, MEBIBYTE):
            file.write(os.urandom(MEBIBYTE))
        file.truncate(size)
    return path


def digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


async def send(teacher: Page, student: Page, path: Path) -> tuple[float, float, Path]:
    """Seconds it took, highest growth of memory in MiB, and where it was saved."""
    await teacher.get_by_role("toolbar").get_by_role("button", name="People").click()
    async with teacher.expect_file_chooser() as chooser:
        await teacher.get_by_role("button", name="Send files to").click()
    await (await chooser.value).set_files(path)
    await student.get_by_role("button", name="Show").click()
    peak = Peak()
    begun = time.monotonic()
    async with student.expect_download(timeout=1_200_000) as download:
        await student.get_by_role("button", name="Accept").click()
        watch = asyncio.create_task(peak.watch())
    seconds = time.monotonic() - begun
    saved = Path(await (await download.value).path())
    watch.cancel()
    return seconds, peak.growth, saved


class Peak:
    """The highest resident memory since this was made."""

    def __init__(self) -> None:
        self.before = self.most = resident()

    async def watch(self) -> None:
        while True:
            self.most = max(self.most, resident())
            await asyncio.sleep(0.25)

    @property
    def growth(self) -> float:
        return self.most - self.before


def resident() -> float:
    """MiB of all renderers below this process."""
    total = 0
    for process in psutil.Process().children(recursive=True):
        try:
            if "--type=renderer" in process.cmdline():
                total += process.memory_info().rss
        except psutil.NoSuchProcess:
            continue
    return total / MEBIBYTE
