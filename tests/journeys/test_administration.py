"""Those who run a school in their admin, as a browser shows it under our policy of content."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.accessible import faults
from tests.journeys.aula import PASSWORD, Aula

pytestmark = pytest.mark.journey


def test_a_class_is_put_on_the_calendar_with_pickers(aula: Aula, signed_in: Callable[..., Page]) -> None:
    admin = signed_in("admin@demo.test")
    admin.goto(aula.url("/admin/classrooms/classsession/add/"))
    for field, word in (("course", "Biology 9b"), ("teacher", "Martin Ames")):
        admin.locator(f".field-{field} .select2-selection").click()
        admin.locator(".select2-search__field").fill(word)
        admin.get_by_role("option", name=word).click()
    admin.get_by_label("Title").fill("Optics")
    for name, value in (("starts_at_0", "2030-01-08"), ("starts_at_1", "10:00")):
        admin.locator(f"#id_{name}").fill(value)
    for name, value in (("ends_at_0", "2030-01-08"), ("ends_at_1", "10:45")):
        admin.locator(f"#id_{name}").fill(value)
    admin.get_by_role("button", name="Save", exact=True).click()
    expect(admin.get_by_role("link", name="Optics").first).to_be_visible()
    assert not admin.complaints, admin.complaints  # type: ignore[attr-defined]


def pages_of_admin(page: Page, start: str) -> list[str]:
    """Every list that its first page leads to, the form of each list that adds, and its first row."""
    page.goto(start)
    lists = hrefs(page, "#content-main th[scope=row] a")
    assert lists
    found = [start]
    for each in lists:
        page.goto(each)
        found += [each, *hrefs(page, ".object-tools a.addlink")[:1], *hrefs(page, "#result_list th a")[:1]]
    return found


def hrefs(page: Page, selector: str) -> list[str]:
    return [str(each) for each in page.locator(selector).evaluate_all("all => all.map((each) => each.href)")]


@pytest.mark.parametrize(
    ("who", "tenant", "width", "scheme"),
    [
        ("admin@demo.test", "demo", 1280, "light"),
        ("admin@demo.test", "demo", 360, "dark"),
        ("operator@aula.test", "", 1280, "dark"),
    ],
)
def test_everybody_can_use_every_page_of_the_admin(
    aula: Aula, open_page: Callable[..., Page], who: str, tenant: str, width: int, scheme: str
) -> None:
    page = open_page(width=width, height=800, color_scheme=scheme)
    page.goto(aula.url("/admin/", tenant))
    page.get_by_label("Email").fill(who)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.locator("#content-main")).to_be_visible()
    found = []
    for address in pages_of_admin(page, aula.url("/admin/", tenant)):
        page.goto(address)
        found += page.complaints  # type: ignore[attr-defined]  # before axe, which loads styles of its own
        found += faults(page)
        page.complaints.clear()  # type: ignore[attr-defined]
    assert not found, "\n".join(found)
