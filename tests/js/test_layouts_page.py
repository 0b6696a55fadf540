"""Who is large and who is small: layouts, pins, pages, the corner of one's own picture."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.accessible import faults
from tests.js.test_room_page import button, drawn, enter  # noqa: F401

pytestmark = pytest.mark.journey
LARGEST = """() => [...document.querySelectorAll('.tile')].sort((a, b) => b.clientWidth * b.clientHeight
  - a.clientWidth * a.clientHeight)[0].getAttribute('aria-label').split(',')[0]"""


def arrange(page: Page, name: str) -> None:
    button(page, "Layout").click()
    page.get_by_role("menuitemradio", name=name).click()


def until_largest(page: Page, name: str) -> None:
    for _ in range(50):
        if page.evaluate(LARGEST) == name:
            return
        page.wait_for_timeout(100)
    raise AssertionError(f"{page.evaluate(LARGEST)} is the largest, not {name}")


def test_the_speaker_has_the_stage_and_gives_it_on(drawn):  # noqa: F811
    page = enter(drawn({"people": 6, "speaking": [1]}))
    arrange(page, "Speaker large")
    until_largest(page, "Ash")
    page.evaluate("harness.media.tell({ type: 'speaking', ids: [harness.id(4)] })")
    until_largest(page, "Elm")
    arrange(page, "Grid")
    expect(page.locator(".tile")).to_have_count(6)
    page.wait_for_timeout(400)  # they glide
    widths = page.locator(".tile").evaluate_all("all => all.map(each => each.clientWidth)")
    assert len(set(widths)) == 1


def test_a_pin_is_set_and_taken_away_by_keys(drawn):  # noqa: F811
    page = enter(drawn({"people": 6, "speaking": [1]}))
    button(page, "View of Birch").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("menuitem", name="Pin to the stage")).to_be_focused()
    page.keyboard.press("Enter")
    until_largest(page, "Birch")
    assert not faults(page, "pinned")
    page.evaluate("harness.media.tell({ type: 'speaking', ids: [harness.id(4)] })")
    until_largest(page, "Birch")
    button(page, "Layout").press("Enter")
    page.get_by_role("menuitem", name="Unpin").press("Enter")
    expect(page.locator(".tile__pin")).to_have_count(0)


def test_a_pinned_person_is_large_and_the_shared_screen_goes_beside_them(drawn):  # noqa: F811
    page = enter(drawn({"people": 5, "share": 0}))
    button(page, "View of Birch").click()
    page.get_by_role("menuitem", name="Pin to the stage").click()
    until_largest(page, "Birch")
    expect(page.locator("[data-kind=screen]")).to_have_count(1)


def test_who_speaks_on_a_later_page_comes_to_the_first(drawn):  # noqa: F811
    page = enter(drawn({"people": 20, "speaking": []}))
    expect(page.get_by_text("1/2")).to_be_visible()
    expect(page.get_by_role("group", name="Linden")).to_have_count(0)
    page.evaluate("harness.media.tell({ type: 'speaking', ids: [harness.id(18)] })")
    expect(page.get_by_role("group", name="Linden")).to_be_visible()
    expect(page.locator(".tile")).to_have_count(16)


def test_ones_own_picture_moves_to_another_corner(drawn):  # noqa: F811
    page = enter(drawn({"people": 2}))
    button(page, "View of Maple").click()
    page.get_by_role("menuitemradio", name="At the top left").click()
    page.wait_for_timeout(400)  # it glides
    own = page.get_by_role("group", name="Maple (you)").bounding_box()
    stage = page.get_by_role("main", name="Stage").bounding_box()
    assert own["x"] < stage["x"] + 40
    assert own["y"] < stage["y"] + 40


def test_two_people_have_no_layout_to_choose(drawn):  # noqa: F811
    page = enter(drawn({"people": 2}))
    button(page, "Layout").click()
    expect(page.get_by_role("menuitemcheckbox", name="Open it when I look elsewhere")).to_be_visible()
    expect(page.get_by_role("menuitemradio")).to_have_count(0)


def test_a_phone_has_the_layouts_in_more(drawn):  # noqa: F811
    page = enter(drawn({"people": 6, "speaking": [1]}, "390"))
    expect(button(page, "Layout")).to_have_count(0)
    button(page, "More").click()
    page.get_by_role("menuitemradio", name="Speaker large").click()
    until_largest(page, "Ash")
