"""Every state of the room: axe finds nothing, nothing is cut or scrolls sideways, and a picture is kept of it
(docs/testing.md). `SHAPES=all`: each in every window."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.accessible import faults
from tests.js.test_leading_page import event, of
from tests.js.test_marks import ON as RECORDED
from tests.js.test_room_page import (
    BLOCKED,
    FAR,
    FITS,
    OUTSIDE,
    OVER,
    TEACHER,
    button,
    drawn,
    end_by_button,
    enter,
    hear,
)
from tests.shapes import Shape, shapes

pytestmark = pytest.mark.journey
__all__ = ["drawn"]  # a fixture
Step = Callable[[Page], Any]


def hears(message: dict[str, Any]) -> Step:
    return lambda page: hear(page, message)


def media(told: str) -> Step:
    return lambda page: page.evaluate(f"harness.media.tell({told})")


def press(name: str) -> Step:
    """In the bar or the header, or where a small window has no room for it: under More."""

    def press(page: Page) -> None:
        seen = page.locator(".bar, .room__header").get_by_role("button", name=name).first
        if seen.is_visible():
            return seen.click()
        button(page, "More").click()
        in_menu = page.get_by_role("menuitem", name=name)
        if in_menu.count():
            in_menu.first.click()

    return press


def mark(page: Page) -> None:
    recording = page.get_by_role("toolbar").get_by_role("button", name="Recording", exact=True)
    (recording if recording.is_visible() else button(page, "More")).click()
    page.get_by_role("menuitem", name="Mark this moment").click()


def lose(page: Page) -> None:
    page.evaluate("harness.lose()")
    expect(page.get_by_text("Reconnecting…").first).to_be_visible()


def join(page: Page) -> None:
    button(page, "Join class").click()


def blocked(page: Page) -> None:
    page.get_by_role("button", name="Blocked: Microphone").click()


def files(page: Page) -> None:
    for transfer in TRANSFERS:
        page.evaluate("transfer => harness.media.tell({ type: 'transfer', transfer })", transfer)
    press("Chat")(page)
    page.get_by_role("tab", name="Files").click()


def waiting(code: str, **session: Any) -> tuple[dict[str, Any], list[Step]]:
    return {"refused": code, "here": 0, "session": session}, [join]


def transfer(number: int, state: str, **more: Any) -> dict[str, Any]:
    about = {"name": f"Leaf {number}.pdf", "size": 9_000_000, "type": "application/pdf"}
    return {
        "key": str(number), "peer": of(1), "name": "Ash", "out": bool(number % 2), "files": [about],
        "state": state, "moved": 3_000_000, "total": 9_000_000, "rate": 400_000, "by": None, "why": None,
        **more,
    }  # fmt: skip


TRANSFERS = [transfer(1, "moving"), transfer(2, "done"), transfer(3, "failed", why="gone")]
AT_RISK = {"type": "recording_safe", "sound": 700, "screen": 640, "trouble": "Too little space is left."}
LOST = event("participant_left", participant=of(0), why="lost", by=None, barred=False)
FULL = {
    "text": "All 300 places of the school are taken.",
    "mend": "Keep the page open; you are let in as soon as somebody leaves.",
}
NINE = {"people": 9, "hands": [3, 7]}
STATES: dict[str, tuple[dict[str, Any], list[Step]]] = {
    "before": ({}, []),
    "asking": ({"mic": "asking", "camera": "asking"}, []),
    "blocked": (BLOCKED, []),
    "elsewhere": ({"elsewhere": True}, []),
    "not open": waiting("not_open", **FAR),
    "not started": waiting("not_started", state="scheduled"),
    "locked": waiting("locked"),
    "full": ({"refused": "class_full", "said": FULL, "here": 0}, [join]),
    "grid": (NINE, [enter]),
    "alone": ({"people": 1}, [enter]),
    "thirty": ({"people": 30}, [enter]),
    "hundred": ({"people": 120, "speaking": [4]}, [enter]),
    "white and black": ({"people": 9, "hands": [2, 5], "bare": ["#fff", "#000"], "dark": []}, [enter]),
    "asking inside": ({"people": 3, "mic": "asking", "camera": "asking"}, [enter]),
    "mend": ({"people": 3, "mic": "blocked"}, [enter, blocked]),
    "reconnecting": (NINE, [enter, lose]),
    "media lost": (NINE, [enter, media("{ type: 'media', state: 'lost' }")]),
    "media leaving": (NINE, [enter, hears({"type": "media_leaving", "seconds": 600})]),
    "all lost": (NINE, [enter, media("{ type: 'media', state: 'lost' }"), lose]),
    "silent": (NINE, [enter, media("{ type: 'sound', blocked: true }")]),
    "weak": ({"people": 5, "weak": [1, 2, 3]}, [enter]),
    "teacher gone": (NINE, [enter, hears(LOST)]),
    "muted": ({"people": 3}, [enter, hears(event("stopped", what="mic", participant=of(2)))]),
    "asked to unmute": ({"people": 3}, [enter, hears(event("asked_to_unmute", participant=of(2)))]),
    "consent": ({**NINE, **RECORDED, "asksConsent": True}, [enter]),
    "recorded": ({**NINE, **RECORDED}, [enter, lambda page: page.locator(".rec").click()]),
    "at risk": (
        {**NINE, **TEACHER, **RECORDED},
        [enter, hears(AT_RISK), lambda page: page.locator(".rec").click()],
    ),
    "marking": ({**NINE, **TEACHER, **RECORDED}, [enter, mark]),
    "reacting": (NINE, [enter, press("React")]),
    "devices": (NINE, [enter, press("Microphone and speaker")]),
    "layout": (NINE, [enter, press("Layout")]),
    "connection": (NINE, [enter, lambda page: page.get_by_role("button", name="Connection").click()]),
    "share and chat": ({**NINE, "share": 0}, [enter, press("Chat")]),
    "people": ({**NINE, **TEACHER}, [enter, press("People")]),
    "files": (NINE, [enter, files]),
    "ending": ({**NINE, **TEACHER}, [enter, end_by_button]),
    "left": ({}, [enter, lambda page: button(page, "Leave").first.click()]),
    "over": ({}, [enter, hears(OVER)]),
    "moved": ({}, [enter, hears({"type": "moved"})]),
    "removed": ({}, [enter, hears({"type": "removed", "reason": "Too loud", "barred": False})]),
    "barred": ({}, [enter, hears({"type": "removed", "reason": "", "barred": True})]),
    "signed out": ({}, [enter, lambda page: page.evaluate("harness.signOut()")]),
}
CASES = [(name, shape) for number, name in enumerate(STATES) for shape in shapes(number)]


@pytest.mark.parametrize(("name", "shape"), CASES, ids=str)
def test_every_state_is_for_every_body_and_screen(
    drawn: Callable[..., Page],
    name: str,
    shape: Shape,
) -> None:
    scenario, steps = STATES[name]
    look = {"color_scheme": shape.theme, "reduced_motion": "reduce"}
    page = drawn(scenario, str(shape.width), shape.direction, **look)
    for step in steps:
        step(page)
    page.wait_for_timeout(300)  # tiles take their seats, notices come
    assert not faults(page, name)
    if page.get_by_role("toolbar").count():
        assert page.evaluate(FITS)
        assert page.evaluate(OUTSIDE) == []


MOVES = """[...document.querySelectorAll('.room *:not(.spinner)')].filter(each => {
  const { transitionDuration, animationDuration, animationName } = getComputedStyle(each);
  const lasts = (durations) => durations.split(', ').some((one) => parseFloat(one) > 0);
  return lasts(transitionDuration) || (animationName !== 'none' && lasts(animationDuration));
}).map(each => each.outerHTML.slice(0, 100))"""
REACTED = {"type": "reactions", "reactions": [{"emoji": "👏", "count": 1, "by": [of(1)]}]}


def test_with_less_motion_everything_is_a_cut_and_reactions_stay_still(drawn: Callable[..., Page]) -> None:
    page = enter(drawn({**NINE, **RECORDED}, reduced_motion="reduce"))
    press("Chat")(page)
    hear(page, REACTED)
    reaction = page.locator(".tile__reaction").first
    expect(reaction).to_have_css("animation-name", "none")
    assert page.evaluate(MOVES) == []


SHOWN = ".tile, .bar button:not([role]), .room__header .button, [role=menu]"
BARE = """shown => [...document.querySelectorAll(shown)].filter(each => {
  const { borderTopStyle, outlineStyle } = getComputedStyle(each.closest('.split') ?? each);
  return each.checkVisibility() && borderTopStyle === 'none' && outlineStyle === 'none';
}).map(each => each.outerHTML.slice(0, 100))"""


def test_with_forced_colours_tiles_buttons_and_menus_have_borders(drawn: Callable[..., Page]) -> None:
    page = enter(drawn(NINE, forced_colors="active"))
    press("Chat")(page)
    press("Layout")(page)
    speaking = page.get_by_role("group", name="Ash, speaking")
    expect(speaking).not_to_have_css("outline-style", "none")
    assert page.evaluate(BARE, SHOWN) == []


def test_a_focused_control_shows_a_ring_of_two_tones(drawn: Callable[..., Page]) -> None:
    page = enter(drawn(NINE))
    page.keyboard.press("F6")
    page.keyboard.press("Tab")
    focused = page.locator(":focus-visible")
    expect(focused).to_have_css("outline-style", "solid")
    expect(focused).not_to_have_css("box-shadow", "none")
