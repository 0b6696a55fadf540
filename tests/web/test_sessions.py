"""A session is of one host, and whoever signed in sees and ends theirs."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.conf import settings as ours
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.browsers import browser_of, is_handheld
from accounts.models import Membership, Role, SignIn, User
from accounts.sessions import coarse
from tenants.models import Domain, Tenant
from tenants.scope import tenant_scope
from tests.conftest import MakePerson, Person

PASSWORD = "correct horse"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Firefox/153.0"
IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 26_0 like Mac OS X) AppleWebKit/605.1.15 Version/26.0 Safari/604.1"
)
PAGE = "/account/sessions/"


@pytest.fixture
def visitor(person: MakePerson, tenant: Tenant) -> Person:
    """A student who is not signed in."""
    return person(tenant, Role.STUDENT, "Vic Visitor", signed_in=False)


def sign_in(person: Person, browser: Client | None = None, agent: str = FIREFOX, **more: Any) -> Client:
    """With another browser, if wanted."""
    chosen = browser or Client()
    form = {"username": person.member.user.email, "password": PASSWORD}
    where = {"HTTP_HOST": person.host, "HTTP_USER_AGENT": agent, "aula.now": person.now} | more
    assert chosen.post("/sign-in/", form, **where).status_code == 302
    return chosen


def is_in(browser: Client, host: str = "demo.localhost") -> bool:
    return browser.get("/", HTTP_HOST=host).status_code == 200


def words(answer: HttpResponse) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def at_both(person: Person, other: Tenant) -> None:
    with tenant_scope(other):
        Membership.objects.create(tenant=other, user=person.member.user, role=Role.STUDENT)


def test_a_cookie_copied_to_another_school_signs_nobody_in(visitor: Person, other_tenant: Tenant) -> None:
    """Not even somebody who belongs there too."""
    at_both(visitor, other_tenant)
    browser = sign_in(visitor)
    assert is_in(browser)
    assert not is_in(browser, "other.localhost")
    assert is_in(sign_in(visitor, HTTP_HOST="other.localhost"), "other.localhost")


def test_a_cookie_copied_to_the_base_domain_signs_nobody_in(visitor: Person) -> None:
    User.objects.filter(pk=visitor.member.user.pk).update(is_staff=True, is_superuser=True)
    browser = sign_in(visitor)
    assert browser.get("/admin/", HTTP_HOST="localhost").url.startswith("/admin/login/")
    assert browser.get("/account/security/", HTTP_HOST="localhost").url.startswith("/sign-in/")


def test_an_operators_cookie_is_nothing_at_a_school(visitor: Person) -> None:
    User.objects.filter(pk=visitor.member.user.pk).update(is_staff=True, is_superuser=True)
    browser = sign_in(visitor, HTTP_HOST="localhost")
    assert browser.get("/admin/", HTTP_HOST="localhost").status_code == 200
    assert not is_in(browser)


def test_two_hosts_of_one_school_are_two_hosts(visitor: Person, tenant: Tenant, settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["*"]
    Domain.objects.create(tenant=tenant, host="class.northfield.test")
    browser = sign_in(visitor)
    assert not is_in(browser, "class.northfield.test")


def test_the_port_is_no_part_of_the_host(visitor: Person) -> None:
    assert is_in(sign_in(visitor), "demo.localhost:8000")


def test_a_session_that_names_no_host_is_none(visitor: Person) -> None:
    browser = sign_in(visitor)
    kept = browser.session
    del kept["host"]
    kept.save()
    assert not is_in(browser)


def test_a_second_step_begun_here_is_not_ended_there(visitor: Person, other_tenant: Tenant) -> None:
    """Nothing in a session counts elsewhere, not only who is signed in."""
    browser = Client()
    browser.post("/sign-in/code/", {"email": visitor.member.user.email}, HTTP_HOST=visitor.host)
    assert browser.get("/sign-in/code/enter/", HTTP_HOST=visitor.host).status_code == 200
    assert browser.get("/sign-in/code/enter/", HTTP_HOST="other.localhost").status_code == 302


def test_ones_browsers_are_listed_with_what_is_known(visitor: Person) -> None:
    here = sign_in(visitor, visitor.browser)
    sign_in(visitor, agent=IPHONE, REMOTE_ADDR="203.0.113.77")
    text = words(visitor.get(PAGE))
    assert here is visitor.browser
    assert "Firefox on Linux This one In use now" in text
    assert "Safari on iPhone" in text
    assert "203.0.113.0/24" in text
    assert "203.0.113.77" not in text


def test_one_is_signed_out_and_the_others_stay(visitor: Person) -> None:
    sign_in(visitor, visitor.browser)
    lost, kept = sign_in(visitor, agent=IPHONE), sign_in(visitor)
    row = SignIn.objects.get(browser=IPHONE)
    visitor.post(PAGE, {"end": row.public_id})
    assert [is_in(lost), is_in(kept), is_in(visitor.browser)] == [False, True, True]
    assert "iPhone" not in words(visitor.get(PAGE))


def test_all_others_are_signed_out_at_once(visitor: Person) -> None:
    sign_in(visitor, visitor.browser)
    others = [sign_in(visitor), sign_in(visitor)]
    answer = visitor.post(PAGE, {"others": ""}, follow=True)
    assert "2 browsers are signed out." in words(answer)
    assert [is_in(each) for each in others] == [False, False]
    assert is_in(visitor.browser)


def test_nobody_ends_or_sees_anothers(visitor: Person, person: MakePerson, tenant: Tenant) -> None:
    theirs = sign_in(visitor, agent=IPHONE)
    row = SignIn.objects.get()
    nosy = person(tenant, Role.ADMIN, "Nora Nosy", signed_in=False)
    sign_in(nosy, nosy.browser)
    assert "iPhone" not in words(nosy.get(PAGE))
    nosy.post(PAGE, {"end": row.public_id})
    nosy.post(PAGE, {"others": ""})
    assert is_in(theirs)


def test_a_school_sees_nothing_of_sessions_at_another(visitor: Person, other_tenant: Tenant) -> None:
    at_both(visitor, other_tenant)
    elsewhere = sign_in(visitor, agent=IPHONE, HTTP_HOST="other.localhost")
    sign_in(visitor, visitor.browser)
    assert "iPhone" not in words(visitor.get(PAGE))
    visitor.post(PAGE, {"end": SignIn.objects.get(browser=IPHONE).public_id})
    visitor.post(PAGE, {"others": ""})
    assert is_in(elsewhere, "other.localhost")


def test_a_new_password_ends_every_other_session_everywhere(visitor: Person, other_tenant: Tenant) -> None:
    at_both(visitor, other_tenant)
    sign_in(visitor, visitor.browser)
    other, elsewhere = sign_in(visitor), sign_in(visitor, HTTP_HOST="other.localhost")
    new = "a far better horse"
    form = {"old_password": PASSWORD, "new_password1": new, "new_password2": new}
    assert visitor.post("/account/security/password/", form).status_code == 302
    assert [is_in(other), is_in(elsewhere, "other.localhost"), is_in(visitor.browser)] == [False, False, True]
    assert SignIn.objects.count() == 1
    assert "This one" in words(visitor.get(PAGE))


def test_a_wrong_password_changes_nothing(visitor: Person) -> None:
    sign_in(visitor, visitor.browser)
    form = {
        "old_password": "wrong",
        "new_password1": "a far better horse",
        "new_password2": "a far better horse",
    }
    assert b"That is not your password" in visitor.post("/account/security/password/", form).content
    visitor.member.user.refresh_from_db()
    assert visitor.member.user.check_password(PASSWORD)


def test_signing_out_takes_it_off_the_list(visitor: Person) -> None:
    sign_in(visitor, visitor.browser)
    visitor.post("/sign-out/")
    assert not SignIn.objects.exists()


def test_what_ran_out_is_not_listed(visitor: Person) -> None:
    sign_in(visitor, agent=IPHONE)
    Session.objects.all().delete()
    sign_in(visitor, visitor.browser)
    assert "iPhone" not in words(visitor.get(PAGE))
    assert SignIn.objects.count() == 1


def writes(visitor: Person) -> int:
    with CaptureQueriesContext(
        connection,
    ) as seen:
        visitor.get("/courses/")
    return sum(not each["sql"].startswith("SELECT") for each in seen.captured_queries)


def test_a_session_in_use_is_written_seldom(visitor: Person) -> None:
    sign_in(visitor, visitor.browser)
    assert [writes(visitor), writes(visitor)] == [0, 0]
    cache.clear()  # ten minutes later
    assert [writes(visitor), writes(visitor)] == [1, 0]


def test_the_keys_of_sessions_are_on_no_page(visitor: Person) -> None:
    browser = sign_in(visitor, visitor.browser)
    key = browser.cookies[ours.SESSION_COOKIE_NAME].value
    assert key not in visitor.get(PAGE).content.decode()


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        (FIREFOX, "Firefox on Linux"),
        (IPHONE, "Safari on iPhone"),
        (
            "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/156.0 Safari/537.36 Edg/156.0",
            "Edge on Windows",
        ),
        (
            "Mozilla/5.0 (Macintosh; Intel Mac OS X 15) AppleWebKit/537.36 Chrome/156.0 Safari/537.36",
            "Chrome on Mac",
        ),
        (
            "Mozilla/5.0 (Linux; Android 16) AppleWebKit/537.36 Chrome/156.0 Mobile Safari/537.36",
            "Chrome on Android",
        ),
        ("curl/8.14", "A browser"),
        ("", "A browser"),
    ],
)
def test_browsers_are_named_as_people_know_them(agent: str, name: str) -> None:
    assert browser_of(agent) == name


def test_phones_are_told_from_desks() -> None:
    assert (is_handheld(IPHONE), is_handheld(FIREFOX)) == (True, False)


@pytest.mark.parametrize(
    ("address", "network"),
    [("203.0.113.77", "203.0.113.0/24"), ("2001:db8:1:2::3", "2001:db8:1::/48"), ("", ""), ("unknown", "")],
)
def test_addresses_are_kept_coarse(address: str, network: str) -> None:
    assert coarse(address) == network
