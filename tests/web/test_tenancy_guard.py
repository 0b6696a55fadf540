"""The guard under every query: no scope, no rows; one scope, one school."""

from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django_scopes.exceptions import ScopeError

from accounts.models import Membership
from classrooms.models import Course, Enrolment
from tenants.models import Domain, Tenant
from tenants.scope import TenantModel, every_tenant, tenant_scope
from tests.conftest import Person

TENANT_MODELS = [model for model in apps.get_models() if issubclass(model, TenantModel)]
VERBS: list[Callable[[Any], object]] = [
    lambda courses: list(courses.all()),
    lambda courses: courses.count(),
    lambda courses: courses.exists(),
    lambda courses: courses.exclude(title="").exists(),
    lambda courses: courses.select_related("tenant").exists(),
    lambda courses: courses.distinct().exists(),
    lambda courses: courses.contains(Course(pk=1)),
    lambda courses: courses.explain(),
    lambda courses: courses.bulk_create([Course(title="Taken over")]),
    lambda courses: courses.bulk_update([Course(pk=1, title="Taken over")], ["title"]),
    lambda courses: courses.update(title="Taken over"),
    lambda courses: courses.all().delete(),
]


def test_every_model_that_names_a_tenant_is_guarded() -> None:
    pointing = {field.related_model for field in Tenant._meta.get_fields(include_hidden=True)}
    assert pointing - {None, Domain} == set(TENANT_MODELS)  # a domain is what a tenant is found by


@pytest.mark.parametrize("model", TENANT_MODELS)
def test_a_query_without_a_scope_raises(model: type[TenantModel], db: None) -> None:
    with pytest.raises(ScopeError):
        model.objects.first()


@pytest.mark.parametrize("verb", VERBS)
def test_no_verb_of_django_gets_past_the_guard(verb: Callable[[Any], object], db: None) -> None:
    with pytest.raises(ScopeError):
        verb(Course.objects)


def test_our_own_verbs_raise_without_a_scope_too(student: Person) -> None:
    with pytest.raises(ScopeError):
        Course.objects.visible_to(student.member)
    with pytest.raises(ScopeError):
        Membership.objects.of(student.member.user)


@pytest.mark.parametrize("nobody", [None, Tenant(slug="unsaved")])
def test_a_scope_needs_a_saved_tenant(nobody: Tenant | None) -> None:
    with pytest.raises(ScopeError), tenant_scope(nobody):
        pass


def test_a_scope_shows_only_its_own_rows(course: Course, other_tenant: Tenant) -> None:
    with tenant_scope(other_tenant):
        assert not Course.objects.exists()


def test_a_row_takes_the_tenant_of_its_scope(tenant: Tenant) -> None:
    with tenant_scope(tenant):
        assert Course.objects.create(title="Chemistry").tenant == tenant


def test_creating_for_another_tenant_is_refused(tenant: Tenant, other_tenant: Tenant) -> None:
    with tenant_scope(tenant), pytest.raises(ScopeError):
        Course.objects.create(tenant=other_tenant, title="Chemistry")


def test_saving_another_tenants_row_is_refused(course: Course, other_tenant: Tenant) -> None:
    course.title = "Taken over"
    with tenant_scope(other_tenant), pytest.raises(ScopeError):
        course.save()


def test_saving_without_a_scope_is_refused(course: Course) -> None:
    with pytest.raises(ScopeError):
        course.save()


def test_a_form_cannot_join_rows_of_two_schools(course: Course, tenant: Tenant, outsider: Person) -> None:
    mixed = Enrolment(tenant=tenant, course=course, membership=outsider.member)
    with every_tenant(), pytest.raises(ValidationError):
        mixed.full_clean()


def test_a_row_never_moves_to_another_school(student: Person, other_tenant: Tenant) -> None:
    member = student.member
    member.tenant = other_tenant
    with every_tenant(), pytest.raises(ValidationError):
        member.full_clean()
