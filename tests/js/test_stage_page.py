"""What the stage does for its viewer: pictures the device carries, screens, small window, choices."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.accessible import faults, keep
from tests.js.test_layouts_page import arrange, until_largest
from tests.js.test_room_page import asked, button, drawn, enter  # noqa: F401

pytestmark = pytest.mark.journey
LIVE = "document.querySelectorAll('.tile[data-kind=camera]:not([aria-label*=\"(you)\"]) video').length"
ALL_ON = {"people": 9, "dark": [], "speaking": [1]}
PATIENCE = 90_000  # ms


def until_live(page: Page, holds: Callable[[int], bool], what: str) -> int:
    """Wait until so many cameras of others are live."""
    for _ in range(PATIENCE // 200):
        if holds(live := page.evaluate(LIVE)):
            return live
        page.wait_for_timeout(200)
    raise AssertionError(f"{live} cameras are live, not {what}")


def throttle(page: Page, rate: int) -> None:
    """Let the page have one in `rate` moments of its processor."""
    page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": rate})


def drop(page: Page, share: float) -> None:
    """Let the browser report that it drops this share of all frames."""
    page.evaluate(f"globalThis.dropped = {share}")


# ── never more than the device carries ───────────────────────────────────────


def test_a_device_that_falls_behind_shows_fewer_cameras_and_all_again_once_it_keeps_up(drawn):  # noqa: F811
    page = enter(drawn(ALL_ON))
    assert page.evaluate(LIVE) == 8
    throttle(page, 40)
    until_live(page, lambda live: live < 8, "fewer")
    expect(page.locator(".notice", has_text="cameras at once")).to_be_visible()
    throttle(page, 1)
    fewest = page.evaluate(LIVE)
    until_live(page, lambda live: live > fewest, "more again")


def test_dropped_frames_pause_cameras_but_never_the_last_one_nor_the_teachers(drawn):  # noqa: F811
    page = enter(drawn(ALL_ON))
    drop(page, 0.5)
    until_live(page, lambda live: live == 1, "one")
    expect(page.get_by_role("group", name="Teacher").locator("video")).to_be_visible()
    expect(page.get_by_role("group", name="camera paused on this device")).to_have_count(7)
    expect(page.get_by_role("group", name="Maple (you)").locator("video")).to_be_visible()
    button(page, "View of Elm").click()
    page.get_by_role("menuitem", name="Pin to the stage").click()
    expect(page.get_by_role("group", name="Elm").locator("video")).to_be_visible()
    assert page.evaluate(LIVE) == 1, "the pinned one instead of the teacher's"


def test_it_is_told_once_and_overruled_in_the_layouts_menu(drawn):  # noqa: F811
    page = enter(drawn(ALL_ON))
    button(page, "Layout").click()
    expect(page.get_by_role("menuitemcheckbox", name="Show all cameras")).to_have_count(0)
    page.keyboard.press("Escape")
    drop(page, 0.5)
    notice = page.get_by_text("This device shows 5 cameras at once")
    expect(notice.first).to_be_visible(timeout=PATIENCE)
    until_live(page, lambda live: live <= 3, "three")
    expect(page.locator(".notice")).to_have_count(0)  # not said again with the next step
    button(page, "Layout").click()
    expect(page.get_by_role("group", name="This device shows")).to_be_visible()
    keep(page, "stage limited")
    page.get_by_role("menuitemcheckbox", name="Show all cameras").click()
    until_live(page, lambda live: live == 8, "all")
    assert not faults(page, "all cameras in spite of it")
    page.reload()
    drop(enter(page), 0.5)
    page.wait_for_timeout(9000)  # longer than it took
    assert page.evaluate(LIVE) == 8, "it is remembered"
    button(page, "Layout").click()
    page.get_by_role("menuitemcheckbox", name="Show all cameras").click()
    until_live(page, lambda live: live < 8, "fewer")


# ── several screens ──────────────────────────────────────────────────────────

SCREENS = {"people": 6, "coTeachers": [3], "shares": [3, 0, 2], "speaking": []}


def screen(page: Page, of: str) -> Any:
    return page.get_by_role("group", name=f"Screen of {of}")


def until_large(page: Page, of: str) -> None:
    until_largest(page, f"Screen of {of}")


def test_the_newest_screen_of_a_teacher_is_large_and_the_others_have_names_and_pins(drawn):  # noqa: F811
    page = enter(drawn(SCREENS))
    until_large(page, "Teacher")
    expect(page.locator(".room__presents")).to_have_text("3 screens are shared")
    for name in ("Cedar", "Birch"):
        expect(screen(page, name).get_by_text(f"Screen of {name}")).to_be_visible()
    assert not screen(page, "Teacher").locator(".plate").count(), "nothing lies on the large one"
    assert not faults(page, "several screens")
    button(page, "View of Screen of Birch").click()
    page.get_by_role("menuitem", name="Pin to the stage").click()
    until_large(page, "Birch")
    page.evaluate("harness.media.tell({ type: 'track_gone', participant: harness.id(2), kind: 'screen' })")
    until_large(page, "Teacher")
    page.evaluate("harness.media.tell({ type: 'track_gone', participant: harness.id(0), kind: 'screen' })")
    until_large(page, "Cedar")


def test_a_pinned_screen_is_large_in_the_grid_too_and_let_go_in_the_menu(drawn):  # noqa: F811
    page = enter(drawn(SCREENS))
    arrange(page, "Grid")
    expect(page.locator("[data-kind=screen]")).to_have_count(3)
    button(page, "View of Screen of Cedar").click()
    page.get_by_role("menuitem", name="Pin to the stage").click()
    until_large(page, "Cedar")
    button(page, "Layout").click()
    page.get_by_role("menuitem", name="Unpin").click()
    expect(page.get_by_role("button", name="View of Screen of Cedar")).to_be_visible()


def test_whoever_leads_stops_a_screen_where_it_is(drawn):  # noqa: F811
    page = enter(drawn({**SCREENS, "role": "teacher", "name": "Teacher", "you": 0, "shares": [3, 2]}))
    button(page, "View of Screen of Birch").click()
    page.get_by_role("menuitem", name="Stop sharing").click()
    stop = {"type": "stop", "what": "screen", "participant": page.evaluate("harness.id(2)")}
    assert stop in asked(page)


def test_a_student_is_told_whose_screen_theirs_waits_for(drawn):  # noqa: F811
    page = enter(drawn({"people": 5, "shares": [2]}))
    button(page, "Share").click()
    expect(page.locator(".notice")).to_have_text("Birch shares a screen. Yours can start when it ends.")
    assert asked(page) == [], "the class is not asked"


# ── the small window ─────────────────────────────────────────────────────────


def small_window(page: Page) -> Page:
    return opened_by(page, lambda: button(page, "Small window").click())


def opened_by(page: Page, act: Callable[[], None]) -> Page:
    """The small window. It has no styles here: what it asks for by itself is answered by nobody."""
    with page.context.expect_page() as opened:
        act()
    small: Page = opened.value
    small.set_viewport_size({"width": 420, "height": 320})
    return small


def test_the_small_window_shows_what_is_large_and_follows_the_speaker(drawn):  # noqa: F811
    page = enter(drawn({"people": 5, "speaking": [1], "share": 0}))
    small = small_window(page)
    expect(small.get_by_role("group", name="Screen of Teacher").locator("video")).to_be_visible()
    assert small.title() == "Small window: Cell division, part 2"
    page.evaluate("harness.media.tell({ type: 'track_gone', participant: harness.id(0), kind: 'screen' })")
    expect(small.get_by_role("group", name="Ash").locator("video")).to_be_visible()
    page.evaluate("harness.media.tell({ type: 'speaking', ids: [harness.id(2)] })")
    expect(small.get_by_role("group", name="Birch").locator("video")).to_be_visible()
    expect(page.get_by_role("group", name="Birch").locator("video")).to_be_visible()


def test_in_the_small_window_one_mutes_raises_a_hand_and_goes_back(drawn):  # noqa: F811
    page = enter(drawn({"people": 5}))
    small = small_window(page)
    button(small, "Mute").click()
    expect(button(small, "Unmute")).to_be_visible()
    expect(page.get_by_role("toolbar").get_by_role("button", name="Unmute")).to_be_visible()
    button(small, "Raise hand").click()
    assert {"type": "raise_hand"} in asked(page)
    with small.expect_event("close"):
        button(small, "Back to the class").click()
    expect(button(page, "Small window")).to_be_visible()
    again = small_window(page)
    with again.expect_event("close"):
        button(again, "Leave").click()
    expect(page.get_by_role("heading", name="You left the class")).to_be_visible()


def test_the_small_window_opens_and_closes_by_key_and_a_teacher_has_no_hand_in_it(drawn):  # noqa: F811
    page = enter(drawn({"people": 5, "role": "teacher", "name": "Teacher", "you": 0}))
    small = opened_by(page, lambda: page.keyboard.press("Control+Alt+w"))
    expect(button(small, "Mute")).to_be_visible()
    expect(button(small, "Raise hand")).to_have_count(0)
    with small.expect_event("close"):
        page.keyboard.press("Control+Alt+w")


WITHOUT_WINDOWS = "delete globalThis.documentPictureInPicture;"
IN_PICTURE = "document.pictureInPictureElement?.srcObject?.id ?? null"


def test_without_windows_of_pages_the_picture_alone_is_small_and_follows(drawn):  # noqa: F811
    page = drawn({"people": 5, "speaking": [1]})
    page.add_init_script(WITHOUT_WINDOWS)
    page.reload()
    enter(page)
    button(page, "Small window").click()
    expect(button(page, "Close the small window")).to_be_visible()
    first = page.evaluate(IN_PICTURE)
    page.evaluate("harness.media.tell({ type: 'speaking', ids: [harness.id(2)] })")
    for _ in range(50):
        if page.evaluate(IN_PICTURE) not in (None, first):
            break
        page.wait_for_timeout(100)
    assert page.evaluate(IN_PICTURE) not in (None, first), "it shows who speaks now"
    button(page, "Close the small window").click()
    expect(button(page, "Small window")).to_be_visible()


def test_a_browser_without_small_windows_offers_none(drawn):  # noqa: F811
    page = drawn({"people": 5})
    page.add_init_script(
        WITHOUT_WINDOWS + "Object.defineProperty(document, 'pictureInPictureEnabled', { value: false });"
    )
    page.reload()
    enter(page)
    expect(button(page, "Small window")).to_have_count(0)


# ── what was chosen lasts ────────────────────────────────────────────────────


def test_layout_page_and_pin_are_there_after_a_reload(drawn):  # noqa: F811
    page = enter(drawn({"people": 20, "speaking": []}))
    arrange(page, "Grid")
    button(page, "Later people").click()
    page.reload()
    expect(enter(page).get_by_text("2/2")).to_be_visible()
    button(page, "Earlier people").click()
    button(page, "View of Birch").click()
    page.get_by_role("menuitem", name="Pin to the stage").click()
    page.reload()
    until_largest(enter(page), "Birch")
