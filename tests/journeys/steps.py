"""What people do on the way into a class, in the words of the pages."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import count
from zoneinfo import ZoneInfo

from playwright.sync_api import Page, expect

from tests.journeys.aula import PASSWORD, Site

SCHOOL = ZoneInfo("Europe/Berlin")  # the demo school's wall clock
DESKTOP = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 844, "has_touch": True, "is_mobile": True}
_numbers = count(1)


def sign_in(page: Page, at: Site, email: str, tenant: str = "demo") -> None:
    """Through the form."""
    page.goto(at.url("/sign-in/", tenant))
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(at.url("/", tenant))


def open_class(aula: Site, page: Page, title: str = "", course: str = "Biology 9b") -> str:
    """Schedule a class that begins in five minutes, through the page; returns its path."""
    title = title or f"Photosynthesis, part {next(_numbers)}"
    starts_at = datetime.now(SCHOOL) + timedelta(minutes=5)
    page.goto(aula.url("/"))
    page.get_by_role("link", name="Courses", exact=True).click()
    page.get_by_role("main").get_by_role("link", name=course).click()
    page.get_by_role("link", name="Schedule class").click()
    page.get_by_label("Title").fill(title)
    page.get_by_label("Date").fill(starts_at.strftime("%Y-%m-%d"))
    page.get_by_label("Starts at").fill(starts_at.strftime("%H:%M"))
    page.get_by_role("button", name="Schedule class").click()
    anyway = page.get_by_role("button", name="Schedule anyway")  # the demo class is on at this time
    heading = page.get_by_role("heading", level=1, name=title)
    expect(anyway.or_(heading)).to_be_visible()
    if anyway.is_visible():
        anyway.click()
    expect(heading).to_be_visible()
    return page.url.removeprefix(aula.url("/").rstrip("/"))


def enter(page: Page, words: str, *, camera: bool = True) -> None:
    """From the class page through pre-join into the room."""
    page.get_by_role("link", name=words).click()
    if not camera:
        page.get_by_role("button", name="Stop video").click()
    page.get_by_role("button", name=words).click()
    expect(page.get_by_role("toolbar", name="Class controls")).to_be_visible()


def open_chat(page: Page) -> None:
    if not page.get_by_role("log", name="Chat").is_visible():
        page.get_by_role("toolbar", name="Class controls").get_by_role("button", name="Chat").click()


def say(page: Page, words: str) -> None:
    open_chat(page)
    page.get_by_label("Message everyone").fill(words)
    page.get_by_label("Message everyone").press("Enter")


def end_for_everyone(page: Page) -> None:
    page.get_by_role("button", name="Leave").click()
    page.get_by_role("menuitem", name="End for everyone").click()
    page.get_by_role("button", name="End for everyone").click()


def see(page: Page, address: str) -> tuple[int, str]:
    """Status and words of a page."""
    response = page.goto(address)
    assert response is not None
    return response.status, page.locator("body").inner_text()
