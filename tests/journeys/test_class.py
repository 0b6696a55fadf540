"""The story all else grows from: schedule, join, see, hear, share, chat, end. Nothing on it is a mock."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.aula import Aula
from tests.journeys.conftest import SLIDES
from tests.journeys.media import wait_for_pictures, wait_for_sound, wait_until_it_may_send
from tests.journeys.steps import end_for_everyone, enter, open_chat, open_class, say, see

pytestmark = [pytest.mark.journey, pytest.mark.alone]
MOVING = "setInterval(() => { document.body.style.background = `hsl(${Date.now() / 20 % 360} 60% 80%)` }, 50)"


@pytest.mark.complains("status of 4")
def test_a_class_from_its_scheduling_to_its_end(
    aula: Aula, signed_in: Callable[..., Page], open_page: Callable[..., Page]
) -> None:
    teacher = signed_in("teacher@demo.test")
    path = open_class(aula, teacher)
    enter(teacher, "Start class")

    student = signed_in("student@demo.test")
    student.goto(aula.url(path))
    enter(student, "Join class")

    # Each sees and hears the other.
    for page in (teacher, student):
        wait_for_pictures(page, 1, fps=10, width=640)
        wait_for_sound(page)
        wait_until_it_may_send(page, 1_700_000)  # all three layers of a 720p camera

    # The screen arrives beside the camera, as a track of its own.
    slides = open_page()
    slides.goto(f"data:text/html,<title>{SLIDES}</title><h1>Phases of mitosis</h1>")
    slides.evaluate(MOVING)
    teacher.get_by_role("button", name="Share").click()
    expect(teacher.get_by_role("button", name="Stop sharing")).to_be_visible()
    expect(student.get_by_role("group", name="Screen of")).to_be_visible()
    wait_for_pictures(student, 2, fps=5, width=320)
    teacher.get_by_role("button", name="Stop sharing").click()
    expect(student.get_by_role("group", name="Screen of")).to_be_hidden()

    # Words go both ways.
    say(teacher, "Which phase comes after prophase?")
    open_chat(student)
    expect(student.get_by_role("log")).to_contain_text("Which phase comes after prophase?")
    say(student, "Metaphase")
    expect(teacher.get_by_role("log")).to_contain_text("Metaphase")

    # Another school's people get the same answer for this class as for one that never was.
    outsider = signed_in("admin@other.test", tenant="other")
    answers = {
        address: see(outsider, aula.url(address, tenant="other"))
        for address in (path, path + "room/", "/c/" + "0" * 32 + "/", "/c/" + "0" * 32 + "/room/")
    }
    assert {status for status, _ in answers.values()} == {404}, answers
    assert len({words for _, words in answers.values()}) == 1, answers

    # The teacher ends the class, and the student's page says so.
    end_for_everyone(teacher)
    for page in (teacher, student):
        expect(page.get_by_role("heading", name="Class is over")).to_be_visible()
        assert page.complaints == []


def test_a_copied_link_leaves_its_button_as_wide(aula: Aula, signed_in: Callable[..., Page]) -> None:
    teacher = signed_in("teacher@demo.test")
    teacher.context.grant_permissions(["clipboard-read", "clipboard-write"])
    path = open_class(aula, teacher)
    button = teacher.locator("[data-copy]").first
    before = button.bounding_box()
    button.click()
    expect(button).to_have_text("Link copied")
    assert button.bounding_box() == before
    assert teacher.evaluate("navigator.clipboard.readText()") == aula.url(path)
