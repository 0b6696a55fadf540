"""What the stage does for its viewer: pictures the device carries, screens, small window, choices."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.accessible import faults, keep
from tests.js.test_layouts_page import arrange, until_largest
from tests.js.test_room_page import TEACHER, asked, button, drawn, enter, hear  # noqa: F401

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


COUNT_TIMERS = """{
  const [start, stop] = [globalThis.setInterval, globalThis.clearInterval];
  globalThis.timers = new Map();
  globalThis.setInterval = (does, ms, ...more) => {
    const timer = start(does, ms, ...more);
    globalThis.timers.set(timer, ms);
    return timer;
  };
  globalThis.clearInterval = (timer) => {
    globalThis.timers.delete(timer);
    stop(timer);
  };
}"""
MEASURING = "[...timers.values()].filter((ms) => ms === 50 || ms === 2000).length"


def test_whose_line_is_weak_takes_sound_and_screens_alone_and_cameras_back(drawn):  # noqa: F811
    page = enter(drawn(ALL_ON))
    page.evaluate("harness.media.tell({type: 'line', participant: harness.id(8), weak: true})")
    page.locator(".notice").get_by_role("button", name="Audio and screen only").click()
    expect(page.get_by_role("toolbar").get_by_role("button", name="Start video")).to_be_visible()
    assert page.evaluate(LIVE) == 0
    expect(page.get_by_role("group", name="camera paused on this device")).to_have_count(8)
    button(page, "Layout").click()
    keep(page, "audio and screen only")
    page.get_by_role("menuitemcheckbox", name="Audio and screen only").click()
    until_live(page, lambda live: live == 8, "all")


def test_a_weak_line_is_marked_on_the_tile_and_in_its_name_until_it_is_better(drawn):  # noqa: F811
    page = enter(drawn({"people": 9, "speaking": [], "weak": [2]}))
    birch = page.locator(".tile[aria-label^=Birch]")
    expect(birch).to_have_accessible_name("Birch, muted, weak line")
    expect(birch.locator(".tile__weak")).to_be_visible()
    expect(page.locator(".tile__weak")).to_have_count(1)
    page.evaluate("harness.media.tell({type: 'line', participant: harness.id(2), weak: false})")
    expect(birch).to_have_accessible_name("Birch, muted")
    expect(page.locator(".tile__weak")).to_have_count(0)


def test_in_a_class_of_two_sound_alone_is_possible_too_and_screens_stay(drawn):  # noqa: F811
    page = enter(drawn({"people": 2, "dark": [], "share": 0}))
    button(page, "Layout").click()
    page.get_by_role("menuitemcheckbox", name="Audio and screen only").click()
    until_live(page, lambda live: live == 0, "none")
    expect(page.locator(".tile[data-kind=screen] video")).to_be_visible()


def test_nothing_is_measured_after_leaving_and_all_begins_anew_with_joining_again(drawn):  # noqa: F811
    page = drawn(ALL_ON)
    page.add_init_script(COUNT_TIMERS)
    page.reload()
    enter(page)
    assert page.evaluate(MEASURING) == 2
    drop(page, 0.5)
    until_live(page, lambda live: live < 8, "fewer")
    button(page, "Leave").click()
    expect(page.get_by_role("heading", name="You left the class")).to_be_visible()
    assert page.evaluate(MEASURING) == 0
    drop(page, 0)
    button(page, "Join again").click()
    until_live(page, lambda live: live == 8, "all")
    assert page.evaluate(MEASURING) == 2
    drop(page, 0.5)
    expect(page.locator(".notice", has_text="This device shows 5 cameras at once")).to_be_visible(
        timeout=PATIENCE
    )


def test_the_notice_of_fewer_cameras_has_the_way_to_all_of_them(drawn):  # noqa: F811
    page = enter(drawn(ALL_ON))
    drop(page, 0.5)
    until_live(page, lambda live: live < 8, "fewer")
    page.locator(".notice").get_by_role("button", name="Show all").click()
    until_live(page, lambda live: live == 8, "all")
    expect(page.locator(".notice")).to_have_count(0)


def test_the_menu_speaks_of_paused_cameras_only_where_one_that_has_a_place_is_paused(drawn):  # noqa: F811
    page = enter(drawn({"people": 20, "dark": [], "speaking": []}))
    page.evaluate("harness.media.tell({ type: 'carries', most: 16 })")
    button(page, "Layout").click()
    expect(page.get_by_role("menuitemradio", name="Grid")).to_be_visible()
    expect(page.get_by_role("menuitemcheckbox", name="Show all cameras")).to_have_count(0)
    page.evaluate("harness.media.tell({ type: 'carries', most: 10 })")
    expect(page.get_by_role("menuitemcheckbox", name="Show all cameras")).to_be_visible()


# ── as loud as one likes ─────────────────────────────────────────────────────

HEARD = "{ sid: 'm1', muted: false, media: { attach() {}, detach() {} } }"


def test_somebody_is_heard_as_loud_as_one_likes_and_the_tile_says_when_not_at_all(drawn):  # noqa: F811
    page = enter(drawn({"people": 3, "speaking": []}))
    page.evaluate(
        f"harness.media.tell({{ type: 'track', participant: harness.id(1), kind: 'mic', track: {HEARD} }})"
    )
    sound = page.locator("audio[data-kind=mic]")
    expect(sound).to_have_js_property("volume", 1)
    for choice, volume, muted in (
        ("Half", 0.5, False),
        ("Off, for you only", 0, True),
        ("As sent", 1, False),
    ):
        button(page, "View of Ash").click()
        if not volume:
            assert not faults(page, "volume")
            keep(page, "volume")
        page.get_by_role("menuitemradio", name=choice).click()
        expect(sound).to_have_js_property("volume", volume)
        expect(sound).to_have_js_property("muted", muted)
        expect(page.get_by_role("group", name="off for you")).to_have_count(int(muted))
    button(page, "View of Ash").click()
    expect(page.get_by_role("menuitemradio", name="As sent")).to_be_checked()


# ── recording begins ─────────────────────────────────────────────────────────

BEGUN = {"state": "on", "by": "Teacher", "started_at": "2026-11-22T10:05:00Z"}


def test_the_start_of_a_recording_is_under_way_until_the_server_has_answered(drawn):  # noqa: F811
    page = enter(drawn({"people": 3, **TEACHER}))
    button(page, "Record").click()
    expect(button(page, "Starting…")).to_have_attribute("aria-busy", "true")
    button(page, "Starting…").click()
    assert [each["type"] for each in asked(page)] == ["record"]
    keep(page, "recording starts")
    refusal = {
        "type": "refused",
        "code": "not_allowed",
        "re": "record",
        "mend": None,
        "key": None,
        "retry_at": None,
    }
    hear(page, {**refusal, "text": "The disk is full."})
    expect(page.locator(".notice")).to_have_text("The disk is full.")
    button(page, "Record").click()
    hear(page, {"type": "recording_changed", "seq": 41, "recording": BEGUN})
    expect(page.get_by_role("toolbar").get_by_role("button", name="Recording")).to_be_visible()
    button(page, "What is recorded?").click()
    told = page.get_by_role("dialog", name="Recording")
    expect(told).to_contain_text("Recorded are sound, shared screens, cameras that are on")
    expect(page.locator(".notice")).to_have_count(0)
    keep(page, "what is recorded")
    page.keyboard.press("Escape")
    expect(button(page, "Recording: what is kept")).to_be_focused()


@pytest.mark.parametrize("size", ["360", "1280"])
def test_whoever_is_asked_may_read_first_what_is_recorded(drawn, size):  # noqa: F811
    page = enter(drawn({"people": 3, "recording": BEGUN, "asksConsent": True}, size))
    button(page, "What is recorded?").click()
    expect(page.get_by_role("dialog", name="Recording")).to_contain_text("You are not recorded")
    assert not faults(page, f"what is recorded {size}")
    keep(page, f"asked what is recorded {size}")


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


def test_whose_line_is_lost_still_keeps_the_screen_and_nothing_is_to_be_chosen(drawn):  # noqa: F811
    page = enter(drawn({"people": 5, "shares": [2]}))
    hear(page, gone(page, 2))
    button(page, "Share").click()
    expect(page.locator(".notice")).to_have_text(
        "Birch lost the line and may come back. Yours can start in a minute at most."
    )
    assert asked(page) == [], "the class is not asked"


def gone(page: Page, n: int) -> dict[str, Any]:
    """What is told when somebody's line is lost."""
    who = page.evaluate("n => harness.id(n)", n)
    told = {"seq": 41, "at": "2026-11-22T10:20:00Z", "by": None, "barred": False}
    return {"type": "participant_left", "participant": who, "why": "lost", **told}


