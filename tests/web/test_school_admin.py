"""The admin at a school: its owners and admins see and change their own rows, and nobody else any."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from accounts.entries import AuditEntry, Deed, OperatorEntry
from accounts.models import Membership, Role, User
from accounts.school_site import SchoolRows, school
from accounts.sealed import seal, unseal
from classrooms.hooks.events import tell
from classrooms.models import ApiKey, ClassSession, Course, Enrolment, Recording, Webhook, WebhookDelivery
from tenants.actions import BY_SCHOOL
from tenants.models import Tenant
from tenants.scope import every_tenant, tenant_scope
from tests.conftest import MakePerson, MakeSession, Person
from tests.web.test_admin import BASE

PEOPLE = "/admin/accounts/membership/"
COURSES = "/admin/classrooms/course/"
ENROLMENTS = "/admin/classrooms/enrolment/"
CLASSES = "/admin/classrooms/classsession/"
RECORDINGS = "/admin/classrooms/recording/"
KEYS = "/admin/classrooms/apikey/"
AUDIT = "/admin/accounts/auditentry/"
RULES = "/admin/tenants/tenant/"
HOOKS = "/admin/classrooms/webhook/"
TOLD = "/admin/classrooms/webhookdelivery/"
SWITCHES = (
    *("direct_calls", "private_chat", "captions", "guests", "guests_wait"),
    *("recording_consent", "recording_downloads"),
)
LISTS = [PEOPLE, COURSES, ENROLMENTS, CLASSES, RECORDINGS, KEYS, HOOKS, TOLD, AUDIT]
MODELS = {PEOPLE: Membership, COURSES: Course, ENROLMENTS: Enrolment, CLASSES: ClassSession}
MODELS |= {RECORDINGS: Recording, KEYS: ApiKey, AUDIT: AuditEntry, RULES: Tenant}


@pytest.fixture
def owner(person: MakePerson, tenant: Tenant) -> Person:
    return person(tenant, Role.OWNER, "Olaf Owner")


@pytest.fixture
def other_owner(person: MakePerson, other_tenant: Tenant) -> Person:
    return person(other_tenant, Role.OWNER, "Oda Otherowner")


@pytest.fixture
def rows(tenant: Tenant, session: ClassSession, admin: Person, teacher: Person, now: Any) -> dict[str, Any]:
    """One row of the school for each list."""
    with tenant_scope(tenant):
        times = {"started_at": now, "changed_at": now, "ended_at": now}
        kept = Recording.objects.create(session=session, state="ready", by=teacher.member, **times)
        key = ApiKey.objects.create(
            member=admin.member, name="Timetable", prefix="00000000", digest="0" * 64, created_at=now
        )
        hook = {"name": "Tom's timetable", "url": "https://bio.example.org/", "sealed_secret": seal("whsec_")}
        webhook = Webhook.objects.create(created_at=now, **hook)
        tell([webhook], "session.started", now, {}, session)
        told = WebhookDelivery.objects.get(webhook=webhook)
        entry = AuditEntry.objects.create(who="Ann", deed=Deed.PERSON_ADDED, door="page")
        enrolment = session.course.enrolments.first()
    return {
        PEOPLE: teacher.member,
        COURSES: session.course,
        ENROLMENTS: enrolment,
        CLASSES: session,
        RECORDINGS: kept,
        KEYS: key,
        HOOKS: webhook,
        TOLD: told,
        AUDIT: entry,
        RULES: tenant,
    }


def of(model: Any, tenant: Tenant) -> Any:
    """The rows of one school, newest last."""
    with every_tenant():
        return list(model.objects.filter(tenant=tenant).order_by("pk"))


def addresses(found: Any = None, start: str = "/") -> list[str]:
    """Every address of the school's admin, by looking it up; ids are those of nothing."""
    out = []
    for each in found or get_resolver("aula.school_urls").url_patterns:
        path = start + str(each.pattern).lstrip("^").rstrip("$").rstrip("/") + "/"
        path = path.replace("//", "/")
        if isinstance(each, URLResolver):
            if path.startswith("/admin/"):
                out += addresses(each.url_patterns, path)
        elif isinstance(each, URLPattern) and path.startswith("/admin/"):
            for part in ("<path:object_id>", "<path:content_type_id>/<path:object_id>"):
                path = path.replace(part, "999999")
            out.append(path.split("(?P")[0])
    return out


