"""The story all else grows from: schedule, join, see, hear, share, chat, end. Nothing on it is a mock."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.aula import Aula
from tests.journeys.conftest import SLIDES
from tests.journeys.media import wait_for_pictures, wait_for_sound

pytestmark = pytest.mark.journey
TITLE = "Photosynthesis, live"
SCHOOL = ZoneInfo("Europe/Berlin")  # the demo school's wall clock


def schedule(page: Page, aula: Aula, starts_at: datetime) -> str:
    """Schedule a class through the page; returns its path."""
    page.get_by_role("link", name="Courses", exact=True).click()
    page.get_by_role("main").get_by_role("link", name="Biology 9b").click()
    page.get_by_role("link", name="Schedule class").click()
    page.get_by_label("Title").fill(TITLE)
    page.get_by_label("Date").fill(starts_at.strftime("%Y-%m-%d"))
    page.get_by_label("Starts at").fill(starts_at.strftime("%H:%M"))
    page.get_by_role("button", name="Schedule class").click()
    anyway = page.get_by_role("button", name="Schedule anyway")  # the demo class is on at this time
    title = page.get_by_role("heading", level=1, name=TITLE)
    expect(anyway.or_(title)).to_be_visible()
    if anyway.is_visible():
        anyway.click()
    expect(title).to_be_visible()
    return page.url.removeprefix(aula.url("/").rstrip("/"))


def enter(page: Page, words: str) -> None:
    """From the class page through pre-join into the room."""
    page.get_by_role("link", name=words).click()
    page.get_by_role("button", name=words).click()
    expect(page.get_by_role("toolbar", name="Class controls")).to_be_visible()


def say(page: Page, words: str) -> None:
    field = page.get_by_label("Message everyone")
    if not field.is_visible():
        page.get_by_role("toolbar", name="Class controls").get_by_role("button", name="Chat").click()
    field.fill(words)
    field.press("Enter")


def see(page: Page, address: str) -> tuple[int, str]:
    """Status and words of a page."""
    response = page.goto(address)
    assert response is not None
    return response.status, page.locator("body").inner_text()


def open_chat(page: Page) -> None:
    if not page.get_by_role("log", name="Chat").is_visible():
        page.get_by_role("button", name="Chat").click()


def test_a_class_from_its_scheduling_to_its_end(
    aula: Aula, signed_in: Callable[..., Page], open_page: Callable[..., Page]
) -> None:
    teacher = signed_in("teacher@demo.test")
    path = schedule(teacher, aula, datetime.now(SCHOOL) + timedelta(minutes=5))
    enter(teacher, "Start class")

    student = signed_in("student@demo.test")
    student.goto(aula.url(path))
    enter(student, "Join class")

    # Each sees and hears the other.
    for page in (teacher, student):
        wait_for_pictures(page, 1, fps=10, width=640)
        wait_for_sound(page)

    # The screen arrives beside the camera, as a track of its own.
    slides = open_page()
    slides.goto("data:text/html,<title>" + SLIDES + "</title><h1>Phases of mitosis</h1>")
    slides.evaluate(
        "setInterval(() => { document.body.style.background = `hsl(${Date.now() / 20 % 360} 60% 80%)` }, 50)"
    )
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
    teacher.get_by_role("button", name="Leave").click()
    teacher.get_by_role("menuitem", name="End for everyone").click()
    teacher.get_by_role("button", name="End for everyone").click()
    for page in (teacher, student):
        expect(page.get_by_role("heading", name="Class is over")).to_be_visible()
        assert page.complaints == []
