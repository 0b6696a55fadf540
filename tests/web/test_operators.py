"""Operators and schools: opened with an owner, limited, looked at, suspended, deleted with all in it."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.core import mail
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.http import HttpResponse
from django.test import Client

from accounts.entries import AuditEntry, Deed, OperatorEntry
from accounts.models import Membership, Role, User
from classrooms import going
from classrooms.models import (
    AttendanceSegment,
    ClassSession,
    Course,
    Material,
    Participant,
    Recording,
    RecordingTrack,
    SchoolDeletion,
)
from classrooms.schools import change_school
from classrooms.usage import usage
from tenants.models import Domain, Tenant
from tenants.scope import every_tenant, tenant_scope
from tests.conftest import MakePerson, MakeSession, Person
from tests.web.kept import use_folder
from tests.web.test_admin import BASE

SCHOOLS = "/admin/tenants/tenant/"
HOUR = timedelta(hours=1)


class Operator(Client):
    """Somebody who runs Aula, on the base domain at the test's noon."""

    now: datetime

    def open(self, path: str, **more: Any) -> HttpResponse:
        return self.get(path, **BASE, **{"aula.now": self.now}, **more)

    def send(self, path: str, form: dict[str, Any]) -> HttpResponse:
        return self.post(path, form, **BASE, **{"aula.now": self.now})


@pytest.fixture
def account(db: None) -> User:
    return User.objects.create_superuser("operator@aula.test", "correct horse", name="Op")


@pytest.fixture
def operator(account: User, now: datetime) -> Operator:
    browser = Operator()
    browser.force_login(account)
    browser.now = now
    return browser


@pytest.fixture
def live(make_session: MakeSession, now: datetime) -> ClassSession:
    return make_session(starts=-timedelta(minutes=5), state="live", started_at=now)


@pytest.fixture
def seated(live: ClassSession, student: Person, now: datetime) -> Participant:
    values = {"connection": "c1", "seen_at": now, "joined_at": now}
    with tenant_scope(live.tenant):
        return Participant.objects.create(session=live, membership=student.member, name="Sue", **values)


def new_school(**more: str) -> dict[str, str]:
    return {
        "name": "Westgate",
        "slug": "westgate",
        "time_zone": "Europe/Paris",
        "language": "en",
        "owner_name": "Wanda West",
        "owner_email": "wanda@west.test",
        "people_most": "300",
        "classes_most": "",
        "storage_most_bytes": "",
        "domains-TOTAL_FORMS": "0",
        "domains-INITIAL_FORMS": "0",
    } | more


def deeds(model: Any) -> list[str]:
    with every_tenant():
        return list(model.objects.order_by("pk").values_list("deed", flat=True))


def test_a_school_is_opened_with_an_owner_who_is_invited_and_can_begin(operator: Operator) -> None:
    assert operator.send(f"{SCHOOLS}add/", new_school()).status_code == 302
    tenant = Tenant.objects.get()
    assert (tenant.slug, tenant.people_most, tenant.classes_most) == ("westgate", 300, None)
    with tenant_scope(tenant):
        member = Membership.objects.get()
        assert (member.role, member.user.email, member.user.has_usable_password()) == (
            Role.OWNER, "wanda@west.test", False
        )  # fmt: skip
    (letter,) = mail.outbox
    assert letter.to == ["wanda@west.test"]
    path = letter.body.partition("https://westgate.localhost")[2].split()[0]
    browser = Client(HTTP_HOST="westgate.localhost")
    page = browser.get(path, follow=True)
    form = {"new_password1": "a far better horse", "new_password2": "a far better horse"}
    browser.post(page.request["PATH_INFO"], form)
    browser.post("/sign-in/", {"username": "wanda@west.test", "password": "a far better horse"})
    assert browser.get("/admin/").status_code == 200
    assert deeds(OperatorEntry) == [
        *(Deed.SCHOOL_OPENED, Deed.PERSON_ADDED, Deed.PERSON_INVITED, Deed.SCHOOL_CHANGED)
    ]
    assert deeds(AuditEntry) == deeds(OperatorEntry)


def test_an_owner_without_an_email_or_a_slug_that_is_taken_is_told_so(
    operator: Operator, tenant: Tenant
) -> None:
    for form in (new_school(owner_email=""), new_school(slug="demo"), new_school(slug="West Gate")):
        answer = operator.send(f"{SCHOOLS}add/", form)
        assert answer.status_code == 200
        assert b"errorlist" in answer.content
    assert mail.outbox == []


