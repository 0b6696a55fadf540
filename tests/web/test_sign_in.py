"""Signing in, on the host of a school one belongs to."""

from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth.hashers import make_password
from django.core import mail
from django.http import HttpResponse
from django.test import Client
from django.urls import get_resolver

from accounts.models import Membership, Role
from accounts.signin.forms import SignInForm
from aula import settings as production
from tenants.models import Tenant
from tenants.scope import tenant_scope
from tests.conftest import MakePerson, Person

PASSWORD = "correct horse"
MOST_CODES = 3  # to one email, in a minute
MOST_FAILURES = 10  # of one email, in five minutes (ACCOUNT_RATE_LIMITS)


@pytest.fixture
def visitor(person: MakePerson, tenant: Tenant) -> Person:
    """A student who is not signed in."""
    return person(tenant, Role.STUDENT, "Vic Visitor", signed_in=False)


def sign_in(person: Person, password: str = PASSWORD, **more: str) -> HttpResponse:
    return person.post("/sign-in/", {"username": person.member.user.email, "password": password}, **more)


def test_a_member_signs_in_and_lands_on_today(visitor: Person) -> None:
    answer = sign_in(visitor)
    assert (answer.status_code, answer.url) == (302, "/")
    assert b"Today" in visitor.get("/").content


def test_capitals_in_the_email_do_not_matter(visitor: Person) -> None:
    email = visitor.member.user.email.upper()
    assert visitor.post("/sign-in/", {"username": email, "password": PASSWORD}).status_code == 302


def test_the_page_one_came_for_is_opened_afterwards(visitor: Person) -> None:
    assert visitor.get("/courses/").url == "/sign-in/?next=/courses/"
    form = {"username": visitor.member.user.email, "password": PASSWORD, "next": "/courses/"}
    assert visitor.post("/sign-in/", form).url == "/courses/"


def test_nobody_is_sent_to_another_site(visitor: Person) -> None:
    form = {"username": visitor.member.user.email, "password": PASSWORD, "next": "https://evil.test/"}
    assert visitor.post("/sign-in/", form).url == "/"


def test_every_failure_says_the_same(visitor: Person, outsider: Person, tenant: Tenant) -> None:
    wrong = sign_in(visitor, "wrong horse")
    unknown = visitor.post("/sign-in/", {"username": "nobody@demo.test", "password": PASSWORD})
    foreign = visitor.post("/sign-in/", {"username": outsider.member.user.email, "password": PASSWORD})
    with tenant_scope(tenant):
        Membership.objects.update(is_active=False)
    former = sign_in(visitor)
    for answer in (wrong, unknown, foreign, former):
        assert answer.status_code == 200
        assert list(answer.context["form"].non_field_errors()) == [SignInForm.error_messages["invalid_login"]]


def test_empty_fields_are_named(visitor: Person) -> None:
    answer = visitor.post("/sign-in/", {"username": "", "password": ""})
    assert b"Enter your email." in answer.content
    assert b"Enter your password." in answer.content


def test_the_eye_of_a_password_is_hidden_until_a_script_shows_it(visitor: Person, student: Person) -> None:
    for page in (visitor.get("/sign-in/"), student.get("/account/security/password/", follow=True)):
        content = page.content.decode()
        assert 'type="password"' in content
        assert (
            'aria-label="Show password" data-show="Show password" data-hide="Hide password" hidden>'
            in content
        )
        assert "js/pages/eye" in content


def test_passwords_are_kept_by_argon2_and_those_of_before_are_at_the_next_sign_in(
    visitor: Person, settings: Any
) -> None:
    settings.PASSWORD_HASHERS = production.PASSWORD_HASHERS  # the suite has a faster one
    assert make_password(PASSWORD).startswith("argon2$")
    user = visitor.member.user
    user.password = make_password(PASSWORD, hasher="pbkdf2_sha256")
    user.save()
    assert sign_in(visitor).status_code == 302
    user.refresh_from_db()
    assert user.password.startswith("argon2$")
    assert user.check_password(PASSWORD)


