"""Codes by mail, codes of an app, recovery codes: on the way in, and in proof of who one is."""

from __future__ import annotations

import re
import time
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core import mail
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client

from accounts.actions import nowhere_email
from accounts.models import Membership, Role, User
from tenants.models import Tenant
from tenants.scope import tenant_scope
from tests.conftest import MakePerson, Person
from tests.web.test_sign_in import PASSWORD, sign_in

SECURITY = "/account/security/"


@pytest.fixture
def visitor(person: MakePerson, tenant: Tenant) -> Person:
    """A student who is not signed in."""
    return person(tenant, Role.STUDENT, "Vic Visitor", signed_in=False)


def words(answer: HttpResponse) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def app_code(secret: str, ahead: int = 0) -> str:
    """What an authenticator app shows (RFC 6238)."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + ahead))


def mailed_code() -> str:
    found = re.search(
        r"^The code is\s+(\S+)$|^(\S+)$", mail.outbox[-1].body.split("code is")[1], re.MULTILINE
    )
    assert found
    return found[2] or found[1]


def prove(person: Person, password: str = PASSWORD) -> None:
    assert person.post(f"{SECURITY}prove/", {"password": password}).status_code == 302


def add_app(person: Person) -> str:
    """Turn it on; the secret that the app keeps."""
    prove(person)
    page = person.get(f"{SECURITY}app/")
    secret = page.context["form"].secret
    answer = person.post(f"{SECURITY}app/", {"code": app_code(secret)})
    assert answer.url == f"{SECURITY}recovery/", answer.content.decode()
    cache.clear()  # a code is good once, for a minute and a half
    return secret


def recovery_codes(person: Person) -> list[str]:
    return re.findall(r"<li><code>(\d{8})</code>", person.get(f"{SECURITY}recovery/").content.decode())


@pytest.fixture
def guarded(visitor: Person) -> tuple[Person, str, list[str]]:
    """Somebody with an app, signed out again: the app's secret, and recovery codes."""
    sign_in(visitor)
    secret = add_app(visitor)
    codes = recovery_codes(visitor)
    assert len(codes) == 10
    visitor.browser = Client()
    return visitor, secret, codes


def test_a_code_by_mail_signs_in(visitor: Person) -> None:
    answer = visitor.post("/sign-in/code/?next=/courses/", {"email": visitor.member.user.email.upper()})
    assert answer.url == "/sign-in/code/enter/?next=%2Fcourses%2F"
    assert mail.outbox[0].from_email.startswith('"Northfield College"')
    assert mail.outbox[0].to == [visitor.member.user.email]
    assert visitor.post(answer.url, {"code": mailed_code()}).url == "/courses/"
    assert visitor.get("/courses/").status_code == 200


def test_who_is_unknown_gets_the_same_pages_and_no_mail(visitor: Person, outsider: Person) -> None:
    pages = []
    for email in (visitor.member.user.email, outsider.member.user.email, "nobody@demo.test"):
        visitor.browser = Client()
        visitor.post("/sign-in/code/", {"email": email})
        page = visitor.get("/sign-in/code/enter/")
        pages.append(re.sub(r'value="\w{64}"', "", page.content.decode()).replace(email, "EMAIL"))
    assert pages[0] == pages[1] == pages[2]
    assert [each.to for each in mail.outbox] == [[visitor.member.user.email]]


def test_an_email_that_only_looks_the_same_is_sent_nothing(visitor: Person) -> None:
    """What the database takes for equal may be another mailbox: mail goes to the account's own."""
    User.objects.filter(pk=visitor.member.user.pk).update(email="mike@demo.test")
    visitor.post("/sign-in/code/", {"email": "MIKE@demo.test"})
    assert mail.outbox[0].to == ["mike@demo.test"]


def test_a_code_is_good_once_and_for_the_browser_that_asked(visitor: Person) -> None:
    visitor.post("/sign-in/code/", {"email": visitor.member.user.email})
    other = Person(visitor.member, Client(), visitor.now)
    assert other.post("/sign-in/code/enter/", {"code": mailed_code()}).url == "/sign-in/code/"
    visitor.post("/sign-in/code/enter/", {"code": mailed_code()})
    visitor.post("/sign-out/")
    assert visitor.post("/sign-in/code/enter/", {"code": mailed_code()}).url == "/sign-in/code/"


def test_wrong_codes_end_the_attempt(visitor: Person) -> None:
    visitor.post("/sign-in/code/", {"email": visitor.member.user.email})
    for _ in range(4):
        assert "not right" in words(visitor.post("/sign-in/code/enter/", {"code": "WRONG"}))
    answer = visitor.post("/sign-in/code/enter/", {"code": "WRONG"}, follow=True)
    assert "Too many wrong attempts" in words(answer)
    assert visitor.post("/sign-in/code/enter/", {"code": mailed_code()}).url == "/sign-in/code/"
    assert visitor.get("/courses/").status_code == 302


