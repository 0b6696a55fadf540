"""The media server dies in the middle of a class, or is told to restart: everything comes back by itself."""

from __future__ import annotations

import os
import re
import signal
import time
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.aula import Aula
from tests.journeys.conftest import SLIDES
from tests.journeys.media import wait_for_pictures, wait_for_sound
from tests.journeys.steps import end_for_everyone, enter, open_chat, open_class, say
from tests.journeys.test_class import MOVING

pytestmark = [pytest.mark.journey, pytest.mark.alone]
PATIENCE = 20.0  # seconds


def wait_for_another(aula: Aula, pid: int) -> None:
    until = time.monotonic() + PATIENCE
    while aula.pid("media") == pid:
        assert time.monotonic() < until, "no other media process took over"
        time.sleep(0.05)


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
@pytest.mark.complains("WebSocket connection to", "Failed to load resource", "ERR_")
def test_a_class_survives_the_end_of_its_media_server(
    aula: Aula, signed_in: Callable[..., Page], open_page: Callable[..., Page], number: int
) -> None:
    teacher = signed_in("teacher@demo.test")
    path = open_class(aula, teacher)
    enter(teacher, "Start class")
    student = signed_in("student@demo.test")
    student.goto(aula.url(path))
    enter(student, "Join class")
    slides = open_page()
    slides.goto(f"data:text/html,<title>{SLIDES}</title><h1>Phases of mitosis</h1>")
    slides.evaluate(MOVING)
    teacher.get_by_role("button", name="Share").click()
    student.get_by_role("button", name="Mute", exact=True).click()
    wait_for_pictures(student, 2, fps=5, width=320)
    wait_for_pictures(teacher, 1, fps=5, width=320)
    expect(student.get_by_role("group", name="Screen of")).to_be_visible()

    pid = aula.pid("media")
    os.kill(pid, number)
    if number == signal.SIGTERM:
        expect(student.get_by_text("The media server restarts in a moment")).to_be_visible()
    wait_for_another(aula, pid)
    say(teacher, "Can you still read me?")
    open_chat(student)
    expect(student.get_by_role("log")).to_contain_text("Can you still read me?")

    # Pictures, sound and the shared screen are back; who was muted is muted.
    wait_for_pictures(student, 2, fps=5, width=320)
    wait_for_pictures(teacher, 1, fps=5, width=320)
    wait_for_sound(student)
    expect(student.get_by_role("group", name="Screen of")).to_be_visible()
    expect(teacher.get_by_role("button", name="Stop sharing")).to_be_visible()
    expect(student.get_by_role("button", name="Unmute", exact=True)).to_be_visible()
    expect(teacher.get_by_role("group", name=re.compile("muted"))).to_have_count(1)
    for page in (teacher, student):
        expect(page.locator(".room__strip")).to_have_count(0)

    teacher.get_by_role("button", name="Stop sharing").click()
    expect(student.get_by_role("group", name="Screen of")).to_be_hidden()
    end_for_everyone(teacher)
    expect(student.get_by_role("heading", name="Class is over")).to_be_visible()