# ── few people ───────────────────────────────────────────────────────────────


def test_two_people_with_a_screen_see_it_large_though_the_grid_was_chosen_for_classes(drawn):  # noqa: F811
    page = drawn({"people": 2, "shares": [0]})
    page.evaluate("localStorage.setItem('aula.view', JSON.stringify({ layout: 'grid' }))")
    page.reload()
    until_large(enter(page), "Teacher")
    widths = page.locator(".tile").evaluate_all("all => all.map(each => each.clientWidth)")
    assert len(set(widths)) > 1, "and the people are beside it"


def test_who_was_pinned_among_three_is_let_go_when_two_are_left(drawn):  # noqa: F811
    page = enter(drawn({"people": 3, "dark": []}))
    button(page, "View of Ash").click()
    page.get_by_role("menuitem", name="Pin to the stage").click()
    hear(page, gone(page, 0))
    expect(page.locator(".tile")).to_have_count(2)
    button(page, "View of Ash").click()
    expect(page.get_by_role("menuitem", name="Unpin")).to_be_visible()
    page.keyboard.press("Escape")
    button(page, "Layout").click()
    page.get_by_role("menuitem", name="Unpin").click()
    expect(page.locator(".tile__pin")).to_have_count(0)
    button(page, "View of Maple").click()
    expect(page.get_by_role("menuitemradio", name="At the top left")).to_be_visible()