def test_the_addresses_are_those_of_the_registered_pages_and_no_more() -> None:
    names = {model._meta.model_name for model in school._registry}
    assert names == {
        "membership", "course", "enrolment", "classsession", "recording", "tenant", "apikey", "auditentry",
        "webhook", "webhookdelivery", "holiday",
    }  # fmt: skip
    found = addresses()
    assert len(found) > 40
    assert not [each for each in found if "password_change" in each or "/r/" in each]


def test_every_page_is_built_on_the_walls(admin: Person) -> None:
    for model, page in school._registry.items():
        assert isinstance(page, SchoolRows), model


def test_nobody_but_those_who_run_the_school_finds_an_admin_there(
    teacher: Person, student: Person, outsider: Person, other_owner: Person, guest: Person
) -> None:
    operator = Client()
    operator.force_login(User.objects.create_superuser("operator@aula.test", "correct horse", name="Op"))
    for path in addresses():
        for person in (teacher, student):
            assert person.get(path).status_code == 404, path
            assert person.post(path).status_code == 404, path
        for browser in (outsider.browser, other_owner.browser, guest.browser, operator):
            answer = browser.get(path, HTTP_HOST="demo.localhost")
            assert (answer.status_code, answer.url.partition("?")[0]) == (302, "/sign-in/"), path


@pytest.mark.parametrize("path", LISTS)
def test_every_list_opens_searches_and_holds_the_own_rows_only(
    rows: dict[str, Any], admin: Person, other_owner: Person, path: str
) -> None:
    for query in ("", "?q=bio", "?q=tom"):
        assert admin.get(path + query).status_code == 200
    text = admin.get(path).content.decode()
    assert f"{path}{rows[path].pk}/change/" in text
    other = other_owner.get(path).content.decode()
    assert f"{path}{rows[path].pk}/change/" not in other
    assert "Biology" not in other


@pytest.mark.parametrize("path", [*LISTS, RULES])
def test_every_page_of_a_row_opens_for_its_school(rows: dict[str, Any], admin: Person, path: str) -> None:
    assert admin.get(f"{path}{rows[path].pk}/change/").status_code == 200
    assert admin.get(f"{path}{rows[path].pk}/history/").status_code == 302


@pytest.mark.parametrize("page", ["change", "delete", "history"])
@pytest.mark.parametrize("path", [*LISTS, RULES])
def test_another_schools_row_equals_one_that_never_was(
    rows: dict[str, Any], other_owner: Person, path: str, page: str
) -> None:
    for pk in (rows[path].pk, 999_999):
        for answer in (
            other_owner.get(f"{path}{pk}/{page}/"),
            other_owner.post(f"{path}{pk}/{page}/", {"post": "yes", "title": "Mine", "name": "Mine"}),
        ):
            assert answer.status_code in (403, 404), (pk, answer.status_code)
    codes = [other_owner.get(f"{path}{pk}/{page}/").status_code for pk in (rows[path].pk, 999_999)]
    assert codes[0] == codes[1]


def test_bulk_actions_do_not_reach_another_schools_rows(rows: dict[str, Any], other_owner: Person) -> None:
    for path, action in (
        (PEOPLE, "deactivate"),
        (RECORDINGS, "put_into_bin"),
        (KEYS, "revoke"),
        (HOOKS, "pause"),
        (TOLD, "replay"),
    ):
        other_owner.post(path, {"action": action, "_selected_action": [rows[path].pk]})
    with every_tenant():
        assert Membership.objects.get(pk=rows[PEOPLE].pk).is_active
        assert Recording.objects.get(pk=rows[RECORDINGS].pk).deleted_at is None
        assert ApiKey.objects.get(pk=rows[KEYS].pk).revoked_at is None
        assert Webhook.objects.get(pk=rows[HOOKS].pk).state == "on"


def test_pickers_offer_the_own_people_and_courses_only(
    session: ClassSession, admin: Person, other_owner: Person
) -> None:
    asked = "/admin/autocomplete/?app_label=classrooms&model_name=enrolment&field_name={}"
    for field, word in (("membership", "Tom Teacher"), ("course", "Biology 9b")):
        assert word in admin.get(asked.format(field)).content.decode()
        assert word not in other_owner.get(asked.format(field)).content.decode()


