"""A weekly series in a real browser: read back, scheduled, one moved, later ones moved and cancelled."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date, datetime, timedelta
from itertools import count

import pytest
from playwright.sync_api import Page, expect

from tests.accessible import faults
from tests.journeys.aula import Aula
from tests.journeys.steps import SCHOOL

PEOPLE = 7  # of the course: one teacher, six students
pytestmark = pytest.mark.journey
READ = "async (path) => { const got = await fetch(path); return [got.status, await got.text()] }"
_weeks = count(4)  # each test has a time of its own: the first weeks hold the demo's classes


def monday() -> date:
    today = datetime.now(SCHOOL).date()
    return today + timedelta(days=7 * next(_weeks) * 3 - today.weekday())


def wait_until(true: Callable[[], bool], seconds: float = 20.0) -> None:
    until = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < until
        time.sleep(0.1)


def long_day(day: date) -> str:
    return f"{day.day} {day:%B}" + ("" if day.year == datetime.now(SCHOOL).year else f" {day.year}")


@pytest.mark.parametrize(("width", "height"), [(390, 844), (1280, 800)])
def test_a_series_from_its_scheduling_to_its_end(
    aula: Aula, signed_in: Callable[..., Page], width: int, height: int
) -> None:
    teacher = signed_in("teacher@demo.test", width=width, height=height)
    first = monday()
    title = f"Photosynthesis at {width}"
    teacher.get_by_role("link", name="Courses", exact=True).click()
    teacher.get_by_role("main").get_by_role("link", name="Biology 9b").click()
    course = teacher.url
    teacher.get_by_role("link", name="Schedule class").click()

    # What is typed is read back before it is saved; the weekday of the date is chosen by itself.
    teacher.get_by_label("Title").fill(title)
    teacher.get_by_label("Date").fill(first.isoformat())
    teacher.get_by_label("Starts at").fill("09:00")
    expect(teacher.get_by_label("Last day")).to_be_hidden()
    teacher.get_by_label("Repeats").select_option(label="Every week")
    expect(teacher.get_by_label("Mon")).to_be_checked()
    teacher.get_by_label("Wed").check()
    teacher.get_by_label("Last day").fill((first + timedelta(days=18)).isoformat())
    last = first + timedelta(days=16)
    sentence = f"Every Monday and Wednesday, 09:00–09:45, until {long_day(last)}: 6 classes"
    expect(teacher.get_by_role("status").filter(has_text=sentence)).to_be_visible()
    teacher.get_by_label("After a number of classes").check()
    teacher.get_by_label("How many classes").fill("5")
    shorter = f"until {long_day(first + timedelta(days=14))}: 5 classes"
    expect(teacher.get_by_role("status").filter(has_text=shorter)).to_be_visible()
    teacher.get_by_label("On a day").check()
    expect(teacher.get_by_role("status").filter(has_text=sentence)).to_be_visible()
    teacher.get_by_role("button", name="Schedule class").click()
    teacher.wait_for_url(course)
    expect(teacher.get_by_role("status").filter(has_text=sentence)).to_be_visible()

    # The background worker has told the seven people of the course, one mail each.
    begin = f"Subject: {title}: Mon {first.day} {first:%b}, 09:00"
    wait_until(lambda: aula.output.count(begin) == PEOPLE)

    # The same time again clashes, and says so while it is typed.
    teacher.get_by_role("link", name="Schedule class").click()
    teacher.get_by_label("Title").fill("Osmosis")
    teacher.get_by_label("Date").fill(first.isoformat())
    teacher.get_by_label("Starts at").fill("09:15")
    teacher.get_by_label("Repeats").select_option(label="Every week")
    teacher.get_by_label("Last day").fill((first + timedelta(days=7)).isoformat())
    expect(teacher.get_by_role("status").filter(has_text="2 of 2 classes clash")).to_be_visible()
    expect(teacher.get_by_role("status").filter(has_text=title)).to_be_visible()
    teacher.goto(course)

    def open_class(n: int) -> None:
        teacher.goto(course)
        folded = teacher.locator("details.more-rows > summary")
        if folded.is_visible():
            folded.click()
        teacher.get_by_role("link", name=f"Open {title}").nth(n).click()
        teacher.get_by_role("link", name="Change", exact=True).click()

    # The second one is moved by itself: from Wednesday to Thursday, half past ten.
    open_class(1)
    expect(teacher.get_by_label("Only this class")).to_be_checked()
    moved = first + timedelta(days=3)
    teacher.get_by_label("Date").fill(moved.isoformat())
    teacher.get_by_label("Starts at").fill("10:30")
    teacher.get_by_role("button", name="Save changes").click()
    expect(teacher.get_by_text("This one was changed by hand.")).to_be_visible()
    expect(teacher.get_by_role("main")).to_contain_text("10:30–11:15")

    # From the third on they are an hour later; the moved one and the first stay.
    open_class(2)
    teacher.get_by_label("This and the 3 after it").check()
    teacher.get_by_label("Starts at").fill("10:00")
    teacher.get_by_role("button", name="Save changes").click()
    expect(teacher.get_by_role("status").filter(has_text="4 classes are changed.")).to_be_visible()

    # From the fourth on they are cancelled.
    open_class(3)
    teacher.get_by_role("button", name="Cancel this class").click()
    asked = teacher.get_by_role("dialog", name="Cancel this class?")
    expect(asked.get_by_role("button", name="Keep them")).to_be_focused()
    asked.get_by_role("button", name="Cancel this and the 2 after it").click()
    teacher.wait_for_url(course)
    wait_until(lambda: aula.output.count(f"Subject: Cancelled: {title}, 3 classes") == PEOPLE)
    expect(teacher.get_by_role("status").filter(has_text="3 classes are cancelled.")).to_be_visible()

    # A student sees what is left, in the week it is in.
    student = signed_in("student@demo.test", width=width, height=height)
    student.goto(course)
    folded = student.locator("details.more-rows > summary")
    if folded.is_visible():
        folded.click()
    left = student.locator(".row", has_text=title)
    expect(left).to_have_count(3)
    for row, words in zip(left.all(), ("09:00–09:45", "10:30–11:15", "10:00–10:45"), strict=True):
        expect(row).to_contain_text(words)
    student.goto(aula.url("/"))
    week = student.get_by_role("region", name="The next seven days")
    expect(week.get_by_text("No classes").first).to_be_visible()
    pages = ((first - datetime.now(SCHOOL).date()).days - 1) // 7
    for _ in range(pages):
        student.get_by_role("link", name="Seven days later").click()
    expect(student.locator("#week")).to_contain_text(title)
    assert teacher.complaints == []
    assert student.complaints == []
    for page in (teacher, student):
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


@pytest.mark.complains("status of 4")
def test_a_calendar_address_is_made_copied_and_read(
    aula: Aula, signed_in: Callable[..., Page], open_page: Callable[..., Page]
) -> None:
    student = signed_in("student@demo.test", permissions=["clipboard-read", "clipboard-write"])
    student.get_by_role("button", name="Account of").click()
    student.get_by_role("link", name="Your account").click()
    student.get_by_role("button", name="Make an address").click()
    address = student.get_by_label("Calendar address").input_value()
    student.get_by_role("button", name="Copy address").click()
    expect(student.get_by_role("button", name="Address copied")).to_be_visible()
    assert student.evaluate("navigator.clipboard.readText()") == address
    stranger, elsewhere = open_page(), open_page()
    stranger.goto(aula.url("/sign-in/"))
    elsewhere.goto(aula.url("/sign-in/", tenant="other"))
    path = address.removeprefix(aula.url("/").rstrip("/"))
    status, text = stranger.evaluate(READ, path)
    assert status == 200
    assert "BEGIN:VEVENT" in text
    assert elsewhere.evaluate(READ, path)[0] == 404
    student.get_by_role("button", name="Remove address").click()
    expect(student.get_by_role("button", name="Make an address")).to_be_visible()
    assert stranger.evaluate(READ, path)[0] == 404
    assert student.complaints == []


@pytest.mark.parametrize(
    ("width", "height", "theme"), [(360, 740, "dark"), (768, 1024, "light"), (1440, 900, "dark")]
)
def test_pages_of_courses_and_calendars_are_accessible(
    aula: Aula, signed_in: Callable[..., Page], width: int, height: int, theme: str
) -> None:
    shape = {"width": width, "height": height, "color_scheme": theme, "reduced_motion": "reduce"}
    teacher = signed_in("teacher@demo.test", **shape)
    first = monday()
    teacher.get_by_role("link", name="Courses", exact=True).click()
    teacher.get_by_role("main").get_by_role("link", name="Biology 10a").click()
    course = teacher.url
    found = []
    begin = {360: "09:00", 768: "11:00", 1440: "13:00"}[width]  # twelve weeks: clear of the others' series

    def fill(title: str) -> None:
        teacher.goto(course + "schedule/")
        teacher.get_by_label("Title").fill(title)
        teacher.get_by_label("Date").fill(first.isoformat())
        teacher.get_by_label("Starts at").fill(begin)
        teacher.get_by_label("Repeats").select_option(label="Every week")

    fill("Enzymes, weekly")
    teacher.get_by_role("button", name="Schedule class").click()
    expect(teacher.get_by_role("alert")).to_contain_text("Choose the last day.")
    found += faults(teacher)
    fill("Enzymes, weekly")
    teacher.get_by_label("After a number of classes").check()
    teacher.get_by_label("How many classes").fill("12")
    expect(teacher.get_by_role("status")).to_contain_text("12 classes")
    found += faults(teacher)
    teacher.get_by_role("button", name="Schedule class").click()
    teacher.wait_for_url(course)
    teacher.locator("details.more-rows > summary").click()
    found += faults(teacher)
    fill("Clashes")
    teacher.get_by_label("After a number of classes").check()
    teacher.get_by_label("How many classes").fill("12")
    teacher.get_by_role("button", name="Schedule class").click()
    expect(teacher.get_by_role("button", name="Schedule anyway")).to_be_visible()
    found += faults(teacher)
    teacher.goto(course)
    teacher.get_by_role("link", name="Open Enzymes, weekly").first.click()
    found += faults(teacher)
    teacher.get_by_role("link", name="Change", exact=True).click()
    found += faults(teacher)
    teacher.get_by_role("button", name="Cancel this class").click()
    found += faults(teacher)
    for tab in ("materials/", "recordings/", "members/"):
        teacher.goto(course + tab)
        found += faults(teacher)
    for path in ("/?week=1", "/?week=-1", "/account/"):
        teacher.goto(aula.url(path))
        found += faults(teacher)
    make = teacher.get_by_role("button", name="Make an address")
    if make.is_visible():
        make.click()
    expect(teacher.get_by_label("Calendar address")).to_be_visible()
    found += faults(teacher)
    assert not found, "\n".join(found)