def test_limits_and_rules_are_changed_and_written_down(operator: Operator, tenant: Tenant) -> None:
    domain = Domain.objects.create(tenant=tenant, host="live.north.test")
    form = new_school(name="Northfield", classes_most="5", guests="on", guests_wait="on") | {
        "domains-TOTAL_FORMS": "1",
        "domains-INITIAL_FORMS": "1",
        "domains-0-id": str(domain.pk),
        "domains-0-tenant": str(tenant.pk),
        "domains-0-host": "live.northfield.test",
    }
    assert operator.send(f"{SCHOOLS}{tenant.pk}/change/", form).status_code == 302
    tenant.refresh_from_db()
    assert (tenant.name, tenant.slug, tenant.classes_most, tenant.direct_calls) == (
        "Northfield", "demo", 5, False
    )  # fmt: skip
    assert Domain.objects.get().host == "live.northfield.test"
    with tenant_scope(tenant):
        limits, domains = AuditEntry.objects.order_by("pk")
    assert limits.changes["classes_most"] == [None, 5]
    assert domains.changes == {"domains": ["live.north.test", "live.northfield.test"]}
    assert limits.by_operator
    assert domains.by_operator


def test_suspending_says_what_ends_and_then_ends_it(
    operator: Operator, tenant: Tenant, seated: Participant, student: Person
) -> None:
    asked = operator.send(SCHOOLS, {"action": "suspend", "_selected_action": [tenant.pk]})
    page = operator.open(asked.url).content.decode()
    assert "1 class is on and ends at once." in page
    assert "1 person is inside." in page
    assert Tenant.objects.get().is_active
    operator.send(f"{SCHOOLS}suspend/", {"ids": str(tenant.pk)})
    assert not Tenant.objects.get().is_active
    assert student.get("/").status_code == 404
    with tenant_scope(tenant):
        assert ClassSession.objects.get().state == "ended"
        assert Participant.objects.get().connection == ""
    operator.send(SCHOOLS, {"action": "go_on", "_selected_action": [tenant.pk]})
    assert student.get("/").status_code == 200
    assert deeds(OperatorEntry) == [Deed.SCHOOL_SUSPENDED, Deed.SCHOOL_RESUMED]


def test_the_api_ends_classes_too_when_it_suspends(
    operator: Operator, tenant: Tenant, live: ClassSession
) -> None:
    path = "/api/v1/tenants/demo/"
    answer = operator.patch(path, {"is_active": False}, content_type="application/json", **BASE)
    assert answer.status_code == 200
    with tenant_scope(tenant):
        assert ClassSession.objects.get().state == "ended"


@pytest.fixture
def school(
    settings: Any,
    tmp_path: Any,
    tenant: Tenant,
    live: ClassSession,
    seated: Participant,
    admin: Person,
    now: Any,
) -> Tenant:
    """With files: a recording, a material, a logo, and one that no row knows of."""
    use_folder(settings, tmp_path)
    settings.RECORDINGS_DIR = tmp_path / "media"
    with tenant_scope(tenant):
        times = {"started_at": now, "changed_at": now, "ended_at": now}
        kept = Recording.objects.create(session=live, state="ready", **times)
        name = default_storage.save("demo/recordings/a.webm", ContentFile(b"film"))
        values = {"name": "Sue", "source": "camera", "track_sid": "T", "egress_id": "E", "state": "ready"}
        RecordingTrack.objects.create(recording=kept, file=name, size=4, **values)
        material = Material(session=live, name="a.txt", size=5, added_at=now, tenant=tenant)
        material.file.save("a.txt", ContentFile(b"hello"))
    tenant.logo = default_storage.save("demo/look/logo-1.png", ContentFile(b"png"))
    tenant.save()
    default_storage.save("demo/recordings/unknown.webm", ContentFile(b"lost"))
    default_storage.save("other/look/theirs.png", ContentFile(b"png"))
    return tenant


def files(folder: str = "") -> set[str]:
    folders, names = default_storage.listdir(folder)
    found = {f"{folder}{name}" for name in names}
    return found.union(*(files(f"{folder}{each}/") for each in folders)) if folders else found


