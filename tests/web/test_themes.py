"""Light or dark: what a person chose, on every page of theirs and in the room, from the first picture on."""

import re

import pytest
from django.http import HttpResponse
from django.test import Client

from accounts.models import User
from tests.conftest import Guest, Person


@pytest.fixture
def operator(db: None) -> Client:
    browser = Client()
    browser.force_login(User.objects.create_superuser("op@aula.test", "correct horse", name="Op"))
    return browser


def choose(person: Person, theme: str, back: str = "/courses/") -> HttpResponse:
    return person.post("/theme/", {"theme": theme}, HTTP_REFERER=f"http://{person.host}{back}")


def theme(answer: HttpResponse) -> str:
    """What the page is drawn in before any script runs; a browser's own parts are in the same."""
    page = answer.content.decode()
    found = re.search(r'<html [^>]*data-theme="([^"]*)"', page)
    assert found is not None
    assert f'<meta name="color-scheme" content="{found[1] or "light dark"}">' in page
    return found[1]


def test_a_person_chooses_from_any_page_and_comes_back_to_it(student: Person) -> None:
    assert theme(student.get("/")) == ""
    assert choose(student, "dark").url == "http://demo.localhost/courses/"
    assert theme(student.get("/")) == "dark"
    choose(student, "light")
    assert theme(student.get("/account/")) == "light"
    choose(student, "")
    assert theme(student.get("/")) == ""


def test_the_menu_marks_what_is_chosen(student: Person) -> None:
    choose(student, "dark")
    marked = re.findall(r'name="theme" value="(\w*)" aria-current="true"', student.get("/").content.decode())
    assert marked == ["dark"]


def test_the_room_and_the_schools_admin_follow(admin: Person, session) -> None:
    choose(admin, "dark")
    assert theme(admin.get(f"{session.get_absolute_url()}room/")) == "dark"
    assert re.search(r'<body class="[^"]*theme-dark', admin.get("/admin/").content.decode())


def test_the_bar_of_a_phones_browser_follows(student: Person) -> None:
    bars = re.compile(r'<meta name="theme-color"([^>]*)>')
    assert len(bars.findall(student.get("/").content.decode())) == 2
    choose(student, "dark")
    assert bars.findall(student.get("/").content.decode()) == [' content="#1a1f1e"']


def test_operators_have_their_colours_on_the_pages_of_the_base_domain(operator: Client) -> None:
    User.objects.update(theme="dark")
    assert theme(operator.get("/", HTTP_HOST="localhost")) == "dark"
    assert theme(operator.get("/nothing/", HTTP_HOST="localhost")) == "dark"
    admin = operator.get("/admin/", HTTP_HOST="localhost").content.decode()
    assert re.search(r'<body class="[^"]*theme-dark', admin)
    assert theme(Client().get("/", HTTP_HOST="localhost")) == ""


def test_the_choice_is_one_persons_and_signed_out_it_is_the_devices(student: Person, teacher: Person) -> None:
    choose(student, "dark")
    assert theme(teacher.get("/")) == ""
    student.post("/sign-out/")
    assert theme(student.get("/sign-in/")) == ""


@pytest.mark.parametrize("unknown", ["blue", "DARK", "light dark"])
def test_an_unknown_theme_changes_nothing(student: Person, unknown: str) -> None:
    choose(student, "dark")
    assert choose(student, unknown).status_code == 302
    assert theme(student.get("/")) == "dark"


def test_a_stranger_is_asked_to_sign_in_and_nobody_is_sent_elsewhere(student: Person, guest: Guest) -> None:
    assert guest.post("/theme/", {"theme": "dark"}).url.startswith("/sign-in/")
    assert not User.objects.exclude(theme="").exists()
    assert student.post("/theme/", {"theme": "dark"}, HTTP_REFERER="https://evil.test/").url == "/"
    assert student.get("/theme/?theme=light").status_code == 405
