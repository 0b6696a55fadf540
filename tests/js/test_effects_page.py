"""Sound and background in pre-join and in the room: words, keys, assistive technology, what is remembered."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.accessible import faults
from tests.js.test_room_page import SIZES, button, drawn, enter  # noqa: F401

pytestmark = pytest.mark.journey
KEPT = "JSON.parse(localStorage['aula.devices']).effects"


def open_dialog(page: Page, name: str) -> Any:
    button(page, name).click()
    return page.get_by_role("dialog", name=name)


@pytest.mark.parametrize("name", ["Sound", "Background"])
def test_axe_finds_nothing_in_the_dialogs(drawn, name):  # noqa: F811
    page = drawn({})
    expect(open_dialog(page, name)).to_be_visible()
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme)
        assert not faults(page, name)


def test_original_sound_takes_noise_suppression_with_it_and_says_so(drawn):  # noqa: F811
    page = drawn({})
    sound = open_dialog(page, "Sound")
    sound.get_by_role("radio", name="Strong").check()
    sound.get_by_role("switch", name="Original sound").press("Space")
    group = sound.get_by_role("group", name="Noise suppression")
    for radio in group.get_by_role("radio").all():
        expect(radio).to_be_disabled()
    expect(group).to_have_accessible_description("Off while original sound is on.")
    assert page.evaluate(KEPT) == {"noise": "strong", "original": True, "background": ""}
    sound.get_by_role("switch", name="Original sound").press("Space")
    expect(sound.get_by_role("radio", name="Strong")).to_be_checked()


def test_backgrounds_are_chosen_by_arrows_and_the_focus_comes_back(drawn):  # noqa: F811
    page = drawn({})
    dialog = open_dialog(page, "Background")
    dialog.get_by_role("radio", name="None").focus()
    page.keyboard.press("ArrowRight")
    expect(dialog.get_by_role("radio", name="Blur")).to_be_checked()
    expect(dialog.get_by_role("status")).to_have_text("The background is on.")
    page.keyboard.press("Escape")
    expect(button(page, "Background")).to_be_focused()
    assert page.evaluate(KEPT)["background"] == "blur"


def test_a_file_that_is_no_picture_is_refused_in_words(drawn):  # noqa: F811
    page = drawn({})
    dialog = open_dialog(page, "Background")
    with page.expect_file_chooser() as chooser:
        dialog.get_by_role("button", name="Add your own picture").click()
    chooser.value.set_files({"name": "notes.png", "mimeType": "image/png", "buffer": b"no picture"})
    expect(dialog.get_by_text("That file is no picture this browser can read.")).to_be_visible()


def test_the_menus_of_the_bar_change_sound_and_background_too(drawn):  # noqa: F811
    page = enter(drawn({"people": 3}))
    button(page, "Microphone and speaker").click()
    page.get_by_role("menuitemcheckbox", name="Original sound").click()
    button(page, "Choose a camera").click()
    page.get_by_role("menuitemcheckbox", name="Blur the background").click()
    assert page.evaluate(KEPT) == {"noise": "standard", "original": True, "background": "blur"}
    button(page, "Choose a camera").click()
    expect(page.get_by_role("menuitemcheckbox", name="Blur the background")).to_be_checked()
    page.get_by_role("menuitem", name="Background").click()
    expect(page.get_by_role("dialog", name="Background")).to_be_visible()


def test_a_phone_has_them_in_more(drawn):  # noqa: F811
    page = enter(drawn({"people": 3}, "390"))
    button(page, "More").click()
    page.get_by_role("menuitem", name="Sound settings").click()
    expect(page.get_by_role("dialog", name="Sound")).to_be_visible()


@pytest.mark.parametrize("what", ["slow", "broken"])
def test_a_background_that_gives_up_says_so_and_offers_to_stop_the_camera(drawn, what):  # noqa: F811
    page = enter(drawn({"people": 3}))
    page.evaluate(f"harness.media.tell({{ type: 'notice', what: {{ kind: 'effect', what: '{what}' }} }})")
    notice = page.locator(".notice")
    expect(notice).to_contain_text("Your camera is seen as it is.")
    notice.get_by_role("button", name="Stop video").click()
    expect(button(page, "Start video")).to_be_visible()


@pytest.mark.parametrize("name", ["Sound", "Background"])
def test_the_dialogs_fit_a_phone(drawn, name):  # noqa: F811
    page = drawn({}, "360")
    page.get_by_role("button", name="Microphone, camera, speaker").click()
    box = open_dialog(page, name).bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 360
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