def test_rows_of_another_school_cannot_be_chosen_in_a_form(
    session: ClassSession, other_owner: Person, student: Person
) -> None:
    form = {"course": session.course.pk, "membership": student.member.pk, "role": "student"}
    answer = other_owner.post(f"{ENROLMENTS}add/", form)
    assert answer.status_code == 200
    assert b"Select a valid choice" in answer.content
    assert not of(Enrolment, other_owner.member.tenant)


def test_a_list_cannot_be_filtered_by_what_belongs_to_accounts(admin: Person) -> None:
    for query in ("user__password__startswith=a", "tenant__slug=other", "user__is_staff=1"):
        assert admin.get(f"{PEOPLE}?{query}").status_code in (302, 400)


def test_the_number_of_queries_does_not_grow_with_rows(
    admin: Person,
    tenant: Tenant,
    make_session: MakeSession,
    person: MakePerson,
    rows: dict[str, Any],
    django_assert_max_num_queries: Callable[..., Any],
) -> None:
    def more(n: int) -> None:
        for each in range(n):
            someone = person(tenant, "student", f"S{each}x{n} Name", signed_in=False)
            session = make_session(f"Class {each}")
            with tenant_scope(tenant):
                session.course.enrolments.create(membership=someone.member)
                now = session.starts_at
                times = {"started_at": now, "changed_at": now, "ended_at": now}
                Recording.objects.create(session=session, state="ready", **times)
                ApiKey.objects.create(
                    member=someone.member, name="K", prefix=f"{n:04}{each:04}", digest="", created_at=now
                )
                AuditEntry.objects.create(who="Ann", deed=Deed.ENROLLED, door="page")

    counted = {}
    for n in (10, 190):
        more(n)
        for path in LISTS:
            with django_assert_max_num_queries(16) as queries:
                assert admin.get(f"{path}?p=1").status_code == 200
            counted.setdefault(path, []).append(len(queries))
    assert all(many <= few for few, many in counted.values()), counted


# What is done there


def new_person(**more: Any) -> dict[str, Any]:
    return {"name": "Nia New", "email": "nia@demo.test", "role": "student", "external_id": ""} | more


def test_somebody_is_added_and_invited_with_a_link_to_choose_a_password(
    admin: Person, tenant: Tenant, guest: Person
) -> None:
    assert admin.post(f"{PEOPLE}add/", new_person(invites="on")).status_code == 302
    (letter,) = mail.outbox
    assert letter.to == ["nia@demo.test"]
    assert letter.subject == "You are at Northfield College now"
    path = letter.body.partition("https://demo.localhost")[2].split()[0]
    assert guest.get(path).status_code == 302
    deeds = [each.deed for each in of(AuditEntry, tenant)]
    assert deeds == [Deed.PERSON_ADDED, Deed.PERSON_INVITED]


def test_whoever_has_not_come_yet_is_invited_again(admin: Person) -> None:
    admin.post(f"{PEOPLE}add/", new_person())
    invited = of(Membership, admin.member.tenant)[-1]
    mail.outbox.clear()
    admin.post(PEOPLE, {"action": "invite_again", "_selected_action": [invited.pk]})
    (letter,) = mail.outbox
    assert letter.to == [invited.user.email]
    entry = of(AuditEntry, admin.member.tenant)[-1]
    assert (entry.deed, entry.object_id) == (Deed.PERSON_INVITED, invited.public_id)


def test_without_an_invitation_nobody_is_told(admin: Person) -> None:
    admin.post(f"{PEOPLE}add/", new_person())
    assert mail.outbox == []


def test_who_is_here_already_is_refused_and_what_was_typed_stays(admin: Person, student: Person) -> None:
    answer = admin.post(f"{PEOPLE}add/", new_person(email=student.member.user.email))
    assert answer.status_code == 200
    assert b"Somebody of the school has this email." in answer.content
    assert b'value="Nia New"' in answer.content


