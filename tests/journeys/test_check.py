"""The check before class: what a student finds out, and what the teacher and the operator see of it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.aula import Aula
from tests.journeys.steps import DESKTOP, PHONE, open_class

pytestmark = [pytest.mark.journey, pytest.mark.alone]
WATCH_LEVEL = """() => {
  window.testLoudest = 0;
  setInterval(() => (testLoudest = Math.max(testLoudest, document.querySelector("meter")?.value ?? 0)), 50);
}"""


def line(page: Page, title: str):
    return page.get_by_role("listitem").filter(has=page.get_by_text(title, exact=True))


@pytest.mark.parametrize(
    ("lead", "learn"), [(DESKTOP, PHONE), (PHONE, DESKTOP)], ids=["student on a phone", "student at a desk"]
)
def test_a_student_checks_before_class_and_the_teacher_sees_who_is_ready(
    aula: Aula, signed_in: Callable[..., Page], lead: dict[str, object], learn: dict[str, object]
) -> None:
    teacher = signed_in("teacher@demo.test", **lead)
    path = open_class(aula, teacher)
    expect(teacher.get_by_role("heading", name="Who is ready")).to_be_visible()
    expect(teacher.get_by_text("Not checked").first).to_be_visible()

    student = signed_in("student@demo.test", **learn)
    student.goto(aula.url(path))
    student.get_by_role("link", name="Check camera, sound and network").click()
    student.evaluate(WATCH_LEVEL)
    student.get_by_role("button", name="Start the check").click()
    expect(student.get_by_text("Say something")).to_be_visible()
    expect(student.get_by_role("button", name="Check again")).to_be_visible(timeout=60_000)
    for title in ("Browser", "Microphone", "Camera", "Class server", "Live media (UDP)"):
        expect(line(student, title)).to_contain_text("Fine")
    expect(line(student, "Line")).to_contain_text("ms there and back")
    assert student.evaluate("testLoudest") > 0.05  # the browser's microphone beeps
    student.get_by_role("button", name="Play three notes").click()
    student.get_by_role("button", name="Yes").click()
    expect(line(student, "Speaker")).to_contain_text("You hear the class.")
    expect(student.get_by_text("Kept for your teacher. Code")).to_be_visible()
    student.get_by_role("link", name="Back").click()
    expect(student).to_have_url(aula.url(path))

    teacher.reload()
    expect(teacher.get_by_role("listitem").filter(has_text="Checked on").first).to_be_visible()
    assert not teacher.complaints + student.complaints  # type: ignore[attr-defined]
