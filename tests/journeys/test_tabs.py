"""A class in two tabs of one person, and a school whose places are all taken."""

from __future__ import annotations

from collections.abc import Callable, Iterator

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
    assert not [*teacher.complaints, *first.complaints]  # type: ignore[attr-defined]


@pytest.fixture
def fill(aula: Aula) -> Iterator[Callable[[], int]]:
    """As many places as people are in the demo school's classes now; how many that is."""

    here = "p.connection <> '' and p.tenant_id = tenants_tenant.id"
    yield lambda: aula.let_school(
        "people_most", f"(select count(*) from classrooms_participant p where {here})"
    )
    aula.let_school("people_most", "null")


def test_a_full_school_lets_in_by_itself_whoever_waits_for_a_place(
    aula: Aula, signed_in: Callable[..., Page], fill: Callable[[], int]
) -> None:
    teacher, admin = signed_in("teacher@demo.test"), signed_in("admin@demo.test")
    student = signed_in("student@demo.test", width=390, height=844)
    path = open_class(aula, teacher)
    enter(teacher, "Start class", camera=False)
    admin.goto(aula.url(path))
    enter(admin, "Join class", camera=False)
    most = fill()
    student.goto(aula.url(path))
    student.get_by_role("link", name="Join class").click()
    student.get_by_role("button", name="Join class").click()
    told = student.get_by_role("status").filter(has_text="This class is full")
    expect(told).to_contain_text(f"All {most} places of the school are taken.")
    assert not faults(student, "full")
    admin.get_by_role("button", name="Leave").click()
    expect(admin.get_by_role("heading", name="You left the class")).to_be_visible()
    expect(student.get_by_role("toolbar", name="Class controls")).to_be_visible()
    assert not student.complaints  # type: ignore[attr-defined]
