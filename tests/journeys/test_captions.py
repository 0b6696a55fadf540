"""Captions between two real browsers. Debian's Chromium ships no recogniser, only its interface: that alone
is doubled (recogniser.js) and fed with words; all else is real."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.accessible import faults
from tests.journeys.aula import Aula
from tests.journeys.steps import enter, open_class

pytestmark = [pytest.mark.journey, pytest.mark.alone]
RECOGNISER = (Path(__file__).parent / "recogniser.js").read_text()
NONE = "delete window.SpeechRecognition; delete window.webkitSpeechRecognition;"
RUNNING = "testRecognisers.filter((each) => each.runs).length"
LINE = ".caption__text"


def hears(page: Page, words: str | list[str], final: bool = False) -> None:
    """Several words are several results, open at once."""
    page.evaluate(f"testHears({json.dumps(words)}, {json.dumps(final)})")


def runs(page: Page, count: int) -> None:
    """Wait until so many recognisers listen."""
    page.wait_for_function(f"{RUNNING} === {count}")


@pytest.fixture
def two(aula: Aula, signed_in: Callable[..., Page]) -> tuple[Page, Page]:
    """A teacher whose browser recognises speech, and a student on a phone whose browser does not."""
    teacher = signed_in("teacher@demo.test", script=RECOGNISER, bypass_csp=True)
    path = open_class(aula, teacher)
    enter(teacher, "Start class")
    student = signed_in("student@demo.test", script=NONE, width=360, height=740)
    student.goto(aula.url(path))
    enter(student, "Join class")
    return teacher, student


def strip(page: Page):
    return page.get_by_role("region", name="Captions")


def test_a_student_reads_what_the_teacher_says(two: tuple[Page, Page]) -> None:
    teacher, student = two
    expect(teacher.get_by_role("button", name="Make captions")).to_have_count(0)
    assert teacher.evaluate("testRecognisers.length") == 0

    # The student turns captions on; the teacher is asked, and agrees.
    student.get_by_role("button", name="More", exact=True).click()
    student.get_by_role("menuitemcheckbox", name="Captions").click()
    expect(strip(student)).to_be_visible()
    teacher.get_by_role("button", name="Make captions").click()
    runs(teacher, 1)
    heard = "(({ lang, track }) => [lang.slice(0, 2), track.kind, track.readyState])(testRecognisers.at(-1))"
    assert teacher.evaluate(heard) == ["en", "audio", "live"]

    # Words grow while they are said, and stay as they were heard at last.
    hears(teacher, "the chromo zones")
    expect(student.locator(LINE)).to_have_text("the chromo zones")
    expect(student.locator(LINE)).to_have_attribute("lang", teacher.evaluate("testRecognisers.at(-1).lang"))
    hears(teacher, ["the chromosomes", "line"])
    expect(student.locator(LINE)).to_have_text("the chromosomes line")
    hears(teacher, "The chromosomes line up.", final=True)
    expect(student.locator(LINE)).to_have_text("The chromosomes line up.")
    assert not faults(student, "reading on a phone")
    expect(strip(student)).to_have_text("What is said is written here.")  # after some seconds of silence

    # However often the browser ends by itself after a silence, it listens again.
    for _ in range(7):
        teacher.evaluate("testEnds('no-speech')")
        runs(teacher, 1)
    hears(teacher, "Look.", final=True)
    expect(student.locator(LINE)).to_have_text("Look.")

    # Muted, nothing is heard; back on, it goes on. The teacher's answer is not asked for again.
    teacher.keyboard.press("Control+d")
    runs(teacher, 0)
    teacher.keyboard.press("Control+d")
    runs(teacher, 1)
    expect(teacher.get_by_role("button", name="Make captions")).to_have_count(0)

    # A reload forgets no choice.
    student.reload()
    student.get_by_role("button", name="Join class").click()
    student.complaints.clear()  # type: ignore[attr-defined]  # the page that went took its socket with it
    expect(strip(student)).to_be_visible()
    runs(teacher, 1)
    hears(teacher, "Then they part.", final=True)
    expect(student.locator(LINE)).to_have_text("Then they part.")

    # The teacher reads too, by key, and learns why the student's words are not there.
    teacher.keyboard.press("Control+Alt+u")
    expect(strip(teacher)).to_contain_text(
        "No captions: their browser has no speech recognition", timeout=20_000
    )

    # The rule ends it for everybody, and the recogniser with it.
    teacher.get_by_role("button", name="More", exact=True).click()
    teacher.get_by_role("menuitem", name="Class rules").click()
    teacher.get_by_role("switch", name="Captions").click()
    teacher.get_by_role("button", name="Done").click()
    for page in two:
        expect(strip(page)).to_have_count(0)
    runs(teacher, 0)
    assert not teacher.complaints + student.complaints  # type: ignore[attr-defined]


def test_whoever_speaks_is_read_after_a_reload_too(two: tuple[Page, Page]) -> None:
    """Though their lines are counted anew."""
    teacher, student = two
    student.keyboard.press("Control+Alt+u")
    teacher.get_by_role("button", name="Make captions").click()
    runs(teacher, 1)
    for word in ("One.", "Two.", "Three."):
        hears(teacher, word, final=True)
    expect(student.locator(LINE)).to_have_text("One. Two. Three.")
    teacher.reload()
    teacher.get_by_role("button", name="Join class").click()
    runs(teacher, 1)
    hears(teacher, "Four.", final=True)
    expect(student.locator(LINE)).to_have_text("Four.")


def test_who_declines_is_not_listened_to(two: tuple[Page, Page]) -> None:
    teacher, student = two
    student.keyboard.press("Control+Alt+u")
    teacher.get_by_role("button", name="No captions").click()
    expect(strip(student)).to_contain_text("No captions: they have not agreed to them.", timeout=20_000)
    assert teacher.evaluate("testRecognisers.length") == 0
    student.keyboard.press("Control+Alt+u")
    expect(strip(student)).to_have_count(0)
    assert not teacher.complaints + student.complaints  # type: ignore[attr-defined]
