"""The page of the API under our own policies, and a portal that sends its user into a class."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.aula import Aula

pytestmark = pytest.mark.journey


def test_the_page_of_the_api_is_read_and_tried(aula: Aula, signed_in: Callable[..., Page]) -> None:
    page = signed_in("teacher@demo.test")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(aula.url("/api/v1/docs/"))
    expect(page.get_by_role("heading", name="Aula API")).to_be_visible()
    me = page.locator("#operations-me-me_retrieve")
    me.locator(".opblock-summary-control").click()
    me.get_by_role("button", name="Try it out").click()
    me.get_by_role("button", name="Execute").click()
    expect(me.locator(".live-responses-table .response-col_status").last).to_contain_text("200")
    expect(me.locator(".live-responses-table")).to_contain_text("Martin Ames")
    course = page.locator("#operations-courses-courses_create")
    course.locator(".opblock-summary-control").click()
    course.get_by_role("button", name="Try it out").click()
    course.locator("textarea").fill('{"title": "Made on the page"}')
    course.get_by_role("button", name="Execute").click()
    expect(course.locator(".live-responses-table .response-col_status").last).to_contain_text("201")
    assert not page.complaints, page.complaints  # type: ignore[attr-defined]
    assert all(url.startswith((aula.url("/"), "data:", "blob:")) for url in asked), asked


def test_a_portal_sends_its_user_into_a_class(
    aula: Aula, signed_in: Callable[..., Page], open_page: Callable[..., Page]
) -> None:
    admin = signed_in("admin@demo.test")
    admin.goto(aula.url("/"))
    link = admin.evaluate(PORTAL)
    user = open_page()
    user.goto(link["url"])
    expect(user).to_have_url(aula.url(f"/c/{link['session']}/room/"))
    expect(user.get_by_text("Cell division").first).to_be_visible()
    teacher = signed_in("teacher@demo.test")
    teacher.goto(user.url)
    teacher.get_by_role("button", name="Start class").or_(
        teacher.get_by_role("button", name="Join class")
    ).first.click()
    user.get_by_role("button", name="Join class").click()
    expect(teacher.get_by_text("Nia New").first).to_be_visible(timeout=30_000)
    assert not user.complaints, user.complaints  # type: ignore[attr-defined]
    user.goto(aula.url("/courses/"))
    expect(user.get_by_role("button", name="Sign in")).to_be_visible()


PORTAL: Any = """async () => {
  const token = document.querySelector("[name=csrfmiddlewaretoken]").value;
  const found = await (await fetch("/api/v1/sessions/?ordering=starts_at")).json();
  const session = found.results.find((each) => each.title.startsWith("Cell division, part 2"));
  const answer = await fetch(`/api/v1/sessions/${session.id}/join-links/`, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-CSRFToken": token },
    body: JSON.stringify({ external_id: "p-1", name: "Nia New" }),
  });
  return { ...(await answer.json()), session: session.id };
}"""
