"""Aula's own pages in Firefox: a student there, the teacher in Chromium."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.aula import Aula
from tests.journeys.media import wait_for_pictures, wait_for_sound
from tests.journeys.steps import open_chat, open_class, say

pytestmark = [pytest.mark.journey, pytest.mark.alone]


def enter_with_a_picture(page: Page, words: str) -> None:
    """Whoever goes in before the camera has started goes in without it."""
    page.get_by_role("link", name=words).click()
    expect(page.locator("video")).to_be_visible(timeout=20_000)
    page.get_by_role("button", name=words).click()
    expect(page.get_by_role("toolbar", name="Class controls")).to_be_visible()


def test_a_student_in_firefox_sees_hears_and_talks_to_the_teacher(
    aula: Aula, signed_in: Callable[..., Page]
) -> None:
    teacher, student = signed_in("teacher@demo.test"), signed_in("student@demo.test", firefox=True)
    path = open_class(aula, teacher)
    enter_with_a_picture(teacher, "Start class")
    student.goto(aula.url(path))
    enter_with_a_picture(student, "Join class")
    for page in (teacher, student):
        wait_for_pictures(page, 1, fps=8, width=320)
        wait_for_sound(page)
        expect(page.locator("[data-participant] video")).to_have_count(2)
    say(student, "I see you in Firefox")
    open_chat(teacher)
    expect(teacher.get_by_role("log", name="Chat")).to_contain_text("I see you in Firefox")
    assert student.complaints == []  # type: ignore[attr-defined]
