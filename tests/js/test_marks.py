"""Marking moments in a recorded class, with drawn people: what the teacher and a student have in the room."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.js.test_room_page import FITS, OUTSIDE, SIZES, TEACHER, asked, button, drawn, enter, hear

pytestmark = pytest.mark.journey
__all__ = ["drawn"]  # a fixture

NOW = "2026-11-25T10:20:00Z"
ON = {"recording": {"state": "on", "since": NOW, "started_at": NOW, "by": "Teacher"}}
SENT = "harness.sent.filter(({ type }) => type === 'mark_moment' || type === 'lost_here')"


@pytest.fixture
def recorded(drawn):
    def recorded(more, **options):
        return enter(drawn({**ON, **more}, **options))

    return recorded


def mark(page):
    page.get_by_role("toolbar").get_by_role("button", name="Recording").click()
    page.get_by_role("menuitem", name="Mark this moment").click()
    return page.get_by_role("dialog", name="Mark this moment")


def test_a_teacher_marks_the_moment_in_which_the_question_came(recorded):
    page = recorded(TEACHER)
    dialog = mark(page)
    expect(dialog.get_by_label("Title of the chapter")).to_be_focused()
    page.wait_for_timeout(1200)
    page.keyboard.type("Anaphase")
    page.keyboard.press("Enter")
    expect(dialog).to_have_count(0)
    assert page.evaluate(SENT) == [{"type": "mark_moment", "title": "Anaphase", "ago": 1}]
    hear(page, {"type": "moment_marked", "at": NOW, "title": "Anaphase", "by": "Teacher"})
    expect(page.locator(".notice")).to_contain_text("Moment marked: Anaphase")


def test_a_key_marks_at_once_and_escape_marks_nothing(recorded):
    page = recorded(TEACHER)
    mark(page)
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog", name="Mark this moment")).to_have_count(0)
    page.keyboard.press("Control+Alt+m")
    assert page.evaluate(SENT) == [{"type": "mark_moment", "title": "", "ago": 0}]


def test_a_student_is_lost_and_the_teacher_sees_how_many_are(recorded):
    page = recorded({})
    button(page, "I am lost here").click()
    page.keyboard.press("Control+Alt+m")  # the teacher's
    assert page.evaluate(SENT) == [{"type": "lost_here"}]
    hear(page, {"type": "lost_noted"})
    expect(page.locator(".notice")).to_contain_text("not who")
    leading = recorded(TEACHER)
    expect(button(leading, "I am lost here")).to_have_count(0)
    hear(leading, {"type": "people_lost", "count": 3})
    expect(leading.locator(".notice")).to_contain_text("3 people are lost just now.")


def test_on_a_phone_it_is_under_more(recorded):
    page = recorded({}, size="360")
    button(page, "More").click()
    page.get_by_role("menuitem", name="I am lost here").click()
    assert page.evaluate(SENT) == [{"type": "lost_here"}]


@pytest.mark.parametrize("paused", [{}, {"recording": {**ON["recording"], "state": "paused"}}])
def test_without_a_recording_there_is_nothing_to_mark(drawn, paused):
    page = enter(drawn({"recording": None, **paused}))
    expect(button(page, "I am lost here")).to_have_count(0)
    leading = enter(drawn({**TEACHER, "recording": None, **paused}))
    leading.keyboard.press("Control+Alt+m")
    assert leading.evaluate(SENT) == []
    assert asked(leading) == []


def test_the_bar_still_fits(recorded):
    page = recorded({"people": 9})
    for name, (width, height) in SIZES.items():
        page.set_viewport_size({"width": width, "height": height})
        page.wait_for_timeout(400)
        assert page.evaluate(FITS), name
        assert page.evaluate(OUTSIDE) == [], name
