"""Those who run a school in their admin, as a browser shows it under our policy of content."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.aula import Aula

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
