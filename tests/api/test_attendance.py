"""Attendance over the API: what the sheet says, person by person."""

from __future__ import annotations

from datetime import timedelta

from tenants.scope import tenant_scope
from tests.conftest import NOON
from tests.web.there import MINUTE, was_there

HOUR = timedelta(hours=1)
NEVER = {"came": False, "first_in": None, "last_out": None, "seconds": 0, "percent": 0}
ON_TIME = {"seconds_late": 0, "seconds_early": 0, "breaks": 0}


def about(person, *, teaches=False, enrolled=True, here=False, external_id=""):
    member = person.member
    return {
        "user": member.public_id, "name": member.name, "external_id": external_id,
        "teaches": teaches, "enrolled": enrolled, "here": here,
    }  # fmt: skip


def test_it_tells_when_each_came_and_left_and_how_long_they_were_there(
    portal, make_session, teacher, student, classmate, person, tenant
):
    over = make_session(starts=-HOUR, state="ended", started_at=NOON - HOUR, ended_at=NOON - 15 * MINUTE)
    absent = person(tenant, "student", "Abe Absent")
    with tenant_scope(tenant):
        over.course.enrolments.create(membership=absent.member)
        student.member.external_id = "S-1"
        student.member.save()
    was_there(over, teacher, (-10, 45))
    was_there(over, student, (5, 20), (20.5, 30), (35, 41))
    was_there(over, classmate, (0, 45))
    all_of_it = {"came": True, "last_out": "2026-11-25T11:45:00Z", "seconds": 2700, "percent": 100}
    assert portal.get(f"sessions/{over.public_id}/attendance/").json() == {
        "began_at": "2026-11-25T11:00:00Z",
        "seconds": 2700,
        "people": [
            about(absent) | NEVER | ON_TIME,
            about(student, external_id="S-1")
            | {"came": True, "first_in": "2026-11-25T11:05:00Z", "last_out": "2026-11-25T11:41:00Z"}
            | {"seconds": 31 * 60, "percent": 69, "seconds_late": 300, "seconds_early": 240, "breaks": 1},
            about(teacher, teaches=True) | all_of_it | ON_TIME | {"first_in": "2026-11-25T10:50:00Z"},
            about(classmate, enrolled=False) | all_of_it | ON_TIME | {"first_in": "2026-11-25T11:00:00Z"},
        ],
        "signed_off": None,
    }


def test_it_tells_who_signed_it_off_and_whether_it_has_changed_since(
    portal, make_session, teacher, student, course
):
    over = make_session(starts=-HOUR, state="ended", started_at=NOON - HOUR, ended_at=NOON - 15 * MINUTE)
    was_there(over, teacher, (0, 45))
    teacher.post(f"/c/{over.public_id}/attendance/sign-off/")
    signed = {"at": "2026-11-25T12:00:00Z", "user": teacher.member.public_id, "name": "Tom Teacher"}
    address = f"sessions/{over.public_id}/attendance/"
    assert portal.get(address).json()["signed_off"] == signed | {"changed": False}
    with tenant_scope(over.tenant):
        course.enrolments.filter(membership=student.member).delete()
    assert portal.get(address).json()["signed_off"] == signed | {"changed": True}


def test_whoever_is_there_now_has_not_left(portal, make_session, teacher, student):
    began = NOON - 45 * MINUTE
    live = make_session(starts=-45 * MINUTE, state="live", started_at=began)
    was_there(live, teacher, (0, None))
    was_there(live, student, (10, None))
    told = portal.get(f"sessions/{live.public_id}/attendance/").json()
    pupil, leading = told["people"]
    assert told["seconds"] == leading["seconds"] == 2700
    assert (pupil["here"], pupil["last_out"], pupil["seconds_early"]) == (True, None, 0)
    assert (pupil["seconds"], pupil["seconds_late"], pupil["percent"]) == (2100, 600, 78)
