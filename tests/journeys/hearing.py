"""What a person at a page hears, measured: how long the longest silence was (hearing.js)."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page

HEARING = (Path(__file__).parent / "hearing.js").read_text()
LONGEST_GAP = 300  # ms of silence while sound moves from one way to another


def listen(*pages: Page) -> None:
    """Begin to listen; the script has to be in the page, and the page to let it work (bypass_csp)."""
    for page in pages:
        page.evaluate("testListen()")
        page.wait_for_timeout(500)
        page.evaluate("testLongestGap()")


def longest_gap(page: Page) -> float:
    """Of silence since the last call, in milliseconds."""
    return page.evaluate("testLongestGap()")
