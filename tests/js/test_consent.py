"""Whether one is recorded: what the page says of it, and when."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.js.test_room_page import asked, button, drawn, enter, hear  # noqa: F401

pytestmark = pytest.mark.journey
NOW = "2026-11-25T10:00:00Z"
ON = {"recording": {"state": "on", "since": NOW, "started_at": NOW, "by": "Teacher"}}
WAY = "Your answer is on its way and counts once it has arrived."


def withdraw(page: Page) -> None:
    page.locator(".rec").click()
    button(page, "Do not record me").click()
    assert asked(page)[-1] == {"type": "consent", "given": False}
    expect(page.get_by_text(f"You are recorded. {WAY}")).to_be_visible()


def test_the_page_says_that_somebody_is_not_recorded_once_the_server_has_noted_it(drawn):  # noqa: F811
    page = enter(drawn(ON))
    button(page, "OK").click()
    expect(button(page, "OK")).to_have_count(0)
    hear(page, {"type": "consent_noted", "given": True})
    withdraw(page)
    hear(page, {"type": "consent_noted", "given": False})
    expect(page.get_by_text("You are not recorded")).to_be_visible()
    expect(page.get_by_text(WAY)).to_have_count(0)


def test_whoever_asks_in_vain_is_told_so_and_still_recorded(drawn):  # noqa: F811
    page = enter(drawn(ON))
    withdraw(page)
    no = {"code": "failed", "text": "That did not work.", "mend": None, "key": None, "message": None}
    hear(page, {"type": "refused", "re": "consent", "retry_at": None, **no})
    expect(page.get_by_text("That did not work.").first).to_be_visible()
    expect(page.get_by_text("You are recorded.", exact=True)).to_be_visible()
    expect(button(page, "Not me")).to_be_visible()
