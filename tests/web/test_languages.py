"""Who reads which language, and the catalogue scripts get."""

import re

import pytest
from django.core import mail
from django.http import HttpResponse
from django.test import Client

from accounts.models import User
from classrooms.api.document import document
from tenants.languages import spoken
from tests.conftest import Guest, Person


def language(answer: HttpResponse) -> str:
    """What a page is in; its header says the same."""
    found = re.search(rb'<html lang="([^"]+)"', answer.content)
    assert found is not None
    code = found.group(1).decode()
    assert answer.headers["Content-Language"] == code
    return code


@pytest.mark.parametrize(
    ("chosen", "accept", "expected"),
    [
        (("de", "en"), "en", "de"),
        (("", None, "de"), "en", "de"),
        (("", ""), "de-AT,de;q=0.9,en;q=0.5", "de"),
        (("", ""), "xx,en;q=0.5,de;q=0.4", "en"),
        (("xx", ""), "de", "de"),
        ((), "*", "en"),
        ((), "%%%;;q=x", "en"),
        ((), "", "en"),
    ],
)
def test_the_first_choice_counts_then_what_the_browser_asks_for(
    chosen: tuple[str | None, ...], accept: str, expected: str
) -> None:
    assert spoken(*chosen, accept=accept) == expected


def choose(person: Person, code: str, back: str = "/courses/") -> HttpResponse:
    return person.post("/language/", {"language": code}, HTTP_REFERER=f"http://{person.host}{back}")


def test_a_person_chooses_from_any_page_and_comes_back_to_it(student: Person) -> None:
    assert choose(student, "de").url == "http://demo.localhost/courses/"
    assert language(student.get("/courses/")) == "de"
    student.member.user.refresh_from_db()
    assert student.member.user.language == "de"


def test_the_choice_is_the_persons_not_the_browsers(student: Person) -> None:
    choose(student, "de")
    elsewhere = Client()
    elsewhere.force_login(student.member.user)
    assert (
        language(Person(student.member, elsewhere, student.now).get("/", HTTP_ACCEPT_LANGUAGE="en")) == "de"
    )


def test_the_browser_keeps_it_for_when_nobody_is_signed_in(student: Person) -> None:
    choose(student, "de")
    student.post("/sign-out/")
    assert language(student.get("/sign-in/")) == "de"


def test_the_next_person_at_that_browser_reads_their_own(student: Person, teacher: Person) -> None:
    choose(student, "de")
    User.objects.filter(pk=teacher.member.user.pk).update(language="en")
    student.browser.force_login(teacher.member.user)
    assert language(student.get("/")) == "en"


def test_without_a_choice_it_is_the_schools_then_the_browsers(student: Person, guest: Guest) -> None:
    assert language(student.get("/", HTTP_ACCEPT_LANGUAGE="de")) == "de"
    assert language(guest.get("/sign-in/", HTTP_ACCEPT_LANGUAGE="de")) == "de"
    tenant = student.member.tenant
    tenant.language = "en"
    tenant.save()
    assert language(student.get("/", HTTP_ACCEPT_LANGUAGE="de")) == "en"
    assert language(guest.get("/sign-in/", HTTP_ACCEPT_LANGUAGE="de")) == "en"


@pytest.mark.parametrize("code", ["xx", "", "../en", "DE"])
def test_an_unknown_language_changes_nothing(student: Person, code: str) -> None:
    assert choose(student, code).status_code == 302
    student.member.user.refresh_from_db()
    assert student.member.user.language == ""
    assert "django_language" not in student.browser.cookies


@pytest.mark.parametrize("back", ["https://evil.test/", "//evil.test", "javascript:alert(1)", ""])
def test_nobody_is_sent_elsewhere(student: Person, back: str) -> None:
    assert student.post("/language/", {"language": "de"}, HTTP_REFERER=back).url == "/"


def test_a_link_alone_changes_no_language(student: Person) -> None:
    assert student.get("/language/?language=de").status_code == 405


def test_mail_is_in_the_recipients_language_not_the_askers(student: Person, guest: Guest) -> None:
    student.member.user.language = "de"
    student.member.user.save()
    guest.post("/password/", {"email": student.member.user.email}, HTTP_ACCEPT_LANGUAGE="en")
    assert mail.outbox[0].subject == "Neues Passwort für Northfield College wählen"
    assert "Hallo Sue Student" in mail.outbox[0].body


def test_an_operators_pages_are_in_the_operators_language(admin_client: Client, admin_user: User) -> None:
    admin_user.language = "de"
    admin_user.save()
    assert 'lang="de"' in admin_client.get("/admin/", HTTP_HOST="localhost").content.decode()


def catalogue_of(page: HttpResponse) -> str:
    found = re.search(rb'<script defer src="(/words/[^"]+)"', page.content)
    assert found is not None
    return found.group(1).decode()


def test_scripts_get_the_words_of_the_pages_language(student: Person) -> None:
    choose(student, "de")
    script = student.get(catalogue_of(student.get("/")))
    assert script.headers["Content-Type"].startswith("text/javascript")
    assert "Unterricht" in script.content.decode()


def test_a_catalogue_is_kept_for_a_year_under_the_address_of_its_content(guest: Guest) -> None:
    address = catalogue_of(guest.get("/sign-in/"))
    assert "immutable" in guest.get(address).headers["Cache-Control"]
    plain = guest.get("/words/de.js")
    assert plain.headers["Cache-Control"] == "no-cache"
    assert guest.get("/words/de.js", HTTP_IF_NONE_MATCH=plain.headers["ETag"]).status_code == 304


def test_there_is_no_catalogue_of_a_language_that_is_not_offered(guest: Guest) -> None:
    assert guest.get("/words/fr.js").status_code == 404


def test_a_catalogue_says_nothing_of_djangos_own_pages(guest: Guest) -> None:
    assert "Filter" not in guest.get("/words/de.js").content.decode()


def test_the_apis_document_is_in_english_whoever_asks_first(guest: Guest) -> None:
    document.cache_clear()
    said = guest.get("/api/v1/schema/", HTTP_ACCEPT_LANGUAGE="de").content.decode()
    assert "A suspended school answers nobody" in said
    assert "Leer:" not in said
