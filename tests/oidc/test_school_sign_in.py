"""The school's own sign-in, against a real provider: who gets in, as whom, and what is refused."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from django.core import mail
from django.test import Client

from accounts.models import Identity, IdentityProvider, Membership, Role, User
from accounts.school.actions import link
from accounts.sealed import seal
from tenants.models import Tenant
from tenants.scope import every_tenant, tenant_scope
from tests.conftest import Guest, MakePerson, Person
from tests.oidc.conftest import mailed_code, own_sign_in, words
from tests.oidc.lies import LIES, SIGNED
from tests.web.test_second_step import add_app

PASSWORD = "correct horse"


@pytest.fixture
def visitor(person: MakePerson, tenant: Tenant) -> Person:
    """A student who is not signed in."""
    return person(tenant, Role.STUDENT, "Vic Visitor", signed_in=False)


@pytest.fixture
def stranger(guest: Guest) -> Guest:
    """A browser in which nobody is signed in."""
    return guest


def known(school: IdentityProvider, person: Person, subject: str) -> None:
    with tenant_scope(school.tenant):
        link(provider=school, subject=subject, member=person.member, at=person.now)


def is_in(person: Person) -> bool:
    return person.get("/courses/").status_code == 200


def identities() -> list[tuple[str, str]]:
    with every_tenant():
        return [(each.subject, each.membership.user.email) for each in Identity.objects.all()]


def test_whoever_is_known_is_signed_in(school, visitor, come) -> None:
    known(school, visitor, "vic-1")
    assert come(visitor, "vic-1", "/sign-in/school/?next=/courses/").url == "/courses/"
    assert is_in(visitor)


def test_the_way_there_carries_state_nonce_and_pkce(school, stranger) -> None:
    parts = urlsplit(stranger.get("/sign-in/school/").url)
    asked = parse_qs(parts.query)
    assert set(asked) == {
        *("client_id", "redirect_uri", "response_type", "scope", "state", "nonce"),
        *("code_challenge", "code_challenge_method"),
    }
    assert asked["code_challenge_method"] == ["S256"]
    assert set(asked["scope"][0].split()) == {"openid", "profile", "email"}
    again = parse_qs(urlsplit(stranger.get("/sign-in/school/").url).query)
    assert all(asked[each] != again[each] for each in ("state", "nonce", "code_challenge"))


@pytest.mark.parametrize("lie", [*[each for each in LIES if each], *SIGNED])
def test_a_token_that_is_not_right_signs_nobody_in(school, visitor, come, provider, lie, caplog) -> None:
    known(school, visitor, "vic-1")
    provider.lie(lie)
    answer = come(visitor, "vic-1")
    assert answer.status_code == 502
    assert "school_sign_in_failed" in words(answer)
    assert not is_in(visitor)
    assert "A school's own sign-in failed" in caplog.text


def test_a_state_of_another_browser_is_refused(school, visitor, provider) -> None:
    """Nobody can be signed in as somebody else by a link."""
    known(school, visitor, "vic-1")
    theirs = Client().get("/sign-in/school/", HTTP_HOST=visitor.host).url
    answer = visitor.get(provider.allow(theirs, "vic-1"))
    assert answer.status_code == 400
    assert "sign_in_ran_out" in words(answer)
    assert not is_in(visitor)


def test_a_state_is_good_once(school, visitor, provider) -> None:
    known(school, visitor, "vic-1")
    back = provider.allow(visitor.get("/sign-in/school/").url, "vic-1")
    assert visitor.get(back).status_code == 302
    visitor.post("/sign-out/")
    assert visitor.get(back).status_code == 400


def test_a_code_of_another_state_is_refused(school, visitor, provider) -> None:
    """PKCE and nonce: a code that somebody else was given is worth nothing here."""
    known(school, visitor, "mallory-1")
    theirs = parse_qs(
        provider.allow(Client().get("/sign-in/school/", HTTP_HOST=visitor.host).url, "mallory-1")
    )
    mine = parse_qs(urlsplit(visitor.get("/sign-in/school/").url).query)
    code = next(value[0] for name, value in theirs.items() if name.endswith("code"))
    answer = visitor.get(f"/sign-in/school/back/?code={code}&state={mine['state'][0]}")
    assert answer.status_code == 502
    assert not is_in(visitor)


def test_a_state_is_of_one_host(school, visitor, provider, other_tenant, person) -> None:
    known(school, visitor, "vic-1")
    boss = person(other_tenant, Role.ADMIN, "Olga Other")
    own_sign_in(provider, boss)
    back = provider.allow(visitor.get("/sign-in/school/").url, "vic-1")
    assert visitor.get(back, HTTP_HOST="other.localhost").status_code == 400


@pytest.mark.parametrize("query", ["", "?code=x", "?state=x&code=x", "?error=access_denied"])
def test_coming_back_from_nowhere_is_refused(school, stranger, query) -> None:
    assert stranger.get(f"/sign-in/school/back/{query}").status_code == 400


def test_who_says_no_there_is_back_at_the_sign_in_page(school, visitor, provider) -> None:
    away = visitor.get("/sign-in/school/").url
    answer = requests.post(away, data={"action": "deny"}, allow_redirects=False, timeout=5)
    parts = urlsplit(answer.headers["Location"])
    state = parse_qs(urlsplit(away).query)["state"][0]
    back = visitor.get(f"{parts.path}?{parts.query}&state={state}", follow=True)
    assert "left without signing in" in words(back)


def test_the_same_subject_elsewhere_is_another_person(school, visitor, come, provider, other_tenant, person):
    """Keyed by tenant, provider and subject."""
    known(school, visitor, "vic-1")
    boss = person(other_tenant, Role.ADMIN, "Olga Other")
    own_sign_in(provider, boss, back="http://other.localhost/sign-in/school/back/")
    with tenant_scope(other_tenant):
        Membership.objects.create(tenant=other_tenant, user=visitor.member.user, role=Role.STUDENT)
    there = Guest(None, Client(), visitor.now, "other")
    provider.knows("vic-1", email="somebody@else.test")
    assert come(there, "vic-1").url.startswith("/sign-in/code/enter/")
    assert not is_in(there)
    assert len(identities()) == 1


def test_an_email_alone_takes_over_no_account(school, visitor, come, provider, stranger) -> None:
    """Not even one that the provider calls verified."""
    provider.knows("mallory-1", email=visitor.member.user.email, email_verified=True)
    assert come(stranger, "mallory-1").url == "/sign-in/code/enter/"
    assert not is_in(stranger)
    assert identities() == []
    assert mail.outbox[0].to == [visitor.member.user.email]
    assert "not right" in words(stranger.post("/sign-in/code/enter/", {"code": "WRONG"}))


def test_a_code_to_that_mailbox_links_the_account_once_and_for_all(school, visitor, come, provider, stranger):
    provider.knows("vic-1", email=visitor.member.user.email.upper())
    place = come(stranger, "vic-1", "/sign-in/school/?next=/courses/").url
    assert "Prove that the account is yours" in words(stranger.get(place))
    answer = stranger.post(place, {"code": mailed_code()}, follow=True)
    assert answer.redirect_chain[-1][0] == "/courses/"
    assert "signs you in without a code" in words(answer)
    assert identities() == [("vic-1", visitor.member.user.email)]
    again = Guest(None, Client(), visitor.now)
    assert come(again, "vic-1").url == "/"


def test_another_way_in_does_not_link_what_was_not_proved(school, visitor, come, provider, stranger, teacher):
    """Somebody else signs in in that browser: the identity is not theirs."""
    provider.knows("mallory-1", email=visitor.member.user.email)
    come(stranger, "mallory-1")
    stranger.post("/sign-in/over/")
    stranger.post("/sign-in/", {"username": teacher.member.user.email, "password": PASSWORD})
    assert is_in(stranger)
    assert identities() == []


def test_whom_the_school_does_not_know_gets_the_same_page_and_no_mail(school, come, provider, stranger):
    provider.knows("nobody-1", email="nobody@else.test")
    place = come(stranger, "nobody-1").url
    assert "a code is on its way" in words(stranger.get(place))
    assert mail.outbox == []
    assert not User.objects.filter(email="nobody@else.test").exists()


def test_who_has_an_account_elsewhere_alone_stays_outside(school, come, provider, stranger, outsider):
    provider.knows("otto-1", email=outsider.member.user.email)
    come(stranger, "otto-1")
    assert mail.outbox == []


def test_without_an_email_nobody_is_guessed(school, come, provider, stranger):
    provider.knows("silent-1")
    answer = come(stranger, "silent-1")
    assert answer.status_code == 403
    assert "no_email" in words(answer)


def test_a_school_that_welcomes_makes_students_of_who_is_new(provider, admin, come, stranger, tenant):
    own_sign_in(provider, admin, welcomes=True)
    provider.knows("new-1", email="New@School.test", name="Nell New")
    assert come(stranger, "new-1").url == "/"
    assert is_in(stranger)
    with tenant_scope(tenant):
        member = Membership.objects.get(user__email="new@school.test")
    assert (member.role, member.user.name) == (Role.STUDENT, "Nell New")
    assert not member.user.has_usable_password()


@pytest.mark.parametrize(("said", "name"), [("Nell\0 New", "Nell New"), ("\0", "new"), (" ", "new")])
def test_a_name_that_no_database_keeps_is_mended(provider, admin, come, stranger, said, name):
    own_sign_in(provider, admin, welcomes=True)
    provider.knows("new-1", email="new@school.test", name=said)
    assert come(stranger, "new-1").url == "/"
    assert User.objects.get(email="new@school.test").name == name


def test_a_school_that_welcomes_takes_over_no_account_of_elsewhere(provider, admin, come, stranger, outsider):
    own_sign_in(provider, admin, welcomes=True)
    provider.knows("otto-1", email=outsider.member.user.email)
    place = come(stranger, "otto-1").url
    assert not is_in(stranger)
    assert stranger.post(place, {"code": mailed_code()}).status_code == 302
    assert is_in(stranger)
    assert identities() == [("otto-1", outsider.member.user.email)]


def test_whom_a_school_has_shut_out_does_not_come_back_as_new(
    provider, admin, come, stranger, visitor, tenant
):
    school = own_sign_in(provider, admin, welcomes=True)
    known(school, visitor, "vic-1")
    with tenant_scope(tenant):
        Membership.objects.filter(pk=visitor.member.pk).update(is_active=False)
    assert come(stranger, "vic-1").url == "/sign-in/"
    provider.knows("vic-2", email=visitor.member.user.email)
    come(stranger, "vic-2")
    assert mail.outbox == []
    assert not is_in(stranger)


def linking(person: Person) -> Any:
    person.post("/account/security/prove/", {"password": PASSWORD})
    return person.post("/account/security/school/")


def test_who_is_signed_in_links_by_hand(school, student, provider, come) -> None:
    page = linking(student)
    back = student.get(provider.allow(page.context["address"], "sue-1"), follow=True)
    assert "now signs you in" in words(back)
    assert identities() == [("sue-1", student.member.user.email)]
    assert "can now be opened by the school" in mail.outbox[-1].body
    assert come(Guest(None, Client(), student.now), "sue-1").url == "/"


def test_linking_wants_a_proof_and_a_post(school, student) -> None:
    assert student.get("/account/security/school/").status_code == 405
    assert student.post("/account/security/school/").url.startswith("/account/security/prove/")


def test_what_is_anothers_cannot_be_linked(school, student, visitor, provider) -> None:
    known(school, visitor, "vic-1")
    answer = student.get(provider.allow(linking(student).context["address"], "vic-1"))
    assert answer.status_code == 409
    assert identities() == [("vic-1", visitor.member.user.email)]


def test_a_link_begun_by_one_is_not_ended_by_another(school, student, teacher, provider) -> None:
    back = provider.allow(linking(student).context["address"], "sue-1")
    student.post("/sign-out/")
    student.post("/sign-in/", {"username": teacher.member.user.email, "password": PASSWORD})
    assert student.get(back).status_code == 400
    assert identities() == []


def test_it_can_be_unlinked(school, student, come) -> None:
    known(school, student, "sue-1")
    student.post("/account/security/prove/", {"password": PASSWORD})
    student.post("/account/security/school/unlink/")
    assert identities() == []


def test_the_schools_sign_in_proves_nothing_about_the_account(school, visitor, come) -> None:
    """A school could come in as anybody of it; the account is the person's at other schools too."""
    known(school, visitor, "vic-1")
    come(visitor, "vic-1")
    assert visitor.get("/account/security/app/").url.startswith("/account/security/prove/")


