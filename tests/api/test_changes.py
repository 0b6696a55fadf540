"""Changes over the API: nobody overwrites what they have not seen, and nothing is done twice."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from classrooms import materials
from classrooms.models import ClassSession, Course, KeptAnswer
from classrooms.recorded.jobs import keep_house
from tenants.scope import every_tenant, tenant_scope
from tests.api.test_matrix import TABLE, a_class
from tests.conftest import NOON


def a_course(portal, **more):
    answer = portal.post("courses/", {"title": "Physics"}, **more)
    assert answer.status_code == 201
    return answer


def test_what_was_made_is_where_it_says(portal):
    made = a_course(portal)
    there = portal.get(made["Location"].removeprefix("http://demo.localhost"))
    assert there.json() == made.json()
    assert there["ETag"] == made["ETag"]


def test_whoever_has_it_as_it_is_gets_no_body(portal, course):
    address = f"courses/{course.public_id}/"
    tag = portal.get(address)["ETag"]
    again = portal.get(address, If_None_Match=f'"x", W/{tag}')
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", tag)
    assert portal.get(address, If_None_Match='"x"').status_code == 200


@pytest.mark.parametrize("what", ["courses", "users", "memberships", "sessions", "webhooks"])
def test_what_has_changed_since_is_not_overwritten(portal, school, student, what):
    ids = {"courses": school.course, "sessions": school.session, "webhooks": school.webhook}
    address = f"{what}/{ids.get(what, student.member).public_id}/"
    first, second = {
        "courses": ({"title": "A"}, {"title": "B"}),
        "sessions": ({"title": "A"}, {"title": "B"}),
        "users": ({"external_id": "1"}, {"external_id": "2"}),
        "memberships": ({"is_active": False}, {"is_active": True}),
        "webhooks": ({"name": "A"}, {"name": "B"}),
    }[what]
    tag = portal.get(address)["ETag"]
    changed = portal.patch(address, first, If_Match=tag)
    assert (changed.status_code, changed["ETag"] == tag) == (200, False)
    late = portal.patch(address, second, If_Match=tag)
    assert (late.status_code, late.json()["code"]) == (412, "changed_since")
    assert portal.get(address).json() == changed.json()
    assert portal.patch(address, second, If_Match=f'"x", {changed["ETag"]}').status_code == 200
    assert portal.patch(address, first, If_Match="*").status_code == 200
    assert portal.patch(address, second, If_Match=f"W/{tag}").status_code == 412


@pytest.mark.parametrize("what", ["session", "enrolment", "recording", "material", "webhook"])
def test_what_has_changed_since_is_not_deleted(portal, school, what):
    where, _, _ = TABLE[what, "DELETE"]
    address = reverse(f"api-{what}", kwargs=where(school))
    tag = portal.get(address)["ETag"]
    for wrong in ('"x"', f"W/{tag}"):
        answer = portal.delete(address, If_Match=wrong)
        assert (answer.status_code, answer.json()["code"]) == (412, "changed_since")
    assert portal.get(address)["ETag"] == tag
    assert portal.delete(address, If_Match=tag).status_code == 204


def test_rules_that_have_changed_since_are_not_overwritten(portal, school):
    address = f"sessions/{school.live.public_id}/rules/"
    tag = portal.get(address)["ETag"]
    changed = portal.patch(address, {"mic": False}, If_Match=tag)
    late = portal.patch(address, {"camera": False}, If_Match=tag)
    assert (changed.status_code, late.status_code) == (200, 412)
    assert portal.get(address).json() == changed.json()


def test_rules_are_compared_where_they_are_changed(portal, school):
    """The class is locked from the comparison on: nobody changes it in between."""
    with CaptureQueriesContext(connection) as asked:
        portal.patch(f"sessions/{school.live.public_id}/rules/", {"mic": False}, If_Match="*")
    said = [each["sql"] for each in asked if "classsession" in each["sql"] or "SAVEPOINT" in each["sql"]]
    assert said[0].startswith("SAVEPOINT")


def test_the_same_request_again_is_done_once(portal, tenant):
    first = a_course(portal, Idempotency_Key="k1")
    again = a_course(portal, Idempotency_Key="k1")
    assert again.json() == first.json()
    assert again["Location"] == first["Location"]
    assert again["Idempotency-Replayed"] == "true"
    with tenant_scope(tenant):
        assert Course.objects.filter(title="Physics").count() == 1


def test_without_a_key_it_is_done_again(portal, tenant):
    a_course(portal)
    a_course(portal)
    with tenant_scope(tenant):
        assert Course.objects.filter(title="Physics").count() == 2


def test_a_key_is_of_one_request(portal):
    a_course(portal, Idempotency_Key="k1")
    other = portal.post("courses/", {"title": "Chemistry"}, Idempotency_Key="k1")
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")


def test_a_key_is_of_one_asker(portal, keyed, admin):
    first = a_course(portal, Idempotency_Key="k1").json()
    assert a_course(keyed(admin), Idempotency_Key="k1").json()["id"] != first["id"]


def test_what_was_refused_is_tried_anew(portal, school):
    taken = a_class(school) | {"starts_at": "2026-11-25T13:00:00Z", "ends_at": "2026-11-25T13:45:00Z"}
    refused = portal.post("sessions/", taken, Idempotency_Key="k1")
    assert (refused.status_code, refused.json()["code"]) == (409, "time_taken")
    assert portal.delete(f"sessions/{school.session.public_id}/").status_code == 204
    assert portal.post("sessions/", taken, Idempotency_Key="k1").status_code == 201


def test_an_answer_is_kept_for_a_day(portal):
    a_course(portal, Idempotency_Key="k1")
    portal.now = NOON + timedelta(hours=24, seconds=1)
    a_course(portal, Idempotency_Key="k2")
    with every_tenant():
        assert [kept.key for kept in KeptAnswer.objects.all()] == ["k2"]


@pytest.mark.parametrize("key", ["", "a b", "x" * 256, "é"])
def test_a_wrong_idempotency_key_is_refused(portal, key):
    answer = portal.post("courses/", {"title": "Physics"}, Idempotency_Key=key)
    assert (answer.status_code, answer.json()["code"]) == (400, "bad_idempotency_key")


def test_a_file_is_added_once(portal, school):
    def send(content):
        file = {"file": SimpleUploadedFile("a.txt", content)}
        return portal.post(f"sessions/{school.live.public_id}/materials/", file, Idempotency_Key="k1")

    first, again = send(b"hello"), send(b"hello")
    assert (first.status_code, again.json()) == (201, first.json())
    assert send(b"other").status_code == 422


def add_file(portal, school, name="a.txt"):
    file = {"file": SimpleUploadedFile(name, b"hello")}
    return portal.post(f"sessions/{school.live.public_id}/materials/", file, Idempotency_Key="k1")


def test_a_file_that_is_being_added_is_not_added_beside_it(portal, school, tenant):
    add_file(portal, school)
    with tenant_scope(tenant):
        KeptAnswer.objects.update(status=0)
    meanwhile = add_file(portal, school)
    assert (meanwhile.status_code, meanwhile.json()["code"]) == (409, "being_done")
    portal.now = NOON + timedelta(minutes=15, seconds=1)
    assert add_file(portal, school).status_code == 201


def test_a_file_that_was_refused_leaves_its_key_free(portal, school):
    assert add_file(portal, school, "a.exe").json()["code"] == "file_refused"
    assert add_file(portal, school).status_code == 201


@pytest.mark.django_db(transaction=True)
def test_nobody_waits_while_a_file_is_added(portal, school, monkeypatch):
    held = []
    look = materials.picture_of

    def looked(*about):
        held.append(connection.in_atomic_block)
        return look(*about)

    monkeypatch.setattr(materials, "picture_of", looked)
    assert add_file(portal, school).status_code == 201
    assert held == [False]


def test_secrets_are_not_kept_in_the_clear(portal, school):
    sent = {"name": "Portal", "url": "https://x.test/"}
    first = portal.post("webhooks/", sent, Idempotency_Key="k1").json()
    assert portal.post("webhooks/", sent, Idempotency_Key="k1").json() == first
    with every_tenant():
        assert first["secret"] not in str(KeptAnswer.objects.values().get())


def test_old_answers_go_though_nobody_asks_any_more(portal):
    a_course(portal, Idempotency_Key="k1")
    keep_house(NOON + timedelta(hours=24))
    with every_tenant():
        assert KeptAnswer.objects.exists()
        keep_house(NOON + timedelta(hours=24, seconds=1))
        assert not KeptAnswer.objects.exists()


def test_steps_in_a_class_are_taken_once(portal, school):
    address = f"sessions/{school.live.public_id}/participants/{school.student.public_id}/let-speak/"
    for _ in range(2):
        assert portal.post(address, Idempotency_Key="k1").status_code == 204
    with tenant_scope(school.live.tenant):
        assert school.live.events.filter(type="may_speak").count() == 1


def test_a_class_is_moved_as_a_whole(portal, session):
    address = f"sessions/{session.public_id}/"
    moved = portal.patch(address, {"starts_at": "2026-11-27T09:00:00+01:00"}).json()
    assert (moved["starts_at"], moved["ends_at"]) == ("2026-11-27T08:00:00Z", "2026-11-27T08:45:00Z")


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"ends_at": "2026-11-26T12:00:00Z"}, "ends_at"),
        ({"ends_at": "2026-11-27T12:00:01Z"}, "ends_at"),
        ({"starts_at": "1999-12-31T23:59:59Z"}, "starts_at"),
        ({"starts_at": "0001-01-01T00:00:00+14:00"}, "starts_at"),
        ({"title": ""}, "title"),
        ({"title": "x" * 121}, "title"),
        ({"title": "a\x00b"}, "title"),
        ({"course": "0" * 32}, "course"),
        ({"teacher": 7}, "teacher"),
        ({"entry": "everyone"}, "entry"),
    ],
)
def test_what_does_not_fit_is_named(portal, school, sent, field):
    answer = portal.post("sessions/", a_class(school) | sent)
    assert (answer.status_code, list(answer.json()["errors"])) == (400, [field])


def test_a_student_does_not_become_the_teacher(portal, school, student):
    answer = portal.post("sessions/", a_class(school) | {"teacher": student.member.public_id})
    assert (answer.status_code, answer.json()["code"]) == (409, "no_teacher")


@pytest.mark.parametrize("body", [b"{", b"[]", b"7", b'"x"', b"\xff", b"[" * 100_000, b"{}" + b" " * 10**6])
def test_a_body_that_is_no_object_is_refused(portal, body):
    more = {"HTTP_HOST": portal.host, "HTTP_AUTHORIZATION": f"Bearer {portal.key}", "aula.now": NOON}
    answer = portal.browser.post("/api/v1/courses/", body, "application/json", **more)
    assert answer.status_code in (400, 413)
    assert answer["Content-Type"] == "application/problem+json"


class TestPeople:
    def test_owners_alone_appoint_owners(self, keyed, admin, owner, student):
        address = f"memberships/{student.member.public_id}/"
        refused = keyed(admin).patch(address, {"role": "owner"})
        assert (refused.status_code, refused.json()["code"]) == (403, "only_owners")
        assert keyed(owner).patch(address, {"role": "owner"}).status_code == 200
        assert keyed(admin).patch(address, {"is_active": False}).json()["code"] == "only_owners"

    @pytest.mark.parametrize("change", [{"role": "admin"}, {"is_active": False}])
    def test_the_last_owner_stays(self, keyed, owner, change):
        answer = keyed(owner).patch(f"memberships/{owner.member.public_id}/", change)
        assert (answer.status_code, answer.json()["code"]) == (409, "last_owner")

    def test_an_account_is_added_as_it_is(self, portal, outsider):
        made = portal.post("users/", {"name": "Somebody", "email": "OTTO@other.test"})
        assert (made.status_code, made.json()["name"]) == (201, "Otto Outsider")
        again = portal.post("users/", {"name": "Somebody", "email": "otto@other.test"})
        assert (again.status_code, again.json()["code"]) == (409, "here_already")

    def test_a_name_is_the_schools_while_the_account_is(self, portal, person, tenant, other_tenant, student):
        made = portal.post("users/", {"name": "Nia New", "external_id": "1"}).json()
        address = f"users/{made['id']}/"
        assert portal.patch(address, {"name": "Nia Newer"}).json()["name"] == "Nia Newer"
        taken = portal.patch(f"users/{student.member.public_id}/", {"name": "Sue S."})
        assert (taken.status_code, taken.json()["code"]) == (409, "not_yours_alone")  # she has signed in

    def test_an_external_id_is_one_persons(self, portal, student):
        portal.post("users/", {"name": "Nia New", "external_id": "1"})
        answer = portal.patch(f"users/{student.member.public_id}/", {"external_id": "1"})
        assert (answer.status_code, answer.json()["code"]) == (409, "external_id_taken")

    def test_two_schools_may_use_the_same_external_id(self, portal, keyed, other_owner):
        for system in (portal, keyed(other_owner)):
            assert system.post("users/", {"name": "Nia New", "external_id": "1"}).status_code == 201


class TestSchools:
    def test_an_operator_opens_changes_and_suspends_a_school(self, operator):
        made = operator.post("tenants/", {"slug": "west", "name": "West", "time_zone": "Europe/Paris"})
        assert made.status_code == 201
        assert operator.post("tenants/", {"slug": "west", "name": "W"}).json()["code"] == "address_taken"
        address, tag = "tenants/west/", made["ETag"]
        changed = operator.patch(address, {"is_active": False, "storage_most_bytes": None}, If_Match=tag)
        assert changed.json()["is_active"] is False
        assert operator.patch(address, {"is_active": True}, If_Match=tag).status_code == 412

    @pytest.mark.parametrize(
        ("permission", "statuses"),
        [("view", (200, 403, 403)), ("change", (200, 200, 403)), ("add", (403, 403, 201))],
    )
    def test_staff_do_with_schools_what_they_have_permission_for(self, clerk, tenant, permission, statuses):
        user = User.objects.get(email="clerk@aula.test")
        user.user_permissions.add(Permission.objects.get(codename=f"{permission}_tenant"))
        answers = (
            clerk.get("tenants/demo/"),
            clerk.patch("tenants/demo/", {"is_active": False}),
            clerk.post("tenants/", {"slug": "west", "name": "West"}),
        )
        assert tuple(each.status_code for each in answers) == statuses

    @pytest.mark.parametrize(
        ("sent", "field"),
        [
            ({"time_zone": "Moon"}, "time_zone"),
            ({"recordings_kept_days": 0}, "recordings_kept_days"),
            ({"api_origins": "portal.school.org"}, "api_origins"),
            ({"storage_most_bytes": 2**63}, "storage_most_bytes"),
        ],
    )
    def test_what_does_not_fit_is_named(self, operator, tenant, sent, field):
        answer = operator.patch("tenants/demo/", sent)
        assert (answer.status_code, list(answer.json()["errors"])) == (400, [field])


def test_every_time_is_told_in_utc(portal, keyed, teacher, session):
    for asker in (portal, keyed(teacher)):
        assert asker.get(f"sessions/{session.public_id}/").json()["starts_at"] == "2026-11-25T13:00:00Z"
    assert isinstance(session, ClassSession)
