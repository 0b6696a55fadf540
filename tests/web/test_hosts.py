"""Which school a host name belongs to."""

import re
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from tenants.hosts import bare_host, tenant_for_host
from tenants.models import Domain, Tenant
from tests.conftest import Person

TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="\w+"')  # differs each time


@pytest.mark.parametrize(
    ("host", "name"),
    [
        ("demo.localhost", "demo.localhost"),
        ("Demo.LOCALHOST:8000", "demo.localhost"),
        ("demo.localhost.", "demo.localhost"),
        ("demo.localhost.:8000", "demo.localhost"),
        ("[::1]:8000", "::1"),
        ("", ""),
    ],
)
def test_a_host_is_read_without_port_dot_and_capitals(host: str, name: str) -> None:
    assert bare_host(host) == name


def test_a_slug_under_the_base_domain_is_a_school(tenant: Tenant) -> None:
    assert tenant_for_host("demo.localhost:8000") == tenant


def test_a_domain_of_its_own_is_the_same_school(tenant: Tenant) -> None:
    Domain.objects.create(tenant=tenant, host="Class.Northfield.test")
    assert tenant_for_host("class.northfield.test") == tenant


@pytest.mark.parametrize("host", ["localhost", "nobody.localhost", "a.demo.localhost", "demo.test", ""])
def test_any_other_host_is_nobodys(tenant: Tenant, host: str) -> None:
    assert tenant_for_host(host) is None


def test_a_suspended_school_is_nobodys(tenant: Tenant) -> None:
    tenant.is_active = False
    tenant.save()
    assert tenant_for_host("demo.localhost") is None


def test_a_suspended_school_says_so_to_people_and_nothing_to_machines(client: Client, tenant: Tenant) -> None:
    Tenant.objects.update(is_active=False)
    page = client.get("/", HTTP_HOST="demo.localhost", HTTP_ACCEPT="text/html,*/*")
    assert page.status_code == 403
    assert b"This school is closed for now" in page.content
    assert b"Northfield" not in page.content
    assert client.get("/", HTTP_HOST="demo.localhost", HTTP_ACCEPT="*/*").status_code == 404
    assert client.get("/", HTTP_HOST="nobody.localhost", HTTP_ACCEPT="text/html").status_code == 404


@pytest.mark.parametrize("host", ["nobody.localhost", "school.example", "bad_host!"])
def test_an_unknown_host_gets_the_plain_404_page(client: Client, tenant: Tenant, host: str) -> None:
    answer = client.get("/sign-in/", HTTP_HOST=host)
    assert answer.status_code == 404
    assert b"There is nothing here" in answer.content


@pytest.mark.parametrize("debug", [False, True])
@pytest.mark.parametrize(
    ("host", "path"),
    [
        ("nobody.localhost", "/"),
        ("bad_host!", "/"),
        ("demo.localhost", "/nothing/"),
        ("localhost", "/courses/"),
    ],
)
def test_developers_see_the_same_404_page_as_people(
    client: Client, tenant: Tenant, settings: Any, host: str, path: str, debug: bool
) -> None:
    settings.DEBUG = debug
    settings.MIDDLEWARE = [*settings.MIDDLEWARE, *(["aula.errors.own_not_found"] if debug else [])]
    answer = client.get(path, HTTP_HOST=host)
    assert answer.status_code == 404
    assert b"There is nothing here" in answer.content
    assert b"DEBUG" not in answer.content


def test_at_a_school_the_admin_is_as_absent_as_any_other_page(teacher: Person) -> None:
    admin, nothing = (TOKEN.sub("", teacher.get(path).content.decode()) for path in ("/admin/", "/nothing/"))
    assert admin == nothing


def test_the_base_domain_shows_the_way_and_nothing_of_a_school(client: Client, tenant: Tenant) -> None:
    assert b"Every school has an address of its own" in client.get("/", HTTP_HOST="localhost").content
    for path in ("/courses/", "/password/", "/sign-in/school/", "/settings/sign-in/", "/account/", "/c/0/"):
        assert client.get(path, HTTP_HOST="localhost").status_code == 404


def test_a_session_of_one_school_is_nothing_at_another(teacher: Person, outsider: Person) -> None:
    answer = teacher.get("/", HTTP_HOST=outsider.host)
    assert answer.status_code == 302
    assert answer.url.startswith("/sign-in/")


def test_probes_answer_on_the_base_domain(client: Client, db: None) -> None:
    assert client.get("/healthz", HTTP_HOST="localhost").status_code == 200
    assert User.objects.count() == 0
