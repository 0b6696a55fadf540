"""Operators' lists of the rows of all schools, few or many."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from accounts.models import User
from classrooms.models import Course
from tenants import large
from tenants.models import Tenant
from tenants.scope import every_tenant
from tests.web.test_admin import BASE


@pytest.fixture
def operator(db: None) -> Client:
    browser = Client()
    browser.force_login(User.objects.create_superuser("operator@aula.test", "correct horse", name="Op"))
    return browser


def words(page: HttpResponse) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page.content.decode()).split())


@pytest.fixture
def many_schools(tenant: Tenant) -> list[Tenant]:
    return Tenant.objects.bulk_create(Tenant(slug=f"s{n}", name=f"School {n:03}") for n in range(30))


def listed(page: Any) -> list[str]:
    """The first column of a list."""
    return re.findall(r'field-\w+"><a href="[^"]+">([^<]+)</a>', page.content.decode())


def test_a_list_of_all_schools_is_counted_up_to_a_number_and_says_so(
    operator: Any, many_schools: list[Tenant], monkeypatch: Any
) -> None:
    with every_tenant():
        Course.objects.bulk_create(Course(tenant=each, title=f"Of {each.slug}") for each in many_schools)
    page = operator.get("/admin/classrooms/course/", **BASE)
    assert "30 courses" in words(page)
    monkeypatch.setattr(large, "MOST_COUNTED", 20)
    page = operator.get("/admin/classrooms/course/", **BASE)
    assert "More than 20: the first are shown." in words(page)
    assert listed(page)[:2] == ["Of s29", "Of s28"], "the newest come first"


def test_of_many_schools_one_is_chosen_by_its_slug(operator: Any, many_schools: list[Tenant]) -> None:
    with every_tenant():
        Course.objects.bulk_create(Course(tenant=each, title=f"Of {each.slug}") for each in many_schools)
        Course.objects.bulk_create(Course(tenant=many_schools[7], title=title) for title in ("B", "A"))
    page = operator.get("/admin/classrooms/course/", **BASE)
    assert "Slug of a school" in words(page)
    assert "School 007" not in page.content.decode().partition('id="changelist-filter"')[2]
    page = operator.get("/admin/classrooms/course/?school=s7", **BASE)
    assert listed(page) == ["A", "B", "Of s7"], "those of one school are in their order"
    assert listed(operator.get("/admin/classrooms/course/?school=nobody", **BASE)) == []
    people = operator.get("/admin/accounts/user/?school=s7", **BASE)
    assert people.status_code == 200


def test_a_few_schools_are_all_named(operator: Any, tenant: Tenant, other_tenant: Tenant) -> None:
    page = operator.get("/admin/classrooms/course/", **BASE)
    assert "Slug of a school" not in words(page)
    for each in (tenant, other_tenant):
        assert f'href="?school={each.slug}"' in page.content.decode()
