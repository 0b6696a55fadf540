"""Who prepares adds files on the pages of class and course; a student fetches them before the class."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.accessible import faults
from tests.journeys.aula import Aula
from tests.journeys.media import slow_uploads, wait_for_progress
from tests.journeys.steps import DESKTOP, PHONE, open_class
from tests.journeys.test_files import DRAGGED, make

pytestmark = pytest.mark.journey


def choose(page: Page, *files: Path) -> None:
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Add files").click()
    chooser.value.set_files(files)


def files_of(page: Page) -> Locator:
    return page.get_by_role("region", name="Files")


def looked_at(page: Page, name: str) -> list[str]:
    """At three widths, light and dark."""
    found = []
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme)
        for width in (360, 768, 1280):
            page.set_viewport_size({"width": width, "height": 800})
            found += faults(page, name)
    page.emulate_media(color_scheme="light")
    return found


@pytest.mark.parametrize(
    ("lead", "learn"), [(DESKTOP, PHONE), (PHONE, DESKTOP)], ids=["teacher at a desk", "teacher on a phone"]
)
def test_files_are_added_to_a_class_before_it_begins_and_removed_again(
    aula, signed_in, tmp_path, lead, learn
):
    teacher, student = signed_in("teacher@demo.test", **lead), signed_in("student@demo.test", **learn)
    path = open_class(aula, teacher)
    choose(teacher, make(tmp_path, "phases.bin", 300_000), make(tmp_path, "cells.bin", 2_000))
    expect(files_of(teacher).get_by_role("link", name="phases.bin")).to_be_visible()
    expect(files_of(teacher).get_by_role("link", name="cells.bin")).to_be_visible()
    expect(files_of(teacher).get_by_role("article")).to_have_count(0)

    area = files_of(teacher).locator("[data-drop]")
    data = teacher.evaluate_handle(DRAGGED, "summary.txt")
    area.dispatch_event("dragover", {"dataTransfer": data})
    expect(area).to_have_attribute("data-drop-over", "")
    with slow_uploads(teacher, 20_000):
        area.dispatch_event("drop", {"dataTransfer": data})
        wait_for_progress(files_of(teacher).get_by_role("progressbar"))
    expect(files_of(teacher).get_by_role("link", name="summary.txt")).to_be_visible()

    student.goto(aula.url(path))
    expect(files_of(student).get_by_role("button", name="Remove")).to_have_count(0)
    with student.expect_download() as download:
        files_of(student).get_by_role("link", name="summary.txt").click()
    assert Path(download.value.path()).read_text() == "mitosis" * 100_000

    files_of(teacher).get_by_role("button", name="Remove cells.bin for everyone").click()
    ask = teacher.get_by_role("dialog", name=re.compile("Remove .*cells.bin.* for everyone"))
    found = faults(teacher, "remove")
    ask.get_by_role("button", name="Remove").click()
    expect(files_of(teacher).get_by_role("link", name="cells.bin")).to_have_count(0)
    expect(teacher.get_by_role("button", name="Add files")).to_be_focused()
    found += looked_at(student, "class files")
    assert not found, "\n".join(found)
    assert not teacher.complaints


@pytest.mark.complains("status of 4")
def test_what_is_too_large_or_a_program_is_named_with_the_reason_and_the_others_go(aula, signed_in, tmp_path):
    teacher = signed_in("teacher@demo.test")
    open_class(aula, teacher)
    teacher.locator("[data-files]").evaluate("area => area.dataset.most = 1_000_000")
    files = (
        make(tmp_path, "film.bin", 1_500_000),
        make(tmp_path, "game.exe", 2_000),
        make(tmp_path, "a.bin", 9),
    )
    choose(teacher, *files)
    expect(files_of(teacher).get_by_role("link", name="a.bin")).to_be_visible()
    film = files_of(teacher).get_by_role("article").filter(has_text="film.bin")
    expect(film).to_contain_text("Make it smaller.")
    game = files_of(teacher).get_by_role("article").filter(has_text="game.exe")
    expect(game).to_contain_text("Put it into a zip file")
    found = looked_at(teacher, "refused files")
    film.get_by_role("button", name="Remove film.bin from the list").click()
    expect(film).to_have_count(0)
    assert not found, "\n".join(found)


def test_files_for_the_next_class_are_added_on_the_courses_page(
    aula: Aula, signed_in: Callable[..., Page], tmp_path: Path
) -> None:
    teacher = signed_in("teacher@demo.test")
    teacher.goto(aula.url("/courses/"))
    teacher.get_by_role("main").get_by_role("link", name="Biology 9b").click()
    teacher.get_by_role("link", name="Materials").click()
    choose(teacher, make(tmp_path, "week.bin", 2_000))
    expect(teacher.get_by_role("link", name="week.bin")).to_be_visible()
    found = looked_at(teacher, "course files")
    assert not found, "\n".join(found)
    assert not teacher.complaints
