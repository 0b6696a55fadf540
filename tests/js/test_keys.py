"""The keys of the room: a dialog shows them, letters are for who wants them, and one is held to talk."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.accessible import faults
from tests.js.test_room_page import TEACHER, asked, button, drawn, enter

pytestmark = pytest.mark.journey
__all__ = ["drawn"]  # a fixture
HELP = "Control+/"


def help_of(page: Page) -> Page:
    page.keyboard.press(HELP)
    expect(page.get_by_role("dialog", name="Keyboard")).to_be_visible()
    return page


def turn(page: Page, word: str) -> None:
    help_of(page).get_by_role("switch", name=word).click()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_the_keys_are_shown_searched_and_left_without_leaving_the_class(drawn):
    page = help_of(enter(drawn({"people": 3})))
    keys = page.get_by_role("region", name="Keyboard")
    expect(keys.get_by_role("term")).to_contain_text(["Mute, unmute", "Raise, lower your hand"])
    page.get_by_role("searchbox", name="Search keys").fill("hand")
    expect(keys.get_by_role("term")).to_have_text(["Raise, lower your hand"])
    expect(keys).to_contain_text("Ctrl+Alt+H")
    page.get_by_role("searchbox").fill("dance")
    expect(keys.get_by_role("status")).to_have_text("No key for “dance”.")
    page.keyboard.press("Escape")
    expect(page.get_by_role("toolbar", name="Class controls")).to_be_visible()


def test_who_has_no_key_for_it_finds_them_in_the_menu(drawn):
    page = enter(drawn({"people": 3}))
    button(page, "More").click()
    page.get_by_role("menuitem", name="Keyboard").click()
    expect(page.get_by_role("dialog", name="Keyboard")).to_be_visible()


def test_teachers_and_students_are_shown_their_own_keys(drawn):
    for who, words in (({}, True), (TEACHER, False)):
        page = help_of(enter(drawn({"people": 3, **who})))
        expect(page.get_by_text("Raise, lower your hand")).to_have_count(int(words))


def test_single_letters_do_nothing_until_they_are_wanted_and_never_while_writing(drawn):
    page = enter(drawn({"people": 3}))
    page.keyboard.press("m")
    expect(button(page, "Mute")).to_be_visible()
    turn(page, "Single letters too")
    page.keyboard.press("m")
    expect(button(page, "Unmute")).to_be_visible()
    page.keyboard.press("c")
    expect(page.get_by_label("Message everyone")).to_be_focused()
    page.keyboard.type("vhm")
    expect(page.get_by_label("Message everyone")).to_have_value("vhm")
    expect(button(page, "Unmute")).to_be_visible()
    assert not asked(page)


def test_a_letter_goes_through_the_layouts_and_says_which_one_it_is(drawn):
    page = enter(drawn({"people": 6, "speaking": [1]}))
    turn(page, "Single letters too")
    for name in ("Speaker large", "Grid", "Automatic"):
        page.keyboard.press("l")
        expect(page.get_by_text(f"Layout: {name}.")).to_be_attached()
        button(page, "Layout").click()
        expect(page.get_by_role("menuitemradio", name=name)).to_be_checked()
        page.keyboard.press("l")  # goes to a row of the menu, not to another layout
        page.keyboard.press("Escape")
    expect(page.get_by_text("Layout: Automatic.")).to_be_attached()
    help_of(page)
    page.get_by_role("searchbox", name="Search keys").fill("layout")
    expect(page.get_by_role("region", name="Keyboard").get_by_role("definition")).to_have_text("L")


def test_with_all_keys_off_only_the_one_for_help_works_and_none_is_promised(drawn):
    page = enter(drawn({"people": 3}))
    expect(button(page, "Mute")).to_have_attribute("aria-keyshortcuts", "Control+D")
    turn(page, "Use these keys")
    expect(button(page, "Mute")).not_to_have_attribute("aria-keyshortcuts", "Control+D")
    expect(button(page, "Mute")).to_have_attribute("data-tip", "Mute")
    page.keyboard.press("Control+d")
    page.keyboard.press("Control+Alt+h")
    expect(button(page, "Mute")).to_be_visible()
    assert not asked(page)
    turn(page, "Use these keys")
    page.keyboard.press("Control+d")
    expect(button(page, "Unmute")).to_be_visible()


def test_who_is_muted_talks_while_the_space_bar_is_held(drawn):
    page = enter(drawn({"people": 3}))
    page.keyboard.press("Control+d")
    page.keyboard.down(" ")
    expect(button(page, "Mute")).to_be_visible()
    page.keyboard.up(" ")
    expect(button(page, "Unmute")).to_be_visible()
    page.keyboard.down(" ")
    page.evaluate("window.dispatchEvent(new Event('blur'))")  # the key comes up in another window
    expect(button(page, "Unmute")).to_be_visible()
    page.keyboard.up(" ")


def test_the_space_bar_never_mutes_and_stays_with_the_control_that_has_the_focus(drawn):
    page = enter(drawn({"people": 3}))
    page.keyboard.press(" ")
    expect(button(page, "Mute")).to_be_visible()
    page.keyboard.press("Control+d")
    button(page, "Chat").focus()
    page.keyboard.press(" ")
    expect(page.get_by_label("Message everyone")).to_be_visible()
    expect(button(page, "Unmute")).to_be_visible()


@pytest.mark.parametrize("size", ["360", "1280"])
def test_axe_finds_nothing_in_the_help(drawn, size):
    page = help_of(enter(drawn({"people": 9}, size)))
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme)
        assert not faults(page, f"keys {size}")
