"""Who was there, as the teacher, the school, a student and a stranger read it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from classrooms.models import Enrolment
from tenants.scope import tenant_scope
from tests.conftest import NOON
from tests.web.there import MINUTE, page, table, was_there


def test_the_teacher_reads_who_was_there_and_how_long(held, teacher):
    text = page(teacher, held)
    assert "1 of 1 student came" in text
    assert "31 min, 69 %" in text  # 25 with the reconnect, and 6
    assert "5 min</td>" in text  # late
    assert "4 min</td>" in text  # early
    assert "away once" in text
    assert ">12:05</time>" in text
    assert ">12:41</time>" in text


def test_the_same_as_a_file(held, teacher):
    lines = table(teacher, f"/c/{held.public_id}/attendance.csv")
    assert lines[0][:4] == ["Name", "Email", "In the course as", "Present"]
    assert lines[1][:4] == ["Sue Student", "sue@demo.test", "Student", "yes"]
    assert lines[1][4:6] == ["2026-11-25 12:05:00", "2026-11-25 12:41:00"]
    assert lines[1][6:11] == ["31.0", "69", "5.0", "4.0", "1"]
    assert lines[2][:4] == ["Tom Teacher", "tom@demo.test", "Teacher", "yes"]
    assert lines[2][4:6] == ["2026-11-25 11:50:00", "2026-11-25 12:45:00"]
    assert lines[2][6:11] == ["45.0", "100", "0.0", "0.0", "0"]


def test_less_than_a_minute_is_called_that(over, teacher, student):
    was_there(over, teacher, (0, 10))
    was_there(over, student, (0, 0.5))
    assert "&lt;1 min, 5 %" in page(teacher, over)
    assert table(teacher, f"/c/{over.public_id}/attendance.csv")[1][6:8] == ["0.5", "5"]


def test_the_page_says_from_when_late_is_counted(over, teacher, student):
    was_there(over, teacher, (4, 45))
    was_there(over, student, (14, 45))
    text = page(teacher, over)
    assert "10 min</td>" in text  # from when it began, not from the planned start
    assert "from its planned start, or from when it really began if that was later" in text


def test_who_did_not_come_is_listed_too(over, teacher, course, person, tenant):
    was_there(over, teacher, (0, 45))
    with tenant_scope(tenant):
        course.enrolments.create(membership=person(tenant, "student", "=Eve Evil").member)
    text = page(teacher, over)
    assert "0 of 2 students came" in text
    assert text.count(">Absent<") == 2
    evil = table(teacher, f"/c/{over.public_id}/attendance.csv")[1]
    assert evil[:4] == ["'=Eve Evil", "'=eve@demo.test", "Student", "no"]
    assert evil[4:11] == ["", "", "0", "0", "", "", ""]


def test_visitors_are_told_apart(held, teacher, classmate):
    was_there(held, classmate, (0, 45))
    text = page(teacher, held)
    assert text.index("Sue Student") < text.index("Also there") < text.index("Cal Classmate")
    assert "1 of 1 student came" in text
    assert table(teacher, f"/c/{held.public_id}/attendance.csv")[-1][:3] == [
        "Cal Classmate", "cal@demo.test", "Visitor"
    ]  # fmt: skip


def test_while_it_is_on_people_are_here(make_session, teacher, student):
    live = make_session(starts=timedelta(minutes=-45), state="live", started_at=NOON - 45 * MINUTE)
    was_there(live, teacher, (0, None))
    was_there(live, student, (10, None))
    text = page(teacher, live)
    assert text.count("</span>Here</span>") == 2
    assert "35 min, 78 %" in text
    assert "fresh.js" in text
    later = teacher.at(NOON + timedelta(hours=9))  # nobody ended it; the last signs of life are old
    text = page(later, live)
    assert "</span>Here</span>" not in text
    assert "35 min, 78 %" in text
    assert text.count(">13:00</time>") == 2


def test_before_it_begins_the_page_says_what_will_be_there(session, teacher):
    text = page(teacher, session)
    assert "This class has not begun" in text
    assert "Download CSV" not in text
    assert "attendance/" not in teacher.get(session.get_absolute_url()).content.decode()


def test_the_class_page_leads_there(held, teacher, student):
    path = f"/c/{held.public_id}/attendance/"
    text = " ".join(teacher.get(held.get_absolute_url()).content.decode().split())
    assert path in text
    assert "1 of 1 student came" in text
    assert path not in student.get(held.get_absolute_url()).content.decode()


def test_students_read_their_own(held, student, classmate, over, course):
    text = " ".join(student.get(held.get_absolute_url()).content.decode().split())
    assert "Your attendance" in text
    assert "31 min, 69 %" in text
    assert "12:05–12:41 · 5 min late · left 4 min early" in text
    text = " ".join(student.get(f"/courses/{course.public_id}/attendance/").content.decode().split())
    assert "Came to 1 of 1 class, 69 % of the time" in text
    assert "Tom Teacher" not in text


def test_whoever_missed_it_reads_that(over, teacher, student, course):
    was_there(over, teacher, (0, 45))
    assert "You were not in this class." in student.get(over.get_absolute_url()).content.decode()
    text = " ".join(student.get(f"/courses/{course.public_id}/attendance/").content.decode().split())
    assert "Came to 0 of 1 class, 0 % of the time" in text
    assert "Missed" in text


@pytest.mark.parametrize(
    ("sort", "names"),
    [
        ("", ["Ann", "Bob", "Cy", "Tom"]),
        ("-name", ["Tom", "Cy", "Bob", "Ann"]),
        ("minutes", ["Cy", "Bob", "Ann", "Tom"]),
        ("-minutes", ["Tom", "Ann", "Bob", "Cy"]),
        ("late", ["Tom", "Ann", "Bob", "Cy"]),
        ("-late", ["Bob", "Ann", "Tom", "Cy"]),
        ("-out", ["Bob", "Tom", "Ann", "Cy"]),
        ("nonsense", ["Ann", "Bob", "Cy", "Tom"]),
    ],
)
def test_sorted_by_any_column(over, teacher, student, course, person, tenant, sort, names):
    with tenant_scope(tenant):
        course.enrolments.filter(membership=student.member).delete()
        people = {name: person(tenant, "student", f"{name} Pupil") for name in ("Ann", "Bob", "Cy")}
        for each in people.values():
            course.enrolments.create(membership=each.member)
    was_there(over, teacher, (0, 45))
    was_there(over, people["Ann"], (2, 40))
    was_there(over, people["Bob"], (12, 46))
    text = teacher.get(f"/c/{over.public_id}/attendance/?sort={sort}").content.decode()
    body = text.partition("<tbody>")[2]
    places = {name: body.index(f"<bdi>{name} ") for name in names}
    assert sorted(places, key=places.get) == names
    assert text.count(" autofocus>") == (sort not in ("", "nonsense"))
    column = sort.removeprefix("-") if sort != "nonsense" else ""
    assert text.count('aria-sort="descending"' if sort[:1] == "-" else 'aria-sort="ascending"') == 1
    assert f'value="-{column or "name"}"' in text or sort[:1] == "-"


def test_a_course_shows_who_missed_what(held, make_session, teacher, student, course, classmate, tenant):
    second = make_session(
        title="Tissues", starts=timedelta(days=-1), state="ended", started_at=NOON - timedelta(days=1)
    )
    was_there(second, teacher, (0, 40))
    with tenant_scope(tenant):
        course.enrolments.create(membership=classmate.member, added_at=NOON - timedelta(hours=2))
    text = " ".join(teacher.get(f"/courses/{course.public_id}/attendance/").content.decode().split())
    assert "2 classes" in text
    assert "1 of 2" in text  # Sue
    assert "0 of 1" in text  # Cal, who was not in the course before
    assert text.count(f'/c/{second.public_id}/attendance/" title="Tissues"') == 1
    assert text.count(f'/c/{held.public_id}/attendance/" title="Cell division"') == 1
    lines = table(teacher, f"/courses/{course.public_id}/attendance.csv")
    assert lines[0][6:] == ["2026-11-24 13:00 Tissues, %", "2026-11-25 12:00 Cell division, %"]
    assert lines[1] == ["Cal Classmate", "cal@demo.test", "0", "1", "0", "0", "", "0"]
    assert lines[2] == ["Sue Student", "sue@demo.test", "1", "2", "36", "1", "0", "69"]


def test_a_course_takes_as_many_queries_for_ten_classes_as_for_one(
    held, make_session, teacher, student, course
):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            assert teacher.get(f"/courses/{course.public_id}/attendance/").status_code == 200
        return len(captured)

    before = queries()
    for day in range(2, 11):
        each = make_session(starts=timedelta(days=-day), state="ended", started_at=NOON - timedelta(days=day))
        was_there(each, teacher, (0, 40))
        was_there(each, student, (0, 40))
    assert queries() == before


def test_who_is_added_to_a_course_has_missed_nothing_before(course, teacher, classmate, tenant):
    form = {"members": [classmate.member.pk], "role": "student"}
    teacher.post(f"/courses/{course.public_id}/people/", form)
    with tenant_scope(tenant):
        assert Enrolment.objects.get(membership=classmate.member).added_at == NOON


@pytest.mark.parametrize("path", ["/courses/{}/attendance/", "/courses/{}/attendance.csv"])
def test_an_empty_course_says_what_will_be_there(course, teacher, path):
    answer = teacher.get(path.format(course.public_id))
    assert answer.status_code == 200
    if path.endswith("/"):
        assert b"No class was held yet" in answer.content


def test_who_may_read_what(held, course, teacher, admin, student, classmate, outsider):
    paths = [f"/c/{held.public_id}/attendance/", f"/c/{held.public_id}/attendance.csv"]
    paths += [f"/courses/{course.public_id}/attendance/", f"/courses/{course.public_id}/attendance.csv"]
    statuses = {
        person.member.name: [person.get(path).status_code for path in paths]
        for person in (teacher, admin, student, classmate, outsider)
    }
    assert statuses == {
        "Tom Teacher": [200] * 4,
        "Ann Admin": [200] * 4,
        "Sue Student": [403, 403, 200, 403],
        "Cal Classmate": [404] * 4,
        "Otto Outsider": [404] * 4,
    }


def test_the_signed_out_are_sent_to_sign_in(held, teacher):
    teacher.browser.logout()
    answer = teacher.get(f"/c/{held.public_id}/attendance/")
    assert (answer.status_code, answer["Location"][:9]) == (302, "/sign-in/")
