"""Who may open what. What is not yours does not exist: same status, same page."""

import re

import pytest
from django.http import HttpResponse

from classrooms.models import ClassSession, Course
from tests.conftest import MakeSession, Person

UNKNOWN = "0" * 32
NONCE = re.compile(rb'nonce="[^"]*"|name="csrfmiddlewaretoken" value="[^"]*"')
SESSION_PAGES = ["/c/{}/", "/c/{}/room/", "/c/{}/edit/", "/c/{}/attendance/"]
COURSE_PAGES = ["/courses/{}/", "/courses/{}/schedule/", "/courses/{}/people/", "/courses/{}/edit/"]
COURSE_PAGES += ["/courses/{}/attendance/", "/courses/{}/attendance.csv"]


def page(answer: HttpResponse) -> bytes:
    """A page without what differs on every load."""
    return NONCE.sub(b"", answer.content)


@pytest.mark.parametrize("path", SESSION_PAGES)
def test_another_schools_class_equals_one_that_never_was(
    session: ClassSession, outsider: Person, path: str
) -> None:
    foreign, unknown = outsider.get(path.format(session.public_id)), outsider.get(path.format(UNKNOWN))
    assert foreign.status_code == unknown.status_code == 404
    assert page(foreign) == page(unknown)


@pytest.mark.parametrize("path", COURSE_PAGES)
def test_another_schools_course_equals_one_that_never_was(
    course: Course, outsider: Person, path: str
) -> None:
    foreign, unknown = outsider.get(path.format(course.public_id)), outsider.get(path.format(UNKNOWN))
    assert foreign.status_code == unknown.status_code == 404
    assert page(foreign) == page(unknown)


def test_posting_to_another_schools_class_changes_nothing(session: ClassSession, outsider: Person) -> None:
    for path in ("/c/{}/cancel/", "/c/{}/edit/"):
        assert outsider.post(path.format(session.public_id)).status_code == 404


@pytest.mark.parametrize("path", SESSION_PAGES)
def test_somebody_of_the_school_who_is_not_in_the_course_sees_nothing(
    session: ClassSession, classmate: Person, path: str
) -> None:
    assert classmate.get(path.format(session.public_id)).status_code == 404


def test_a_class_open_to_the_school_is_open_to_the_school_only(
    make_session: MakeSession, classmate: Person, outsider: Person
) -> None:
    session = make_session(entry=ClassSession.Entry.SCHOOL)
    assert classmate.get(session.get_absolute_url()).status_code == 200
    assert classmate.get(session.course.get_absolute_url()).status_code == 404
    assert outsider.get(session.get_absolute_url()).status_code == 404


def test_the_course_is_seen_by_its_people_and_the_admin(
    session: ClassSession, admin: Person, teacher: Person, student: Person
) -> None:
    for person in (admin, teacher, student):
        assert person.get(session.course.get_absolute_url()).status_code == 200
        assert person.get(session.get_absolute_url()).status_code == 200


def test_lists_hold_nothing_of_others(
    session: ClassSession, student: Person, classmate: Person, outsider: Person
) -> None:
    for path in ("/", "/courses/"):
        assert b"Biology 9b" in student.get(path).content
        for stranger in (classmate, outsider):
            assert b"Biology 9b" not in stranger.get(path).content


@pytest.mark.parametrize("path", ["/courses/{}/schedule/", "/courses/{}/people/", "/courses/{}/edit/"])
def test_a_student_is_refused_what_only_teachers_do(course: Course, student: Person, path: str) -> None:
    for answer in (student.get(path.format(course.public_id)), student.post(path.format(course.public_id))):
        assert answer.status_code == 403
        assert b"not_the_teacher" in answer.content


def test_a_student_cannot_change_or_cancel_a_class(session: ClassSession, student: Person) -> None:
    assert student.get(f"/c/{session.public_id}/edit/").status_code == 403
    assert student.post(f"/c/{session.public_id}/cancel/").status_code == 403


def test_a_student_is_shown_no_button_of_a_teacher(session: ClassSession, student: Person) -> None:
    for path in ("/", "/courses/", session.course.get_absolute_url(), session.get_absolute_url()):
        words = student.get(path).content.decode()
        for label in ("Schedule class", "Create course", "Start class", "/people/", "/edit/"):
            assert label not in words, (path, label)


@pytest.mark.parametrize("path", ["/", "/courses/", "/account/"])
def test_nobody_signed_in_is_sent_to_sign_in(student: Person, path: str) -> None:
    student.browser.logout()
    assert student.get(path).url == f"/sign-in/?next={path}"
