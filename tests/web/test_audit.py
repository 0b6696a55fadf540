"""The audit log: every administrative act is in it, and nothing takes it out again."""

from __future__ import annotations

from typing import Any

import pytest

from accounts.actions import add_person, change_membership, change_person
from accounts.audit import note
from accounts.branding import change_colour
from accounts.entries import AuditEntry, Deed, OperatorEntry, WrittenOnce
from accounts.models import Membership, Role, User
from classrooms.actions import create_course, enrol, remove_enrolment
from classrooms.keys import make_key, revoke_key
from classrooms.models import Course
from tenants.models import Tenant
from tenants.scope import tenant_scope
from tests.conftest import Person


def entries() -> list[AuditEntry]:
    return list(AuditEntry.objects.order_by("pk"))


def the_entry() -> AuditEntry:
    (entry,) = entries()
    return entry


def test_adding_somebody_says_who_did_it_and_as_what(in_tenant: Tenant, admin: Person) -> None:
    add_person(by=admin.member, name="Nia New", role=Role.TEACHER, email="nia@demo.test")
    entry = the_entry()
    assert (entry.deed, entry.object_name) == (Deed.PERSON_ADDED, "Nia New")
    assert entry.who == "Ann Admin <ann@demo.test>"
    assert entry.who_id == admin.member.public_id
    assert entry.changes == {"role": [None, "teacher"]}


def test_a_change_says_what_was_before(in_tenant: Tenant, admin: Person, student: Person) -> None:
    change_membership(member=student.member, by=admin.member, role=Role.TEACHER, is_active=False)
    role, gone = entries()
    assert (role.deed, role.changes) == (Deed.ROLE_CHANGED, {"role": ["student", "teacher"]})
    assert (gone.deed, gone.object_id) == (Deed.PERSON_DEACTIVATED, student.member.public_id)


def test_a_person_known_by_another_name_is_written_down(
    in_tenant: Tenant, admin: Person, student: Person
) -> None:
    change_person(member=student.member, by=admin.member, name=None, external_id="S-1")
    entry = the_entry()
    assert (entry.deed, entry.object_id) == (Deed.PERSON_CHANGED, student.member.public_id)
    assert entry.changes == {"external_id": ["", "S-1"]}


def test_what_stays_as_it_is_is_not_written_down(in_tenant: Tenant, admin: Person, student: Person) -> None:
    member = student.member
    change_membership(member=member, by=admin.member, role=member.role, is_active=True)
    change_person(member=member, by=admin.member, name=member.name, external_id="")
    change_colour(by=admin.member, accent="")
    assert entries() == []


def test_what_is_refused_is_not_written_down(in_tenant: Tenant, admin: Person, student: Person) -> None:
    with pytest.raises(Exception, match="Owners are appointed"):
        change_membership(member=student.member, by=admin.member, role=Role.OWNER, is_active=True)
    assert entries() == []


def test_keys_are_named_by_their_beginning_and_never_whole(
    in_tenant: Tenant, admin: Person, now: Any
) -> None:
    values = {"member": admin.member, "name": "Timetable", "scopes": ["courses:read"], "expires_at": None}
    row, key = make_key(**values, by=admin.member, at=now)
    revoke_key(key=row, by=admin.member, at=now)
    revoke_key(key=row, by=admin.member, at=now)
    assert [each.deed for each in entries()] == [Deed.KEY_MADE, Deed.KEY_REVOKED]
    _sign, _prefix, secret = key.split("_", 2)
    for entry in AuditEntry.objects.values():
        assert secret not in str(entry)
        assert row.digest not in str(entry)


def test_courses_and_who_is_in_them(
    in_tenant: Tenant, admin: Person, classmate: Person, course: Course, now: Any
) -> None:
    create_course(by=admin.member, title="Physics")
    enrol(course=course, by=admin.member, members=[classmate.member], role="student", at=now)
    place = course.enrolments.get(membership=classmate.member)
    remove_enrolment(enrolment=place, by=admin.member)
    deeds = [(each.deed, each.object_name) for each in entries()]
    assert deeds == [
        (Deed.COURSE_ADDED, "Physics"),
        (Deed.ENROLLED, "Biology 9b"),
        (Deed.ENROLMENT_REMOVED, "Biology 9b"),
    ]


def test_a_page_says_from_where_it_was_done(admin: Person) -> None:
    admin.post("/settings/look/", {"accent": "#ffd400"}, REMOTE_ADDR="203.0.113.9")
    with tenant_scope(admin.member.tenant):
        entry = the_entry()
    assert (entry.address, entry.door, entry.deed) == ("203.0.113.9", "page", Deed.LOOK_CHANGED)


def test_nothing_changes_or_removes_an_entry(in_tenant: Tenant, admin: Person) -> None:
    note(deed=Deed.PERSON_ADDED, by=admin.member, tenant=in_tenant, on=admin.member)
    entry = the_entry()
    for attempt in (
        entry.save,
        entry.delete,
        AuditEntry.objects.all().delete,
        lambda: AuditEntry.objects.update(who="Nobody"),
        lambda: AuditEntry.objects.bulk_update([entry], ["who"]),
    ):
        with pytest.raises(WrittenOnce):
            attempt()
    assert the_entry().who == entry.who


def test_it_goes_with_its_school_and_what_operators_did_stays(tenant: Tenant, admin: Person) -> None:
    operator = User.objects.create_superuser("operator@aula.test", "correct horse", name="Op")
    note(deed=Deed.SCHOOL_CHANGED, by=operator, tenant=tenant, on=tenant)
    with tenant_scope(tenant):
        assert the_entry().by_operator
        Membership.objects.all().delete()
        tenant.delete()
    (kept,) = OperatorEntry.objects.all()
    assert (kept.object_id, kept.who) == ("demo", "Op <operator@aula.test>")


def test_another_schools_log_is_out_of_reach(tenant: Tenant, admin: Person, other_tenant: Tenant) -> None:
    note(deed=Deed.PERSON_ADDED, by=admin.member, tenant=tenant, on=admin.member)
    with tenant_scope(other_tenant):
        assert entries() == []


def test_who_was_deactivated_is_out_and_signs_in_anew_once_back(admin: Person, student: Person) -> None:
    assert student.get("/").status_code == 200
    with tenant_scope(admin.member.tenant):
        for active in (False, True):
            change_membership(member=student.member, by=admin.member, role=Role.STUDENT, is_active=active)
            assert student.get("/").status_code == 302
    student.browser.force_login(student.member.user)
    assert student.get("/").status_code == 200
