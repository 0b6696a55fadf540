"""Operators decide what somebody is at a school by the school's own rules, and its audit log tells it."""

from __future__ import annotations

from typing import Any

import pytest

from accounts.entries import AuditEntry, Deed
from accounts.models import Membership, Role
from classrooms.models import ClassSession, Participant
from tenants.models import Tenant
from tenants.scope import every_tenant, tenant_scope
from tests.conftest import MakePerson, Person
from tests.web.test_operators import Operator, account, live, operator, seated

__all__ = ["account", "live", "operator", "seated"]

ON_ITS_PAGE, ON_THE_ACCOUNTS_PAGE = "membership", "user"
DOORS = pytest.mark.parametrize("door", [ON_ITS_PAGE, ON_THE_ACCOUNTS_PAGE])


def place(operator: Operator, member: Membership, door: str, **sent: Any) -> Any:
    """What somebody is at the school, sent by one of the two pages."""
    if door == ON_ITS_PAGE:
        return operator.send(f"/admin/accounts/membership/{member.pk}/change/", sent)
    form = {
        "email": member.user.email,
        "name": member.user.name,
        "is_active": "on",
        "memberships-TOTAL_FORMS": "1",
        "memberships-INITIAL_FORMS": "1",
        "memberships-0-id": member.pk,
        "memberships-0-user": member.user_id,
        **{f"memberships-0-{name}": value for name, value in sent.items()},
    }
    return operator.send(f"/admin/accounts/user/{member.user_id}/change/", form)


def deeds(member: Membership) -> list[str]:
    with tenant_scope(member.tenant):
        rows = AuditEntry.objects.filter(object_id=member.public_id).order_by("pk")
        return list(rows.values_list("deed", flat=True))


def fresh(member: Membership) -> Membership:
    with every_tenant():
        return Membership.objects.get(pk=member.pk)


@DOORS
def test_whom_an_operator_deactivates_is_signed_out_and_out_of_the_class(
    operator: Operator, student: Person, seated: Participant, live: ClassSession, door: str
) -> None:
    assert student.get("/").status_code == 200
    assert place(operator, student.member, door, role="student").status_code == 302
    assert not fresh(student.member).is_active
    with every_tenant():
        assert Participant.objects.get(pk=seated.pk).connection == ""
    assert place(operator, student.member, door, role="student", is_active="on").status_code == 302
    assert fresh(student.member).is_active
    assert student.get("/").status_code == 302, "the sign-in of before is over"
    assert deeds(student.member) == [Deed.PERSON_DEACTIVATED, Deed.PERSON_REACTIVATED]


@DOORS
@pytest.mark.parametrize("sent", [{"role": "owner"}, {"role": "admin", "is_active": "on"}])
def test_the_last_owner_stays_also_for_operators(
    operator: Operator, tenant: Tenant, person: MakePerson, outsider: Person, door: str, sent: dict[str, str]
) -> None:
    owner = person(tenant, Role.OWNER, "Olive Owner").member
    person(outsider.member.tenant, Role.OWNER, "Otis Other")
    answer = place(operator, owner, door, **sent)
    assert answer.status_code == 200
    assert "This is the only owner of the school." in answer.content.decode()
    assert (fresh(owner).role, fresh(owner).is_active) == (Role.OWNER, True)
    person(tenant, Role.OWNER, "Omar Other")
    assert place(operator, owner, door, **sent).status_code == 302
    assert (fresh(owner).role, fresh(owner).is_active) != (Role.OWNER, True)


def test_the_last_owners_place_is_not_deleted_either(
    operator: Operator, tenant: Tenant, person: MakePerson
) -> None:
    owner = person(tenant, Role.OWNER, "Olive Owner").member
    path = f"/admin/accounts/membership/{owner.pk}/delete/"
    assert "This is the only owner" in operator.open(path).content.decode()
    operator.send(path, {"post": "yes"})
    assert fresh(owner)


def test_whoever_gets_a_place_on_the_accounts_page_stands_in_the_schools_log(
    operator: Operator, outsider: Person, tenant: Tenant
) -> None:
    user = outsider.member.user
    form = {
        "email": user.email,
        "name": user.name,
        "is_active": "on",
        "memberships-TOTAL_FORMS": "2",
        "memberships-INITIAL_FORMS": "1",
        "memberships-0-id": outsider.member.pk,
        "memberships-0-user": user.pk,
        "memberships-0-role": "teacher",
        "memberships-0-is_active": "on",
        "memberships-1-user": user.pk,
        "memberships-1-tenant": tenant.pk,
        "memberships-1-role": "owner",
        "memberships-1-is_active": "on",
    }
    assert operator.send(f"/admin/accounts/user/{user.pk}/change/", form).status_code == 302
    with tenant_scope(tenant):
        member = Membership.objects.get(user=user)
        (entry,) = AuditEntry.objects.all()
    assert (entry.deed, entry.object_id) == (Deed.PERSON_ADDED, member.public_id)
    assert entry.changes == {"role": [None, "owner"]}


def test_a_place_does_not_become_somebody_elses(
    operator: Operator, student: Person, classmate: Person
) -> None:
    sent = {"role": "student", "is_active": "on", "user": classmate.member.user_id}
    assert place(operator, student.member, ON_ITS_PAGE, **sent).status_code == 302
    assert fresh(student.member).user_id == student.member.user_id