def test_before_a_school_goes_all_of_it_is_listed_and_nothing_gone(
    operator: Operator, school: Tenant
) -> None:
    page = operator.open(f"{SCHOOLS}{school.pk}/delete/").content.decode()
    words = " ".join(re.sub("<[^>]+>", " ", page).split())
    assert "people 3" in words
    assert "accounts that are at no other school 3" in words
    assert "files 3 (\u20689 B\u2069)" in words
    assert "1 class is on and ends at once." in words
    assert Tenant.objects.get(pk=school.pk).is_active
    assert len(files("demo/")) == 4


def test_without_its_slug_nothing_goes(operator: Operator, school: Tenant) -> None:
    for typed in ("", "demos", "other"):
        page = operator.send(f"{SCHOOLS}{school.pk}/delete/", {"slug": typed})
        assert b"Nothing is deleted." in page.content
    assert not SchoolDeletion.objects.exists()
    assert Tenant.objects.get(pk=school.pk).is_active


def test_a_school_goes_with_rows_files_and_accounts_and_the_others_stay(
    operator: Operator, school: Tenant, outsider: Person, student: Person, person: MakePerson
) -> None:
    with tenant_scope(outsider.member.tenant):
        Membership.objects.create(user=student.member.user, role="student", tenant=outsider.member.tenant)
    answer = operator.send(f"{SCHOOLS}{school.pk}/delete/", {"slug": "demo"})
    page = operator.open(answer.url)
    assert b"Deleted." in page.content
    assert not Tenant.objects.filter(slug="demo").exists()
    with every_tenant():
        assert set(Membership.objects.values_list("tenant__slug", flat=True)) == {"other"}
        assert not Course.objects.exists()
    emails = set(User.objects.values_list("email", flat=True))
    assert emails == {"operator@aula.test", "otto@other.test", student.member.user.email}
    assert files() == {"other/look/theirs.png"}
    assert deeds(OperatorEntry)[-1] == Deed.SCHOOL_DELETED
    assert SchoolDeletion.objects.get().state == "done"


def test_a_storage_that_is_away_holds_it_up_and_the_next_attempt_goes_on(
    operator: Operator, account: User, school: Tenant, now: datetime, monkeypatch: Any
) -> None:
    delete = type(default_storage._wrapped).delete
    fails = {"once": True}

    def away(self: Any, name: str) -> None:
        if "materials" in name and fails.pop("once", False):
            raise OSError("the storage is away")
        delete(self, name)

    monkeypatch.setattr(type(default_storage._wrapped), "delete", away)
    row = going.delete_school(tenant=school, by=account, slug="demo", at=now)
    row.refresh_from_db()
    assert (row.state, row.error) == ("waiting", "the storage is away")
    assert 0 < row.percent < 100
    assert Tenant.objects.filter(pk=school.pk).exists()
    page = operator.open(f"/admin/classrooms/schooldeletion/{row.pk}/change/")
    assert b"the storage is away" in page.content
    assert page.headers["Refresh"] == "3"
    going.carry_out.call(row.pk, 2)
    row.refresh_from_db()
    assert (row.state, row.percent, row.error) == ("done", 100, "")
    assert not Tenant.objects.filter(pk=school.pk).exists()


def test_a_school_that_goes_cannot_go_on(account: User, tenant: Tenant, now: datetime) -> None:
    SchoolDeletion.objects.create(school=tenant.pk, slug="demo", name="N", by="Op", asked_at=now)
    with pytest.raises(Exception, match="A part of it is gone"):
        change_school(tenant=tenant, by=account, changes={"is_active": True}, at=now)


def test_whatever_belongs_to_a_school_is_in_the_listing(school: Tenant) -> None:
    names = {str(each._meta.verbose_name_plural) for each in going.tenant_models()}
    assert {name for name, _ in going.listing(school).rows} <= names
    assert "participants" in names
    assert not names & {"session events", "recording marks", "attendance segments"}, "as people call them"


# Usage


def test_minutes_fall_on_the_days_of_the_school(tenant: Tenant, seated: Participant, now: datetime) -> None:
    midnight = datetime.fromisoformat("2026-11-25T00:00+01:00")  # in Berlin
    with tenant_scope(tenant):
        for begin, end in ((midnight - HOUR, midnight + 2 * HOUR), (now - HOUR, None)):
            AttendanceSegment.objects.create(
                participant=seated, began_at=begin, ended_at=end, why="left" if end else ""
            )
    *_, yesterday, today = usage(tenant, now)
    assert (yesterday.minutes, today.minutes) == (60, 120 + 60)
    assert today.classes == 1
    assert str(today.date) == "2026-11-25"


