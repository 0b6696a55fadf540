"""Every page works for every body and screen: axe finds nothing, nothing scrolls sideways, keys suffice."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from tests.accessible import faults, keep
from tests.journeys.aula import PASSWORD, Aula
from tests.journeys.steps import enter, open_chat, open_class

pytestmark = pytest.mark.journey
UNTIL_SHOWN = """async css => {
  while (!document.querySelector(css)?.checkVisibility()) await new Promise(requestAnimationFrame);
}"""
WIDTH = "document.querySelector('main .button--primary').offsetWidth"
LATER = """late => document.getAnimations().filter(each => each.animationName === "late")
  .forEach(each => { each.currentTime = late + 1 })"""
SIZES = [(360, 740), (768, 1024), (1440, 900)]


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("width", "height"), SIZES)
@pytest.mark.complains("status of 4")
def test_every_page_is_accessible(
    aula: Aula,
    signed_in: Callable[..., Page],
    open_page: Callable[..., Page],
    width: int,
    height: int,
    theme: str,
) -> None:
    # Without motion: axe would measure the contrast of a panel that is still fading in.
    shape = {"width": width, "height": height, "color_scheme": theme, "reduced_motion": "reduce"}
    stranger = open_page(**shape)
    found = []
    for path in ("/sign-in/", "/password/", "/nowhere/"):
        stranger.goto(aula.url(path))
        found += faults(stranger)

    teacher = signed_in("teacher@demo.test", **shape)
    path = open_class(aula, teacher)
    found += faults(teacher)
    for page_of in ("/", "/courses/", "/courses/new/", path + "edit/", path + "guests/"):
        teacher.goto(aula.url(page_of))
        found += faults(teacher)
    teacher.goto(aula.url("/courses/"))
    teacher.get_by_role("main").get_by_role("link", name="Biology 9b").click()
    found += faults(teacher)
    teacher.goto(teacher.url + "edit/")
    found += faults(teacher)
    teacher.go_back()
    teacher.get_by_role("link", name="Schedule class").click()
    teacher.get_by_label("Title").fill("")
    teacher.get_by_role("button", name="Schedule class").click()
    expect(teacher.get_by_role("alert").first).to_be_visible()
    found += faults(teacher, "schedule with an error")

    teacher.goto(aula.url(path + "room/"))
    expect(teacher.get_by_role("button", name="Start class")).to_be_visible()
    found += faults(teacher)
    teacher.get_by_role("button", name="Start class").click()
    expect(teacher.get_by_role("toolbar", name="Class controls")).to_be_visible()
    found += faults(teacher, "in the room")
    open_chat(teacher)
    found += faults(teacher, "chat in the room")
    assert not found, "\n".join(found)


@pytest.mark.complains("WebSocket connection to")
def test_a_title_of_one_long_word_stays_within_the_phone(aula: Aula, signed_in: Callable[..., Page]) -> None:
    word = "Donaudampfschifffahrt" * 4
    page = signed_in("teacher@demo.test", width=390, height=844)
    page.goto(aula.url("/courses/new/"))
    page.get_by_label("Title").fill(word)
    page.get_by_role("button", name="Create course").click()
    expect(page.get_by_role("heading", level=1, name=word)).to_be_visible()
    course = page.url
    path = open_class(aula, page, title=word, course=word)
    paths = ["/", "/courses/", path, path + "edit/", path + "room/"]
    found = []
    for address in [course, course + "people/", *map(aula.url, paths)]:
        page.goto(address)
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        found += [fault for fault in faults(page) if "sideways" in fault]
    assert not found, "\n".join(found)


def test_a_student_needs_no_mouse(
    aula: Aula, signed_in: Callable[..., Page], open_page: Callable[..., Page]
) -> None:
    teacher = signed_in("teacher@demo.test")
    path = open_class(aula, teacher)
    enter(teacher, "Start class")

    page = open_page(width=360, height=740)
    page.goto(aula.url(path))
    expect(page.get_by_label("Email")).to_be_focused()
    page.keyboard.type("student@demo.test")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    tab_to(page, "Join class")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Join class")).to_be_visible()
    tab_to(page, "Join class")
    page.keyboard.press("Enter")
    expect(page.get_by_role("toolbar", name="Class controls")).to_be_visible()

    page.keyboard.press("Control+d")
    expect(page.get_by_role("button", name="Unmute")).to_be_visible()
    page.keyboard.press("Control+e")
    expect(page.get_by_role("button", name="Start video")).to_be_visible()
    page.keyboard.press("Control+Alt+h")
    expect(page.get_by_role("button", name="Lower hand")).to_be_visible()
    page.keyboard.press("Control+Alt+c")
    expect(page.get_by_label("Message everyone")).to_be_focused()
    page.keyboard.type("Without a mouse")
    page.keyboard.press("Enter")
    expect(page.get_by_role("log")).to_contain_text("Without a mouse")
    tab_to(page, "Leave")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="You left the class")).to_be_visible()


@pytest.mark.complains("ERR_INTERNET_DISCONNECTED")
def test_without_a_network_a_page_stays_and_nothing_typed_is_lost(
    aula: Aula, signed_in: Callable[..., Page]
) -> None:
    page = signed_in("teacher@demo.test", width=390, height=844)
    page.goto(aula.url("/courses/new/"))
    page.get_by_label("Title").fill("Botany 9b")
    page.context.set_offline(True)
    expect(page.get_by_text("You are offline. This page stays open")).to_be_visible()
    assert not faults(page, "offline")
    page.get_by_role("button", name="Create course").click()
    expect(page.get_by_text("You are offline, so it was not sent.")).to_be_visible()
    expect(page.get_by_label("Title")).to_have_value("Botany 9b")
    page.context.set_offline(False)
    expect(page.get_by_text("You are offline").filter(visible=True)).to_have_count(0)
    page.get_by_role("button", name="Create course").click()
    expect(page.get_by_role("heading", level=1, name="Botany 9b")).to_be_visible()


def test_a_form_whose_answer_is_late_says_so_and_is_sent_once(
    aula: Aula, signed_in: Callable[..., Page]
) -> None:
    page = signed_in("teacher@demo.test")
    page.goto(aula.url("/courses/new/"))
    sent: list[Route] = []

    def leave_open(route: Route) -> None:
        """The page stays, as if the answer were still to come."""
        sent.append(route)
        route.fulfill(status=204)

    page.route("**/courses/new/", leave_open)
    page.get_by_label("Title").fill("Zoology 9b")
    width = page.evaluate(WIDTH)
    page.get_by_role("button", name="Create course").click(no_wait_after=True)
    # Locators wait for a page that is still to come, so the page itself is asked.
    page.evaluate(UNTIL_SHOWN, "main .button--primary[aria-busy=true]")
    assert page.evaluate(WIDTH) == width
    page.evaluate(UNTIL_SHOWN, "[data-strip=slow]")
    page.evaluate("document.querySelector('main .button--primary').click()")
    page.evaluate(UNTIL_SHOWN, "[data-strip=stuck]")
    assert not faults(page, "an answer is late")
    page.evaluate("document.querySelector('[data-stop]').click()")
    page.evaluate(UNTIL_SHOWN, "main .button--primary:not([aria-busy])")
    assert not page.evaluate("document.querySelector('[data-strip=stuck]').checkVisibility()")
    assert len(sent) == 1
    page.unroute("**/courses/new/")
    page.evaluate("document.querySelector('main .button--primary').click()")
    expect(page.get_by_role("heading", level=1, name="Zoology 9b")).to_be_visible()


def test_the_room_is_drawn_before_its_scripts_have_come(aula: Aula, signed_in: Callable[..., Page]) -> None:
    page = signed_in("teacher@demo.test", width=390, height=844)
    path = open_class(aula, page)
    held: list[Route] = []
    page.route("**/js/main*.js", lambda route: held.append(route))
    page.goto(aula.url(path + "room/"), wait_until="commit")
    expect(page.locator(".preview.skeleton")).to_be_visible()
    for late, words in ((3_000, "The class is loading…"), (10_000, "It takes long")):
        expect(page.get_by_text(words)).to_be_hidden()
        page.evaluate(LATER, late)
        expect(page.get_by_text(words)).to_be_visible()
    keep(page, "the room is loading")
    held[0].continue_()
    expect(page.get_by_role("button", name="Start class")).to_be_visible()
    expect(page.locator(".skeleton")).to_have_count(0)


def test_the_check_is_drawn_before_its_scripts_have_come(signed_in: Callable[..., Page], aula: Aula) -> None:
    page = signed_in("student@demo.test", width=390, height=844)
    held: list[Route] = []
    page.route("**/js/check/main*.js", lambda route: held.append(route))
    page.goto(aula.url("/check/"), wait_until="commit")
    expect(page.locator("#check .skeleton").first).to_be_visible()
    page.evaluate(LATER, 3_000)
    expect(page.get_by_text("The check is loading…")).to_be_visible()
    held[0].continue_()
    expect(page.locator(".skeleton")).to_have_count(0)


def tab_to(page: Page, name: str, most: int = 40) -> None:
    """Press Tab until the control called `name` has the focus."""
    expect(page.get_by_text(name).first).to_be_visible()
    for _ in range(most):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement?.innerText?.trim()") == name:
            return
    raise AssertionError(f"Tab does not reach “{name}”")
