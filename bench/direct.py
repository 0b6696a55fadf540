"""Direct calls in real Chromium: how soon two are connected, what silence a third one causes by coming.

The cameras' pictures are those of `--size`, small enough that two cores are not busy with them alone.

Connected: from the second one's click on Join until both pages show the other, directly. Gap: the
longest silence that somebody hears while a third joins and sound moves to the server, and when it moves back.
"""

from __future__ import annotations

import statistics
from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import Any

from playwright.async_api import Browser, Page, async_playwright

from bench import report
from bench.aula import ROOT
from bench.join import BUTTON, CHROMIUM, FLAGS, SETTLE, open_room, signed_in
from bench.process import folder
from bench.restart import camera
from bench.site import Site

HEARING = (ROOT / "tests/journeys/hearing.js").read_text()
WATCH = """setInterval(() => {
  const way = document.querySelector("[data-way]")?.dataset.way;
  const picture = document.querySelector(".tile:not(.tile--small) video:not(.picture--coming)");
  if (document.querySelector("[role=toolbar]")) window.benchJoinedAt ??= Date.now();
  if (way === "direct" && picture?.videoWidth) window.benchDirectAt ??= Date.now();
}, 5)"""
CLICKED_AT = "document.addEventListener('click', () => (window.benchClickedAt = Date.now()), true)"
P95, GAP = 1000, 300  # ms


def arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--calls", type=int, default=20)
    parser.add_argument("--moves", type=int, default=10, help="to the server and back")
    parser.add_argument("--size", default="320x180", help="of the cameras' pictures, ten a second")


async def run(options: Namespace) -> bool:
    """Measure, print, write. True when connecting and gaps reach their targets."""
    width, height = map(int, options.size.split("x"))
    with folder() as clips:
        clip = camera(Path(clips) / "camera.y4m", width, height)
        flags = [*FLAGS, f"--use-file-for-fake-video-capture={clip}"]
        async with async_playwright() as playwright, Site() as site:
            browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=flags)
            connected, gaps = await measure(browser, site, options)
            await browser.close()
    rows = [
        row("connected, since the second is in the class", connected["Joined"]),
        row("connected, since the second's click on Join", connected["Clicked"]),
        row("silence, to the server", gaps["there"]),
        row("silence, and back", gaps["back"]),
    ]
    head = ("direct calls", "median, ms", "p95, ms", "highest", "times")
    print(report.table("Two people, then three, then two", head, [tuple(each.values()) for each in rows]))
    samples = {**connected, **gaps}
    print(f"\nWritten to {report.write('direct', parameters=vars(options), samples=samples, rows=rows)}")
    reached = report.percentile(connected["Joined"], 0.95) < P95 and max(gaps["there"] + gaps["back"]) < GAP
    print(f"Target: p95 < {P95} ms, no gap of {GAP} ms: {'reached' if reached else 'MISSED'}")
    return reached


def row(name: str, values: list[float]) -> dict[str, Any]:
    figures = (statistics.median(values), report.percentile(values, 0.95), max(values))
    return {
        "what": name,
        **dict(zip(("median", "p95", "highest"), (f"{x:.0f}" for x in figures), strict=True)),
        "times": len(values),
    }


async def measure(
    browser: Browser, site: Site, options: Namespace
) -> tuple[dict[str, list[float]], dict[str, list[float]]]:
    people = {}
    for name in ("teacher", "student", "admin"):
        people[name] = await signed_in(browser, site, f"{name}@demo.test", bypass_csp=True)
        for script in (HEARING, WATCH, CLICKED_AT):
            await people[name].add_init_script(script)
    room = await open_room(people["teacher"], site)
    await enter(people["teacher"])
    times = [await connect(people["teacher"], people["student"], room) for _ in range(options.calls + 1)][1:]
    connected = {since: [each[since] for each in times] for since in times[0]}
    gaps: dict[str, list[float]] = {"there": [], "back": []}
    for _ in range(options.moves):
        there, back = await move([people["teacher"], people["student"]], people["admin"], room)
        gaps["there"] += there
        gaps["back"] += back
    return connected, gaps


async def enter(page: Page) -> None:
    button = page.get_by_role("button", name=BUTTON)
    await button.wait_for()
    await page.wait_for_timeout(SETTLE)
    await button.click()
    await page.get_by_role("toolbar", name="Class controls").wait_for()


async def leave(page: Page) -> None:
    await page.goto("about:blank")


async def connect(teacher: Page, student: Page, room: str) -> dict[str, float]:
    """Milliseconds until the later of the two pages shows the other one directly: since the student's click
    on Join, and since the student is in the class."""
    await leave(student)
    await goes(teacher, "server")
    await teacher.evaluate("window.benchDirectAt = undefined")
    await student.goto(room)
    await enter(student)
    for page in (teacher, student):
        await page.wait_for_function("window.benchDirectAt", timeout=40_000)
    at = [await page.evaluate("window.benchDirectAt") for page in (teacher, student)]
    since = {name: await student.evaluate(f"window.bench{name}At") for name in ("Clicked", "Joined")}
    return {name: float(max(at) - begun) for name, begun in since.items()}


async def goes(page: Page, way: str) -> None:
    await page.locator(f"[data-way={way}]").wait_for(timeout=40_000)


async def move(two: list[Page], third: Page, room: str) -> tuple[list[float], list[float]]:
    """The longest silence of each page while a third comes, and until the two are direct again."""
    for page in two:
        await page.evaluate("window.testLongestGap ? undefined : testListen()")
        await page.wait_for_timeout(1000)
        await page.evaluate("testLongestGap()")
    await third.goto(room)
    await enter(third)
    for page in two:
        await goes(page, "server")
        await page.wait_for_timeout(4000)
    there = [await page.evaluate("testLongestGap()") for page in two]
    await leave(third)
    for page in two:
        await goes(page, "direct")
        await page.wait_for_timeout(1000)
    return there, [await page.evaluate("testLongestGap()") for page in two]
