"""Screens side by side and one after the other, and layouts that last, in real browsers."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.accessible import faults, keep
from tests.journeys.aula import Aula
from tests.journeys.conftest import SLIDES
from tests.journeys.media import wait_for_pictures
from tests.journeys.steps import enter, open_class
from tests.journeys.test_class import MOVING

pytestmark = [pytest.mark.journey, pytest.mark.alone]
ASH = "Ash Summers"
LARGEST = """[...document.querySelectorAll('.tile')].sort((a, b) => b.clientWidth * b.clientHeight
  - a.clientWidth * a.clientHeight)[0]?.getAttribute('aria-label').split(',')[0]"""


def until_largest(page: Page, name: str) -> None:
    for _ in range(100):
        if (now := page.evaluate(LARGEST)) == name:
            return
        page.wait_for_timeout(150)
    raise AssertionError(f"{now} is the largest, not {name}")


def bar(page: Page, name: str):
    return page.get_by_role("toolbar", name="Class controls").get_by_role("button", name=name, exact=True)


def names_of(*pages: Page) -> list[str]:
    """As each page has it on its own tile."""
    own = [page.get_by_role("group", name="(you)").first.get_attribute("aria-label") for page in pages]
    return [str(each).split(" (you)")[0] for each in own]


def test_two_teachers_share_at_once_and_of_students_one_after_the_other(
    aula: Aula, signed_in: Callable[..., Page], open_page: Callable[..., Page]
) -> None:
    teacher = signed_in("teacher@demo.test")
    path = open_class(aula, teacher)
    enter(teacher, "Start class")
    other, ash, birch = [signed_in(f"{who}@demo.test") for who in ("admin", "student", "birch")]
    for page in (other, ash, birch):
        page.goto(aula.url(path))
        enter(page, "Join class")
    first, second = names_of(teacher, other)
    slides = open_page()
    slides.goto(f"data:text/html,<title>{SLIDES}</title><h1>Phases of mitosis</h1>")
    slides.evaluate(MOVING)

    bar(teacher, "Share").click()
    expect(bar(teacher, "Stop sharing")).to_be_visible()
    until_largest(birch, f"Screen of {first}")
    bar(other, "Share").click()
    expect(bar(other, "Stop sharing")).to_be_visible()
    until_largest(birch, f"Screen of {second}")
    expect(birch.locator("[data-kind=screen] video")).to_have_count(2)
    wait_for_pictures(birch, 2, fps=0.5, width=640)

    # A student shares beside them, and is not large; the next one waits for that, and for nothing else.
    bar(ash, "Share").click()
    expect(bar(ash, "Stop sharing")).to_be_visible()
    expect(birch.locator(".room__presents")).to_have_text("3 screens are shared")
    until_largest(birch, f"Screen of {second}")
    bar(birch, "Share").click()
    expect(birch.locator(".notice")).to_have_text(f"{ASH} shares a screen. Yours can start when it ends.")
    birch.get_by_role("button", name=f"View of Screen of {first}").click()
    birch.get_by_role("menuitem", name="Pin to the stage").click()
    until_largest(birch, f"Screen of {first}")
    keep(birch, "journey three screens")
    bar(ash, "Stop sharing").click()
    expect(birch.locator(".room__presents")).to_have_text("2 screens are shared")
    bar(birch, "Share").click()
    expect(bar(birch, "Stop sharing")).to_be_visible()
    expect(ash.get_by_role("group", name="Screen of Birch Lindqvist")).to_be_visible()

    # A teacher stops it where it is seen; then another student may.
    teacher.get_by_role("button", name="View of Screen of Birch Lindqvist").click()
    teacher.get_by_role("menuitem", name="Stop sharing").click()
    expect(bar(birch, "Share")).to_be_visible()
    bar(ash, "Share").click()
    expect(bar(ash, "Stop sharing")).to_be_visible()
    for page in (teacher, other, ash, birch):
        assert not page.complaints  # type: ignore[attr-defined]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_small_window_has_the_pages_look_and_closes_with_the_class(
    aula: Aula, signed_in: Callable[..., Page], scheme: str
) -> None:
    teacher = signed_in("teacher@demo.test", color_scheme=scheme)
    path = open_class(aula, teacher)
    enter(teacher, "Start class")
    student = signed_in("student@demo.test")
    student.goto(aula.url(path))
    enter(student, "Join class")
    with teacher.context.expect_page() as opened:
        teacher.get_by_role("button", name="Small window", exact=True).click()
    small = opened.value
    small.set_viewport_size({"width": 420, "height": 320})
    picture = small.get_by_role("group", name=ASH).locator("video").first  # two while its way changes
    expect(picture).to_be_visible()
    assert not faults(small, f"journey small window {scheme}")
    small.get_by_role("button", name="Mute", exact=True).click()
    expect(bar(teacher, "Unmute")).to_be_visible()
    with small.expect_event("close"):
        small.get_by_role("button", name="Leave", exact=True).click()
    expect(teacher.get_by_role("heading", name="You left the class")).to_be_visible()
    assert not teacher.complaints  # type: ignore[attr-defined]


@pytest.mark.parametrize(("width", "height"), [(1280, 800), (390, 844)])
@pytest.mark.complains("WebSocket connection to")
def test_a_layout_a_pin_and_ones_own_corner_are_there_after_a_reload(
    aula: Aula, signed_in: Callable[..., Page], width: int, height: int
) -> None:
    teacher = signed_in("teacher@demo.test")
    path = open_class(aula, teacher)
    enter(teacher, "Start class")
    student = signed_in("student@demo.test", width=width, height=height)
    student.goto(aula.url(path))
    enter(student, "Join class")

    student.get_by_role("button", name=f"View of {ASH}").click()
    student.get_by_role("menuitemradio", name="At the top left").click()
    reload(student)
    student.get_by_role("button", name=f"View of {ASH}").click()
    expect(student.get_by_role("menuitemradio", name="At the top left")).to_be_checked()
    student.keyboard.press("Escape")
    keep(student, f"journey corner {width}")

    birch = signed_in("birch@demo.test")
    birch.goto(aula.url(path))
    enter(birch, "Join class")
    menu(student, width)
    student.get_by_role("menuitemradio", name="Speaker large").click()
    reload(student)
    menu(student, width)
    expect(student.get_by_role("menuitemradio", name="Speaker large")).to_be_checked()
    student.keyboard.press("Escape")
    student.get_by_role("button", name="View of Birch Lindqvist").click()
    student.get_by_role("menuitem", name="Pin to the stage").click()
    reload(student)
    until_largest(student, "Birch Lindqvist")
    keep(student, f"journey pinned {width}")


def menu(page: Page, width: int) -> None:
    page.get_by_role("button", name="Layout" if width > 640 else "More", exact=True).click()


def reload(page: Page) -> None:
    page.reload()
    page.get_by_role("button", name="Join class").click()
    expect(page.get_by_role("toolbar", name="Class controls")).to_be_visible()
    expect(page.locator(".tile").nth(1)).to_be_visible()
