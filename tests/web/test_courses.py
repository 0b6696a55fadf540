"""Courses and their people."""

from datetime import timedelta

import pytest

from classrooms.models import Course, Enrolment
from tenants.models import Tenant
from tenants.scope import tenant_scope
from tests.conftest import MakeSession, Person


def people(course: Course) -> dict[str, str]:
    with tenant_scope(course.tenant):
        return {
            each.membership.name: each.role for each in course.enrolments.select_related("membership__user")
        }


def test_a_teacher_creates_a_course_and_teaches_it(teacher: Person, tenant: Tenant) -> None:
    answer = teacher.post("/courses/new/", {"title": "Chemistry"})
    with tenant_scope(tenant):
        course = Course.objects.get(title="Chemistry")
    assert answer.url == course.get_absolute_url()
    assert people(course) == {"Tom Teacher": "teacher"}


def test_an_admin_creates_a_course_for_others(admin: Person, tenant: Tenant) -> None:
    admin.post("/courses/new/", {"title": "Chemistry"})
    with tenant_scope(tenant):
        assert people(Course.objects.get(title="Chemistry")) == {}


def test_a_course_needs_a_title(teacher: Person, tenant: Tenant) -> None:
    assert b"Enter a title." in teacher.post("/courses/new/", {"title": " "}).content
    with tenant_scope(tenant):
        assert not Course.objects.exists()


def test_students_create_no_courses(student: Person) -> None:
    assert student.get("/courses/new/").status_code == 403
    assert student.post("/courses/new/", {"title": "Mine"}).status_code == 403


def test_a_teacher_adds_people_of_the_school(teacher: Person, classmate: Person, course: Course) -> None:
    path = f"/courses/{course.public_id}/people/"
    assert b"Cal Classmate" in teacher.get(path, QUERY_STRING="q=cal").content
    teacher.post(path, {"members": [classmate.member.pk], "role": "student"})
    assert people(course)["Cal Classmate"] == "student"
    assert classmate.get(course.get_absolute_url()).status_code == 200


def test_adding_somebody_twice_changes_nothing(teacher: Person, student: Person, course: Course) -> None:
    path = f"/courses/{course.public_id}/people/"
    assert teacher.post(path, {"members": [student.member.pk], "role": "student"}).status_code == 302
    assert people(course) == {"Tom Teacher": "teacher", "Sue Student": "student"}


def test_a_student_cannot_be_made_a_courses_teacher(
    teacher: Person, classmate: Person, course: Course
) -> None:
    path = f"/courses/{course.public_id}/people/"
    assert teacher.post(path, {"members": [classmate.member.pk], "role": "teacher"}).status_code == 409
    assert "Cal Classmate" not in people(course)


def test_people_of_another_school_are_neither_found_nor_added(
    teacher: Person, outsider: Person, course: Course
) -> None:
    path = f"/courses/{course.public_id}/people/"
    assert b"otto@other.test" not in teacher.get(path, QUERY_STRING="q=otto").content
    answer = teacher.post(path, {"members": [outsider.member.pk], "role": "student"})
    assert answer.status_code == 200
    assert len(people(course)) == 2


@pytest.mark.parametrize("wrong", ["x", "-1", "9" * 30, "9" * 5000])
def test_adding_nobody_is_named_beside_the_field(teacher: Person, course: Course, wrong: str) -> None:
    answer = teacher.post(f"/courses/{course.public_id}/people/", {"members": [wrong], "role": "student"})
    assert answer.status_code == 200
    assert list(answer.context["form"].errors) == ["members"]


def test_a_teacher_takes_somebody_out(teacher: Person, student: Person, course: Course) -> None:
    with tenant_scope(course.tenant):
        enrolment = course.enrolments.get(membership=student.member)
    teacher.post(f"/courses/{course.public_id}/people/", {"remove": enrolment.pk})
    assert people(course) == {"Tom Teacher": "teacher"}
    assert student.get(course.get_absolute_url()).status_code == 404


