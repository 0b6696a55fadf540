"""Screens side by side and one after the other, and layouts that last, in real browsers."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.accessible import faults, keep
from tests.journeys.aula import Aula
from tests.journeys.conftest import SLIDES
from tests.journeys.hearing import TONE, wait_for_shared_tone
from tests.journeys.media import wait_for_pictures
from tests.journeys.steps import enter, open_class
from tests.journeys.test_class import MOVING
from tests.journeys.test_direct import goes
from tests.sfu.link import Link, running_link, through

pytestmark = [pytest.mark.journey, pytest.mark.alone]
ASH = "Ash Summers"
LARGEST = """[...document.querySelectorAll('.tile')].sort((a, b) => b.clientWidth * b.clientHeight
  - a.clientWidth * a.clientHeight)[0]?.getAttribute('aria-label').split(',')[0]"""


@pytest.fixture(scope="session")
def browser(audible_browser: Browser) -> Browser:
    return audible_browser


def until_largest(page: Page, name: str) -> None:
    for _ in range(100):
        if (now := page.evaluate(LARGEST)) == name:
            return
        page.wait_for_timeout(150)
    raise AssertionError(f"{now} is the largest, not {name}")


def bar(page: Page, name: str):
    return page.get_by_role("toolbar", name="Class controls").get_by_role("button", name=name, exact=True)


@pytest.fixture
def line(aula: Aula) -> Iterator[Link]:
    """Whoever goes through it has it between themselves and the media server."""
    with running_link(("127.0.0.1", aula.udp_port)) as line:
        yield line


def names_of(*pages: Page) -> list[str]:
    """As each page has it on its own tile."""
    own = [page.get_by_role("group", name="(you)").first.get_attribute("aria-label") for page in pages]
    return [str(each).split(" (you)")[0] for each in own]


def test_two_teachers_share_at_once_and_of_students_one_after_the_other(
    aula: Aula, signed_in: Callable[..., Page], open_page: Callable[..., Page], line: Link
) -> None:
    teacher = signed_in("teacher@demo.test")
    path = open_class(aula, teacher)
    enter(teacher, "Start class")
    other, birch = signed_in("admin@demo.test"), signed_in("birch@demo.test")
    ash = signed_in("student@demo.test", script=through(line))
    slides = open_page()
    slides.goto(f"data:text/html,<title>{SLIDES}</title><h1>Phases of mitosis</h1>")
    slides.evaluate(MOVING)
    slides.evaluate(TONE)

    # Two alone hear what a shared screen plays, and go on hearing it once others have come.
    birch.goto(aula.url(path))
    enter(birch, "Join class")
    goes(birch, "direct")
    bar(teacher, "Share").click()
    expect(bar(teacher, "Stop sharing")).to_be_visible()
    wait_for_shared_tone(birch)
    goes(birch, "direct")
    for page in (other, ash):
        page.goto(aula.url(path))
        enter(page, "Join class")
    goes(birch, "server")
    wait_for_shared_tone(birch)
    first, second = names_of(teacher, other)
    until_largest(birch, f"Screen of {first}")
    assert not teacher.locator("audio[data-kind=screen_sound]").count(), "nobody hears their own"
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

    # Whose line loses a third of all packets is told so, and is marked to everybody until it is better.
    line.up.loss = line.down.loss = 0.33
    expect(ash.locator(".notice", has_text="Your line is weak.")).to_be_visible(timeout=40_000)
    for page in (teacher, ash):
        expect(page.locator(f".tile[aria-label^='{ASH}'][aria-label$='weak line']")).to_be_visible()
    keep(teacher, "journey weak line")
    line.up.loss = line.down.loss = 0
    for page in (teacher, ash):
        expect(page.locator(f".tile[aria-label^='{ASH}']")).not_to_have_accessible_name(
            re.compile("weak line"), timeout=40_000
        )
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
