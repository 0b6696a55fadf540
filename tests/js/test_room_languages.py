"""The room in other languages: every word is in a catalogue, fits, and is mirrored from right to left."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import override_settings
from django.utils import translation
from playwright.sync_api import Browser, BrowserContext, Page, expect

from aula.catalogues import Words, compile_stale
from tests.accessible import faults
from tests.js.room_page import open_room
from tests.js.test_marks import ON as RECORDED
from tests.js.test_polls_panel import COUNTED, NAMED, POLL
from tests.js.test_room_page import BLOCKED, FAR, FITS, OUTSIDE, OVER, TEACHER, hear
from tests.pseudo import ROOT, write
from tests.shown_words import unmarked

pytestmark = pytest.mark.journey
NAMES = re.findall(r'"([A-Z][a-z]+)"', (ROOT / "tests/js/harness/socket.js").read_text())
QUESTIONS = "|".join(
    re.escape(each) for poll in (COUNTED, NAMED) for each in (poll["question"], *poll["choices"])
)
SAID = r"https:\S+|Is anaphase.*|Good question.*|After!.*|See|example\.org|for the pictures\."
PLACES = "Northfield College|Biology 9b|Cell division, part 2"
MADE = r"(Built-in|USB|FaceTime)[\w ]*|(Ctrl|Alt)[+\w]*"
KNOWN = re.compile(rf"{SAID}|{PLACES}|{QUESTIONS}|{MADE}|\b({'|'.join(NAMES)})\b")
SHAPES = {"360": (360, 740), "768": (768, 1024), "1280": (1280, 800)}


@pytest.fixture(scope="module")
def catalogues(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """What /words/….js answers in each language."""
    folders = [write(tmp_path_factory.mktemp("locales")), ROOT / "locale"]
    said = {}
    with override_settings(LOCALE_PATHS=folders):
        compile_stale()
        for language in ("eo", "he", "de"):
            with translation.override(language):
                said[language] = Words(packages=["aula"]).get(None).content
    return said


@pytest.fixture
def drawn(
    bare_browser: Browser,
    catalogues: dict[str, bytes],
    listen: Callable[[BrowserContext], list[str]],
) -> Iterator[Callable[..., Page]]:
    contexts: list[BrowserContext] = []

    def drawn(language: str, scenario: dict[str, Any], size: str = "1280", theme: str = "light") -> Page:
        width, height = SHAPES[size]
        context = bare_browser.new_context(
            viewport={"width": width, "height": height}, color_scheme=theme, reduced_motion="reduce"
        )
        contexts.append(context)
        listen(context)
        direction = "rtl" if language == "he" else "ltr"
        page = open_room(context, scenario, direction, language, catalogues[language])
        expect(page.get_by_role("heading", level=1, name="Cell division, part 2")).to_be_visible()
        return page

    yield drawn
    for context in contexts:
        context.close()


def enter(page: Page) -> None:
    page.locator(".button--primary").first.click()
    expect(page.get_by_role("toolbar").first).to_be_visible()
    expect(page.locator(".tile").first).to_be_visible()


def panel(name: str) -> Callable[[Page], None]:
    """Open it by its icon, which has no language."""

    def open_it(page: Page) -> None:
        page.locator(f".bar button:has(use[href$='#{name}'])").first.click()
        expect(page.get_by_role("complementary")).to_be_visible()

    return open_it


def tab(number: int) -> Callable[[Page], None]:
    return lambda page: page.get_by_role("tab").nth(number).click()


def more(page: Page) -> None:
    page.locator(".bar button[aria-haspopup=menu]:has(use[href$='#ellipsis'])").click()


STATES: dict[str, tuple[dict[str, Any], list[Callable[[Page], Any]]]] = {
    "before": ({}, []),
    "blocked": (BLOCKED, []),
    "too early": ({"session": FAR}, []),
    "grid": ({"people": 9, "hands": [2, 3]}, [enter]),
    "chat": ({"people": 5, "share": 0}, [enter, panel("message-square")]),
    "polls": ({**TEACHER, "people": 5, "polls": [COUNTED]}, [enter, panel("message-square"), tab(-1)]),
    "voting": ({"people": 5, "polls": [POLL, NAMED]}, [enter, panel("message-square"), tab(-1)]),
    "more": ({**TEACHER, "people": 5, **RECORDED}, [enter, more]),
    "people": ({**TEACHER, "people": 5, "hands": [1]}, [enter, panel("users")]),
    "over": ({}, [enter, lambda page: hear(page, OVER)]),
}


def draw(page: Page, steps: list[Callable[[Page], Any]]) -> Page:
    for step in steps:
        step(page)
    page.wait_for_timeout(300)  # tiles glide, notices come
    return page


@pytest.mark.parametrize("state", STATES)
def test_every_word_of_the_room_is_in_a_catalogue(drawn: Callable[..., Page], state: str) -> None:
    scenario, steps = STATES[state]
    page = draw(drawn("eo", scenario), steps)
    found = unmarked(page, KNOWN)
    for number in range(page.get_by_role("tab").count()):
        tab(number)(page)
        found += unmarked(page, KNOWN)
    assert not found


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("language", ["de", "he"])
@pytest.mark.parametrize(("size", "theme"), [("360", "light"), ("768", "dark"), ("1280", "light")])
def test_the_room_fits_in_every_language(
    drawn: Callable[..., Page], language: str, state: str, size: str, theme: str
) -> None:
    scenario, steps = STATES[state]
    page = draw(drawn(language, scenario, size, theme), steps)
    assert not faults(page, f"room {state} {language}")
    if steps and state != "over":
        assert page.evaluate(FITS)
        assert page.evaluate(OUTSIDE) == []
