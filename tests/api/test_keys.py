"""API keys: what is kept of them, how long they are good, and how operators make and revoke them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from classrooms.keys import SCOPES, find_key, make_key
from classrooms.models import ApiKey
from tenants.scope import every_tenant, tenant_scope
from tests.api.conftest import System, system
from tests.conftest import NOON

DAY = timedelta(days=1)
BASE = {"HTTP_HOST": "localhost"}
LIST = "/admin/classrooms/apikey/"


def row():
    with every_tenant():
        return ApiKey.objects.get()


def test_a_key_acts_for_its_member_within_its_scopes(keyed, teacher):
    timetable = keyed(teacher, "courses:read")
    told = timetable.get("me/").json()
    assert (told["name"], told["role"], told["scopes"]) == ("Tom Teacher", "teacher", ["courses:read"])
    assert timetable.get("courses/").status_code == 200
    refused = timetable.post("courses/", {"title": "Physics"})
    assert (refused.status_code, refused.json()["code"]) == (403, "missing_scope")
    assert "courses:write" in refused.json()["detail"]
    assert timetable.get("sessions/").status_code == 403


def test_a_key_does_no_more_than_its_member_may(keyed, student, course):
    assert keyed(student).patch(f"courses/{course.public_id}/", {"title": "Mine"}).status_code == 403


def test_the_key_itself_is_kept_nowhere(portal):
    with every_tenant():
        kept = str(ApiKey.objects.values().get())
    assert portal.key not in kept
    assert portal.key.rpartition("_")[2] not in kept
    assert row().prefix in portal.key


@pytest.mark.parametrize("spoil", ["", "x", "aula_", "aula_00000000_x", "Ünïcode", "aula_" + "0" * 500])
def test_what_is_no_key_is_refused_in_one_way(portal, spoil):
    portal.key = spoil or portal.key[:-1]
    answer = portal.get("me/")
    assert (answer.status_code, answer.json()["code"]) == (401, "bad_key")
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_another_scheme_is_refused(portal):
    answer = System("demo.localhost").get("me/", Authorization="Basic YTpi")
    assert (answer.status_code, answer.json()["code"]) == (401, "bad_key")


def test_a_key_expires(keyed, admin):
    timetable = keyed(admin, expires_at=NOON + DAY)
    timetable.now = NOON + DAY - timedelta(seconds=1)
    assert timetable.get("me/").status_code == 200
    timetable.now = NOON + DAY
    assert timetable.get("me/").status_code == 401


@pytest.mark.parametrize("how", ["membership", "account"])
def test_a_key_ends_with_its_member(portal, admin, how):
    if how == "account":
        admin.member.user.is_active = False
        admin.member.user.save()
    else:
        with tenant_scope(admin.member.tenant):
            admin.member.is_active = False
            admin.member.save()
    assert portal.get("me/").status_code == 401


def test_a_suspended_school_answers_no_key(portal, tenant):
    tenant.is_active = False
    tenant.save()
    assert portal.get("me/").status_code == 404


def test_its_last_use_is_kept_to_the_minute(portal):
    portal.get("me/")
    portal.now = NOON + timedelta(seconds=59)
    portal.get("me/")
    assert row().last_used_at == NOON
    portal.now = NOON + timedelta(seconds=60)
    portal.get("me/")
    assert row().last_used_at == portal.now


def test_a_key_goes_before_a_cookie(keyed, admin, student):
    both = System("demo.localhost", student.browser, key=keyed(admin).key)
    assert both.get("me/").json()["name"] == "Ann Admin"


def test_no_key_is_found_from_another_schools_scope(portal, other_tenant):
    with tenant_scope(other_tenant):
        assert find_key(portal.key, NOON) is None


def test_unknown_scopes_make_no_key(admin):
    with tenant_scope(admin.member.tenant), pytest.raises(ValueError, match="Unknown scopes"):
        make_key(member=admin.member, name="x", scopes=["all"], expires_at=None, by=None, at=NOON)


def test_an_operator_makes_a_key_and_sees_it_once(operator, admin, tenant):
    form = {"tenant": tenant.pk, "name": "Timetable", "member": admin.member.pk, "scopes": ["courses:read"]}
    made = operator.browser.post(f"{LIST}add/", form, **BASE)
    assert made.status_code == 200
    assert "no-store" in made.headers["Cache-Control"]
    text = made.content.decode()
    key = text.partition(">aula_")[2].partition("<")[0]
    assert System("demo.localhost", key=f"aula_{key}").get("courses/").status_code == 200
    for path in (LIST, f"{LIST}{row().pk}/change/"):
        page = operator.browser.get(path, **BASE).content.decode()
        assert row().prefix in page
        assert key not in page
    assert row().created_by.email == "operator@aula.test"
    assert row().scopes == ["courses:read"]


def test_a_key_for_somebody_of_another_school_is_not_made(operator, outsider, tenant):
    form = {"tenant": tenant.pk, "name": "x", "member": outsider.member.pk, "scopes": ["courses:read"]}
    answer = operator.browser.post(f"{LIST}add/", form, **BASE)
    assert "different schools" in answer.content.decode()
    with every_tenant():
        assert not ApiKey.objects.exists()


def test_an_operator_revokes_a_key_for_good(operator, portal):
    form = {"action": "revoke", "_selected_action": [row().pk]}
    assert operator.browser.post(LIST, form, **BASE).status_code == 302
    assert portal.get("me/").status_code == 401
    assert "Revoked" in operator.browser.get(f"{LIST}{row().pk}/history/", **BASE).content.decode()


def test_nobody_changes_or_deletes_a_key(operator, portal):
    for path in ("change/", "delete/"):
        form = {"name": "renamed", "scopes": list(SCOPES), "post": "yes"}
        assert operator.browser.post(f"{LIST}{row().pk}/{path}", form, **BASE).status_code == 403
    assert row().name == "Timetable"


def test_the_making_of_a_key_is_logged_without_it(keyed, admin, caplog):
    with caplog.at_level("INFO", logger="classrooms.keys"):
        made = keyed(admin)
    [line] = [each for each in caplog.records if each.name == "classrooms.keys"]
    assert line.facts["tenant"] == "demo"
    assert made.key not in str(vars(line))


def test_the_school_has_key_pages_on_its_own_host_for_who_runs_it(admin, teacher):
    for person, status in ((admin, 200), (teacher, 404)):
        assert system(person).browser.get(LIST, HTTP_HOST="demo.localhost").status_code == status
