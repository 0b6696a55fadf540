"""Captions in the drawn room: turned on by menu and key, below every face, asked of whoever speaks."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.accessible import faults, keep
from tests.js.test_room_page import FITS, OUTSIDE, SIZES, TEACHER, asked, button, drawn, enter, hear  # noqa: F401

pytestmark = pytest.mark.journey
READER = {"people": 9, "you": 8}
WANTED = {"type": "captions_changed", "captions": {"allowed": True, "wanted": True}}
SENT = "harness.sent.filter(({ type }) => /caption/.test(type))"
LESSON = (
    "The chromosomes line up in the middle of the cell, and then the spindle fibres pull the two halves of "
    "each of them to opposite ends, which is what you see in the third of the four drawings on this page."
)
ON_FACES = """[...document.querySelectorAll('.tile')].filter((tile) => {
  const strip = document.querySelector('.captions').getBoundingClientRect();
  const { top, bottom, left, right } = tile.getBoundingClientRect();
  return bottom > strip.top + 1 && top < strip.bottom && right > strip.left && left < strip.right;
}).length"""
SEATS = "JSON.stringify([...document.querySelectorAll('.tile')].map((tile) => tile.getBoundingClientRect()))"


HERE_IN_ENGLISH = """globalThis.started = [];
globalThis.SpeechRecognition = class {
  static available = async ({ langs: [tag] }) => (tag.startsWith("en") ? "available" : "unavailable");
  start() { started.push(this.lang.slice(0, 2)); }
  abort() {}
};"""


def more(page: Page, name: str, role: str = "menuitemcheckbox") -> None:
    button(page, "More").click()
    page.get_by_role(role, name=name, exact=True).click()


def strip(page: Page) -> Any:
    return page.get_by_role("region", name="Captions")


def says(page: Page, by: int, text: str, line: int = 0, final: bool = False, language: str = "en") -> None:
    who = f"{by:032}"
    hear(
        page,
        {"type": "subtitle", "by": who, "line": line, "text": text, "final": final, "language": language},
    )


def ruled(captions: bool) -> dict[str, Any]:
    allowed = ("mic", "camera", "screen", "chat", "private_chat", "waiting_room")
    rules = {**dict.fromkeys(allowed, True), "locked": False, "captions": captions}
    at = "2026-11-22T10:00:00Z"
    return {"type": "rules_changed", "seq": 41, "at": at, "by": f"{0:032}", "rules": rules}


def test_a_listener_turns_them_on_chooses_a_size_and_finds_both_again(drawn):  # noqa: F811
    page = enter(drawn(READER))
    more(page, "Captions")
    expect(strip(page)).to_have_text("What is said is written here.")
    assert page.evaluate(SENT) == [{"type": "want_captions", "wanted": True}]
    more(page, "Large", "menuitemradio")
    expect(page.locator(".captions--large")).to_be_visible()
    page.reload()
    enter(page)
    expect(page.locator(".captions--large")).to_be_visible()
    assert page.evaluate(SENT) == [{"type": "want_captions", "wanted": True}]
    more(page, "Captions")
    expect(strip(page)).to_have_count(0)
    assert page.evaluate(SENT)[-1] == {"type": "want_captions", "wanted": False}


def test_a_key_does_the_same_and_stands_in_the_help(drawn):  # noqa: F811
    page = enter(drawn(READER))
    page.keyboard.press("Control+Alt+u")
    expect(strip(page)).to_be_visible()
    page.keyboard.press("Control+Alt+u")
    expect(strip(page)).to_have_count(0)
    page.keyboard.press("Control+/")
    expect(page.locator("dt", has_text="Captions on, off")).to_be_visible()


def test_words_grow_are_replaced_and_go_after_a_silence(drawn):  # noqa: F811
    page = enter(drawn(READER))
    page.keyboard.press("Control+Alt+u")
    says(page, 0, "The chromo")
    expect(strip(page)).to_contain_text("The chromo")
    says(page, 0, "The chromosomes line up.", final=True)
    says(page, 0, "Do you see?", line=1)
    says(page, 1, "Yes", line=0)
    shown = strip(page).locator(".caption")
    expect(shown).to_have_text(["TeacherThe chromosomes line up. Do you see?", "AshYes"])
    expect(shown).to_have_count(0, timeout=15_000)
    expect(strip(page)).to_have_text("What is said is written here.")


def test_they_lie_on_no_face_and_move_nobody_when_somebody_speaks(drawn):  # noqa: F811
    page = enter(drawn(READER))
    page.keyboard.press("Control+Alt+u")
    for name, (width, height) in SIZES.items():
        page.set_viewport_size({"width": width, "height": height})
        page.wait_for_timeout(600)  # tiles glide to their seats
        before = page.evaluate(SEATS)
        says(page, 0, LESSON)
        says(page, 1, LESSON)
        expect(strip(page).locator(".caption").first).to_be_visible()
        assert page.evaluate(ON_FACES) == 0, name
        assert page.evaluate(SEATS) == before, name
        assert page.evaluate(FITS), name
        assert page.evaluate(OUTSIDE) == [], name
        assert strip(page).evaluate("each => each.scrollHeight <= each.clientHeight + 1"), name
        says(page, 0, "", line=1, final=True)
        says(page, 1, "", line=1, final=True)


def test_they_are_read_by_whoever_wants_to_and_read_out_to_nobody(drawn):  # noqa: F811
    page = enter(drawn(READER))
    page.keyboard.press("Control+Alt+u")
    assert strip(page).get_attribute("aria-live") == "off"
    says(page, 0, "Good morning")
    expect(strip(page).locator(".caption")).to_be_visible()
    assert page.locator("[role=status] .caption, [aria-live=polite] .caption").count() == 0


def test_who_speaks_without_a_recogniser_is_named_with_the_reason(drawn):  # noqa: F811
    page = enter(drawn({**READER, "speaking": [1]}))
    page.keyboard.press("Control+Alt+u")
    hear(page, {"type": "captioning_now", "by": f"{1:032}", "state": "unable"})
    expect(strip(page)).to_contain_text("Ash")
    expect(strip(page)).to_contain_text("Chrome, Edge and Safari do.")
    hear(page, {"type": "captioning_now", "by": f"{1:032}", "state": "failed"})
    expect(strip(page)).to_contain_text("does not answer just now.")


def test_words_are_marked_with_their_language(drawn):  # noqa: F811
    page = enter(drawn(READER))
    page.keyboard.press("Control+Alt+u")
    says(page, 1, "Guten Morgen", language="de-DE")
    says(page, 0, "Good morning", language="")
    languages = [each.get_attribute("lang") for each in strip(page).locator(".caption__text").all()]
    assert languages == ["de-DE", None]


def test_who_would_read_asks_as_soon_as_the_teacher_allows_it(drawn):  # noqa: F811
    page = drawn({**READER, "rules": {"captions": False}})
    page.evaluate("localStorage['aula.captions'] = JSON.stringify({ on: true })")
    page.reload()
    enter(page)
    expect(strip(page)).to_have_count(0)
    assert page.evaluate(SENT) == []
    hear(page, ruled(captions=True))
    expect(strip(page)).to_be_visible()
    assert page.evaluate(SENT) == [{"type": "want_captions", "wanted": True}]


def test_a_voice_that_was_to_stay_is_asked_about_before_it_goes_elsewhere(drawn):  # noqa: F811
    page = drawn(TEACHER)
    page.add_init_script(HERE_IN_ENGLISH)
    page.reload()
    enter(page)
    hear(page, WANTED)
    expect(page.get_by_text("Your voice stays on this device.")).to_be_visible()
    button(page, "Make captions").click()
    assert page.evaluate(SENT)[-1] == {"type": "captioning", "state": "on"}
    page.get_by_role("button", name="Microphone and speaker").click()
    page.get_by_role("menuitem", name="Sound settings").click()
    own = page.get_by_role("switch", name="Captions of what you say")
    expect(own).to_be_checked()
    page.get_by_label("You speak").select_option("fr-FR")
    expect(own).not_to_be_checked()
    expect(page.get_by_text("It may send your voice to its maker for that.")).to_be_visible()
    assert page.evaluate(SENT)[-1] == {"type": "captioning", "state": "declined"}
    assert page.evaluate("started") == ["en"]
    page.get_by_label("You speak").select_option("en-GB")
    expect(own).to_be_checked()


def test_a_speaker_is_asked_once_and_can_think_again_in_the_sound_settings(drawn):  # noqa: F811
    page = enter(drawn(TEACHER))
    agree = button(page, "Make captions")
    expect(agree).to_have_count(0)
    hear(page, WANTED)
    expect(page.get_by_text("It may send your voice to its maker for that.")).to_be_visible()
    button(page, "No captions").click()
    expect(agree).to_have_count(0)
    assert page.evaluate(SENT)[-1] == {"type": "captioning", "state": "declined"}
    page.reload()
    enter(page)
    hear(page, WANTED)
    page.get_by_role("button", name="Microphone and speaker").click()
    page.get_by_role("menuitem", name="Sound settings").click()
    expect(agree).to_have_count(0)
    own = page.get_by_role("switch", name="Captions of what you say")
    expect(own).not_to_be_checked()
    own.check()
    page.get_by_label("You speak").select_option("de-DE")
    assert page.evaluate("JSON.parse(localStorage['aula.captions'])") == {
        "on": False,
        "size": "medium",
        "agreed": "away",
        "language": "de-DE",
    }


def test_a_browser_without_recognition_asks_nobody_and_says_so(drawn):  # noqa: F811
    page = drawn(TEACHER)
    page.add_init_script("delete globalThis.webkitSpeechRecognition; delete globalThis.SpeechRecognition;")
    page.reload()
    enter(page)
    hear(page, WANTED)
    page.get_by_role("button", name="Microphone and speaker").click()
    page.get_by_role("menuitem", name="Sound settings").click()
    expect(page.get_by_text("This browser has no speech recognition.")).to_be_visible()
    expect(button(page, "Make captions")).to_have_count(0)
    assert page.evaluate(SENT)[-1] == {"type": "captioning", "state": "unable"}


def test_the_teacher_turns_them_off_and_a_student_learns_why(drawn):  # noqa: F811
    page = enter(drawn(TEACHER))
    more(page, "Class rules…", "menuitem")
    page.get_by_role("switch", name="Captions").uncheck()
    assert asked(page)[-1] == {"type": "set_rules", "captions": False}
    student = enter(drawn({**READER, "rules": {"captions": False}}))
    more(student, "Captions")
    expect(student.get_by_text("The teacher turned captions off for this class.").first).to_be_visible()
    expect(strip(student)).to_have_count(0)


@pytest.mark.parametrize("size", ["360", "sideways", "1280"])
def test_axe_finds_nothing_in_any_of_it(drawn, size):  # noqa: F811
    page = enter(drawn({"people": 9, "you": 8, "speaking": [2]}, size))
    more(page, "Captions")
    more(page, "Large", "menuitemradio")
    hear(page, WANTED)
    says(page, 0, LESSON)
    hear(page, {"type": "captioning_now", "by": f"{2:032}", "state": "unable"})
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme)
        says(page, 0, LESSON + " " + theme)
        assert not faults(page, f"captions {size}")


@pytest.mark.parametrize("size", ["360", "1280"])
def test_pictures_of_the_other_ways(drawn, size):  # noqa: F811
    page = enter(drawn({"people": 12, "share": 0, "you": 11}, size, "rtl"))
    page.keyboard.press("Control+Alt+u")
    says(page, 0, "השלב הבא הוא אנאפאזה, והכרומוזומים נעים לקצוות התא")
    says(page, 1, "Do you mean the third drawing?")
    expect(strip(page).locator(".caption")).to_have_count(2)
    keep(page, "captions rtl screen")
    button(page, "Chat").click()
    says(page, 0, "השלב הבא הוא אנאפאזה", line=1)
    assert page.evaluate(ON_FACES) == 0
    assert page.evaluate(FITS)
    keep(page, "captions rtl chat")
