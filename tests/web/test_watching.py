"""Who has watched how much: what pages say, what the teacher reads."""

from __future__ import annotations

import csv
import json
from datetime import timedelta

import pytest
from django.test import Client

from classrooms.models import Enrolment, RecordingTrack, RecordingView
from classrooms.recorded.watching import MOST_A_MINUTE, bounded, clamped, length, once, percent
from tenants.scope import tenant_scope
from tests.conftest import NOON, Person
from tests.web.kept import LONG, kept, page_of, use_folder


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    use_folder(settings, tmp_path)
    return tmp_path


@pytest.fixture
def over(make_session):
    return make_session(starts=timedelta(hours=-2), state="ended")


@pytest.fixture
def recording(over, teacher, folder):
    """Of 100 seconds."""
    return kept(over, teacher.member, NOON - timedelta(hours=1))


def say(person, recording, *spans, **more):
    body = json.dumps({"seen": spans})
    path = page_of(recording) + "seen/"
    return person.browser.post(path, body, content_type="application/json", **person.environment(more))


def seen(recording, person):
    with tenant_scope(recording.tenant):
        view = recording.views.filter(membership=person.member).first()
        return view and view.seen


def table(person, recording):
    answer = person.get(page_of(recording) + "watched.csv")
    lines = list(csv.reader(answer.content.decode("utf-8-sig").splitlines()))
    return lines[1:]


@pytest.mark.parametrize(
    ("spans", "expected"),
    [
        ([], []),
        ([(0, 5)], [(0, 5)]),
        ([(5, 9), (0, 3)], [(0, 3), (5, 9)]),
        ([(0, 5), (3, 9)], [(0, 9)]),
        ([(0, 9), (3, 5)], [(0, 9)]),
        ([(0, 5), (5, 9)], [(0, 9)]),
        ([(0, 5), (5.5, 9)], [(0, 9)]),
        ([(0, 5), (5.6, 9)], [(0, 5), (5.6, 9)]),
        ([(4, 4), (9, 2)], []),
        ([[0, 1], (8, 9), [1, 2], (2, 8)], [(0, 9)]),
    ],
)
def test_spans_become_one_another(spans, expected):
    assert once(spans) == expected
    assert once(once(spans)) == expected


@pytest.mark.parametrize(
    ("spans", "expected"),
    [([(0, 5)], [(0, 5)]), ([(90, 200)], [(90, 100)]), ([(100, 101)], []), ([(1.26, 2.04)], [(1.3, 2.0)])],
)
def test_beyond_the_end_nothing_can_be_watched(spans, expected):
    assert clamped(spans, 100) == expected


def test_of_too_many_spans_the_nearest_grow_together():
    assert bounded([(0, 1), (9, 10), (12, 13), (30, 31)], most=3) == [(0, 1), (9, 13), (30, 31)]
    assert bounded([(0, 1), (9, 10)], most=3) == [(0, 1), (9, 10)]
    assert bounded([], most=3) == []
    many = [(i * 2.0, i * 2.0 + 1) for i in range(2000)]
    assert len(bounded(many)) == 500
    assert (bounded(many)[0][0], bounded(many)[-1][1]) == (0, 3999)


@pytest.mark.parametrize(
    ("spans", "whole", "expected"),
    [([], 100, 0), ([(0, 50)], 100, 50), ([(0, 0.2)], 100, 1), ([(0, 99.6)], 100, 100), ([(0, 9)], 0, 0)],
)
def test_who_has_begun_has_seen_something(spans, whole, expected):
    assert percent(spans, whole) == expected


def test_a_pause_is_no_part_of_the_length(recording, tenant):
    with tenant_scope(tenant):
        assert length(recording) == LONG
        begun = recording.started_at + timedelta(seconds=500)
        for name, end in (("EG_x", 20), ("EG_y", 30)):
            RecordingTrack.objects.create(
                recording=recording,
                egress_id=name,
                state="ready",
                started_at=begun,
                ended_at=begun + timedelta(seconds=end),
            )
        assert length(recording) == LONG + 30


def test_what_a_student_watches_adds_up(recording, student, teacher):
    assert say(student, recording, [0, 20]).status_code == 204
    later = student.at(NOON + timedelta(minutes=9))
    say(later, recording, [20, 30], [60, 75], [90, 400])
    assert seen(recording, student) == [[0, 30], [60, 75], [90, 100]]
    page = " ".join(teacher.get(page_of(recording) + "watched/").content.decode().split())
    assert "1 of 1 student" in page
    assert "55 %" in page
    assert "Wed 25 Nov, 13:09" in page
    assert table(teacher, recording) == [["Sue Student", "sue@demo.test", "55", "2026-11-25 13:09"]]


