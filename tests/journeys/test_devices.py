"""A microphone or camera that is slow to come obeys what was wanted of it meanwhile."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.aula import Aula
from tests.journeys.steps import enter, open_class

pytestmark = [pytest.mark.journey, pytest.mark.alone]
SLOW = """
const devices = navigator.mediaDevices, open = devices.getUserMedia.bind(devices);
devices.getUserMedia = async (wanted) => {
  await new Promise((go) => (window.testLetDevicesGo = go));
  return open(wanted);
};
"""


def test_muted_while_the_microphone_is_asked_for_is_muted_when_it_comes(
    aula: Aula, signed_in: Callable[..., Page]
) -> None:
    teacher, student = signed_in("teacher@demo.test"), signed_in("student@demo.test")
    path = open_class(aula, teacher)
    enter(teacher, "Start class")
    student.add_init_script(SLOW)
    student.goto(aula.url(path))
    enter(student, "Join class")
    expect(student.get_by_role("button", name="Allow…")).to_have_count(2)
    student.keyboard.press("Control+d")
    student.keyboard.press("Control+e")
    expect(student.get_by_role("button", name="Unmute")).to_be_visible()
    student.evaluate("testLetDevicesGo()")
    expect(teacher.get_by_role("group", name="Ash Summers, muted, camera off")).to_be_visible()
    student.keyboard.press("Control+d")
    expect(student.get_by_role("button", name="Mute", exact=True)).to_be_visible()
    expect(teacher.get_by_role("group", name="Ash Summers, camera off", exact=True)).to_be_visible()