def test_only_owners_make_owners(admin: Person, owner: Person, tenant: Tenant) -> None:
    answer = admin.post(f"{PEOPLE}add/", new_person(role="owner"))
    assert b"Select a valid choice" in answer.content
    assert owner.post(f"{PEOPLE}add/", new_person(role="owner")).status_code == 302


def test_an_admin_looks_at_an_owner_and_changes_nothing(
    admin: Person, owner: Person, person: MakePerson, tenant: Tenant
) -> None:
    form = {"name": "Olaf", "role": "student", "is_active": "on", "external_id": ""}
    path = f"{PEOPLE}{owner.member.pk}/change/"
    assert admin.get(path).status_code == 200
    assert admin.post(path, form).status_code == 403
    admin.post(PEOPLE, {"action": "deactivate", "_selected_action": [owner.member.pk]})
    with tenant_scope(tenant):
        same = Membership.objects.get(pk=owner.member.pk)
    assert (same.role, same.is_active) == (Role.OWNER, True)


def test_a_school_keeps_its_last_owner(owner: Person) -> None:
    form = {"name": "Olaf Owner", "role": "admin", "is_active": "on", "external_id": ""}
    answer = owner.post(f"{PEOPLE}{owner.member.pk}/change/", form)
    assert b"This is the only owner of the school." in answer.content


def test_roles_are_changed_one_by_one_and_in_bulk(
    admin: Person, student: Person, classmate: Person, tenant: Tenant
) -> None:
    form = {"name": "Sue Student", "role": "teacher", "is_active": "on", "external_id": "S-1"}
    assert admin.post(f"{PEOPLE}{student.member.pk}/change/", form).status_code == 302
    chosen = [student.member.pk, classmate.member.pk]
    for action, role in (("make_teachers", "teacher"), ("make_students", "student")):
        admin.post(PEOPLE, {"action": action, "_selected_action": chosen})
        with tenant_scope(tenant):
            assert set(Membership.objects.filter(pk__in=chosen).values_list("role", flat=True)) == {role}
    with tenant_scope(tenant):
        assert Membership.objects.get(pk=student.member.pk).external_id == "S-1"


def test_whoever_is_deactivated_in_bulk_is_signed_out(admin: Person, student: Person) -> None:
    admin.post(PEOPLE, {"action": "deactivate", "_selected_action": [student.member.pk]})
    assert student.get("/").status_code == 302
    admin.post(PEOPLE, {"action": "reactivate", "_selected_action": [student.member.pk]})
    assert student.get("/").status_code == 302  # and signs in anew


def test_a_course_is_opened_changed_and_filled(admin: Person, tenant: Tenant, student: Person) -> None:
    assert admin.post(f"{COURSES}add/", {"title": "Physics", "guests_wait": "unknown"}).status_code == 302
    (course,) = of(Course, tenant)
    form = {"title": "Physics 9", "description": "", "records": "on", "guests_wait": "unknown"}
    assert admin.post(f"{COURSES}{course.pk}/change/", form).status_code == 302
    place = {"course": course.pk, "membership": student.member.pk, "role": "student"}
    assert admin.post(f"{ENROLMENTS}add/", place).status_code == 302
    (enrolment,) = of(Enrolment, tenant)
    assert admin.post(f"{ENROLMENTS}{enrolment.pk}/delete/", {"post": "yes"}).status_code == 302
    admin.post(f"{ENROLMENTS}add/", place)
    (enrolment,) = of(Enrolment, tenant)
    admin.post(ENROLMENTS, {"action": "take_out", "_selected_action": [enrolment.pk]})
    assert of(Enrolment, tenant) == []
    deeds = [each.deed for each in of(AuditEntry, tenant)]
    assert deeds == [
        *(Deed.COURSE_ADDED, Deed.COURSE_CHANGED),
        *(Deed.ENROLLED, Deed.ENROLMENT_REMOVED) * 2,
    ]


def a_class(course: Course, teacher: Person, **more: str) -> dict[str, Any]:
    return {
        "course": course.pk,
        "teacher": teacher.member.pk,
        "title": "Optics",
        "entry": "enrolled",
        "starts_at_0": "2026-11-26",
        "starts_at_1": "10:00",
        "ends_at_0": "2026-11-26",
        "ends_at_1": "10:45",
    } | more