def test_the_teachers_own_watching_is_not_counted(recording, teacher, admin):
    for person in (teacher, admin):
        assert say(person, recording, [0, 20]).status_code == 204
        assert seen(recording, person) is None


def test_students_are_listed_from_who_has_watched_least_on(recording, student, course, person, teacher):
    with tenant_scope(course.tenant):
        for name in ("Zoe Zahl", "Bob Berg", "=Eve Evil"):
            member = person(course.tenant, "student", name).member
            course.enrolments.create(membership=member, role=Enrolment.Role.STUDENT)
            if name == "Bob Berg":
                RecordingView.objects.create(
                    recording=recording, membership=member, first_at=NOON, last_at=NOON, seen=[[0, 3]]
                )
    say(student, recording, [0, 20])
    names = [(line[0], line[2]) for line in table(teacher, recording)]
    assert names == [("'=Eve Evil", "0"), ("Zoe Zahl", "0"), ("Bob Berg", "3"), ("Sue Student", "20")]
    page = teacher.get(page_of(recording) + "watched/").content.decode()
    assert page.index("Zoe Zahl") < page.index("Bob Berg") < page.index("Sue Student")
    assert "2 of 4 students" in page


def test_a_course_without_students_says_what_comes(recording, course, teacher):
    with tenant_scope(course.tenant):
        course.enrolments.filter(role="student").delete()
    page = teacher.get(page_of(recording) + "watched/").content.decode()
    assert "No students in this course yet" in page
    assert "Download CSV" not in page


def test_visitors_of_an_open_class_are_no_students_of_the_course(recording, over, classmate, teacher):
    with tenant_scope(over.tenant):
        over.entry = "school"
        over.save()
    say(classmate, recording, [0, 20])
    assert [line[0] for line in table(teacher, recording)] == ["Sue Student"]


def test_students_read_nothing_of_it(recording, over, student):
    for path in ("watched/", "watched.csv"):
        assert student.get(page_of(recording) + path).status_code == 403
    assert "watched/" not in student.get(over.get_absolute_url()).content.decode()


def test_the_class_page_leads_the_teacher_there(recording, over, teacher):
    assert page_of(recording) + "watched/" in teacher.get(over.get_absolute_url()).content.decode()


@pytest.mark.parametrize("who", ["classmate", "outsider"])
def test_for_whoever_is_not_of_the_class_there_is_nothing(who, recording, request):
    stranger = request.getfixturevalue(who)
    assert say(stranger, recording, [0, 20]).status_code == 404
    for path in ("watched/", "watched.csv"):
        assert stranger.get(page_of(recording) + path).status_code == 404
    with tenant_scope(recording.tenant):
        assert not RecordingView.objects.exists()


def test_in_the_bin_nobody_watches(recording, student, teacher):
    teacher.post(page_of(recording) + "delete/")
    assert say(student, recording, [0, 20]).status_code == 404
    assert teacher.get(page_of(recording) + "watched/").status_code == 404


@pytest.mark.parametrize(
    "body",
    [
        "",
        "[]",
        '{"seen": 1}',
        '{"seen": [[1]]}',
        '{"seen": [[1, 2, 3]]}',
        '{"seen": [[-1, 2]]}',
        '{"seen": [[0, NaN]]}',
        '{"seen": [[0, 1e99]]}',
        '{"seen": [["a", 2]]}',
        '{"seen": [[0, 1]], "who": 7}',
        json.dumps({"seen": [[0, 1]] * 201}),
    ],
)
def test_what_is_malformed_is_refused_and_counts_nothing(body, recording, student):
    path = page_of(recording) + "seen/"
    answer = student.browser.post(path, body, content_type="application/json", **student.environment({}))
    assert (answer.status_code, answer.json()["code"]) == (400, "malformed")
    assert seen(recording, student) is None


def test_nothing_watched_leaves_no_row(recording, student):
    assert say(student, recording).status_code == 204
    assert say(student, recording, [5, 5], [9, 2], [200, 300]).status_code == 204
    assert seen(recording, student) is None


def test_whoever_says_it_too_often_is_asked_to_wait(recording, student):
    for _ in range(MOST_A_MINUTE):
        assert say(student, recording, [0, 1]).status_code == 204
    assert say(student, recording, [0, 50]).status_code == 429
    assert seen(recording, student) == [[0, 1]]


def test_another_site_says_nothing_in_a_students_name(recording, student):
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = student.browser.cookies
    assert say(Person(student.member, strict, NOON), recording, [0, 20]).status_code == 403
    assert student.get(page_of(recording) + "seen/").status_code == 405


def test_the_page_says_where_and_with_which_token(recording, student):
    page = student.get(page_of(recording)).content.decode()
    assert f'"seen": "{page_of(recording)}seen/"' in page
    assert '"csrf": "' in page
