"""What a page says and offers when a class is full, open in another tab, or without sound and video."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.accessible import faults
from tests.js.test_room_page import SIZES, asked, button, drawn, enter, hear  # noqa: F401

pytestmark = pytest.mark.journey
FULL = {
    "type": "refused",
    "code": "class_full",
    "text": "All 300 places of the school are taken.",
    "mend": "Keep the page open; you are let in as soon as somebody leaves.",
    "re": "join",
    "key": None,
    "retry_at": None,
}
STUCK = 16_000  # ms
HEARD_OF = """lines => new RTCPeerConnection()
  .setRemoteDescription({ type: "offer", sdp: lines.join("\\r\\n") }).catch(() => null)"""


def looks_right(page: Page, name: str) -> None:
    """Nothing for axe, nothing sideways, in both themes, on a phone and on a desktop."""
    for size in ("360", "1280"):
        width, height = SIZES[size]
        page.set_viewport_size({"width": width, "height": height})
        for theme in ("light", "dark"):
            page.emulate_media(color_scheme=theme)
            assert not faults(page, f"{name} {size}")


def test_a_full_class_says_so_and_offers_its_recording(drawn):  # noqa: F811
    page = drawn({"refused": "class_full", "recorded": True})
    button(page, "Join class").click()
    hear(page, FULL)
    expect(page.get_by_role("status").filter(has_text="This class is full")).to_contain_text(
        "All 300 places of the school are taken. Keep the page open"
    )
    later = page.get_by_role("link", name="Watch the recording later")
    expect(later).to_have_attribute("href", "/c/0/")
    looks_right(page, "full")
    button(page, "Stop waiting").click()
    expect(button(page, "Join class")).to_be_visible()
    expect(later).to_have_count(0)


def test_a_full_class_that_is_not_recorded_promises_no_recording(drawn):  # noqa: F811
    page = drawn({"refused": "class_full"})
    button(page, "Join class").click()
    expect(page.get_by_text("This class is full")).to_be_visible()
    expect(page.get_by_role("link", name="Watch the recording later")).to_have_count(0)


def test_a_second_tab_asks_first_and_the_first_one_offers_the_way_back(drawn):  # noqa: F811
    page = drawn({"elsewhere": True})
    expect(page.get_by_text("You are in this class in another tab")).to_be_visible()
    expect(page.get_by_role("link", name="Go back")).to_have_attribute("href", "/c/0/")
    looks_right(page, "elsewhere")
    button(page, "Use this tab").click()
    expect(page.get_by_role("toolbar", name="Class controls")).to_be_visible()
    hear(page, {"type": "moved"})
    expect(page.get_by_role("heading", name="Moved to another tab")).to_be_focused()
    looks_right(page, "moved")
    button(page, "Use here").click()
    expect(page.get_by_role("toolbar", name="Class controls")).to_be_visible()


def test_another_way_is_offered_once_sound_and_video_stay_away(drawn):  # noqa: F811
    page = drawn({"people": 3})
    page.clock.install()
    enter(page)
    page.evaluate(HEARD_OF, ["a=ice-lite", "a=candidate:1 1 udp 2130706431 203.0.113.9 7882 typ host"])
    page.evaluate("harness.media.tell({ type: 'media', state: 'lost' })")
    page.clock.run_for(5_000)
    expect(page.get_by_text("Sound and video are interrupted.")).to_be_visible()
    other = page.get_by_role("button", name="Try another way")
    expect(other).to_have_count(0)
    page.clock.run_for(STUCK)
    expect(other).to_be_visible()
    looks_right(page, "stuck")
    other.click()
    expect(page.locator("#stage")).to_be_focused()
    expect(page.get_by_text("ask IT to open UDP port 7882.")).to_be_visible()
    expect(page.get_by_role("link", name="Details for IT")).to_have_attribute("href", "/check/")
    expect(other).to_have_count(0)
    looks_right(page, "another way")
    page.clock.run_for(STUCK)
    expect(other).to_be_visible()
    page.evaluate("harness.media.tell({ type: 'media', state: 'on' })")
    expect(page.locator(".room__strip")).to_have_count(0)


def test_no_other_way_is_offered_while_the_media_server_itself_is_away(drawn):  # noqa: F811
    page = drawn({"people": 3})
    page.clock.install()
    enter(page)
    hear(page, {"type": "media_lost"})
    page.evaluate("harness.media.tell({ type: 'media', state: 'lost' })")
    page.clock.run_for(STUCK)
    expect(page.get_by_text("The media server is restarting.")).to_be_visible()
    expect(page.get_by_role("button", name="Try another way")).to_have_count(0)