def test_a_pin_of_somebody_who_left_is_none(drawn):  # noqa: F811
    page = enter(drawn({"people": 3, "dark": []}))
    button(page, "View of Teacher").click()
    page.get_by_role("menuitem", name="Pin to the stage").click()
    pinned_icon = page.locator(".layout-menu use[href$='#pin']")
    expect(pinned_icon).to_have_count(1)
    hear(page, gone(page, 0))
    expect(page.locator(".tile")).to_have_count(2)
    expect(pinned_icon).to_have_count(0)
    button(page, "View of Maple").click()
    expect(page.get_by_role("menuitemradio", name="At the top left")).to_be_visible()


# ── the small window ─────────────────────────────────────────────────────────


PICTURE = "video:not(.picture--coming)"


def small_window(page: Page) -> Page:
    return opened_by(page, lambda: button(page, "Small window").click())


def opened_by(page: Page, act: Callable[[], None]) -> Page:
    """The small window."""
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
    expect(small.get_by_role("group", name="Ash").locator(PICTURE)).to_be_visible()
    page.evaluate("harness.media.tell({ type: 'speaking', ids: [harness.id(2)] })")
    expect(small.get_by_role("group", name="Birch").locator(PICTURE)).to_be_visible()
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


@pytest.mark.parametrize(("scheme", "direction"), [("light", "ltr"), ("dark", "ltr"), ("light", "rtl")])
def test_the_small_window_looks_like_the_page(drawn, scheme, direction):  # noqa: F811
    scenario = {"people": 5, "speaking": [1], "recording": RECORDED, "windows": True}
    page = enter(drawn(scenario, direction=direction, color_scheme=scheme))
    small = small_window(page)
    bar = small.get_by_role("group", name="Class controls")
    assert bar.evaluate("each => getComputedStyle(each).display") == "grid", "it has the page's styles"
    assert not faults(small, f"small window {scheme} {direction}")


RECORDED = {"state": "on", "by": "Teacher", "started_at": "2026-11-22T10:02:00Z"}


def test_in_the_small_window_everybody_sees_that_it_is_recorded(drawn):  # noqa: F811
    page = enter(drawn({"people": 5, "recording": RECORDED}))
    small = small_window(page)
    expect(small.get_by_text("Recording", exact=True)).to_be_visible()
    hear(page, {"type": "recording_changed", "seq": 41, "at": "2026-11-22T10:20:00Z",
                "recording": {**RECORDED, "state": "paused"}})  # fmt: skip
    expect(small.get_by_text("Rec paused")).to_be_visible()
    hear(page, {"type": "recording_changed", "seq": 42, "at": "2026-11-22T10:20:00Z", "recording": None})
    expect(small.locator(".rec")).to_have_count(0)


