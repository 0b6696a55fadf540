"""Two people alone in a class: sound and picture go from one to the other, no word is lost as that ends."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.aula import Aula
from tests.journeys.conftest import SLIDES
from tests.journeys.hearing import HEARING, LONGEST_GAP, listen, longest_gap
from tests.journeys.media import pictures, wait_for_pictures
from tests.journeys.steps import enter, open_class

pytestmark = [pytest.mark.journey, pytest.mark.alone]


def goes(page: Page, way: str) -> None:
    """Wait until the page says that sound and picture take this way."""
    expect(page.locator("[data-way]")).to_have_attribute("data-way", way, timeout=30_000)


@pytest.fixture
def two(aula: Aula, signed_in: Callable[..., Page]) -> tuple[Page, Page, str]:
    """A teacher and a student in a class, connected directly; its path."""
    teacher = signed_in("teacher@demo.test", script=HEARING, bypass_csp=True)
    path = open_class(aula, teacher)
    enter(teacher, "Start class")
    student = signed_in("student@demo.test", script=HEARING, bypass_csp=True)
    student.goto(aula.url(path))
    enter(student, "Join class")
    goes(teacher, "direct")
    goes(student, "direct")
    return teacher, student, path


def test_two_people_see_each_other_and_a_screen_without_the_server(
    two: tuple[Page, Page, str], open_page
) -> None:
    teacher, student, _ = two
    for page in (teacher, student):
        wait_for_pictures(page, 1, fps=10, width=640)
        page.wait_for_timeout(4000)
        assert len(pictures(page)) == 1  # the server sends none beside it
    slides = open_page()
    slides.goto(f"data:text/html,<title>{SLIDES}</title><h1>Phases of mitosis</h1>")
    teacher.get_by_role("button", name="Share").click()
    expect(student.get_by_role("group", name="Screen of")).to_be_visible()
    student.wait_for_function("document.querySelector('[data-kind=screen] video')?.videoWidth > 300")
    goes(student, "direct")
    student.get_by_role("button", name="Connection").click()
    expect(student.get_by_role("dialog", name="directly between you two")).to_be_visible()
    assert not teacher.complaints + student.complaints  # type: ignore[attr-defined]


def test_a_third_person_moves_the_class_to_the_server_without_a_gap_and_later_it_is_two_again(
    aula: Aula, signed_in: Callable[..., Page], two: tuple[Page, Page, str]
) -> None:
    teacher, student, path = two
    admin = signed_in("admin@demo.test")
    admin.goto(aula.url(path))
    listen(teacher, student)
    enter(admin, "Join class")
    for page in (teacher, student):
        goes(page, "server")
        wait_for_pictures(page, 2, fps=5, width=160)
        assert longest_gap(page) < LONGEST_GAP
    admin.get_by_role("button", name="Leave").click()
    admin.get_by_role("menuitem", name="Leave").click()
    for page in (teacher, student):
        goes(page, "direct")
        assert longest_gap(page) < LONGEST_GAP
        wait_for_pictures(page, 1, fps=5, width=160)
    assert not teacher.complaints + student.complaints + admin.complaints  # type: ignore[attr-defined]


def test_the_start_of_a_recording_moves_two_people_to_the_server_and_its_end_back_without_a_gap(
    two: tuple[Page, Page, str],
) -> None:
    teacher, student, _ = two
    listen(teacher, student)
    teacher.get_by_role("toolbar").get_by_role("button", name="Record", exact=True).click()
    for page in (teacher, student):
        goes(page, "server")
        wait_for_pictures(page, 1, fps=5, width=160)
        assert longest_gap(page) < LONGEST_GAP
    student.get_by_role("button", name="Connection").click()
    expect(student.get_by_text("What is recorded goes through the class server")).to_be_visible()
    teacher.get_by_role("toolbar").get_by_role("button", name="Recording").click()
    teacher.get_by_role("menuitem", name="Stop recording").click()
    for page in (teacher, student):
        goes(page, "direct")
        assert longest_gap(page) < LONGEST_GAP
    assert not teacher.complaints + student.complaints  # type: ignore[attr-defined]
