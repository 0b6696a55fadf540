"""Pre-join and room in every form, with drawn people: words, keys, space, assistive technology."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.accessible import faults
from tests.js.room_page import open_room

pytestmark = pytest.mark.journey

SIZES = {
    "360": (360, 740),
    "390": (390, 844),
    "sideways": (844, 390),
    "768": (768, 1024),
    "1024": (1024, 768),
    "1280": (1280, 800),
    "1440": (1440, 900),
}
TEACHER = {"role": "teacher", "name": "Teacher", "you": 0}
FAR = {"state": "scheduled", "opens_at": "2099-01-01T09:50:00Z", "starts_at": "2099-01-01T10:00:00Z"}


@pytest.fixture
def drawn(
    bare_browser: Browser, listen: Callable[[BrowserContext], list[str]]
) -> Iterator[Callable[..., Page]]:
    """Open pre-join as `scenario` draws it; a page that complains fails its test."""
    contexts: list[BrowserContext] = []

    def drawn(scenario: dict[str, Any], size: str = "1280", direction: str = "ltr", **options: Any) -> Page:
        width, height = SIZES[size]
        context = bare_browser.new_context(viewport={"width": width, "height": height}, **options)
        context.set_default_timeout(10_000)
        contexts.append(context)
        listen(context)
        page = open_room(context, scenario, direction)
        expect(page.get_by_role("heading", level=1, name="Cell division, part 2")).to_be_visible()
        return page

    yield drawn
    for context in contexts:
        context.close()


def enter(page: Page) -> Page:
    page.get_by_role("button", name="Join class").click()
    expect(page.get_by_role("toolbar", name="Class controls")).to_be_visible()
    expect(page.locator(".tile").first).to_be_visible()
    return page


def asked(page: Page) -> list[dict[str, Any]]:
    return page.evaluate("harness.asked.filter(({ type }) => type !== 'join')")


def hear(page: Page, message: dict[str, Any]) -> None:
    page.evaluate("message => harness.hear(message)", message)


def button(page: Page, name: str) -> Any:
    return page.get_by_role("button", name=name, exact=True)


# ── space ────────────────────────────────────────────────────────────────────


OUTSIDE = """[...document.querySelectorAll('.bar button, .room__header button, .tile, [role=menu]')]
  .filter(each => {
    if (each.parentElement.closest('[role=menu]')) return false; // it scrolls
    const { left, right, top, bottom } = each.getBoundingClientRect();
    return left < -1 || right > innerWidth + 1 || top < -1 || bottom > innerHeight + 1;
}).map(each => each.className)"""
FITS = "document.documentElement.scrollWidth <= innerWidth && document.body.scrollHeight <= innerHeight"


@pytest.mark.parametrize(
    ("people", "share", "panel"), [(1, None, None), (2, None, "Chat"), (16, None, None), (18, 0, "Chat")]
)
def test_nothing_is_cut_or_scrolls_sideways(drawn, people, share, panel):
    page = enter(drawn({"people": people, **({} if share is None else {"share": share})}))
    if panel:
        button(page, panel).click()
    for name, (width, height) in SIZES.items():
        page.set_viewport_size({"width": width, "height": height})
        page.wait_for_timeout(500)  # tiles glide to their seats
        assert page.evaluate(FITS), name
        assert page.evaluate(OUTSIDE) == [], name


def test_join_is_in_view_on_a_small_phone(drawn):
    page = drawn({"off": ["mic"]}, "390")
    page.set_viewport_size({"width": 390, "height": 664})
    box = button(page, "Join class").bounding_box()
    assert box["y"] + box["height"] <= 664


@pytest.mark.parametrize("size", ["1280", "768", "360"])
def test_text_of_twice_the_size_still_fits_the_window(drawn, size):
    page = enter(drawn({"people": 5}, size))
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    page.wait_for_timeout(200)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_in_right_to_left_the_panel_is_on_the_left(drawn):
    page = enter(drawn({"people": 5}, direction="rtl"))
    button(page, "Chat").click()
    assert page.get_by_role("complementary").bounding_box()["x"] < 40


# ── assistive technology ─────────────────────────────────────────────────────


def end_by_button(page: Page) -> None:
    button(page, "Leave").click()
    page.get_by_role("menuitem", name="End for everyone").click()


BLOCKED = {"mic": "blocked", "camera": "busy"}
OVER = {"type": "class_ended", "seq": 41, "at": "2026-11-25T10:40:00Z", "by": None}


def test_entering_says_where_one_is(drawn):
    page = enter(drawn({"people": 3}))
    assert page.evaluate("document.activeElement.textContent") == "Cell division, part 2"
    expect(page.get_by_role("status").last).to_have_text(
        "You are in Cell division, part 2. 3 people are here."
    )


def test_tiles_say_who_is_heard_and_seen(drawn):
    page = enter(drawn({"people": 5, "hands": [2]}))
    for name in (
        "Ash, speaking",
        "Birch, muted, hand raised, number 1",
        "Cedar, muted, camera off",
        "Maple (you)",
    ):
        expect(page.get_by_role("group", name=name, exact=True)).to_be_visible()


# ── keys ─────────────────────────────────────────────────────────────────────


def test_the_bar_is_one_tab_stop_with_arrows_inside(drawn):
    page = enter(drawn({"people": 3}))
    stops = page.get_by_role("toolbar").locator("button[tabindex='0']")
    expect(stops).to_have_count(1)
    button(page, "Mute").focus()
    page.keyboard.press("ArrowRight")
    expect(button(page, "Microphone and speaker")).to_be_focused()
    page.keyboard.press("End")
    expect(button(page, "Chat")).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(button(page, "Mute")).to_be_focused()
    expect(stops).to_have_count(1)


def test_microphone_and_camera_have_keys_that_work_while_typing(drawn):
    page = enter(drawn({"people": 3}))
    button(page, "Chat").click()
    page.get_by_label("Message everyone").fill("hal")
    page.keyboard.press("Control+d")
    expect(button(page, "Unmute")).to_be_visible()
    expect(page.get_by_role("status").last).to_have_text("Microphone off")
    page.keyboard.press("Control+e")
    expect(button(page, "Start video")).to_be_visible()
    expect(page.get_by_label("Message everyone")).to_have_value("hal")


def test_a_menu_opens_walks_and_closes_by_keys(drawn):
    page = enter(drawn({"people": 3}))
    button(page, "Microphone and speaker").press("Enter")
    expect(page.get_by_role("menuitemradio", name="Built-in microphone")).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("menuitemradio", name="USB headset").first).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("menu")).to_have_count(0)
    expect(button(page, "Microphone and speaker")).to_be_focused()


def test_f6_goes_through_the_regions(drawn):
    page = enter(drawn({"people": 3}))
    region = "document.activeElement.closest('header, main, aside, [role=toolbar]')?.className.split(' ')[0]"
    seen = []
    for _ in range(3):
        page.keyboard.press("F6")
        seen.append(page.evaluate(region))
    assert seen == ["stage", "bar", "room__header"], "the heading in the header has the focus on entering"


def test_the_whole_way_in_and_out_by_keyboard_alone(drawn):
    page = drawn({"people": 3})
    button(page, "Join class").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("toolbar")).to_be_visible()
    page.keyboard.press("Control+Alt+C")
    expect(page.get_by_label("Message everyone")).to_be_focused()
    page.keyboard.type("hello")
    page.keyboard.press("Enter")
    assert asked(page)[0]["text"] == "hello"
    page.keyboard.press("F6")
    page.keyboard.press("End")
    for _ in range(2):
        page.keyboard.press("ArrowLeft")
    expect(button(page, "Leave")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="You left the class")).to_be_focused()


# ── who may do what ──────────────────────────────────────────────────────────


def test_students_see_no_teacher_control_and_leave_at_once(drawn):
    page = enter(drawn({"people": 5, "hands": [1]}))
    page.get_by_role("button", name="People").click()
    expect(page.get_by_role("button", name="Lower the hand of")).to_have_count(0)
    button(page, "Leave").click()
    expect(page.get_by_role("heading", name="You left the class")).to_be_visible()
    assert asked(page) == [{"type": "leave"}]


def test_the_teacher_is_asked_once_before_the_class_ends(drawn):
    page = enter(drawn({"people": 5, **TEACHER}))
    button(page, "Leave").click()
    page.get_by_role("menuitem", name="End for everyone").click()
    dialog = page.get_by_role("dialog", name="End the class for 5 people?")
    expect(dialog.get_by_role("button", name="Stay")).to_be_focused()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    assert asked(page) == []
    button(page, "Leave").click()
    page.get_by_role("menuitem", name="End for everyone").click()
    dialog.get_by_role("button", name="End for everyone").click()
    assert asked(page) == [{"type": "end_class"}]


def test_the_teacher_lowers_a_hand(drawn):
    page = enter(drawn({"people": 5, "hands": [3], **TEACHER}))
    button(page, "Chat").click()
    page.get_by_role("button", name="Lower the hand of Cedar").click()
    assert asked(page)[0]["participant"].endswith("3")


# ── states ───────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("scenario", "words"),
    [
        ({"mic": "asking", "camera": "asking"}, "Choose Allow in the question at the top of the window."),
        ({"mic": "blocked"}, "Your browser blocks the microphone."),
        ({"mic": "blocked", "camera": "blocked"}, "set Microphone and Camera to Allow"),
        ({"camera": "busy"}, "Another app uses the camera. Close it, or join without video."),
        ({"mic": "missing"}, "No microphone found. Plug one in; it is picked up by itself."),
    ],
)
def test_a_device_that_does_not_work_says_how_to_mend_it_and_keeps_nobody_out(drawn, scenario, words):
    page = drawn(scenario)
    expect(page.get_by_text(words)).to_be_visible()
    enter(page)


def test_a_class_that_is_not_open_waits_and_can_be_left(drawn):
    page = drawn({"refused": "not_open", "session": FAR, "here": 0})
    button(page, "Join class").click()
    expect(page.get_by_text("The class is not open yet")).to_be_visible()
    button(page, "Stop waiting").click()
    expect(button(page, "Join class")).to_be_visible()


def test_a_student_waits_for_the_teacher_and_gets_in_by_themselves(drawn):
    page = drawn({"refused": "not_started", "session": {"state": "scheduled"}, "here": 0})
    button(page, "Join class").click()
    expect(page.get_by_text("The teacher is not here yet")).to_be_visible()
    page.evaluate("scenario.refused = null; scenario.session = {}; harness.greet()")
    expect(page.get_by_role("toolbar", name="Class controls")).to_be_visible()


def line_up(page: Page, place: int) -> None:
    """In the waiting room, at that place."""
    hear(page, {"type": "waiting", "since": "2026-11-22T10:00:00Z"})
    page.evaluate("place => { scenario.lobby = 'waiting'; scenario.place = place; harness.greet(); }", place)
    expect(page.get_by_text("You are in the waiting room")).to_be_visible()


@pytest.mark.parametrize("size", ["360", "1280"])
def test_who_waits_is_told_their_place_in_line_and_what_works_meanwhile(drawn, size):
    page = drawn({"role": "guest", "name": "Gwen", "off": ["camera"]}, size)
    line_up(page, 3)
    expect(page.locator(".waiting")).to_contain_text("You are number 3 in line.")
    lines = page.get_by_role("list", name="What works already")
    expect(lines).to_contain_text("Microphone works")
    expect(lines).to_contain_text("Connection is good")
    for theme in ("dark", "light"):
        page.emulate_media(color_scheme=theme)
        assert faults(page, "waiting-room") == []
    page.evaluate("harness.lose()")
    expect(lines).to_contain_text("Connection is lost")
    page.evaluate("harness.open()")
    button(page, "Turn the camera on").click()
    expect(lines).to_contain_text("Camera works")
    line_up(page, 1)
    expect(page.locator(".waiting")).to_contain_text("You are next in line.")


def test_being_inside_elsewhere_is_asked_first(drawn):
    page = drawn({"elsewhere": True})
    expect(page.get_by_text("You are in this class in another tab")).to_be_visible()
    expect(button(page, "Use this tab")).to_be_visible()


def test_a_blocked_microphone_opens_the_mend_in_class(drawn):
    page = enter(drawn({"people": 3, "mic": "blocked"}))
    page.get_by_role("button", name="Blocked: Microphone").click()
    mend = page.get_by_role("dialog", name="Your browser blocks the microphone")
    expect(mend.get_by_role("listitem")).to_have_count(3)
    mend.get_by_role("button", name="Listen only").click()
    expect(mend).to_have_count(0)


def test_a_lost_line_is_said_after_two_seconds_and_what_is_typed_is_kept(drawn):
    page = enter(drawn({"people": 3}))
    page.evaluate("harness.lose()")
    strip = page.get_by_text("Reconnecting… You still hear the class. What you write is kept.")
    expect(strip).to_have_count(0)
    expect(strip).to_be_visible()
    button(page, "Chat").click()
    page.get_by_label("Message everyone").fill("later")
    button(page, "Send").click()
    expect(page.get_by_text("Waits for the connection")).to_be_visible()
    page.evaluate("harness.open()")
    expect(strip).to_have_count(0)


def test_lost_media_greys_the_pictures(drawn):
    page = enter(drawn({"people": 3}))
    page.evaluate("harness.media.tell({ type: 'media', state: 'lost' })")
    expect(page.locator(".tile--held").first).to_be_visible()
    expect(page.get_by_text("Sound and video are interrupted. Reconnecting…")).to_be_visible()


CALL = "{ peer: harness.id(0), flows: true, relayed: %s, live: [], media: {} }"
DIRECT = f"{{ type: 'direct', failed: false, direct: {CALL} }}"
PATH = "{ type: 'path', path: { relayed: %s, tcp: true } }"
WAYS = {
    "alone": (1, "", "through the class server", "With one other person here"),
    "two, in search": (
        2,
        "{ type: 'direct', failed: false, direct: null }",
        "through the class server",
        "is being looked for",
    ),
    "two, in vain": (
        2,
        "{ type: 'direct', failed: true, direct: null }",
        "through the class server",
        "let nothing pass",
    ),
    "two": (2, DIRECT % "false", "directly between you two", "the shortest way"),
    "two and a relay": (
        2,
        DIRECT % "true",
        "between you two, through a relay",
        "a relay hands sound and video on",
    ),
    "three": (3, "", "through the class server", "With more than two people"),
    "no UDP": (3, PATH % "false", "through the class server", "over TCP"),
    "a firewall": (3, PATH % "true", "through the class server, by a relay", "blocks the straight way"),
}


@pytest.mark.parametrize("case", WAYS)
def test_the_page_says_which_way_sound_and_video_take_and_why(drawn, case):
    people, event, title, reason = WAYS[case]
    page = enter(drawn({"people": people, "direct": True}))
    if event:
        page.evaluate(f"harness.media.tell({event})")
    page.get_by_role("button", name=f"Connection: {title}").click()
    note = page.get_by_role("dialog", name=title)
    expect(note).to_contain_text(reason)
    page.keyboard.press("Escape")
    expect(note).to_be_hidden()
    expect(page.get_by_role("button", name="Connection")).to_be_focused()


def test_a_school_without_direct_calls_says_so(drawn):
    page = enter(drawn({"people": 2}))
    page.get_by_role("button", name="Connection").click()
    expect(page.get_by_role("dialog")).to_contain_text("Your school keeps direct connections switched off.")


def test_pictures_that_come_directly_stay_when_the_media_server_is_lost(drawn):
    page = enter(drawn({"people": 2}))
    page.evaluate(f"harness.media.tell({DIRECT % 'false'})")
    page.evaluate("harness.media.tell({ type: 'media', state: 'lost' })")
    page.wait_for_timeout(3500)
    expect(page.locator(".tile--held")).to_have_count(0)
    expect(page.get_by_text("Sound and video are interrupted")).to_have_count(0)


def test_a_media_server_that_restarts_is_said_calmly_and_the_words_go_when_it_is_back(drawn):
    page = enter(drawn({"people": 3}))
    hear(page, {"type": "media_leaving", "seconds": 2})
    expect(page.get_by_text("The media server restarts in a moment.")).to_be_visible()
    hear(page, {"type": "media_lost"})
    page.evaluate("harness.media.adrift()")
    strip = page.get_by_text("The media server is restarting. Sound and video come back by themselves")
    expect(strip).to_be_visible()
    expect(page.locator(".tile--held").first).to_be_visible()
    hear(page, {"type": "media_back", "restarted": True, "spread": 0})
    expect(strip).to_have_count(0)
    expect(page.locator(".tile--held")).to_have_count(0)


def test_a_restart_that_is_far_off_is_said_with_its_time_then_as_near_and_not_for_ever(drawn):
    page = drawn({"people": 3})
    page.clock.install(time="2026-11-22T10:10:00Z")
    enter(page)
    hear(page, {"type": "media_leaving", "seconds": 600})
    expect(page.get_by_text("The media server restarts by 11:20.")).to_be_visible()
    page.clock.fast_forward(590_000)
    expect(page.get_by_text("The media server restarts in a moment.")).to_be_visible()
    page.clock.fast_forward(120_000)
    expect(page.get_by_text("The media server restarts")).to_have_count(0)


def test_a_screen_reader_hears_that_media_is_lost_and_that_it_is_back(drawn):
    page = enter(drawn({"people": 3}))
    region = page.locator(".room__lasting")
    expect(region).to_have_role("status")
    expect(region).to_be_empty()
    page.evaluate("globalThis.region = document.querySelector('.room__lasting')")
    page.evaluate("harness.media.tell({ type: 'media', state: 'lost' })")
    expect(region).to_contain_text("Sound and video are interrupted.")
    page.evaluate("harness.media.tell({ type: 'media', state: 'on' })")
    expect(region).to_have_text("Sound and video are back.")
    assert page.evaluate("region === document.querySelector('.room__lasting')"), (
        "a region that comes is not read"
    )
    expect(region).to_be_empty(timeout=20_000)


RECORDED = {"url": "/c/0/recordings/1/", "deleted_at": None, "tracks": [{"state": "ready"}]}


@pytest.mark.parametrize("size", ["360", "1280"])
def test_after_the_class_its_recording_is_played_as_soon_as_it_is_there(drawn, size):
    page = enter(drawn({"people": 3}, size))
    answer = {"results": [{**RECORDED, "state": "finishing"}]}
    page.route("**/api/v1/recordings/**", lambda route: route.fulfill(json=answer))
    hear(page, OVER)
    expect(page.get_by_role("status").first).to_have_text("The recording is ready in a moment…")
    answer["results"][0]["state"] = "ready"
    play = page.get_by_role("link", name="Play recording")
    expect(play).to_have_attribute("href", RECORDED["url"])
    expect(page.locator(".button--primary")).to_have_count(1)
    expect(page.get_by_role("link", name=re.compile("Next class: Meiosis, Sunday"))).to_be_visible()
    expect(button(page, "Save chat")).to_be_visible()
    for theme in ("dark", "light"):
        page.emulate_media(color_scheme=theme)
        assert faults(page, "recorded") == []


def test_a_silent_room_offers_its_sound(drawn):
    page = enter(drawn({"people": 3}))
    page.evaluate("harness.media.tell({ type: 'sound', blocked: true })")
    expect(button(page, "Turn sound on")).to_be_visible()


def test_the_other_tab_says_where_the_class_went(drawn):
    page = enter(drawn({"people": 3}))
    hear(page, {"type": "moved"})
    expect(page.get_by_role("heading", name="Moved to another tab")).to_be_focused()
    button(page, "Use here").click()
    expect(page.get_by_role("toolbar", name="Class controls")).to_be_visible()


def test_a_shared_screen_takes_the_stage_and_the_rest_are_counted(drawn):
    page = enter(drawn({"people": 18, "share": 0}))
    screen = page.locator("[data-kind=screen]").bounding_box()
    stage = page.get_by_role("main", name="Stage").bounding_box()
    assert screen["width"] * screen["height"] > 0.6 * stage["width"] * stage["height"]
    page.get_by_role("button", name="more people").click()
    expect(page.get_by_role("tab", name="People, 18")).to_be_visible()


def test_messages_cannot_smuggle_markup(drawn):
    page = enter(drawn({"people": 3, "silent": True}))
    button(page, "Chat").click()
    message = {
        "id": 41, "key": "k", "participant": "0" * 32, "name": "<b>T</b>", "role": "teacher", "hue": 1,
        "text": "<img src=x onerror=alert(1)> javascript:alert(1) https://example.org/a?b=<i>",
        "at": "2026-11-25T10:00:00Z", "to": None, "reply": None, "files": [], "reactions": [],
        "edited_at": None, "deleted": None,
    }  # fmt: skip
    hear(page, {"type": "said", "seq": 41, "at": message["at"], "message": message})
    log = page.get_by_role("log")
    expect(log).to_contain_text("<img src=x onerror=alert(1)>")
    expect(log.locator("img")).to_have_count(0)
    assert log.get_by_role("link").evaluate_all("all => all.map(each => each.href)") == [
        "https://example.org/a?b="
    ]


NO_SPEAKER = "The AudioContext encountered an error from the audio device"
SOUNDING = """(() => {
  globalThis.sounded = [];
  const start = OscillatorNode.prototype.start;
  OscillatorNode.prototype.start = function (at) {
    sounded.push(this.frequency.value);
    return start.call(this, at);
  };
})()"""


@pytest.mark.complains(NO_SPEAKER)
def test_the_teacher_hears_a_hand_sees_it_at_once_and_is_told_of_several_in_one_sentence(drawn):
    page = drawn({**TEACHER, "people": 4})
    page.clock.install()
    enter(page)
    page.evaluate(SOUNDING)
    for n in (1, 2):
        hand = {"type": "hand_raised", "seq": 41 + n, "at": "2026-11-22T10:10:00Z"}
        hear(page, {**hand, "participant": f"{n:032}"})
    expect(page.locator(".notice")).to_contain_text("2 hands raised")
    expect(page.locator("[aria-live=polite]").last).not_to_contain_text("hand")
    page.clock.fast_forward(3100)
    expect(page.locator("[aria-live=polite]").last).to_have_text("2 hands raised")
    page.wait_for_function("sounded.length === 2")  # the two tones of one sound


@pytest.mark.complains(NO_SPEAKER)
def test_what_is_heard_of_is_each_persons_choice_and_kept(drawn):
    page = enter(drawn({**TEACHER, "people": 4}))
    page.evaluate(SOUNDING)
    button(page, "More").click()
    page.get_by_role("menuitem", name="Sounds and announcements").click()
    switches = page.get_by_role("dialog", name="Sounds and announcements").get_by_role("switch")
    assert [each.is_checked() for each in switches.all()] == [True] * 4
    page.get_by_role("switch", name="Somebody raises a hand").uncheck()
    button(page, "Done").click()
    hear(page, {"type": "hand_raised", "seq": 41, "at": "2026-11-22T10:10:00Z", "participant": f"{1:032}"})
    expect(page.locator(".notice")).to_contain_text("Ash raised a hand")
    guest = {"id": f"{9:032}", "name": "Robin", "hue": 1, "link": "", "since": "2026-11-22T10:10:00Z"}
    hear(page, {"type": "waiting_room", "people": [guest]})
    page.wait_for_function("sounded.length === 2 && sounded[0] === 330")  # the knock, and nothing before
    assert page.evaluate("JSON.parse(localStorage.getItem('aula.view')).alerts.hands") is False


def test_students_choose_about_messages_to_them_alone(drawn):
    page = enter(drawn({"people": 4}))
    button(page, "More").click()
    page.get_by_role("menuitem", name="Sounds and announcements").click()
    expect(page.get_by_role("dialog").get_by_role("switch")).to_have_count(1)
    assert faults(page) == []