def test_a_class_is_put_on_the_calendar_in_the_schools_time_moved_and_cancelled(
    admin: Person, course: Course, teacher: Person, tenant: Tenant
) -> None:
    assert admin.post(f"{CLASSES}add/", a_class(course, teacher)).status_code == 302
    (session,) = of(ClassSession, tenant)
    assert f"{session.starts_at:%d %H:%M}" == "26 09:00"  # Berlin
    moved = a_class(course, teacher, starts_at_1="10:15")
    assert admin.post(f"{CLASSES}{session.pk}/change/", moved).status_code == 302
    assert of(ClassSession, tenant)[0].duration == timedelta(minutes=30)
    assert admin.post(f"{CLASSES}{session.pk}/delete/", {"post": "yes"}).status_code == 302
    assert of(ClassSession, tenant) == []
    entry = of(AuditEntry, tenant)[-1]
    assert (entry.deed, entry.object_id) == (Deed.CLASS_CANCELLED, session.public_id)


def test_a_class_that_clashes_says_with_what_and_can_be_put_there_all_the_same(
    admin: Person, course: Course, teacher: Person, tenant: Tenant
) -> None:
    admin.post(f"{CLASSES}add/", a_class(course, teacher))
    answer = admin.post(f"{CLASSES}add/", a_class(course, teacher, title="Waves"))
    assert "That time clashes with Optics, 10:00–10:45." in answer.content.decode()
    assert admin.post(f"{CLASSES}add/", a_class(course, teacher, despite_clash="on")).status_code == 302
    assert len(of(ClassSession, tenant)) == 2


def test_a_class_that_is_over_is_only_looked_at(
    admin: Person, make_session: MakeSession, teacher: Person
) -> None:
    session = make_session(state="ended")
    assert admin.get(f"{CLASSES}{session.pk}/change/").status_code == 200
    assert admin.post(f"{CLASSES}{session.pk}/change/", {"title": "Other"}).status_code == 403
    assert admin.post(f"{CLASSES}{session.pk}/delete/", {"post": "yes"}).status_code == 403


def test_recordings_go_into_the_bin_and_come_back(rows: dict[str, Any], admin: Person) -> None:
    kept = rows[RECORDINGS]
    for action, gone in (("put_into_bin", True), ("restore", False)):
        admin.post(RECORDINGS, {"action": action, "_selected_action": [kept.pk]})
        (row,) = of(Recording, kept.tenant)
        assert (row.deleted_at is not None) is gone
    entries = [(each.deed, each.object_id) for each in of(AuditEntry, kept.tenant)[-2:]]
    assert entries == [
        (Deed.RECORDING_DELETED, kept.public_id), (Deed.RECORDING_RESTORED, kept.public_id)
    ]  # fmt: skip


def test_a_key_is_shown_once_and_makes_no_admin_an_owner(
    admin: Person, owner: Person, tenant: Tenant
) -> None:
    form = {"name": "Timetable", "member": admin.member.pk, "scopes": ["courses:read"]}
    answer = admin.post(f"{KEYS}add/", form)
    (key,) = of(ApiKey, tenant)
    assert f"aula_{key.prefix}_" in answer.content.decode()
    assert f"aula_{key.prefix}_" not in admin.get(f"{KEYS}{key.pk}/change/").content.decode()
    refused = admin.post(f"{KEYS}add/", form | {"member": owner.member.pk})
    assert b"Owners are appointed" in refused.content
    assert len(of(ApiKey, tenant)) == 1


def test_an_admin_does_not_revoke_an_owners_key(admin: Person, owner: Person, tenant: Tenant) -> None:
    owner.post(f"{KEYS}add/", {"name": "X", "member": owner.member.pk, "scopes": ["courses:read"]})
    (key,) = of(ApiKey, tenant)
    for person, revoked in ((admin, False), (owner, True)):
        person.post(KEYS, {"action": "revoke", "_selected_action": [key.pk]})
        assert (of(ApiKey, tenant)[0].revoked_at is not None) is revoked


