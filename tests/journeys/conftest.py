"""Real servers and real Chromium for the journeys (docs/testing.md)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, expect

from tests.journeys.aula import Aula
from tests.journeys.steps import sign_in

QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-domain-reliability",
    "--disable-dev-shm-usage",
]
DEVICES = ["--use-fake-device-for-media-stream", "--autoplay-policy=no-user-gesture-required"]
SLIDES = "SlideDeck"  # the title of the tab that a teacher shares
SHARING = [f"--auto-select-tab-capture-source-by-title={SLIDES}"]
expect.set_options(timeout=15_000)  # ms: three browsers and a whole Aula share two cores
KEEP_CONNECTIONS, ALL_CAMERAS = (
    (Path(__file__).parent / name).read_text() for name in ("connections.js", "cameras.js")
)


@pytest.fixture(scope="session")
def aula(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Aula]:
    aula = Aula(tmp_path_factory.mktemp("aula"))
    try:
        aula.wait_until_ready()
        yield aula
    finally:
        aula.stop()


@pytest.fixture(scope="session")
def browser(playwright_: Playwright) -> Iterator[Browser]:
    browser = playwright_.chromium.launch(
        executable_path="/usr/bin/chromium", args=[*QUIET, *DEVICES, *SHARING]
    )
    yield browser
    browser.close()


@pytest.fixture
def open_page(
    browser: Browser, request: pytest.FixtureRequest, listen: Callable[[BrowserContext], list[str]]
) -> Iterator[Callable[..., Page]]:
    """Open a person's own page: own cookies and devices, and its peer connections kept for statistics.

    `firefox=True` opens it in Firefox. A test takes what it caused out of `complaints`, or has the mark
    `complains`.
    """
    contexts: list[BrowserContext] = []

    def open_page(width: int = 1280, height: int = 800, firefox: bool = False, **options: object) -> Page:
        if firefox:
            chosen = request.getfixturevalue("firefox")
        else:
            chosen, options = browser, {"permissions": ["camera", "microphone"], **options}
        context = chosen.new_context(viewport={"width": width, "height": height}, **options)
        context.set_default_timeout(20_000)
        context.add_init_script(KEEP_CONNECTIONS)
        context.add_init_script(ALL_CAMERAS)
        contexts.append(context)
        page = context.new_page()
        page.complaints = listen(context)  # type: ignore[attr-defined]
        return page

    yield open_page
    for context in contexts:
        context.close()


@pytest.fixture
def signed_in(aula: Aula, open_page: Callable[..., Page]) -> Callable[..., Page]:
    """A page on which `email` has signed in through the form; `script` bends its network."""

    def signed_in(email: str, tenant: str = "demo", script: str = "", **options: object) -> Page:
        page = open_page(**options)
        page.add_init_script(script)
        sign_in(page, aula, email, tenant)
        return page

    return signed_in
