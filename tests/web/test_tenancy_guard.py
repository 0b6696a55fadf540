"""The guard under every query: no scope, no rows; one scope, one school."""

import pytest
from django.core.exceptions import ValidationError
from django_scopes.exceptions import ScopeError

from accounts.models import Membership
from classrooms.models import ClassSession, Course, Enrolment, Participant, SessionEvent
from tenants.models import Tenant
from tenants.scope import TenantModel, every_tenant, tenant_scope
from tests.conftest import Person

TENANT_MODELS = [Course, Enrolment, ClassSession, Participant, SessionEvent]


@pytest.mark.parametrize("model", TENANT_MODELS)
def test_a_query_without_a_scope_raises(model: type[TenantModel], db: None) -> None:
    with pytest.raises(ScopeError):
        model.objects.first()


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
