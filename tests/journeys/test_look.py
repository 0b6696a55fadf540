"""A school takes on its own colour and logo: yellow, and readable everywhere all the same."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.accessible import faults
from tests.journeys.aula import Aula
from tests.journeys.steps import end_for_everyone, open_class

pytestmark = pytest.mark.journey
LOGO = b"""<svg xmlns="http://www.w3.org/2000/svg" width="120" height="30" onload="document.title='bad'">
<script>document.title = "bad"</script><style>.a { fill: #123456 }</style>
<rect class="a" width="120" height="30"/></svg>"""
COLOUR = "getComputedStyle(document.querySelector('.button--primary')).backgroundColor"
GREEN, BROWN, YELLOW = "rgb(15, 106, 115)", "rgb(122, 102, 0)", "rgb(255, 212, 0)"


def test_a_yellow_school(aula: Aula, signed_in: Callable[..., Page], open_page: Callable[..., Page]) -> None:
    admin = signed_in("admin@demo.test")
    admin.get_by_role("link", name="Settings").click()
    tries = admin.get_by_role("region", name="How it will look")
    expect(tries).to_contain_text("#0f6a73")
    admin.get_by_label("Colour", exact=True).fill("#ffd400")
    expect(tries).to_contain_text("#7a6600")
    expect(tries).to_contain_text("Darkened so that text stays readable.")
    shown = tries.locator(".button--primary")
    expect(shown.nth(0)).to_have_css("background-color", BROWN)
    expect(shown.nth(1)).to_have_css("background-color", YELLOW)
    assert admin.evaluate(COLOUR) == GREEN  # nothing is saved yet
    admin.locator("input[name=logo]").set_input_files(
        {"name": "logo.svg", "mimeType": "image/svg+xml", "buffer": LOGO}
    )
    admin.get_by_role("button", name="Save").click()
    expect(admin.get_by_text("Saved.")).to_be_visible()
    try:
        found = in_every_theme(aula, signed_in, open_page)
    finally:
        admin.get_by_role("button", name="Back to Aula's colours").click()
        admin.get_by_role("button", name="Remove logo").click()
    expect(admin.get_by_text("The logo is removed.")).to_be_visible()
    admin.wait_for_load_state("load")  # with its styles
    assert admin.evaluate(COLOUR) == GREEN
    assert not admin.complaints, admin.complaints  # type: ignore[attr-defined]
    assert not found, "\n".join(found)


def in_every_theme(aula: Aula, signed_in: Callable[..., Page], open_page: Callable[..., Page]) -> list[str]:
    found = []
    for theme, fill in (("light", BROWN), ("dark", YELLOW)):
        shape = {"color_scheme": theme, "reduced_motion": "reduce"}
        stranger = open_page(width=360, height=740, **shape)
        stranger.goto(aula.url("/sign-in/"))
        logo = stranger.get_by_role("img", name="Northfield College")
        expect(logo).to_be_visible()
        assert logo.evaluate("e => [e.naturalWidth, e.naturalHeight, e.height]") == [120, 30, 30]
        assert stranger.evaluate(COLOUR) == fill
        found += faults(stranger)
        address = logo.evaluate("e => e.src")
        stranger.goto(address)  # by itself it is a picture, and nothing more
        assert stranger.title() != "bad"
        assert stranger.evaluate("document.querySelector('rect').getAttribute('fill')") == "#123456"

        teacher = signed_in("teacher@demo.test", **shape)
        path = open_class(aula, teacher)
        for page in ("/", "/courses/", path):
            teacher.goto(aula.url(page))
            assert teacher.locator(".button--primary").count() == 0 or teacher.evaluate(COLOUR) == fill
            found += faults(teacher)
        teacher.get_by_role("link", name="Start class").click()
        expect(teacher.get_by_role("button", name="Start class")).to_be_visible()
        expect(teacher.get_by_role("img", name="Northfield College")).to_be_visible()
        found += faults(teacher)
        teacher.get_by_role("button", name="Start class").click()
        expect(teacher.get_by_role("toolbar", name="Class controls")).to_be_visible()
        found += faults(teacher)
        end_for_everyone(teacher)

        admin = signed_in("admin@demo.test", **shape)
        for width in (360, 768, 1280):
            admin.set_viewport_size({"width": width, "height": 800})
            admin.goto(aula.url("/settings/look/"))
            found += faults(admin)
    return found