def test_a_mailbox_cannot_be_flooded_with_codes(visitor: Person) -> None:
    for _ in range(5):
        visitor.browser = Client()
        answer = visitor.post("/sign-in/code/", {"email": visitor.member.user.email})
    assert "Too many" in words(answer)
    assert len(mail.outbox) == 3


def test_another_code_can_be_sent(visitor: Person) -> None:
    visitor.post("/sign-in/code/", {"email": visitor.member.user.email})
    first = mailed_code()
    visitor.post("/sign-in/code/enter/", {"action": "resend"})
    assert len(mail.outbox) == 2
    assert mailed_code() != first
    assert visitor.post("/sign-in/code/enter/", {"code": mailed_code()}).status_code == 302


def test_one_can_start_over(visitor: Person) -> None:
    visitor.post("/sign-in/code/", {"email": visitor.member.user.email})
    assert visitor.get("/sign-in/").url == "/sign-in/code/enter/"
    assert visitor.post("/sign-in/over/").url == "/sign-in/"
    assert visitor.get("/sign-in/").status_code == 200


def test_a_former_member_gets_no_code(visitor: Person, tenant: Tenant) -> None:
    visitor.post("/sign-in/code/", {"email": visitor.member.user.email})
    with tenant_scope(tenant):
        Membership.objects.update(is_active=False)
    answer = visitor.post("/sign-in/code/enter/", {"code": mailed_code()}, follow=True)
    assert "did not work here" in words(answer)
    visitor.browser = Client()
    visitor.post("/sign-in/code/", {"email": visitor.member.user.email})
    assert len(mail.outbox) == 1


def test_an_operator_comes_in_by_a_code_too(db: None) -> None:
    User.objects.create_superuser("operator@aula.test", PASSWORD, name="Op")
    browser = Client()
    browser.post("/sign-in/code/", {"email": "operator@aula.test"}, HTTP_HOST="localhost")
    assert "Aula" in mail.outbox[0].body
    answer = browser.post("/sign-in/code/enter/", {"code": mailed_code()}, HTTP_HOST="localhost")
    assert answer.url == "/admin/"


def test_with_an_app_the_password_is_half_the_way(guarded: tuple[Person, str, list[str]]) -> None:
    visitor, secret, _ = guarded
    assert sign_in(visitor).url == "/sign-in/second/"
    assert visitor.get("/courses/").status_code == 302
    assert "not right" in words(visitor.post("/sign-in/second/", {"code": "000000"}))
    assert visitor.post("/sign-in/second/", {"code": app_code(secret)}).url == "/"
    assert visitor.get("/courses/").status_code == 200


def test_a_code_by_mail_is_half_the_way_too(guarded: tuple[Person, str, list[str]]) -> None:
    visitor, _, _ = guarded
    visitor.post("/sign-in/code/", {"email": visitor.member.user.email})
    assert visitor.post("/sign-in/code/enter/", {"code": mailed_code()}).url == "/sign-in/second/"
    assert visitor.get("/courses/").status_code == 302


def test_an_apps_code_is_good_once(guarded: tuple[Person, str, list[str]]) -> None:
    visitor, secret, _ = guarded
    code = app_code(secret)
    sign_in(visitor)
    assert visitor.post("/sign-in/second/", {"code": code}).status_code == 302
    visitor.browser = Client()
    sign_in(visitor)
    assert "not right" in words(visitor.post("/sign-in/second/", {"code": code}))


def test_a_recovery_code_stands_in_once(guarded: tuple[Person, str, list[str]]) -> None:
    visitor, _, codes = guarded
    sign_in(visitor)
    assert visitor.post("/sign-in/second/", {"code": codes[3]}).url == "/"
    visitor.browser = Client()
    sign_in(visitor)
    assert "not right" in words(visitor.post("/sign-in/second/", {"code": codes[3]}))


def test_guessing_the_second_step_is_paused(guarded: tuple[Person, str, list[str]]) -> None:
    visitor, secret, _ = guarded
    sign_in(visitor)
    for _ in range(10):
        visitor.post("/sign-in/second/", {"code": "000000"})
    assert "Too many" in words(visitor.post("/sign-in/second/", {"code": app_code(secret)}))


def test_an_apps_key_is_kept_sealed(guarded: tuple[Person, str, list[str]]) -> None:
    _, secret, codes = guarded
    kept = str(list(Authenticator.objects.values_list("data", flat=True)))
    assert secret not in kept
    assert not any(code in kept for code in codes)


def test_the_key_is_shown_again_to_nobody(guarded: tuple[Person, str, list[str]]) -> None:
    visitor, secret, _ = guarded
    sign_in(visitor)
    visitor.post("/sign-in/second/", {"code": app_code(secret)})
    prove(visitor)
    for path in (SECURITY, f"{SECURITY}app/", f"{SECURITY}app/remove/"):
        assert secret not in visitor.get(path, follow=True).content.decode()