def test_the_small_window_says_why_the_microphone_cannot_be_used(drawn):  # noqa: F811
    locked = small_window(enter(drawn({"people": 5, "rules": {"mic": False}, "windows": True})))
    mic = locked.get_by_role("button", name="Microphone locked by the teacher")
    expect(mic).to_have_text("Mic locked")
    expect(mic).to_have_attribute("aria-description", "Raise your hand to be given the word.")
    assert not faults(locked, "small window locked")
    blocked = small_window(enter(drawn({"people": 5, "mic": "blocked"})))
    mic = blocked.get_by_role("button", name="Blocked: Microphone")
    expect(mic).to_have_text("Blocked")
    with blocked.expect_event("close"):
        mic.click()  # it is mended in the class


SLOW_WINDOW = """{
  const { requestWindow } = documentPictureInPicture;
  documentPictureInPicture.requestWindow = async (size) => {
    const made = await requestWindow.call(documentPictureInPicture, size);
    await new Promise((go) => (globalThis.go = go));
    return made;
  };
}"""
SLOW_PICTURE = """
  const ask = HTMLVideoElement.prototype.requestPictureInPicture;
  HTMLVideoElement.prototype.requestPictureInPicture = async function () {
    await new Promise((go) => (globalThis.go = go));
    const made = await ask.call(this);
    globalThis.opened = true;
    return made;
  };
"""
OVER = {"type": "class_ended", "seq": 41, "at": "2026-11-22T10:45:00Z", "by": None}


def test_a_small_window_that_opens_late_does_not_outlive_the_class(drawn):  # noqa: F811
    page = drawn({"people": 5}, bypass_csp=True)
    page.add_init_script(SLOW_WINDOW)
    page.reload()
    enter(page)
    small = small_window(page)
    page.wait_for_function("globalThis.go !== undefined")
    hear(page, OVER)
    expect(page.get_by_role("toolbar", name="Class controls")).to_have_count(0)
    with small.expect_event("close"):
        page.evaluate("go()")


def test_a_small_picture_that_opens_late_does_not_outlive_the_class_either(drawn):  # noqa: F811
    page = drawn({"people": 5, "speaking": [1]}, bypass_csp=True)
    page.add_init_script(WITHOUT_WINDOWS + SLOW_PICTURE)
    page.reload()
    enter(page)
    button(page, "Small window").click()
    page.wait_for_function("globalThis.go !== undefined")
    hear(page, OVER)
    expect(page.get_by_role("toolbar", name="Class controls")).to_have_count(0)
    page.evaluate("go()")
    page.wait_for_function("globalThis.opened && document.pictureInPictureElement === null")


HANDLERS = """{
  const { mediaSession } = navigator;
  const set = mediaSession.setActionHandler.bind(mediaSession);
  globalThis.handlers = [];
  mediaSession.setActionHandler = (name, does) => {
    if (name === "enterpictureinpicture") globalThis.handlers.push(does !== null);
    set(name, does);
  };
}"""


def test_what_opens_the_small_window_by_itself_stays_however_often_the_page_is_drawn(drawn):  # noqa: F811
    page = drawn({"people": 2}, bypass_csp=True)
    page.add_init_script(HANDLERS)
    page.reload()
    enter(page)
    button(page, "Layout").click()
    page.get_by_role("menuitemcheckbox", name="Open it when I look elsewhere").click()
    page.wait_for_function("handlers.at(-1) === true")
    told = page.evaluate("handlers.length")
    for n in (1, 0, 1):
        page.evaluate("n => harness.media.tell({ type: 'speaking', ids: [harness.id(n)] })", n)
        button(page, "Layout").click()
        page.keyboard.press("Escape")
    assert page.evaluate("handlers.slice(-1)[0]") is True
    assert page.evaluate("handlers.length") == told, "nobody asks again"
    button(page, "Layout").click()
    page.get_by_role("menuitemcheckbox", name="Open it when I look elsewhere").click()
    page.wait_for_function("handlers.at(-1) === false")


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