def test_the_schools_sign_in_alone_renames_nobody(school, visitor, come) -> None:
    known(school, visitor, "vic-1")
    come(visitor, "vic-1")
    form = {"name": "Renamed", "language": "en", "time_zone": ""}
    asked = visitor.post("/account/", form)
    assert asked.url == "/account/security/prove/?next=%2Faccount%2F"
    visitor.member.user.refresh_from_db()
    assert visitor.member.user.name == "Vic Visitor"
    visitor.post(asked.url, {"password": PASSWORD, "next": "/account/"})
    visitor.member.user.refresh_from_db()
    assert visitor.member.user.name == "Renamed"


def test_a_second_step_is_asked_for_all_the_same(school, visitor, come) -> None:
    known(school, visitor, "vic-1")
    visitor.browser.force_login(visitor.member.user)
    add_app(visitor)
    assert come(Guest(None, Client(), visitor.now), "vic-1").url == "/sign-in/second/"


def test_a_provider_that_is_away_is_a_page(school, stranger, tenant) -> None:
    with tenant_scope(tenant):
        IdentityProvider.objects.update(issuer="http://127.0.0.1:9")
    answer = stranger.get("/sign-in/school/")
    assert answer.status_code == 502
    assert "try once more" in words(answer)


def test_a_wrong_secret_is_a_page_and_no_secret_is_logged(school, visitor, come, tenant, caplog) -> None:
    known(school, visitor, "vic-1")
    with tenant_scope(tenant):
        IdentityProvider.objects.update(secret=seal("not-the-secret"))
    assert come(visitor, "vic-1").status_code == 502
    assert "not-the-secret" not in caplog.text


def test_a_secret_under_a_lost_key_is_a_page(school, stranger, settings) -> None:
    settings.SECRET_KEY = "the next key"
    assert stranger.get("/sign-in/school/").status_code == 502


def test_in_production_nothing_inside_is_asked(school, stranger, settings) -> None:
    settings.OUTGOING_PRIVATE = False
    assert stranger.get("/sign-in/school/").status_code == 502


def test_a_school_without_one_has_no_such_page(stranger, tenant) -> None:
    assert stranger.get("/sign-in/school/").status_code == 404
    assert stranger.get("/sign-in/school/back/?code=x&state=x").status_code == 404
    assert "school/" not in stranger.get("/sign-in/").content.decode()


def test_the_sign_in_page_names_it(school, stranger) -> None:
    assert "Use Northfield account" in words(stranger.get("/sign-in/"))
