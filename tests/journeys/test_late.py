"""A student comes late, watches the class from its start while it goes on, and then joins it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.accessible import faults
from tests.journeys.aula import Aula
from tests.journeys.steps import end_for_everyone, enter, open_class, say
from tests.journeys.test_recording import record

pytestmark = [pytest.mark.journey, pytest.mark.alone]
LENGTH = "Number(document.querySelector('#player input[type=range]')?.max ?? 0)"


def test_a_class_that_goes_on_is_watched_from_its_start_and_then_joined(
    aula: Aula, signed_in: Callable[..., Page]
) -> None:
    teacher, student = signed_in("teacher@demo.test"), signed_in("student@demo.test", bypass_csp=True)
    path = open_class(aula, teacher)
    enter(teacher, "Start class")
    record(teacher)
    expect(teacher.get_by_role("button", name="Recording: what is kept")).to_be_visible()
    say(teacher, "Open your books")
    teacher.wait_for_timeout(5000)
    student.goto(aula.url(path))
    assert not faults(student, "class that is on")
    student.get_by_role("link", name="Watch from the start").click()
    expect(student.get_by_text("The class is on.")).to_be_visible()
    assert not faults(student, "so far")
    student.wait_for_function(f"{LENGTH} > 3")
    student.get_by_role("button", name="Play", exact=True).click()
    student.wait_for_function("document.querySelector('#player video')?.currentTime > 1")
    expect(student.get_by_role("log", name="Chat")).to_contain_text("Open your books")
    first = student.evaluate(LENGTH)
    expect(student.get_by_text("That is all so far.")).to_be_visible(timeout=60_000)
    student.wait_for_function(f"{LENGTH} > {first} + 5", timeout=60_000)
    student.wait_for_function(
        f"document.querySelector('#player video').currentTime > {first}", timeout=60_000
    )
    student.get_by_role("link", name="Join live").click()
    student.get_by_role("button", name="Join class").click()
    expect(student.get_by_role("toolbar", name="Class controls")).to_be_visible()
    assert not student.complaints  # type: ignore[attr-defined]
    end_for_everyone(teacher)
    assert not teacher.complaints  # type: ignore[attr-defined]
