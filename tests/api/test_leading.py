"""Leading a class over the API: what the room's buttons do, by somebody who is not in it."""

from __future__ import annotations

import pytest

from classrooms.attended.sheet import sheet
from classrooms.models import Participant, SessionEvent
from tenants.scope import tenant_scope
from tests.conftest import NOON


def address(school, step, person=None):
    middle = f"participants/{person.public_id}/" if person else ""
    return f"sessions/{school.live.public_id}/{middle}{step}/"


def last_event(school):
    with tenant_scope(school.live.tenant):
        return SessionEvent.objects.filter(session=school.live).order_by("seq").last()


def fresh(person):
    with tenant_scope(person.tenant):
        return Participant.objects.get(pk=person.pk)


def test_the_log_says_who_did_it_and_nobody_was_there_for_it(portal, school, admin):
    assert portal.post(address(school, "let-speak", school.student)).status_code == 204
    event = last_event(school)
    with tenant_scope(school.live.tenant):
        by = Participant.objects.get(public_id=event.payload["by"])
        assert by.membership == admin.member
        there = sheet(school.live, NOON)
        assert admin.member.pk not in [row.member.pk for row in (*there.rows, *there.visitors)]
    assert fresh(school.student).may_speak
    people = portal.get(f"sessions/{school.live.public_id}/participants/").json()["results"]
    assert {each["name"] for each in people} == {"Tom Teacher", "Sue Student", "Bea Barred"}


def test_rules_are_read_and_changed(portal, school):
    rules = portal.get(address(school, "rules"))
    assert rules.json()["mic"] is True
    changed = portal.patch(address(school, "rules"), {"mic": False, "locked": True}, If_Match=rules["ETag"])
    assert (changed.json()["mic"], changed.json()["locked"]) == (False, True)
    stale = portal.patch(address(school, "rules"), {"mic": True}, If_Match=rules["ETag"])
    assert stale.status_code == 412


def test_somebody_is_put_out_and_let_in_again(portal, school):
    assert portal.post(address(school, "remove", school.student), {"bar": True}).status_code == 204
    assert fresh(school.student).barred
    assert portal.post(address(school, "let-speak", school.student)).status_code == 404
    assert portal.post(address(school, "admit", school.student)).status_code == 204
    assert not fresh(school.student).barred


@pytest.mark.parametrize("step", ["remove", "appoint"])
def test_a_lead_that_is_taken_goes_to_a_teacher_who_is_there(portal, school, step):
    assert portal.post(address(school, "hand-lead", school.student)).status_code == 204
    body = {"co_teacher": False} if step == "appoint" else {}
    assert portal.post(address(school, step, school.student), body).status_code == 204
    event = last_event(school)
    assert (event.type, event.payload["participant"]) == ("lead_changed", school.teacher.public_id)


def test_a_class_that_has_not_begun_or_is_over_is_not_led(portal, school):
    for session, code in ((school.session, "not_started"), (school.recording.session, "ended")):
        answer = portal.post(f"sessions/{session.public_id}/lower-hands/")
        assert answer.json()["code"] == code


def test_ending_it_ends_it(portal, school):
    assert portal.post(address(school, "end")).status_code == 204
    told = portal.get(f"sessions/{school.live.public_id}/").json()
    assert (told["state"], told["ended_at"]) == ("ended", "2026-11-25T12:00:00Z")
    assert portal.post(address(school, "end")).json()["code"] == "ended"
