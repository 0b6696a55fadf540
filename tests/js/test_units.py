"""The room's pure modules, each test by its name, in the browser that runs them for real."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.js.room_page import ORIGIN, document, serve

pytestmark = pytest.mark.journey
UNIT = Path(__file__).parent / "unit"
FILES = [
    "state",
    "chat",
    "polls",
    "layout",
    "leading",
    "lobby",
    "notices",
    "kept",
    "socket",
    "words",
    "pulse",
    "link",
    "log",
    "reserve",
    "flow",
    "direct",
    "negotiation",
    "path",
    "slow",
    "verdicts",
    "files",
    "upload",
    "post",
    "timeline",
    "growing",
    "sync",
    "watching",
    "moments",
    "cues",
    "effects",
    "seats",
    "captions",
    "carrying",
    "screens",
    "room",
    "viewchoices",
]


def imports() -> str:
    """Where the room finds the libraries it names."""
    page = document("student", "Maple", "ltr")
    found = re.search(r'<script type="importmap".*?</script>', page, re.DOTALL)
    assert found
    return found[0]


@pytest.fixture(scope="module")
def unit_page(bare_browser: Browser) -> Iterator[Page]:
    page = bare_browser.new_page()
    scripts = "".join(f'<script type="module" src="/tests/unit/{name}.js"></script>' for name in FILES)
    serve(page, f"<!doctype html><title>Unit tests</title>{imports()}{scripts}")
    page.goto(f"{ORIGIN}/")
    yield page
    page.close()


def test_the_files_run_here_are_all_there_are():
    assert {path.stem for path in UNIT.glob("*.js")} == {*FILES, "check"}


@pytest.mark.parametrize("file", FILES)
def test_the_modules_of_the_room_hold_their_promises(unit_page: Page, file: str):
    names = unit_page.evaluate(f"import('/tests/unit/{file}.js').then(() => testNames('{file}.js'))")
    assert len(names) >= len(re.findall(r"^\s*test\(", (UNIT / f"{file}.js").read_text(), re.MULTILINE))
    broken = {}
    for name in names:
        fault = unit_page.evaluate("name => runTest(name).then(() => null, error => error.message)", name)
        if fault:
            broken[name] = fault
    assert not broken
