"""Stock clients in real browsers, in front of our engine or of any LiveKit server (docs/testing.md)."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Playwright

from tests.contract.media import Media, new_room, under_contract
from tests.contract.people import Person
from tests.contract.site import serving

CHROMIUM = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--use-fake-device-for-media-stream",
    "--autoplay-policy=no-user-gesture-required",
]


@pytest.fixture(scope="session")
def media(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Media]:
    with under_contract(tmp_path_factory.mktemp("media")) as media:
        yield media


@pytest.fixture(scope="session")
def page_address() -> Iterator[str]:
    with serving() as address:
        yield address


@pytest.fixture(scope="session")
def chromium(playwright_: Playwright) -> Iterator[Browser]:
    browser = playwright_.chromium.launch(executable_path="/usr/bin/chromium", args=CHROMIUM)
    yield browser
    browser.close()


MakePerson = Callable[..., Person]


@pytest.fixture
def person(request: pytest.FixtureRequest, media: Media, page_address: str) -> Iterator[MakePerson]:
    """`person("teacher")` has a page in Chromium, `person("teacher", "firefox")` in Firefox; one room."""
    room = new_room()
    contexts: list[BrowserContext] = []

    def person(identity: str, browser: str = "chromium") -> Person:
        permissions = {"permissions": ["camera", "microphone"]} if browser == "chromium" else {}
        context = request.getfixturevalue(browser).new_context(**permissions)
        contexts.append(context)
        page = context.new_page()
        page.goto(page_address)
        page.wait_for_function("document.title == 'ready'")
        return Person(page, media, identity, room)

    yield person
    for context in contexts:
        context.close()
