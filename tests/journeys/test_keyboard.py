"""A whole class by keyboard alone, from signing in to its end, on both sides."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.aula import PASSWORD, Aula
from tests.journeys.keyboard import Hands
from tests.journeys.steps import SCHOOL

pytestmark = pytest.mark.journey
TITLE = "Osmosis without a mouse"


@pytest.fixture
def hands(aula: Aula, open_page: Callable[..., Page]) -> Callable[[str], Hands]:
    """Somebody who signs in by keyboard."""

    def hands(email: str) -> Hands:
        page = open_page()
        page.goto(aula.url("/"))
        expect(page.get_by_label("Email")).to_be_focused()
        found = Hands(page)
        found.type(email)
        found.go("Password")
        found.type(PASSWORD)
        found.press("Enter")
        page.wait_for_url(aula.url("/"))
        return found

    return hands


def read_the_keys(who: Hands) -> None:
    """Those of classes and recordings, before there is one; single letters are there once they are wanted."""
    who.open("Account of")
    who.open("Keyboard help")
    classroom = who.page.get_by_role("region", name="Keyboard", exact=True)
    expect(classroom).to_contain_text("Mute, unmute")
    expect(who.page.get_by_role("region", name="In a recording")).to_contain_text("plays and pauses")
    expect(classroom).not_to_contain_text("Full screen")
    who.go("Single letters too")
    who.press(" ")
    expect(classroom).to_contain_text("Full screen")
    who.press(" ")
    expect(classroom).not_to_contain_text("Full screen")


def schedule(teacher: Hands) -> None:
    begins = datetime.now(SCHOOL) + timedelta(minutes=5)
    teacher.open("Courses")
    teacher.open("Biology 9b")
    teacher.open("Schedule class")
    teacher.go("Title")
    teacher.type(TITLE)
    teacher.go("Date")
    teacher.type(begins.strftime("%m%d%Y"))
    teacher.go("Starts at")
    teacher.type(begins.strftime("%I%M%p"))
    teacher.open("Schedule class")
    anyway = teacher.page.get_by_role("button", name="Schedule anyway")
    heading = teacher.page.get_by_role("heading", level=1, name=TITLE)
    expect(anyway.or_(heading)).to_be_visible()
    if anyway.is_visible():
        teacher.open("Schedule anyway")
    expect(heading).to_be_visible()


def come_in(who: Hands, words: str) -> None:
    who.open(words)
    expect(who.page.get_by_role("button", name=words)).to_be_visible()
    who.open(words)
    expect(who.page.get_by_role("toolbar", name="Class controls")).to_be_visible()


def write(who: Hands, words: str) -> None:
    who.press("Control+Alt+c")
    expect(who.page.get_by_label("Message everyone")).to_be_focused()
    who.type(words)
    who.press("Enter")


def test_nobody_needs_a_mouse_for_a_class(aula: Aula, hands: Callable[[str], Hands]) -> None:
    teacher = hands("teacher@demo.test")
    read_the_keys(teacher)
    schedule(teacher)
    come_in(teacher, "Start class")
    student = hands("student@demo.test")
    student.open(TITLE)
    come_in(student, "Join class")

    student.press("Control+d")
    expect(student.page.get_by_role("button", name="Unmute")).to_be_visible()
    write(teacher, "What passes through a membrane?")
    write(student, "Water")
    expect(teacher.page.get_by_role("log", name="Chat")).to_contain_text("Water")

    student.press("Control+e")
    expect(student.page.get_by_role("button", name="Start video")).to_be_visible()
    student.press("F6")
    student.press("Control+Alt+h")
    expect(student.page.get_by_role("button", name="Lower hand")).to_be_visible()
    teacher.go("Let Ash Summers speak", "Shift+Tab")  # the first hand is on top of the chat
    teacher.press("Enter")
    expect(student.page.get_by_role("button", name="Raise hand")).to_be_visible()

    poll(teacher, student)
    rules(teacher, student)

    student.control("Leave")
    expect(student.page.get_by_role("heading", name="You left the class")).to_be_focused()
    teacher.control("Leave")
    teacher.choose("End for everyone")
    expect(teacher.page.get_by_role("dialog")).to_be_visible()
    teacher.open("End for everyone")
    expect(teacher.page.get_by_role("heading", name="Class is over")).to_be_visible()
    assert not teacher.page.complaints + student.page.complaints  # type: ignore[attr-defined]


def poll(teacher: Hands, student: Hands) -> None:
    teacher.control("More")
    teacher.choose("Polls")
    expect(teacher.page.get_by_role("button", name="New poll")).to_be_visible()
    teacher.open("New poll")
    teacher.go("Question")
    teacher.type("Where does the water go?")
    for at, answer in enumerate(("In", "Out"), 1):
        teacher.go(f"Answer {at}")
        teacher.type(answer)
    teacher.open("Start the poll")
    student.open("Answer")
    student.go("In")
    student.press(" ")
    student.open("Vote")
    expect(student.page.get_by_text("Your vote counts.")).to_be_visible()
    panel = teacher.page.get_by_role("region", name="Polls")
    expect(panel).to_contain_text("1 of 1 student voted")
    teacher.open("End poll")
    expect(student.page.get_by_role("region", name="Polls")).to_contain_text("1 vote · 100 %")


def rules(teacher: Hands, student: Hands) -> None:
    teacher.control("More")
    teacher.choose("Class rules")
    teacher.go("Use the microphone")
    teacher.press(" ", "Escape")
    expect(student.page.get_by_role("button", name="Microphone locked by the teacher")).to_be_visible()
    teacher.control("More")
    teacher.choose("Mute all")