def test_storage_adds_up_day_by_day(school: Tenant, now: datetime) -> None:
    days = usage(school, now)
    assert len(days) == 30
    assert [each.stored for each in days[-2:]] == [0, 9]
    assert days[-1].recordings == 1


def test_the_page_draws_it_and_tells_it_in_a_table(operator: Operator, school: Tenant) -> None:
    page = operator.open(f"{SCHOOLS}{school.pk}/usage/")
    text = page.content.decode()
    assert text.count('role="img"') == 4
    assert "1 in 30 days, at most 1 in one" in text
    assert "style=" not in text
    assert "unsafe" not in page.headers["Content-Security-Policy"]
    assert operator.open(f"{SCHOOLS}999999/usage/").status_code == 404


def test_another_schools_use_is_not_counted(school: Tenant, other_tenant: Tenant, now: datetime) -> None:
    assert not any(each.classes or each.stored for each in usage(other_tenant, now))


# Who may, and how much it costs


@pytest.mark.parametrize("path", ["suspend/", "1/usage/", "1/delete/", "add/"])
def test_nobody_but_operators_comes_here(path: str, admin: Person, teacher: Person, tenant: Tenant) -> None:
    for person in (admin, teacher):
        assert person.browser.get(SCHOOLS + path, **BASE).url.startswith("/admin/login/")
        assert person.get(SCHOOLS + path).status_code in (302, 403, 404)
    clerk = User.objects.create_user("clerk@aula.test", "correct horse", name="Clerk", is_staff=True)
    browser = Client()
    browser.force_login(clerk)
    path = path.replace("1/", f"{tenant.pk}/")
    assert browser.get(SCHOOLS + path, **BASE).status_code == 403


@pytest.mark.parametrize("action", ["suspend", "go_on"])
def test_whoever_may_only_look_at_schools_suspends_none(tenant: Tenant, action: str) -> None:
    viewer = User.objects.create_user("viewer@aula.test", "correct horse", is_staff=True)
    viewer.user_permissions.add(Permission.objects.get(codename="view_tenant"))
    browser = Client()
    browser.force_login(viewer)
    Tenant.objects.update(is_active=action == "suspend")
    chosen = {"action": action, "_selected_action": tenant.pk}
    assert browser.get(SCHOOLS, **BASE).status_code == 200
    browser.post(SCHOOLS, chosen, **BASE)
    assert browser.post(f"{SCHOOLS}suspend/", {"ids": tenant.pk}, **BASE).status_code == 403
    tenant.refresh_from_db()
    assert tenant.is_active == (action == "suspend")