def test_the_last_teacher_stays(teacher: Person, course: Course) -> None:
    with tenant_scope(course.tenant):
        enrolment = course.enrolments.get(role=Enrolment.Role.TEACHER)
    answer = teacher.post(f"/courses/{course.public_id}/people/", {"remove": enrolment.pk})
    assert answer.status_code == 409
    assert "Tom Teacher" in people(course)


def test_the_last_teacher_reads_why_there_is_no_button(
    teacher: Person, admin: Person, student: Person, course: Course
) -> None:
    with tenant_scope(course.tenant):
        enrolment = course.enrolments.get(role=Enrolment.Role.TEACHER)
    path, button = f"/courses/{course.public_id}/people/", f'name="remove" value="{enrolment.pk}"'
    alone = teacher.get(path).content.decode()
    assert button not in alone
    assert "You are the only teacher. Add another one before you leave the course." in alone
    assert "Remove Sue Student" in alone
    assert button in admin.get(path).content.decode()
    with tenant_scope(course.tenant):
        course.enrolments.create(membership=admin.member, role=Enrolment.Role.TEACHER)
    assert button in teacher.get(path).content.decode()


@pytest.mark.parametrize("wrong", ["", "0", "x", "-1", "9" * 30, "9" * 5000])
def test_taking_out_nobody_is_not_found(teacher: Person, course: Course, wrong: str) -> None:
    assert teacher.post(f"/courses/{course.public_id}/people/", {"remove": wrong}).status_code == 404


def test_the_course_page_sorts_classes_into_next_and_past(teacher: Person, make_session: MakeSession) -> None:
    make_session("Coming up")
    session = make_session("Was held", starts=timedelta(days=-2), state="ended")
    text = teacher.get(session.course.get_absolute_url()).content.decode()
    assert text.index("Coming up") < text.index("Past") < text.index("Was held")


def test_a_teacher_changes_a_course_and_has_every_class_recorded(teacher: Person, course: Course) -> None:
    path = course.get_absolute_url()
    assert f'href="{path}edit/"' in teacher.get(path).content.decode()
    assert 'value="Biology 9b"' in teacher.get(path + "edit/").content.decode()
    answer = teacher.post(path + "edit/", {"title": "Biology 9c", "records": "on"})
    assert answer.url == path
    page = teacher.get(path).content.decode()
    assert "Biology 9c" in page
    assert "Every class is recorded." in page
    assert "checked" in teacher.get(path + "edit/").content.decode()
    teacher.post(path + "edit/", {"title": "Biology 9c"})
    assert "Every class is recorded." not in teacher.get(path).content.decode()


def test_a_course_may_record_from_the_beginning(teacher: Person, tenant: Tenant) -> None:
    teacher.post("/courses/new/", {"title": "Chemistry", "records": "on"})
    with tenant_scope(tenant):
        assert Course.objects.get(title="Chemistry").records


def test_a_course_cannot_lose_its_title(teacher: Person, course: Course) -> None:
    assert b"Enter a title." in teacher.post(course.get_absolute_url() + "edit/", {"title": " "}).content


def test_students_do_not_change_a_course(student: Person, course: Course) -> None:
    path = course.get_absolute_url()
    assert "edit/" not in student.get(path).content.decode()
    assert student.post(path + "edit/", {"title": "Mine"}).status_code == 403


def test_before_a_class_that_is_recorded_people_read_it(
    student: Person, teacher: Person, course: Course, make_session: MakeSession
) -> None:
    ahead, live = make_session(), make_session("Enzymes", starts=timedelta(hours=-1), state="live")

    def told(path: str) -> bool:
        page = student.get(path).content.decode()
        return "This class is recorded" in page or '"recorded": true' in page

    paths = [ahead.get_absolute_url(), ahead.get_absolute_url() + "room/"]
    assert not any(told(path) for path in paths)
    teacher.post(course.get_absolute_url() + "edit/", {"title": "Biology 9b", "records": "on"})
    assert all(told(path) for path in paths)
    assert not told(live.get_absolute_url())  # its teacher has stopped it
    with tenant_scope(course.tenant):
        live.recordings.create(started_at=live.starts_at, changed_at=live.starts_at)
    assert told(live.get_absolute_url())
    assert told(live.get_absolute_url() + "room/")
