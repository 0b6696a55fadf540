"""Putting a class on the calendar, moving it, and taking it off."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.http import HttpResponse

from accounts.models import Membership
from classrooms.models import ClassSession, Course, Enrolment
from tenants.models import Tenant
from tenants.scope import tenant_scope
from tests.conftest import MakePerson, MakeSession, Person

FORM = {"title": "Enzymes", "date": "2026-11-26", "time": "10:00", "length": "45", "entry": "enrolled"}


def form(**changes: str) -> dict[str, str]:
    return FORM | changes


def schedule(person: Person, course: Course, **changes: str) -> HttpResponse:
    return person.post(f"/courses/{course.public_id}/schedule/", form(**changes))


def sessions(course: Course) -> list[ClassSession]:
    with tenant_scope(course.tenant):
        return list(course.sessions.select_related("teacher__user").order_by("pk"))


def errors(answer: HttpResponse) -> dict[str, Any]:
    assert answer.status_code == 200
    return dict(answer.context["form"].errors)


def test_a_teacher_schedules_a_class_in_their_own_time(teacher: Person, course: Course) -> None:
    answer = schedule(teacher, course)
    session = sessions(course)[0]
    assert answer.url == session.get_absolute_url()
    assert session.title == "Enzymes"
    assert session.starts_at == datetime(2026, 11, 26, 9, 0, tzinfo=UTC)
    assert session.duration == timedelta(minutes=45)
    assert (session.teacher, session.state) == (teacher.member, "scheduled")
    assert len(session.public_id) == 32


def test_an_admin_schedules_for_the_courses_teacher(admin: Person, teacher: Person, course: Course) -> None:
    schedule(admin, course)
    assert sessions(course)[0].teacher == teacher.member


def test_the_first_class_of_a_course_without_teachers_is_the_admins(admin: Person, tenant: Tenant) -> None:
    with tenant_scope(tenant):
        empty = Course.objects.create(title="Assembly")
    schedule(admin, empty)
    assert sessions(empty)[0].teacher == admin.member


@pytest.mark.parametrize("change", [{"is_active": False}, {"role": "student"}])
def test_who_no_longer_teaches_is_not_offered(
    admin: Person, teacher: Person, course: Course, change: dict[str, Any]
) -> None:
    with tenant_scope(course.tenant):
        Membership.objects.filter(pk=teacher.member.pk).update(**change)
    assert schedule(admin, course).status_code == 302
    assert sessions(course)[0].teacher == admin.member


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"title": ""}, "title", "Enter a title"),
        ({"title": "x" * 121}, "title", "at most 120"),
        ({"date": ""}, "date", "Choose a day"),
        ({"date": "2026-02-30"}, "date", "a day that exists"),
        ({"date": "9999-12-31", "time": "23:59"}, "date", "next two years"),
        ({"date": "0001-01-01"}, "date", "next two years"),
        ({"time": ""}, "time", "Enter a time"),
        ({"time": "25:00"}, "time", "a time such as"),
        ({"length": "7"}, "length", "valid choice"),
        ({"length": "-45"}, "length", "valid choice"),
        ({"entry": "everyone"}, "entry", "valid choice"),
        ({"date": "2026-11-24"}, "time", "That time has passed"),
        ({"teacher": "999999"}, "teacher", "valid choice"),
    ],
)
def test_bad_input_is_named_beside_its_field_and_nothing_is_saved(
    teacher: Person, course: Course, changes: dict[str, str], field: str, words: str
) -> None:
    answer = schedule(teacher, course, **changes)
    found = errors(answer)
    assert list(found) == [field]
    assert words in str(found[field])
    assert b"Nothing is saved yet" in answer.content
    assert sessions(course) == []


def test_what_was_typed_is_kept(teacher: Person, course: Course) -> None:
    assert b'value="Enzymes"' in schedule(teacher, course, time="").content


def test_another_schools_teacher_cannot_be_chosen(teacher: Person, course: Course, outsider: Person) -> None:
    found = errors(schedule(teacher, course, teacher=str(outsider.member.pk)))
    assert list(found) == ["teacher"]


def test_a_time_that_clocks_skip_names_the_next_one(teacher: Person, course: Course) -> None:
    found = errors(schedule(teacher, course, date="2027-03-28", time="02:30"))
    assert "02:30 does not exist. The next time is 03:00." in str(found["time"])
    assert sessions(course) == []


def test_a_time_that_comes_twice_is_asked_about(teacher: Person, course: Course) -> None:
    twice = {"date": "2027-10-31", "time": "02:30"}
    answer = schedule(teacher, course, **twice)
    assert "02:30 comes twice" in str(errors(answer)["which"])
    assert b"The first (CEST)" in answer.content
    assert b"The second (CET)" in answer.content
    assert sessions(course) == []
    assert schedule(teacher, course, **twice, which="1").status_code == 302
    assert sessions(course)[0].starts_at == datetime(2027, 10, 31, 1, 30, tzinfo=UTC)


def test_a_class_across_the_change_lasts_as_long_as_asked(teacher: Person, course: Course) -> None:
    schedule(teacher, course, date="2027-03-28", time="01:30", length="60")
    session = sessions(course)[0]
    assert session.ends_at - session.starts_at == timedelta(hours=1)
    assert "01:30–03:30" in teacher.get(session.get_absolute_url()).content.decode()


def test_a_clash_is_told_once_and_may_be_accepted(teacher: Person, course: Course) -> None:
    schedule(teacher, course)
    answer = schedule(teacher, course, title="Osmosis", time="10:30")
    assert b"That time clashes with Enzymes, 10:00" in answer.content
    assert b"schedule anyway" in answer.content
    assert len(sessions(course)) == 1
    assert schedule(teacher, course, title="Osmosis", time="10:30", anyway="1").status_code == 302
    assert len(sessions(course)) == 2


def test_the_class_in_the_way_is_a_click_away_for_those_who_may_see_it(
    admin: Person, teacher: Person, person: MakePerson, course: Course, tenant: Tenant
) -> None:
    colleague = person(tenant, "teacher", "Kim Colleague")
    with tenant_scope(tenant):
        chemistry = Course.objects.create(title="Chemistry")
        for each in (teacher, colleague):
            role = Enrolment.Role.TEACHER
            chemistry.enrolments.create(tenant=tenant, membership=each.member, role=role)
    schedule(teacher, course)
    address = f'href="{sessions(course)[0].get_absolute_url()}" target="_blank"'
    clash = form(time="10:30", teacher=str(teacher.member.pk))
    for who, sees in ((admin, True), (teacher, True), (colleague, False)):
        page = who.post(f"/courses/{chemistry.public_id}/schedule/", clash).content.decode()
        assert "That time clashes with Enzymes" in page
        assert (address in page) is sees
        assert ("See Enzymes in a new tab" in page) is sees


def test_a_change_that_clashes_is_told_in_the_word_of_its_button(teacher: Person, course: Course) -> None:
    schedule(teacher, course)
    schedule(teacher, course, title="Osmosis", time="12:00")
    later = sessions(course)[1]
    form = FORM | {"title": "Osmosis", "time": "10:30"}
    page = teacher.post(f"/c/{later.public_id}/edit/", form).content.decode()
    assert "Choose another time, or save anyway." in page
    assert "Save anyway" in page
    assert "schedule anyway" not in page


def test_classes_back_to_back_do_not_clash(teacher: Person, course: Course) -> None:
    schedule(teacher, course)
    assert schedule(teacher, course, time="10:45").status_code == 302


def test_a_class_of_other_people_does_not_clash(
    teacher: Person, course: Course, person: MakePerson, tenant: Tenant
) -> None:
    schedule(teacher, course)
    colleague = person(tenant, "teacher", "Kim Colleague")
    with tenant_scope(tenant):
        other = Course.objects.create(title="Chemistry")
        other.enrolments.create(tenant=tenant, membership=colleague.member, role=Enrolment.Role.TEACHER)
    assert schedule(colleague, other).status_code == 302


def test_a_teacher_of_another_course_only_is_not_found(
    course: Course, person: MakePerson, tenant: Tenant
) -> None:
    assert schedule(person(tenant, "teacher", "Kim Colleague"), course).status_code == 404


def test_a_class_is_moved(teacher: Person, session: ClassSession) -> None:
    path = f"/c/{session.public_id}/edit/"
    assert b'value="Cell division"' in teacher.get(path).content
    assert teacher.post(path, form(title="Moved", entry="school")).url == session.get_absolute_url()
    moved = sessions(session.course)[0]
    assert (moved.title, moved.entry) == ("Moved", "school")
    assert moved.starts_at == datetime(2026, 11, 26, 9, 0, tzinfo=UTC)
    assert moved.public_id == session.public_id


def test_the_title_of_a_missed_class_can_still_be_mended(teacher: Person, make_session: MakeSession) -> None:
    session = make_session(starts=timedelta(hours=-3))
    same = {"date": "2026-11-25", "time": "10:00", "title": "Mended"}
    assert teacher.post(f"/c/{session.public_id}/edit/", form(**same)).status_code == 302


@pytest.mark.parametrize("state", ["live", "ended"])
def test_a_class_that_has_started_stays_as_it_is(
    teacher: Person, make_session: MakeSession, state: str
) -> None:
    session = make_session(state=state)
    assert teacher.get(f"/c/{session.public_id}/edit/").status_code == 409
    assert teacher.post(f"/c/{session.public_id}/cancel/").status_code == 409
    assert len(sessions(session.course)) == 1


def test_a_class_is_recorded_as_its_teacher_chooses_or_as_its_course_is(
    teacher: Person, student: Person, course: Course
) -> None:
    def is_recorded() -> bool:
        path = sessions(course)[0].get_absolute_url()
        told = ["This class is recorded" in who.get(path).content.decode() for who in (teacher, student)]
        assert told[0] is told[1]
        return told[0]

    schedule(teacher, course)
    assert not is_recorded()
    path = f"{sessions(course)[0].get_absolute_url()}edit/"
    assert "As the course: not recorded</small>" in teacher.get(path).content.decode()
    teacher.post(path, form(records="yes"))
    assert is_recorded()
    assert "Recorded from its start</small>" in teacher.get(path).content.decode()
    with tenant_scope(course.tenant):
        Course.objects.update(records=True)
    teacher.post(path, form(records=""))
    assert is_recorded()
    teacher.post(path, form(records="no"))
    assert not is_recorded()
    assert "records" in errors(teacher.post(path, form(records="maybe")))


def test_a_class_is_cancelled(teacher: Person, student: Person, session: ClassSession) -> None:
    assert teacher.post(f"/c/{session.public_id}/cancel/").url == session.course.get_absolute_url()
    assert student.get(session.get_absolute_url()).status_code == 404


def test_cancelling_takes_a_post(teacher: Person, session: ClassSession) -> None:
    assert teacher.get(f"/c/{session.public_id}/cancel/").status_code == 405


def test_a_teacher_whose_role_was_taken_may_no_longer_lead(
    teacher: Person, course: Course, session: ClassSession
) -> None:
    with tenant_scope(course.tenant):
        Membership.objects.filter(pk=teacher.member.pk).update(role="student")
    assert schedule(teacher, course).status_code == 403
    assert teacher.get(f"/c/{session.public_id}/edit/").status_code == 403
    assert teacher.post(f"/c/{session.public_id}/cancel/").status_code == 403
    assert "Start class" not in teacher.get(session.get_absolute_url()).content.decode()
    assert "/schedule/" not in teacher.get("/").content.decode()
