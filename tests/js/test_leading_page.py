"""Leading in the drawn room: what teachers find, what students see of it, for every body and screen."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.accessible import faults, keep
from tests.js.test_marks import ON as RECORDED
from tests.js.test_room_page import TEACHER, asked, button, drawn, enter, hear  # noqa: F401

pytestmark = pytest.mark.journey
AT = "2026-11-25T10:00:00Z"
LEADS = {**TEACHER, "people": 6, "hands": [2, 4], "coTeachers": [3]}
OFF = {"mic": False, "camera": False, "screen": False, "chat": False}
EVERYTHING = {**dict.fromkeys(OFF, True), "private_chat": True, "locked": False}


def of(n: int) -> str:
    return str(n).zfill(32)


def event(type: str, **fields: Any) -> dict[str, Any]:
    return {"type": type, "seq": 50, "at": AT, "by": of(0), **fields}


def people(page: Page) -> Any:
    page.get_by_role("toolbar").get_by_role("button", name="People").first.click()
    return page.get_by_role("region", name="People")


def test_a_row_of_people_mutes_asks_and_hands_on(drawn):  # noqa: F811
    page = enter(drawn(LEADS))
    rows = people(page)
    for row, word, message in (
        ("Ash", "Mute", {"type": "stop", "what": "mic", "participant": of(1)}),
        ("Birch", "Ask to unmute", {"type": "ask_to_unmute", "participant": of(2)}),
        ("Ash", "Stop camera", {"type": "stop", "what": "camera", "participant": of(1)}),
        ("Ash", "Give the screen", {"type": "give_screen", "participant": of(1)}),
        ("Ash", "Send to the waiting room", {"type": "send_back", "participant": of(1)}),
        ("Ash", "Make co-teacher", {"type": "appoint", "participant": of(1), "co_teacher": True}),
        ("Cedar", "No longer co-teacher", {"type": "appoint", "participant": of(3), "co_teacher": False}),
        ("Ash", "Hand over the lead", {"type": "hand_lead", "participant": of(1)}),
    ):
        rows.get_by_role("button", name=f"Actions for {row}").click()
        page.get_by_role("menuitem", name=word).click()
        assert asked(page)[-1] == message
    rows.get_by_role("button", name="Let Birch speak").click()
    assert asked(page)[-1] == {"type": "let_speak", "participant": of(2)}
    button(page, "Lower all").click()
    assert asked(page)[-1] == {"type": "lower_hands"}


@pytest.mark.parametrize(("size", "name"), [("1280", "2 hands raised"), ("360", "People, 6, 2 hands raised")])
def test_the_bar_counts_raised_hands_for_who_leads(drawn, size, name):  # noqa: F811
    page = enter(drawn(LEADS, size))
    page.get_by_role("toolbar").get_by_role("button", name=name, exact=True).click()
    expect(page.get_by_role("button", name="Let Birch speak")).to_be_visible()
    page.get_by_role("button", name="Lower the hand of Birch").click()
    hear(page, event("hand_lowered", participant=of(2)))
    expect(page.get_by_role("toolbar").get_by_role("button", name="1 hand raised")).to_be_visible()


def test_the_bar_counts_no_hands_for_students(drawn):  # noqa: F811
    page = enter(drawn({"people": 6, "hands": [2, 4]}))
    expect(page.get_by_role("toolbar").get_by_role("button", name="raised")).to_have_count(0)
    expect(page.get_by_role("toolbar").get_by_role("button", name="Hands")).to_have_count(0)


def test_a_lead_given_away_and_a_co_teacher_made_by_mistake_are_taken_back(drawn):  # noqa: F811
    page = enter(drawn(LEADS))
    hear(page, event("lead_changed", participant=of(1)))
    page.locator(".notice").get_by_role("button", name="Take it back").click()
    assert asked(page)[-1] == {"type": "hand_lead", "participant": of(0)}
    hear(page, event("role_changed", participant=of(2), role="teacher"))
    page.locator(".notice").get_by_role("button", name="Undo").click()
    assert asked(page)[-1] == {"type": "appoint", "participant": of(2), "co_teacher": False}


def test_nothing_in_the_bar_moves_when_its_words_change(drawn):  # noqa: F811
    page = enter(drawn(LEADS))
    leave = button(page, "Leave").bounding_box()
    for word in ("Mute", "Stop video"):
        button(page, word).click()
    hear(page, event("recording_changed", **RECORDED))
    expect(page.get_by_role("toolbar").get_by_text("Stop rec")).to_be_visible()
    assert button(page, "Leave").bounding_box() == leave


def test_removing_asks_and_bars_only_when_it_is_said(drawn):  # noqa: F811
    page = enter(drawn(LEADS))
    page.locator(".tile").get_by_role("button", name="Actions for Ash").press("Enter")
    page.get_by_role("menuitem", name="Remove…").click()
    dialog = page.get_by_role("dialog", name="Remove Ash from this class?")
    expect(dialog.get_by_role("button", name="Keep")).to_be_focused()
    dialog.get_by_label("Reason").fill("Come back tomorrow")
    dialog.get_by_label("Bar them").check()
    dialog.get_by_role("button", name="Remove and bar").click()
    wanted = {"type": "remove", "participant": of(1), "reason": "Come back tomorrow", "bar": True}
    assert asked(page)[-1] == wanted
    hear(page, event("participant_left", participant=of(1), why="removed", barred=True))
    hear(
        page,
        {"type": "barred", "people": [{"id": of(1), "name": "Ash", "hue": 1, "reason": "Why", "at": AT}]},
    )
    people(page).get_by_role("button", name="Allow Ash back").click()
    assert asked(page)[-1] == {"type": "admit", "participant": of(1)}


@pytest.mark.parametrize("size", ["360", "1280"])
def test_the_rules_of_the_class_are_switches_that_count_at_once(drawn, size):  # noqa: F811
    page = enter(drawn(LEADS, size))
    button(page, "More").click()
    page.get_by_role("menuitem", name="Class rules").click()
    page.get_by_role("switch", name="Use the microphone").click()
    assert asked(page)[-1] == {"type": "set_rules", "mic": False}
    page.get_by_role("switch", name="Lock the class").click()
    assert asked(page)[-1] == {"type": "set_rules", "locked": True}
    hear(page, event("rules_changed", rules={**EVERYTHING, "locked": True}))
    expect(page.get_by_role("switch", name="Lock the class")).to_be_checked()
    button(page, "Done").click()
    expect(page.get_by_role("button", name="Lock the class")).to_be_visible()


def test_a_locked_microphone_keeps_its_place_and_says_why(drawn):  # noqa: F811
    page = enter(drawn({"people": 5}))
    hear(page, event("rules_changed", rules={**EVERYTHING, **OFF}))
    expect(page.get_by_text("turned students’ microphones, cameras and screens off")).to_have_count(2)
    locked = page.get_by_role("button", name="Microphone locked by the teacher")
    locked.focus()
    expect(locked).to_be_focused()
    assert locked.get_attribute("aria-disabled") == "true"
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="The teacher keeps microphones off")
    dialog.get_by_role("button", name="Raise hand").click()
    assert asked(page)[-1]["type"] == "raise_hand"
    page.keyboard.press("Control+d")
    expect(page.locator(".notice")).to_contain_text("The teacher keeps microphones off")
    page.get_by_role("toolbar").get_by_role("button", name="Chat").click()
    expect(page.get_by_text("The teacher turned the chat off. You can still read it")).to_be_visible()
    expect(page.get_by_label("Message everyone")).to_have_count(0)


def test_who_is_muted_or_asked_answers_in_the_header(drawn):  # noqa: F811
    page = enter(drawn({"people": 3}))
    hear(page, event("stopped", what="mic", participant=of(2)))
    expect(page.get_by_role("alert")).to_contain_text("The teacher muted you. You can unmute")
    expect(button(page, "Unmute").first).to_be_visible()
    hear(page, event("asked_to_unmute", participant=of(2)))
    expect(page.locator(".notice")).to_contain_text("The teacher asks you to unmute.")
    button(page, "Not now").click()
    expect(page.locator(".notice")).to_have_count(0)
    expect(page.get_by_role("toolbar").get_by_role("button", name="Unmute")).to_be_visible()


def test_students_find_nothing_of_what_teachers_do(drawn):  # noqa: F811
    page = enter(drawn({"people": 6, "hands": [2, 4]}))
    people(page)
    for name in ("Actions for", "Let ", "Lower all", "Record"):
        expect(page.get_by_role("button", name=name)).to_have_count(0)
    page.get_by_role("button", name="More", exact=True).click()
    expect(page.get_by_role("menu")).to_be_visible()
    for name in ("Class rules", "Mute all", "Lower all"):
        expect(page.get_by_role("menuitem", name=name)).to_have_count(0)


def test_the_teachers_absence_lasts_in_a_strip_until_somebody_leads(drawn):  # noqa: F811
    page = enter(drawn({"people": 4, "coTeachers": [1]}))
    hear(page, event("participant_left", participant=of(0), why="lost", by=None, barred=False))
    strip = page.locator(".room__strip")
    expect(strip).to_contain_text("The teacher lost the connection. The class goes on.")
    hear(page, event("lead_changed", participant=of(1), by=None))
    expect(strip).to_have_count(0)
    expect(page.locator(".notice")).to_contain_text("Ash leads the class now.")


def test_removed_and_barred_pages_say_why_and_what_is_left(drawn):  # noqa: F811
    page = enter(drawn({"people": 3}))
    hear(page, {"type": "removed", "reason": "Too loud", "barred": False})
    expect(page.get_by_role("heading", name="The teacher removed you from this class")).to_be_visible()
    expect(page.get_by_text("“Too loud”")).to_be_visible()
    expect(button(page, "Join again")).to_be_visible()
    hear(page, {"type": "removed", "reason": "", "barred": True})
    expect(page.get_by_text("There is no way back into this class.")).to_be_visible()
    school = page.get_by_role("link", name="Write to the school")
    expect(school).to_have_attribute("href", "mailto:office@north.test")
    expect(page.get_by_role("button", name="Join")).to_have_count(0)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", ["360", "768", "1440"])
def test_axe_finds_nothing(drawn, size, theme):  # noqa: F811
    shape = {"color_scheme": theme, "reduced_motion": "reduce"}
    page = enter(drawn({**LEADS, "barred": [BARRED]}, size, **shape))
    rows = people(page)
    assert not faults(page, "people")
    rows.get_by_role("button", name="Actions for Ash").click()
    assert not faults(page, "menu of a person")
    page.get_by_role("menuitem", name="Remove…").click()
    assert not faults(page, "removing")
    page.keyboard.press("Escape")
    button(page, "More").click()
    page.get_by_role("menuitem", name="Class rules").click()
    assert not faults(page, "rules")
    page = enter(drawn({"people": 5, "rules": OFF}, size, **shape))
    page.get_by_role("button", name="Microphone locked").press("Enter")
    assert not faults(page, "locked")


BARRED = {"id": "f" * 32, "name": "Quentin", "hue": 3, "reason": "Kept shouting", "at": AT}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_long_notice_on_a_phone_moves_nothing_and_leaves_the_way_out(drawn, scheme):  # noqa: F811
    page = enter(drawn({"people": 3, "recording": True}, "360", color_scheme=scheme))
    tiles = "[...document.querySelectorAll('.tile')].map(each => each.getBoundingClientRect().toJSON())"
    before = page.evaluate(tiles)
    hear(page, event("stopped", what="mic", participant=of(2)))
    notice = page.locator(".notice")
    expect(notice).to_contain_text("muted you")
    box = notice.bounding_box()
    assert box["width"] > 200
    assert box["height"] < 130
    assert page.evaluate(tiles) == before
    keep(page, "notice")
    page.get_by_role("button", name="Leave").click(trial=True)
