"""Join click to first picture of somebody else, in real Chromium.

`Aula's room page`: the page people use, on a whole Aula; the teacher is a second Chromium page, the student
publishes too. `bare page` rows: nothing but the joining, one light publisher, for comparison with Janus.
Chromium presents pictures 60 times a second, so a figure is up to 17 ms late and never early.
"""

from __future__ import annotations

import re
import shutil
import statistics
from argparse import ArgumentParser, Namespace
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from aiohttp import web
from playwright.async_api import Browser, BrowserContext, Page, async_playwright

from bench import janus, report
from bench.aula import ROOT, Aula
from bench.janus import Janus
from bench.process import free_ports
from bench.site import PASSWORD, Site

CHROMIUM = "/usr/bin/chromium"
HERE = Path(__file__).parent
FIRST_FRAME = (HERE / "pages/first_frame.js").read_text()
CLASS = "Cell division, part 2"  # of the demo school, on now
BUTTON = re.compile("(Start|Join) class")
AULA, P50, P95 = "bare page, Aula", 300, 700  # ms
SETTLE = 1500  # ms on the page before the click, as a person needs at least
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-dev-shm-usage",
    "--use-fake-device-for-media-stream",
    "--autoplay-policy=no-user-gesture-required",
    "--allow-loopback-in-peer-connection",
]

Times = dict[str, float]


def arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--joins", type=int, default=20, help="for each row")


async def run(options: Namespace) -> bool:
    """Measure, print, write. True when the bare page on Aula reaches the targets."""
    if not shutil.which(CHROMIUM):
        print(f"Joins are measured in Chromium: install it so that {CHROMIUM} exists.")
        return False
    ways = {"Aula's room page": room_page, AULA: bare_aula}
    if janus.version():
        ways["bare page, Janus"] = bare_janus
    samples: dict[str, list[Times]] = {}
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        for name, measure in ways.items():
            samples[name] = await measure(browser, options.joins)
            print(f"  {name}: {summarise(name, samples[name])['median']:.0f} ms", flush=True)
        await browser.close()
    rows = [summarise(name, taken) for name, taken in samples.items()]
    head = ("join click to first picture", "median, ms", "p95, ms", "highest", "connected", "joins")
    cells = [(line.pop("page"), *(f"{value:.0f}" for value in line.values())) for line in map(dict, rows)]
    print(report.table("Joining, in Chromium", head, cells))
    print(f"\nWritten to {report.write('join', parameters=vars(options), samples=samples, rows=rows)}")
    ours = next(row for row in rows if row["page"] == AULA)
    reached = ours["median"] < P50 and ours["p95"] < P95
    print(f"Target, bare page: p50 < {P50} ms, p95 < {P95} ms: {'reached' if reached else 'MISSED'}")
    return reached


def summarise(name: str, taken: list[Times]) -> dict[str, Any]:
    frames = [times["frame"] - times["clicked"] for times in taken]
    connected = [times["connected"] - times["clicked"] for times in taken]
    return {
        "page": name,
        "median": statistics.median(frames),
        "p95": report.percentile(frames, 0.95),
        "highest": max(frames),
        "connected": statistics.median(connected),
        "joins": len(taken),
    }


async def person(browser: Browser, **more: Any) -> BrowserContext:
    context = await browser.new_context(permissions=["camera", "microphone"], **more)
    await context.add_init_script(FIRST_FRAME)
    return context


async def click(page: Page) -> Times:
    """Press the join button; the page's own clock tells the rest."""
    button = page.get_by_role("button", name=BUTTON)
    await button.wait_for()
    await page.wait_for_timeout(SETTLE)
    await button.click()
    return await page.evaluate("bench.times")


async def repeat(joins: int, once: Callable[[], Awaitable[Times]]) -> list[Times]:
    """One join more than asked: the first warms everything up and is dropped."""
    return [await once() for _ in range(joins + 1)][1:]


async def room_page(browser: Browser, joins: int) -> list[Times]:
    """The teacher starts the demo class; the student joins, leaves, loads the page anew and joins again."""
    async with Site() as site:
        teacher = await signed_in(browser, site, "teacher@demo.test")
        room = await open_room(teacher, site)
        await teacher.get_by_role("button", name=BUTTON).click()
        await teacher.get_by_role("toolbar", name="Class controls").wait_for()
        student = await signed_in(browser, site, "student@demo.test")

        async def once() -> Times:
            await student.goto(room)
            times = await click(student)
            await student.get_by_role("button", name="Leave").click()
            return times

        try:
            return await repeat(joins, once)
        finally:
            await student.context.close()
            await teacher.context.close()


async def signed_in(browser: Browser, site: Site, email: str, **more: Any) -> Page:
    page = await (await person(browser, **more)).new_page()
    await page.goto(site.url("/sign-in/"))
    await page.get_by_label("Email").fill(email)
    await page.get_by_label("Password", exact=True).fill(PASSWORD)
    await page.get_by_role("button", name="Sign in").click()
    await page.wait_for_url(site.url("/"))
    return page


async def open_room(page: Page, site: Site) -> str:
    """From the dashboard to the demo class's room; returns its address."""
    await page.goto(site.url("/"))
    await page.get_by_role("link", name=CLASS).first.click()
    await page.get_by_role("link", name=BUTTON).first.click()
    await page.wait_for_url("**/room/")
    return page.url


async def bare_aula(browser: Browser, joins: int) -> list[Times]:
    async with Aula() as server:
        teacher = await server.publish("bare")

        async def once() -> Times:
            words = {"url": f"ws://127.0.0.1:{server.port}", "token": server.token("bare")}
            return await bare(browser, "bare_aula.html", words)

        try:
            return await repeat(joins, once)
        finally:
            await teacher.close()


async def bare_janus(browser: Browser, joins: int) -> list[Times]:
    async with Janus() as server:
        teacher = await server.publish("bare")
        words = {
            "url": f"ws://127.0.0.1:{server.port}",
            "room": server.rooms["bare"],
            "feed": teacher.feed,
        }
        try:
            return await repeat(joins, lambda: bare(browser, "bare_janus.html", words))
        finally:
            await teacher.close()


async def bare(browser: Browser, name: str, words: dict[str, Any]) -> Times:
    """Join once from a page of nothing."""
    async with pages() as base:
        context = await person(browser)
        try:
            page = await context.new_page()
            await page.goto(f"{base}/{name}#{urlencode(words)}")
            return await click(page)
        finally:
            await context.close()


@asynccontextmanager
async def pages() -> AsyncIterator[str]:
    """Serve the bare pages and the vendored client."""
    files = web.Application()
    files.router.add_static("/vendor", ROOT / "static/vendor")
    files.router.add_static("/js", ROOT / "static/js")
    files.router.add_static("/", HERE / "pages")
    runner = web.AppRunner(files)
    await runner.setup()
    (port,) = free_ports(1)
    await web.TCPSite(runner, "127.0.0.1", port).start()
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        await runner.cleanup()
