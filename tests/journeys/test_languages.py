"""Whole pages in other languages: nothing is left in English, nothing is cut, in either direction."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from classrooms import demo
from tests.accessible import ID, faults
from tests.journeys.aula import PASSWORD, Aula
from tests.journeys.made import make_recording
from tests.pseudo import write
from tests.shown_words import unmarked

pytestmark = pytest.mark.journey
DATA = (  # of the demo school and of what is made here; beside addresses, zones and names of formats
    *(name for _email, name, _role in demo.SIGN_INS),
    *(words for course in demo.COURSES for words in course),
    *(title for _course, title, *_when in demo.COMING),
    *(demo.ON_NOW, "Northfield College", "Made of films", "Anaphase"),
    *("Aula", "UTC", "MP4", "WebVTT", "CSV", "JSON", "English", "Deutsch", "Pseudo", "Mirrored"),
)
KNOWN = re.compile(
    r"\S+@\S+|\S+/\S+|#[0-9a-f]{6}|" + "|".join(map(re.escape, sorted(DATA, key=len, reverse=True)))
)
SHAPES = [(360, "light"), (1280, "light"), (768, "dark")]


@pytest.fixture(scope="module")
def aula(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Aula]:
    """One that also speaks the languages of tests.pseudo."""
    locales = write(tmp_path_factory.mktemp("locales"))
    var = tmp_path_factory.mktemp("aula")
    aula = Aula(var, DJANGO_SETTINGS_MODULE="tests.pseudo_settings", PSEUDO_LOCALES=str(locales))
    try:
        aula.wait_until_ready()
        yield aula
    finally:
        aula.stop()


@pytest.fixture(scope="module")
def recording(aula: Aula, tmp_path_factory: pytest.TempPathFactory) -> str:
    return make_recording(aula, tmp_path_factory.mktemp("films"))


@pytest.fixture
def reads(aula: Aula, open_page: Callable[..., Page]) -> Callable[..., Page]:
    """Somebody's page in a language: chosen by the browser, and kept by it."""

    def reads(language: str, who: str = "", **options: object) -> Page:
        page = open_page(reduced_motion="reduce", **options)
        cookie = {"name": "django_language", "value": language, "url": aula.url("/")}
        page.context.add_cookies([cookie])  # type: ignore[list-item]
        if who:
            page.goto(aula.url("/sign-in/"))
            page.locator("input[name=username]").fill(f"{who}@demo.test")
            page.locator("input[name=password]").fill(PASSWORD)
            page.locator("main button[type=submit]").click()
            page.wait_for_url(aula.url("/"))
        return page

    return reads


def courses(page: Page) -> str:
    """The address of the first course."""
    links = page.locator("main a[href*='/courses/']:not([href$='/new/'])")
    return str(links.first.get_attribute("href"))


def places(aula: Aula, page: Page) -> Iterator[str]:
    """What a teacher opens, each drawn to its end."""
    yield "/"
    page.goto(aula.url("/courses/"))
    course = courses(page)
    yield from ("/courses/", "/courses/new/", course, f"{course}schedule/", f"{course}people/")
    yield from (f"{course}members/", f"{course}attendance/", f"{course}recordings/", f"{course}materials/")
    page.goto(aula.url("/"))
    lesson = str(page.locator("main a[href*='/c/']").first.get_attribute("href"))
    yield from (lesson, f"{lesson}edit/", f"{lesson}guests/", f"{lesson}attendance/", "/account/", "/check/")
    yield "/nothing/here/"


STRANGERS = ("/sign-in/", "/password/", "/password/sent/", "/password/MQ/x-y/", "/join/nothing/")


def visit(aula: Aula, page: Page, path: str) -> None:
    page.goto(aula.url(path))
    expect(page.locator("h1").first).to_be_visible()


@pytest.mark.complains("status of 4")
def test_every_word_of_a_teachers_pages_is_in_a_catalogue(aula: Aula, reads: Callable[..., Page]) -> None:
    page = reads("eo", "teacher")
    found = {}
    for path in places(aula, page):
        visit(aula, page, path)
        found[path] = unmarked(page, KNOWN)
    assert not any(found.values()), {path: words for path, words in found.items() if words}


@pytest.mark.complains("status of 4")
def test_every_word_of_a_student_and_of_a_stranger_is_in_a_catalogue(
    aula: Aula, reads: Callable[..., Page]
) -> None:
    student, stranger, found = reads("eo", "student"), reads("eo"), {}
    for path in ("/", "/courses/", "/account/"):
        visit(aula, student, path)
        found[path] = unmarked(student, KNOWN)
    for path in STRANGERS:
        visit(aula, stranger, path)
        found[path] = unmarked(stranger, KNOWN)
    assert not any(found.values()), {path: words for path, words in found.items() if words}


def test_every_word_of_errors_in_a_form_is_in_a_catalogue(aula: Aula, reads: Callable[..., Page]) -> None:
    page = reads("eo", "teacher")
    visit(aula, page, "/courses/new/")
    page.locator("main button[type=submit]").click()
    expect(page.locator(".field__error").first).to_be_visible()
    assert not unmarked(page, KNOWN)


def test_every_word_of_the_player_is_in_a_catalogue(
    aula: Aula, recording: str, reads: Callable[..., Page]
) -> None:
    page = reads("eo", "teacher")
    page.goto(aula.url(recording))
    expect(page.get_by_role("slider").first).to_be_visible()
    tabs = page.get_by_role("tab")
    found = []
    for n in range(tabs.count()):
        tabs.nth(n).click()
        found += unmarked(page, KNOWN)
    assert not found


@pytest.mark.parametrize("language", ["de", "he"])
@pytest.mark.parametrize(("width", "theme"), SHAPES)
@pytest.mark.complains("status of 4")
def test_axe_finds_nothing_and_nothing_scrolls_sideways(
    aula: Aula, reads: Callable[..., Page], language: str, width: int, theme: str
) -> None:
    page = reads(language, "teacher", width=width, height=800, color_scheme=theme)
    found = []
    for path in places(aula, page):
        visit(aula, page, path)
        found += faults(page, f"{ID.sub('', path)} {language}")
    stranger = reads(language, width=width, height=800, color_scheme=theme)
    visit(aula, stranger, "/sign-in/")
    found += faults(stranger, f"sign-in {language}")
    assert not found, "\n".join(found)


@pytest.mark.parametrize("language", ["de", "he"])
@pytest.mark.parametrize(("width", "theme"), SHAPES)
def test_the_player_fits_in_every_language(
    aula: Aula, recording: str, reads: Callable[..., Page], language: str, width: int, theme: str
) -> None:
    page = reads(language, "teacher", width=width, height=800, color_scheme=theme)
    page.goto(aula.url(recording))
    expect(page.get_by_role("slider").first).to_be_visible()
    assert not faults(page, f"player {language}")


def test_a_person_changes_the_language_in_the_menu(aula: Aula, reads: Callable[..., Page]) -> None:
    page = reads("en", "student")
    page.goto(aula.url("/courses/"))
    page.get_by_role("button", name="Account of").click()
    page.get_by_role("button", name="Deutsch").click()
    expect(page.get_by_role("heading", level=1, name="Kurse")).to_be_visible()
    page.get_by_role("button", name="Konto von").click()
    expect(page.get_by_role("button", name="Deutsch")).to_have_attribute("aria-current", "true")
    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("heading", level=1, name="Courses")).to_be_visible()
