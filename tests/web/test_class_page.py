"""One class: its page before, during and after, and what its room is told."""

import json
from datetime import timedelta

import pytest
from django.test import RequestFactory

from classrooms.models import ClassSession, Participant
from classrooms.views.live import room_data
from tenants.scope import tenant_scope
from tests.conftest import MakeSession, Person


def words(person: Person, session: ClassSession) -> str:
    return " ".join(person.get(session.get_absolute_url()).content.decode().split())


def test_before_the_class_says_when_it_opens(session: ClassSession, student: Person, teacher: Person) -> None:
    assert "Opens 13:50, in 50 minutes" in words(student, session)
    assert "Opens 13:45, in 45 minutes" in words(teacher, session)
    assert "Get ready" in words(student, session)
    assert "Get ready" in words(teacher, session)


def test_once_it_is_open_it_is_started_and_joined(
    make_session: MakeSession, student: Person, teacher: Person
) -> None:
    session = make_session(starts=timedelta(minutes=5))
    assert "Join class" in words(student, session)
    assert "Start class" in words(teacher, session)


def test_who_waits_reads_that_they_are_let_in(
    session: ClassSession, student: Person, teacher: Person
) -> None:
    assert "you are let in as soon as the class starts" in words(student, session)
    assert "let in" not in words(teacher, session)


def test_a_late_class_looks_the_same_everywhere(make_session: MakeSession, student: Person) -> None:
    session = make_session(starts=timedelta(minutes=-5))
    for page in (words(student, session), student.get("/").content.decode()):
        assert "Not started yet" in page
        assert "badge--warn" in page


def test_the_schools_time_is_told_where_it_differs(session: ClassSession, student: Person) -> None:
    assert "at school" not in words(student, session)
    student.member.user.time_zone = "Asia/Tokyo"
    student.member.user.save()
    text = words(student, session)
    assert "22:00–22:45" in text
    assert "Wed 25 Nov, 14:00–14:45 at school (Europe/Berlin)" in text


def test_a_zone_of_another_name_with_the_same_clock_does_not_differ(
    session: ClassSession, student: Person
) -> None:
    student.member.user.time_zone = "Europe/Paris"
    student.member.user.save()
    assert "at school" not in words(student, session)


def test_the_link_to_copy_is_the_whole_address(session: ClassSession, teacher: Person) -> None:
    assert f'data-copy="http://demo.localhost/c/{session.public_id}/"' in words(teacher, session)


def test_during_the_class_it_says_who_is_here(
    make_session: MakeSession, student: Person, teacher: Person
) -> None:
    session = make_session(starts=timedelta(minutes=-5), state="live", started_at=student.now)
    with tenant_scope(session.tenant):
        Participant.objects.create(
            session=session,
            membership=teacher.member,
            name="Tom Teacher",
            role="teacher",
            connection="specific.channel!x",
            seen_at=student.now,
            joined_at=student.now,
        )
    text = words(student, session)
    assert "On now" in text
    assert "1 person is here" in text


def test_after_the_class_it_says_how_long_it_was(make_session: MakeSession, student: Person) -> None:
    begin = student.now - timedelta(hours=3)
    session = make_session(
        starts=timedelta(hours=-3), state="ended", started_at=begin, ended_at=begin + timedelta(minutes=43)
    )
    text = words(student, session)
    assert "Over" in text
    assert "43 min" in text
    assert "Join class" not in text


def test_the_room_of_a_class_that_is_over_leads_back_to_its_page(
    make_session: MakeSession, student: Person
) -> None:
    session = make_session(starts=timedelta(hours=-3), state="ended")
    assert student.get(f"/c/{session.public_id}/room/").url == session.get_absolute_url()


@pytest.mark.parametrize(
    ("who", "role"), [("teacher", "teacher"), ("admin", "teacher"), ("student", "student")]
)
def test_the_room_is_told_what_it_needs(
    request: pytest.FixtureRequest, session: ClassSession, who: str, role: str
) -> None:
    person: Person = request.getfixturevalue(who)
    asked = RequestFactory().get("/")
    asked.tenant, asked.membership = session.tenant, person.member
    with tenant_scope(session.tenant):
        told = room_data(asked, session)
    json.dumps(told)
    you = {"name": person.member.name, "role": role, "hue": person.member.hue, "barred": False}
    assert told["you"] == you
    assert told["session"]["startsAt"] == "2026-11-25T13:00:00+00:00"
    assert told["socket"] == f"/ws/sessions/{session.public_id}/"
    school = {"name": "Northfield College", "initial": "N", "logo": None, "contact": ""}
    assert told["school"] == school
    assert told["urls"]["course"] == session.course.get_absolute_url()
    assert told["next"] is None


def test_the_room_is_told_the_next_class_of_the_course(
    make_session: MakeSession, session: ClassSession, student: Person
) -> None:
    make_session(course=session.course, title="Before", starts=timedelta(hours=-2))
    make_session(course=session.course, title="Much later", starts=timedelta(days=9))
    later = make_session(course=session.course, title="Later", starts=timedelta(days=7))
    asked = RequestFactory().get("/")
    asked.tenant, asked.membership = session.tenant, student.member
    with tenant_scope(session.tenant):
        told = room_data(asked, session)
    assert told["next"] == {
        "title": "Later",
        "startsAt": later.starts_at.isoformat(),
        "url": later.get_absolute_url(),
    }