def test_guessing_is_paused(visitor: Person) -> None:
    for _ in range(MOST_FAILURES):
        assert sign_in(visitor, "wrong horse").status_code == 200
    answer = sign_in(visitor)
    assert answer.status_code == 429
    assert b"Too many wrong attempts" in answer.content


@pytest.mark.parametrize(
    "host", ["demo.localhost:1{n:03}", "DEMO.localhost", "demo.localhost.", "learn.test:{n}"]
)
def test_guessing_is_paused_however_the_host_is_written(
    visitor: Person, tenant: Tenant, settings: Any, host: str
) -> None:
    settings.ALLOWED_HOSTS = [*settings.ALLOWED_HOSTS, "learn.test"]
    tenant.domains.create(host="learn.test")
    for n in range(1, MOST_FAILURES + 1):
        sign_in(visitor, "wrong horse", HTTP_HOST=host.format(n=n))
    assert sign_in(visitor).status_code == 429


def test_codes_are_few_however_the_host_is_written(visitor: Person) -> None:
    for n in range(8):
        ask = {"email": visitor.member.user.email}
        Client().post("/sign-in/code/", ask, HTTP_HOST=f"demo.localhost:{1000 + n}")
    assert len(mail.outbox) == MOST_CODES


def test_a_success_forgets_the_failures(visitor: Person) -> None:
    for _ in range(MOST_FAILURES - 1):
        sign_in(visitor, "wrong horse")
    assert sign_in(visitor).status_code == 302
    visitor.post("/sign-out/")
    assert sign_in(visitor, "wrong horse").status_code == 200


def test_an_ended_membership_ends_access_at_once(student: Person, tenant: Tenant) -> None:
    assert student.get("/").status_code == 200
    with tenant_scope(tenant):
        Membership.objects.filter(pk=student.member.pk).update(is_active=False)
    assert student.get("/").status_code == 302


def test_signing_out_takes_a_post(student: Person) -> None:
    assert student.get("/sign-out/").status_code == 405
    assert student.post("/sign-out/").url == "/sign-in/"
    assert student.get("/").status_code == 302


def test_a_form_from_elsewhere_is_refused_with_a_page(visitor: Person) -> None:
    strict = Client(enforce_csrf_checks=True)
    answer = strict.post("/sign-in/", {"username": "a@b.test"}, HTTP_HOST=visitor.host)
    assert answer.status_code == 403
    assert b"form_out_of_date" in answer.content


def test_the_cookie_belongs_to_the_one_host_and_no_script(visitor: Person) -> None:
    cookie = sign_in(visitor).cookies["sessionid"]
    assert cookie["domain"] == ""
    assert cookie["httponly"]


def test_none_of_allauths_own_pages_can_be_reached(visitor: Person) -> None:
    for pattern in get_resolver().url_patterns:
        for each in getattr(pattern, "url_patterns", []):
            view = getattr(getattr(each, "callback", None), "view_class", None)
            if any(base.__module__.startswith("allauth") for base in getattr(view, "__mro__", ())):
                assert view.__module__.startswith("accounts"), each
                assert (view.template_name or "accounts/").startswith("accounts/"), each
    for path in ("/accounts/login/", "/accounts/signup/", "/accounts/2fa/", "/accounts/email/", "/signup/"):
        assert visitor.get(path).status_code == 404


def test_operators_see_none_of_allauths_tables() -> None:
    labels = {model._meta.app_label for model in admin.site._registry}
    assert not labels & {"account", "mfa", "socialaccount"}


def test_a_school_is_not_told_of_sign_ins_elsewhere(
    visitor: Person, admin: Person, tenant: Tenant, other_tenant: Tenant
) -> None:
    with tenant_scope(other_tenant):
        there = Membership.objects.create(tenant=other_tenant, user=visitor.member.user)
    sign_in(Person(there, Client(), visitor.now))
    never = "/admin/accounts/membership/?signed_in=never"
    assert visitor.member.user.email in admin.get(never).content.decode()
    sign_in(visitor)
    assert visitor.member.user.email not in admin.get(never).content.decode()
    with tenant_scope(tenant):
        visitor.member.refresh_from_db()
    assert visitor.member.signed_in_at == visitor.now
