"""A poll of three people in real browsers, one on a phone; afterwards it is a chapter of the recording."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.accessible import faults
from tests.journeys.aula import Aula
from tests.journeys.steps import end_for_everyone, enter, open_chat, open_class
from tests.journeys.test_recording import record

pytestmark = pytest.mark.journey
QUESTION = "Where does photosynthesis take place?"


def ask(teacher: Page) -> None:
    open_chat(teacher)
    teacher.get_by_role("tab", name="Polls").click()
    teacher.get_by_role("button", name="New poll").click()
    teacher.get_by_label("Question").fill(QUESTION)
    teacher.get_by_label("Answer 1").fill("In the nucleus")
    teacher.get_by_label("Answer 2").fill("In the chloroplast")
    teacher.get_by_label("Show me who chose what").check()
    teacher.get_by_role("button", name="Start the poll").click()
    expect(teacher.get_by_text("Nobody has voted yet.")).to_be_visible()


def vote(page: Page, answer: str, word: str = "Vote") -> None:
    page.get_by_label(answer).check()
    page.get_by_role("button", name=word, exact=True).click()
    expect(page.get_by_text("Your vote counts.")).to_be_visible()


def test_a_poll_is_asked_answered_and_watched_again(aula: Aula, signed_in: Callable[..., Page]) -> None:
    teacher = signed_in("teacher@demo.test")
    path = open_class(aula, teacher)
    enter(teacher, "Start class")
    desk, phone = signed_in("student@demo.test"), signed_in("birch@demo.test")
    phone.set_viewport_size({"width": 390, "height": 844})
    for page in (desk, phone):
        page.goto(aula.url(path))
        enter(page, "Join class")
    record(teacher)
    for page in (desk, phone):
        page.get_by_role("button", name="OK", exact=True).click()  # it is recorded

    ask(teacher)
    for page in (desk, phone):
        page.get_by_role("button", name="Answer", exact=True).click()
        expect(page.get_by_text("By name: the teacher sees what you choose.")).to_be_visible()
    vote(desk, "In the nucleus")
    vote(phone, "In the chloroplast")
    panel = teacher.get_by_role("region", name="Polls")
    expect(panel).to_contain_text("2 of 2 students voted")
    vote(desk, "In the chloroplast", "Change my vote")
    expect(panel).to_contain_text("2 votes · 100 %")
    expect(
        panel.get_by_text("Ash Summers, Birch Lindqvist").or_(
            panel.get_by_text("Birch Lindqvist, Ash Summers")
        )
    ).to_be_visible()
    assert "100\u00a0%" not in desk.inner_text("body"), "students see the result when it ends"

    phone.reload()  # comes back to the poll and to the own vote
    phone.complaints.clear()
    phone.get_by_role("button", name="Join class").click()
    expect(phone.get_by_role("toolbar", name="Class controls")).to_be_visible()
    open_chat(phone)
    phone.get_by_role("tab", name="Polls").click()
    expect(phone.get_by_label("In the chloroplast")).to_be_checked()

    teacher.get_by_role("button", name="End poll").click()
    for page in (teacher, desk, phone):
        expect(page.get_by_role("region", name="Polls")).to_contain_text("2 people voted")
        expect(page.get_by_role("region", name="Polls")).to_contain_text("2 votes · 100 %")
        assert not faults(page)
    assert "Birch Lindqvist" not in desk.get_by_role("region", name="Polls").inner_text()
    end_for_everyone(teacher)
    expect(desk.get_by_role("heading", name="Class is over")).to_be_visible()

    teacher.goto(aula.url(path))
    results = teacher.get_by_role("region", name="Polls")
    expect(results).to_contain_text("Ash Summers")
    assert "Birch Lindqvist" in teacher.evaluate("fetch('polls.csv').then(answer => answer.text())")
    assert not faults(teacher)
    desk.goto(aula.url(path))
    expect(desk.get_by_role("region", name="Your answers in polls")).to_contain_text("In the chloroplast")
    assert "Birch Lindqvist" not in desk.get_by_role("region", name="Your answers in polls").inner_text()
    assert not faults(desk)
    desk.get_by_role("link", name="Play recording").click()
    desk.get_by_role("tab", name="Chapters").click()
    expect(desk.get_by_role("list", name="Chapters")).to_contain_text(f"Poll: {QUESTION}")
    assert not [each for page in (teacher, desk, phone) for each in page.complaints]