def test_the_rules_are_the_schools_and_its_limits_the_operators(admin: Person, tenant: Tenant) -> None:
    assert admin.get(RULES).url == f"{RULES}{tenant.pk}/change/"
    texts = {"time_zone": "Europe/Paris", "api_origins": "https://portal.north.test"}
    texts["contact"] = "office@north.test"
    limits = {"people_most": "9999", "is_active": "", "slug": "mine", "storage_most_bytes": "1"}
    for on, days in ((False, 30), (True, None)):
        switches = dict.fromkeys(SWITCHES, "on") if on else {}
        form = texts | limits | switches | {"recordings_kept_days": days or ""}
        assert admin.post(f"{RULES}{tenant.pk}/change/", form).status_code == 302
        tenant.refresh_from_db()
        decided = {name: getattr(tenant, name) for name in BY_SCHOOL}
        assert decided == texts | dict.fromkeys(SWITCHES, on) | {"recordings_kept_days": days}
        assert (tenant.people_most, tenant.storage_most_bytes, tenant.slug) == (None, None, "demo")
        assert tenant.is_active
    off, on_again = of(AuditEntry, tenant)
    assert (off.changes["guests"], on_again.changes["guests"]) == ([True, False], [False, True])
    assert not OperatorEntry.objects.exists()


def test_the_log_is_read_there_and_written_nowhere_there(rows: dict[str, Any], admin: Person) -> None:
    entry = rows[AUDIT]
    assert admin.get(f"{AUDIT}?q=Ann&deed__exact=person_added").status_code == 200
    for path in ("add/", f"{entry.pk}/delete/"):
        assert admin.get(AUDIT + path).status_code == 403
    assert admin.post(f"{AUDIT}{entry.pk}/change/", {"who": "Nobody"}).status_code == 403


def test_operators_do_not_find_the_schools_pages_on_the_base_domain(admin: Person, tenant: Tenant) -> None:
    assert admin.browser.get(f"{PEOPLE}import/", **BASE).status_code in (302, 404)


def test_each_page_of_the_admin_keeps_to_the_policy_of_content(rows: dict[str, Any], admin: Person) -> None:
    for path in ("/admin/", *LISTS, *(f"{each}{rows[each].pk}/change/" for each in LISTS)):
        answer = admin.get(path)
        assert "unsafe" not in answer.headers["Content-Security-Policy"]
        text = answer.content.decode()
        for no in (" style=", "<style", " onclick=", "javascript:"):
            assert no not in text, (path, no)


def test_a_webhook_is_made_tried_paused_and_deleted_and_its_secret_is_shown_once(
    admin: Person, tenant: Tenant
) -> None:
    form = {"name": "Timetable", "url": "https://timetable.example.org/", "wanted": ["session.ended"]}
    shown = admin.post(f"{HOOKS}add/", form)
    assert "no-store" in shown.headers["Cache-Control"]
    (webhook,) = of(Webhook, tenant)
    secret = unseal(webhook.sealed_secret)
    assert secret in shown.content.decode()
    assert (webhook.name, webhook.wanted) == ("Timetable", ["session.ended"])
    for path in (HOOKS, f"{HOOKS}{webhook.pk}/change/", AUDIT):
        assert secret not in admin.get(path).content.decode()
    admin.post(HOOKS, {"action": "send_test", "_selected_action": [webhook.pk]})
    with tenant_scope(tenant):
        assert [each.event.type for each in WebhookDelivery.objects.all()] == ["webhook.test"]
    for action, state in (("pause", "paused"), ("turn_on", "on")):
        admin.post(HOOKS, {"action": action, "_selected_action": [webhook.pk]})
        assert of(Webhook, tenant)[0].state == state
    admin.post(HOOKS, {"action": "renew", "_selected_action": [webhook.pk]})
    assert unseal(of(Webhook, tenant)[0].sealed_secret) != secret
    admin.post(f"{HOOKS}{webhook.pk}/delete/", {"post": "yes"})
    assert not of(Webhook, tenant)
    deeds = [each.deed for each in of(AuditEntry, tenant)]
    assert deeds == [*("webhook_made", "webhook_tested", *["webhook_changed"] * 3, "webhook_deleted")]