@pytest.mark.parametrize(
    "path", ["app/", "app/remove/", "recovery/", "recovery/new/", "recovery/file/", "passkeys/add/"]
)
def test_every_change_wants_a_proof(visitor: Person, path: str) -> None:
    sign_in(visitor)
    if path != "app/":
        add_app(visitor)
    visitor.browser = Client()
    visitor.browser.force_login(visitor.member.user)
    for answer in (visitor.get(SECURITY + path), visitor.post(SECURITY + path)):
        if answer.status_code != 405:
            assert answer.url.startswith(f"{SECURITY}prove/"), answer.url


@pytest.mark.parametrize(
    "path", ["", "app/", "password/", "prove/", "prove/mail/", "recovery/", "passkeys/add/"]
)
def test_strangers_are_sent_to_sign_in(visitor: Person, path: str) -> None:
    assert visitor.get(SECURITY + path).url.startswith("/sign-in/")


def test_a_wrong_password_proves_nothing(visitor: Person) -> None:
    sign_in(visitor)
    assert "not your password" in words(visitor.post(f"{SECURITY}prove/", {"password": "wrong"}))
    assert visitor.get(f"{SECURITY}app/").status_code == 302


def test_who_has_no_password_proves_it_by_mail(person: MakePerson, tenant: Tenant) -> None:
    nopass = person(tenant, Role.STUDENT, "Nia Nopass")
    User.objects.filter(pk=nopass.member.user.pk).update(password="!")
    nopass.browser.force_login(User.objects.get(pk=nopass.member.user.pk))
    place = nopass.get(f"{SECURITY}app/").url
    assert place.startswith(f"{SECURITY}prove/mail/")
    nopass.post(place, {"send": ""})
    assert nopass.post(place, {"code": "WRONG"}).status_code == 200
    assert nopass.post(place, {"code": mailed_code()}).url == f"{SECURITY}app/"
    assert nopass.get(f"{SECURITY}app/").status_code == 200


def test_a_mailbox_alone_does_not_take_the_second_step_off(guarded: tuple[Person, str, list[str]]) -> None:
    visitor, _, _ = guarded
    visitor.browser.force_login(visitor.member.user)
    assert not visitor.get(f"{SECURITY}prove/mail/").url.startswith(f"{SECURITY}prove/mail/")


def test_who_has_nothing_to_prove_it_with_is_told_so(person: MakePerson, tenant: Tenant) -> None:
    nobody = person(tenant, Role.STUDENT, "Noa Nothing")
    User.objects.filter(pk=nobody.member.user.pk).update(password="!", email=nowhere_email())
    nobody.browser.force_login(User.objects.get(pk=nobody.member.user.pk))
    answer = nobody.get(f"{SECURITY}app/")
    assert answer.status_code == 403
    assert "Ask the school to enter your email" in words(answer)


def test_the_app_can_be_removed_and_is_told_by_mail(visitor: Person) -> None:
    sign_in(visitor)
    add_app(visitor)
    mail.outbox.clear()
    assert visitor.post(f"{SECURITY}app/remove/").url == SECURITY
    assert "The app for codes was removed." in mail.outbox[0].body
    visitor.browser = Client()
    assert sign_in(visitor).url == "/"


def test_new_recovery_codes_void_the_former(visitor: Person) -> None:
    sign_in(visitor)
    add_app(visitor)
    former = recovery_codes(visitor)
    visitor.post(f"{SECURITY}recovery/new/")
    assert not set(recovery_codes(visitor)) & set(former)
    file = visitor.get(f"{SECURITY}recovery/file/")
    assert file["Content-Disposition"].startswith("attachment")
    assert file.content.decode().split() == recovery_codes(visitor)


def test_an_operators_second_step_guards_the_admin(db: None) -> None:
    op = User.objects.create_superuser("operator@aula.test", PASSWORD, name="Op")
    browser, base = Client(), {"HTTP_HOST": "localhost"}
    browser.force_login(op)
    browser.post(f"{SECURITY}prove/", {"password": PASSWORD}, **base)
    secret = browser.get(f"{SECURITY}app/", **base).context["form"].secret
    browser.post(f"{SECURITY}app/", {"code": app_code(secret)}, **base)
    cache.clear()
    browser = Client()
    place = browser.get("/admin/login/?next=/admin/tenants/tenant/", **base).url
    assert place == "/sign-in/?next=/admin/tenants/tenant/"
    form = {"username": op.email, "password": PASSWORD}
    assert browser.post(place, form, **base).url == "/sign-in/second/"
    assert browser.get("/admin/", **base).status_code == 302
    answer: Any = browser.post("/sign-in/second/", {"code": app_code(secret)}, **base)
    assert answer.url == "/admin/tenants/tenant/"
    assert browser.get("/admin/", **base).status_code == 200
