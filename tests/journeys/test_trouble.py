"""A line that moves or breaks, a laptop that sleeps: the room heals without a reload, and nothing is lost."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import psutil
import pytest
from playwright.sync_api import Browser, Page, Playwright, expect

from tests.journeys.aula import Aula
from tests.journeys.conftest import ALL_CAMERAS, DEVICES, KEEP_CONNECTIONS, QUIET
from tests.journeys.media import wait_for_pictures, wait_for_sound
from tests.journeys.steps import enter, open_chat, open_class, say, sign_in
from tests.sfu.link import running_link, through

pytestmark = [pytest.mark.journey, pytest.mark.alone]
SLEEPER = "--aula-sleeper"  # Chromium ignores it; its processes are found by it
ASLEEP = 12.0  # seconds


def both_flow(teacher: Page, student: Page) -> None:
    for page in (teacher, student):
        wait_for_pictures(page, 1, fps=5, width=160)
        wait_for_sound(page)


@pytest.fixture
def by_server(aula: Aula) -> Iterator[None]:
    """Two people alone are not connected directly."""
    aula.let_school("direct_calls", "0")
    yield
    aula.let_school("direct_calls", "1")


@pytest.mark.usefixtures("by_server")
def test_a_line_that_moves_and_breaks_is_mended_without_a_reload(
    aula: Aula, signed_in: Callable[..., Page]
) -> None:
    with running_link(("127.0.0.1", aula.udp_port)) as link:
        teacher = signed_in("teacher@demo.test")
        student = signed_in("student@demo.test", script=through(link))
        path = open_class(aula, teacher)
        enter(teacher, "Start class")
        student.goto(aula.url(path))
        enter(student, "Join class")
        both_flow(teacher, student)
        student.evaluate("window.testSameLoad = true")
        strip = student.locator(".room__strip")

        link.move()
        both_flow(teacher, student)
        expect(strip).to_have_count(0)

        link.darken()
        expect(student.locator(".tile--held")).to_have_count(1)
        expect(strip).to_contain_text("Sound and video are interrupted. Reconnecting…")
        link.darken(False)
        expect(strip).to_have_count(0, timeout=30_000)
        expect(student.locator(".tile--held")).to_have_count(0)
        both_flow(teacher, student)
        assert student.evaluate("window.testSameLoad")


@pytest.fixture
def laptop(playwright_: Playwright) -> Iterator[Browser]:
    """A browser of its own, which can be sent to sleep as a whole."""
    browser = playwright_.chromium.launch(
        executable_path="/usr/bin/chromium", args=[*QUIET, *DEVICES, SLEEPER]
    )
    yield browser
    browser.close()


@contextmanager
def asleep() -> Iterator[None]:
    """Not one of its processes runs, as when the lid is shut."""
    [main] = [
        each
        for each in psutil.Process().children(recursive=True)
        if SLEEPER in each.cmdline() and "--type=" not in " ".join(each.cmdline())
    ]
    processes = [main, *main.children(recursive=True)]
    for each in processes:
        each.suspend()
    try:
        yield
    finally:
        for each in processes:
            each.resume()


def test_a_laptop_that_slept_is_back_in_the_class_with_all_it_missed(
    aula: Aula, signed_in: Callable[..., Page], laptop: Browser
) -> None:
    teacher = signed_in("teacher@demo.test")
    path = open_class(aula, teacher)
    enter(teacher, "Start class")
    student = laptop.new_page(permissions=["camera", "microphone"])
    for script in (KEEP_CONNECTIONS, ALL_CAMERAS):
        student.add_init_script(script)
    sign_in(student, aula, "student@demo.test")
    student.goto(aula.url(path))
    enter(student, "Join class")
    open_chat(student)
    both_flow(teacher, student)
    student.evaluate("window.testSameLoad = true")

    with asleep():
        say(teacher, "Page 12, please")
        time.sleep(ASLEEP)
    expect(student.get_by_role("log")).to_contain_text("Page 12, please")
    both_flow(teacher, student)
    expect(student.locator(".room__strip")).to_have_count(0)
    expect(teacher.get_by_role("button", name="People, 2")).to_be_visible()
    assert student.evaluate("window.testSameLoad")