def test_an_address_that_no_webhook_goes_to_keeps_what_was_typed(admin: Person, settings: Any) -> None:
    settings.OUTGOING_PRIVATE = False
    answer = admin.post(f"{HOOKS}add/", {"name": "Timetable", "url": "http://timetable.example.org/"})
    assert "begins with https://" in answer.content.decode()
    assert "Timetable" in answer.content.decode()


@pytest.fixture
def operator(db: None) -> Client:
    browser = Client()
    browser.force_login(User.objects.create_superuser("operator@aula.test", "correct horse", name="Op"))
    return browser


@pytest.mark.parametrize("chosen", ["-title", "0" * 32, "9" * 30, "", "1,2", "x"])
def test_an_address_that_fills_in_what_is_no_row_opens_an_empty_form(
    admin: Person, course: Course, operator: Client, chosen: str
) -> None:
    for path in (CLASSES, ENROLMENTS, KEYS):
        asked = f"{path}add/?course={chosen}&teacher={chosen}&membership={chosen}&member={chosen}"
        assert admin.get(asked).status_code == 200
        if path != KEYS:
            assert operator.get(asked, **BASE).status_code == 200


def test_the_log_says_what_became_of_a_class_and_to_whom(
    admin: Person, teacher: Person, student: Person, course: Course, tenant: Tenant
) -> None:
    admin.post(f"{CLASSES}add/", a_class(course, teacher))
    (session,) = of(ClassSession, tenant)
    admin.post(f"{CLASSES}{session.pk}/change/", a_class(course, teacher, starts_at_1="10:15"))
    added, changed = of(AuditEntry, tenant)
    assert (added.deed, changed.deed) == (Deed.CLASS_SCHEDULED, Deed.CLASS_CHANGED)
    assert added.changes["starts_at"] == [None, "2026-11-26 10:00"]
    assert changed.changes == {"starts_at": ["2026-11-26 10:00", "2026-11-26 10:15"]}
    text = admin.get(AUDIT).content.decode()
    assert "2026-11-26 10:00 → 2026-11-26 10:15" in text


def test_the_log_says_who_was_enrolled(
    admin: Person, student: Person, classmate: Person, tenant: Tenant
) -> None:
    admin.post(f"{COURSES}add/", {"title": "Physics", "guests_wait": "unknown"})
    (course,) = of(Course, tenant)
    for person in (student, classmate):
        place = {"course": course.pk, "membership": person.member.pk, "role": "student"}
        admin.post(f"{ENROLMENTS}add/", place)
    text = admin.get(f"{AUDIT}?deed__exact=enrolled").content.decode()
    assert all(f">{person.member.name}</small>" in text for person in (student, classmate))


def test_the_admin_is_in_german_throughout(admin: Person, rows: dict[str, Any]) -> None:
    german = {"HTTP_ACCEPT_LANGUAGE": "de"}
    for path in (PEOPLE, f"{RULES}{rows[RULES].pk}/change/", f"{KEYS}add/", AUDIT):
        text = admin.get(path, **german).content.decode()
        for english in (
            "Role",
            "Is active",
            "Created at",
            "Time zone",
            "Guests",
            "Scopes",
            "Expires at",
            "look)",
        ):
            assert f">{english}" not in text, (path, english)


def test_a_list_without_keys_says_the_first_step(admin: Person) -> None:
    assert "No API keys yet." in admin.get(KEYS).content.decode()
    assert "No API keys yet." not in admin.get(f"{KEYS}?q=tom").content.decode()


def test_a_webhook_is_tried_on_its_own_page(admin: Person, rows: dict[str, Any], tenant: Tenant) -> None:
    path = f"{HOOKS}{rows[HOOKS].pk}/change/"
    form = {"name": "Tom's timetable", "url": "https://bio.example.org/", "_test": "1"}
    answer = admin.post(path, form)
    assert (answer.status_code, answer.url) == (302, path)
    assert "1 test is on its way." in (text := admin.get(path).content.decode())
    assert f'<a href="{TOLD}">' in text
    assert [each.deed for each in of(AuditEntry, tenant)][-1] == Deed.WEBHOOK_TESTED


def test_the_menu_of_the_app_stays_in_the_administration(admin: Person) -> None:
    text = admin.get(PEOPLE).content.decode()
    assert '<nav class="site-nav"' in text
    assert f'<a href="{PEOPLE}" aria-current="page">' in text