def test_the_list_of_schools_counts_without_a_query_for_each(
    operator: Operator, admin: Person, live: ClassSession, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    counted = []
    for n in (10, 200):
        Tenant.objects.bulk_create(
            Tenant(slug=f"s{n}-{each}", name=f"School {n} {each}", people_most=each + 1) for each in range(n)
        )
        with django_assert_max_num_queries(12) as queries:
            text = operator.open(f"{SCHOOLS}?q=&o=1").content.decode()
        counted.append(len(queries))
    assert counted[1] <= counted[0]
    assert "1 person" in text


def test_the_list_of_schools_is_short_and_each_can_be_chosen(operator: Operator, tenant: Tenant) -> None:
    Tenant.objects.bulk_create(Tenant(slug=f"s{n}", name=f"School {n}") for n in range(40))
    text = operator.open(SCHOOLS).content.decode()
    assert text.count('name="_selected_action"') == 20
    text = operator.open(f"{SCHOOLS}?q=demo").content.decode()
    assert f'value="{tenant.pk}" class="action-select" aria-label="Select {tenant.name}"' in text


def test_signing_in_as_operator_is_written_down(account: User, operator: Operator) -> None:
    browser = Client()
    form = {"username": account.email, "password": "correct horse"}
    browser.post("/sign-in/", form, REMOTE_ADDR="203.0.113.9", **BASE)
    (entry,) = OperatorEntry.objects.all()
    assert (entry.deed, entry.address) == (Deed.SIGNED_IN, "203.0.113.9")
    assert operator.open("/admin/accounts/operatorentry/").status_code == 200


def test_what_an_operator_changes_of_a_school_stands_in_its_log(
    operator: Operator, student: Person, course: Course
) -> None:
    form = {"tenant": course.tenant_id, "user": student.member.user_id, "role": "teacher", "is_active": "on"}
    operator.send(f"/admin/accounts/membership/{student.member.pk}/change/", form)
    with tenant_scope(course.tenant):
        (entry,) = AuditEntry.objects.all()
    assert (entry.deed, entry.who) == (Deed.ROLE_CHANGED, "Op <operator@aula.test>")
    for path in ("/admin/accounts/auditentry/", f"/admin/accounts/auditentry/{entry.pk}/change/"):
        assert operator.open(path).status_code == 200


def test_a_domain_and_a_language_stand_in_both_logs(operator: Operator, tenant: Tenant) -> None:
    domains = {
        "domains-TOTAL_FORMS": "1",
        "domains-0-tenant": str(tenant.pk),
        "domains-0-host": "live.evil.test",
    }
    same = dict.fromkeys(("direct_calls", "private_chat", "captions", "guests", "guests_wait"), "on")
    form = new_school(name=tenant.name, time_zone=tenant.time_zone, people_most="", language="de")
    assert operator.send(f"{SCHOOLS}{tenant.pk}/change/", form | same | domains).status_code == 302
    changed = [{"language": ["", "de"]}, {"domains": ["", "live.evil.test"]}]
    for model in (AuditEntry, OperatorEntry):
        with every_tenant():
            entries = model.objects.order_by("pk")
            assert [(each.deed, each.object_id) for each in entries] == [(Deed.SCHOOL_CHANGED, "demo")] * 2
            assert [each.changes for each in entries] == changed


def test_a_row_that_an_operator_changes_stands_in_both_logs(operator: Operator, course: Course) -> None:
    form = {
        "tenant": course.tenant_id,
        "title": "Biology 10",
        "guests_wait": "unknown",
        "enrolments-TOTAL_FORMS": "0",
        "enrolments-INITIAL_FORMS": "0",
    }
    answer = operator.send(f"/admin/classrooms/course/{course.pk}/change/", form)
    assert answer.status_code == 302, answer.content.decode()
    for model in (AuditEntry, OperatorEntry):
        with every_tenant():
            (entry,) = model.objects.all()
        assert (entry.deed, entry.object_id) == (Deed.ROW_CHANGED, course.public_id)
        assert "Title" in str(entry.changes)


def test_what_an_operator_deletes_of_a_school_stands_in_its_log(operator: Operator, course: Course) -> None:
    assert operator.send(f"/admin/classrooms/course/{course.pk}/delete/", {"post": "yes"}).status_code == 302
    for model in (AuditEntry, OperatorEntry):
        with every_tenant():
            (entry,) = model.objects.all()
        assert (entry.deed, entry.object_id) == (Deed.ROW_DELETED, course.public_id)
        assert entry.object_name == "Biology 9b"


def test_no_password_is_in_any_log(operator: Operator, account: User) -> None:
    form = {
        "email": "new@demo.test",
        "name": "Nia",
        "usable_password": "true",
        "password1": "a far better horse",
        "password2": "a far better horse",
        "memberships-TOTAL_FORMS": "0",
        "memberships-INITIAL_FORMS": "0",
    }
    assert operator.send("/admin/accounts/user/add/", form).status_code == 302
    assert deeds(OperatorEntry) == [Deed.ROW_ADDED]
    assert "horse" not in str(list(OperatorEntry.objects.values()))


def test_who_opens_a_school_is_told_its_address_and_who_is_invited(operator: Operator) -> None:
    operator.send(f"{SCHOOLS}add/", new_school())
    text = operator.open(SCHOOLS).content.decode()
    assert '<a href="https://westgate.localhost/">westgate.localhost</a>' in text
    assert "wanda@west.test is invited by mail" in text


def test_storage_is_limited_in_gigabytes_and_a_time_zone_is_chosen_from_a_list(operator: Operator) -> None:
    operator.send(f"{SCHOOLS}add/", new_school(storage_most_bytes="2.5"))
    tenant = Tenant.objects.get()
    assert tenant.storage_most_bytes == 2.5 * 2**30
    text = operator.open(f"{SCHOOLS}{tenant.pk}/change/").content.decode()
    assert 'value="2.5"' in text
    assert '<option value="Europe/Paris" selected>Europe/Paris</option>' in text
    answer = operator.send(f"{SCHOOLS}add/", new_school(slug="east", time_zone="Europe/Nowhere"))
    assert (answer.status_code, Tenant.objects.count()) == (200, 1)
