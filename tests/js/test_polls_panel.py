"""The room's polls with drawn people: asking, voting, results, keys, screen readers, space."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.accessible import faults
from tests.js.test_room_page import FITS, TEACHER, asked, button, drawn, enter, hear  # noqa: F401

pytestmark = pytest.mark.journey
NOW = "2026-11-25T10:00:00Z"
POLL: dict[str, Any] = {
    "id": 38,
    "key": "k",
    "by": "Teacher",
    "question": "In which phase do the sister chromatids part?",
    "choices": ["Prophase", "Metaphase", "Anaphase, as the spindle fibres shorten", "Telophase"],
    "several": False,
    "by_name": False,
    "live": False,
    "at": NOW,
    "ended_at": None,
    "counts": None,
    "voters": None,
    "mine": None,
    "votes": [],
}
RUNS = {"polls": [POLL]}
COUNTED = POLL | {"counts": [1, 2, 9, 0], "voters": 12}
OVER = COUNTED | {"ended_at": NOW}
NAMED = OVER | {
    "id": 39,
    "by_name": True,
    "question": "Ready to go on?",
    "choices": ["Yes", "No"],
    "counts": [2, 1],
    "voters": 3,
    "votes": [
        {"participant": "0" * 31 + str(n), "name": name, "chosen": [n % 2]}
        for n, name in enumerate(["Ash", "Birch", "Cedar"])
    ],
}


def open_polls(page: Page) -> None:
    button(page, "Chat").first.click()
    page.get_by_role("tab", name="Polls").click()


def event(page: Page, type: str, **fields: Any) -> None:
    hear(page, {"type": type, "seq": 41, "at": NOW, **fields})


def test_who_leads_asks_with_the_keyboard_alone(drawn):  # noqa: F811
    page = enter(drawn({**TEACHER, "people": 5}))
    open_polls(page)
    expect(page.get_by_text("No polls yet")).to_be_visible()
    button(page, "New poll").press("Enter")
    expect(page.get_by_label("Question")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert").filter(has_text="Write a question.")).to_be_visible()
    page.keyboard.type("Why?")
    page.keyboard.press("Tab")
    page.keyboard.type("Because")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Write at least two answers.")).to_be_visible()
    page.get_by_label("Answer 2").fill("Therefore")
    button(page, "Add an answer").press("Enter")
    expect(page.get_by_label("Answer 3", exact=True)).to_be_focused()
    page.keyboard.type("However")
    page.get_by_label("Show me who chose what").check()
    assert not faults(page)
    button(page, "Start the poll").click()
    sent = asked(page)[-1]
    assert (sent["question"], sent["choices"]) == ("Why?", ["Because", "Therefore", "However"])
    assert (sent["several"], sent["by_name"], sent["live"]) == (False, True, False)
    more = {"key": sent["key"], "question": "Why?", "choices": sent["choices"], "by_name": True}
    event(page, "poll_started", poll=POLL | more | {"counts": [0, 0, 0], "voters": 0})
    expect(page.get_by_role("heading", name="Why?")).to_be_visible()
    expect(page.get_by_text("only those who lead see who chose what")).to_be_visible()
    expect(button(page, "New poll")).to_have_count(0)


def test_yes_or_no_is_one_click(drawn):  # noqa: F811
    page = enter(drawn({**TEACHER, "people": 5}))
    open_polls(page)
    button(page, "Ask yes or no").click()
    assert (asked(page)[-1]["question"], asked(page)[-1]["choices"]) == ("Yes or no?", ["Yes", "No"])


def test_a_student_is_asked_wherever_they_look_and_votes_and_changes(drawn):  # noqa: F811
    page = enter(drawn({"people": 5}))
    event(page, "poll_started", poll=POLL)
    expect(page.locator("[aria-live=assertive]")).to_contain_text("A poll has started: In which phase")
    button(page, "Answer").click()
    expect(page.get_by_text("Anonymous: nobody sees who chose what.")).to_be_visible()
    page.get_by_label("Metaphase").check()
    button(page, "Vote").click()
    assert asked(page)[-1] == {"type": "vote", "poll": 38, "chosen": [1]}
    expect(button(page, "Sending…")).to_be_visible()
    event(page, "vote_noted", poll=38, chosen=[1])
    expect(page.get_by_text("Your vote counts.")).to_be_visible()
    expect(button(page, "Vote")).to_have_count(0)
    page.get_by_label("Anaphase").check()
    button(page, "Change my vote").click()
    assert asked(page)[-1]["chosen"] == [2]
    assert not faults(page)
    button(page, "Close the panel").click()
    event(page, "poll_ended", poll=38, counts=[1, 2, 9, 0], voters=12, ended_at=NOW)
    expect(page.locator(".notice")).to_contain_text("The poll is over")
    button(page, "See result").click()
    expect(page.get_by_text("9 votes · 75 %")).to_be_visible()


def test_by_name_is_said_before_the_vote(drawn):  # noqa: F811
    page = enter(drawn({"people": 5, "polls": [POLL | {"by_name": True, "several": True}]}))
    button(page, "Answer").click()
    expect(page.get_by_text("By name: the teacher sees what you choose.")).to_be_visible()
    page.get_by_label("Prophase").check()
    page.get_by_label("Telophase").check()
    button(page, "Vote").click()
    assert asked(page)[-1]["chosen"] == [0, 3]


def test_deleting_asks_once_and_students_find_nothing_to_lead_with(drawn):  # noqa: F811
    page = enter(drawn({**TEACHER, "people": 5, "polls": [OVER]}))
    open_polls(page)
    button(page, f"Delete the poll: {OVER['question']}").click()
    expect(button(page, "Keep it")).to_be_focused()
    button(page, "Delete poll").click()
    assert asked(page)[-1] == {"type": "delete_poll", "poll": 38}
    button(page, "Show the result to everyone").click()
    assert asked(page)[-1] == {"type": "show_poll", "poll": 38}
    other = enter(drawn({"people": 5, "polls": [OVER]}))
    open_polls(other)
    expect(other.get_by_text("12 people voted")).to_be_visible()
    for name in ("Delete", "End poll", "Show the result to everyone", "New poll"):
        expect(button(other, name)).to_have_count(0)


CUT = """[...document.querySelectorAll('.panel__head *')].filter(each =>
    each.scrollWidth > each.clientWidth + 1 || each.getBoundingClientRect().right > innerWidth
).map(each => each.className)"""
STATES: dict[str, dict[str, Any]] = {
    "empty": {**TEACHER, "people": 9},
    "runs": {**TEACHER, "people": 14, "polls": [NAMED, COUNTED | {"id": 40}]},
    "form": {**TEACHER, "people": 9, "polls": [OVER]},
    "asked": {"people": 9, **RUNS},
    "strip": {"people": 9, **RUNS},
    "over": {"people": 9, "polls": [OVER | {"by_name": True, "mine": [2]}]},
}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", ["360", "768", "1280"])
@pytest.mark.parametrize("state", STATES)
def test_every_state_fits_and_is_accessible(drawn, state, size, scheme):  # noqa: F811
    page = enter(drawn(STATES[state], size, color_scheme=scheme))
    if state != "strip":
        open_polls(page)
    if state == "form":
        button(page, "New poll").click()
    assert page.evaluate(FITS)
    assert page.evaluate(CUT) == [], "the tabs fit"
    assert not faults(page, state)
