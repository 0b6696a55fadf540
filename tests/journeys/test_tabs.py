"""A class in two tabs of one person."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.accessible import faults
from tests.journeys.aula import Aula
from tests.journeys.steps import enter, open_class

pytestmark = pytest.mark.journey


def test_a_second_tab_asks_before_it_takes_over_and_the_first_can_take_back(
    aula: Aula, signed_in: Callable[..., Page]
) -> None:
    teacher, first = signed_in("teacher@demo.test"), signed_in("student@demo.test")
    path = open_class(aula, teacher)
    enter(teacher, "Start class")
    first.goto(aula.url(path))
    enter(first, "Join class")
    second = first.context.new_page()
    second.goto(aula.url(f"{path}room/"))
    expect(second.get_by_text("You are in this class in another tab")).to_be_visible()
    assert not faults(second, "second tab")
    second.get_by_role("link", name="Go back").click()
    expect(second).to_have_url(aula.url(path))
    expect(first.get_by_role("toolbar", name="Class controls")).to_be_visible()

    second.go_back()
    second.get_by_role("button", name="Use this tab").click()
    expect(second.get_by_role("toolbar", name="Class controls")).to_be_visible()
    expect(first.get_by_role("heading", name="Moved to another tab")).to_be_focused()
    assert not faults(first, "moved")
    expect(teacher.get_by_role("button", name="People, 2")).to_be_visible()

    first.get_by_role("button", name="Use here").click()
    expect(first.get_by_role("toolbar", name="Class controls")).to_be_visible()
    expect(first.get_by_role("button", name="Stop video")).to_be_visible()
    expect(second.get_by_role("heading", name="Moved to another tab")).to_be_visible()
    expect(teacher.get_by_role("button", name="People, 2")).to_be_visible()
