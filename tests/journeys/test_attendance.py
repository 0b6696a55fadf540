"""A teacher reads who was there, while the class is on and afterwards; a student reads their own."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.accessible import faults
from tests.journeys.aula import Aula
from tests.journeys.steps import end_for_everyone, enter, open_class

pytestmark = pytest.mark.journey


def test_who_was_there(aula: Aula, signed_in: Callable[..., Page]) -> None:
    teacher = signed_in("teacher@demo.test")
    path = open_class(aula, teacher)
    enter(teacher, "Start class")
    student = signed_in("cedar@demo.test")
    student.goto(aula.url(path))
    enter(student, "Join class")

    desk = signed_in("teacher@demo.test", reduced_motion="reduce")  # beside the class
    desk.goto(aula.url(path))
    desk.get_by_role("link", name="Who was there").click()
    row = desk.get_by_role("row").filter(has_text="Cedar Okafor")
    expect(row).to_contain_text("Here")
    expect(desk.get_by_role("row").filter(has_text="Elm Tanaka")).to_contain_text("Absent")
    student.get_by_role("button", name="Leave").click()
    expect(student.get_by_role("heading", name="You left the class")).to_be_visible()
    for _ in range(20):  # the page of who left is quicker than the server
        desk.reload()
        if "Here" not in row.inner_text():
            break
    expect(row).not_to_contain_text("Here")

    by_minutes = desk.get_by_role("button", name="In class")
    by_minutes.click()
    expect(desk.get_by_role("columnheader", name="In class")).to_have_attribute("aria-sort", "ascending")
    by_minutes.click()
    expect(desk.get_by_role("columnheader", name="In class")).to_have_attribute("aria-sort", "descending")
    expect(desk.get_by_role("row").nth(1)).to_contain_text("Martin Ames")

    end_for_everyone(teacher)
    expect(teacher.get_by_role("heading", name="Class is over")).to_be_visible()
    with desk.expect_download() as fetched:
        desk.get_by_role("link", name="Download CSV").click()
    lines = list(csv.reader(Path(fetched.value.path()).read_text("utf-8-sig").splitlines()))
    assert [line[3] for line in lines if line[0] == "Cedar Okafor"] == ["yes"]

    student.goto(aula.url(path))
    expect(student.get_by_role("heading", name="Your attendance")).to_be_visible()
    found = faults(student)
    desk.get_by_role("link", name="All classes").click()
    expect(desk.get_by_role("row").filter(has_text="Elm Tanaka")).to_contain_text(re.compile(r"0 of \d"))
    for width, height in ((360, 740), (768, 1024), (1280, 800)):
        desk.set_viewport_size({"width": width, "height": height})
        for page in (desk.url, aula.url(path + "attendance/")):
            desk.goto(page)
            found += faults(desk)
    assert not found, "\n".join(found)
