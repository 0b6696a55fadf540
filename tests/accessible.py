"""What axe finds on a page, what scrolls sideways, and a picture of it for a reader (var/screenshots)."""

from __future__ import annotations

import os
import re
from pathlib import Path
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

SCREENSHOTS = Path(__file__).parents[1] / "var" / "screenshots"
RULES = {
    "preload": False,  # it would fetch style sheets anew, which is complained of
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
}
AT_REST = """Promise.all(document.getAnimations()
  .filter((each) => each.effect.getComputedTiming().endTime < 5000)
  .map((each) => each.finished.catch(() => null)))"""
LOOK = """[innerWidth, matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light",
  document.documentElement.dir || "ltr"]"""
ID = re.compile(r"[0-9a-f]{32}|[0-9a-f-]{36}|\d+")


def faults(page: Page, name: str = "") -> list[str]:
    """What axe finds, and sideways scrolling, once nothing fades in any more. Keeps a picture."""
    page.wait_for_load_state("load")  # with its styles
    page.evaluate(AT_REST)
    found = Axe().run(page, options=RULES).response["violations"]
    covered = (
        page.locator("[role=menu]").count() > 0
    )  # what an open menu lies on in part is small while it is open
    words = [
        f"{each['id']}: {node['html'][:160]}"
        for each in found
        for node in each["nodes"]
        if not (covered and each["id"] == "target-size" and "menu__" not in node["html"])
    ]
    width, inside = page.evaluate("[innerWidth, document.documentElement.scrollWidth]")
    if inside > width:
        words.append(f"scrolls sideways: {inside} px in {width} px")
    keep(page, name)
    return [f"{page.url}: {word}" for word in words]


def keep(page: Page, name: str = "") -> None:
    """A picture named after the test's file, the page or `name`, its width and theme."""
    about = Path(os.environ["PYTEST_CURRENT_TEST"].partition("::")[0]).stem.removeprefix("test_")
    shown = name or ID.sub("", urlsplit(page.url).path)
    words = " ".join([about, shown, *map(str, page.evaluate(LOOK))]).lower()
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SCREENSHOTS / f"{re.sub(r'[^a-z0-9]+', '-', words)}.png", full_page=True)
