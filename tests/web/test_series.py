"""Classes that repeat: put on the calendar together, moved and cancelled one by one or from one on."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from unittest import mock

import pytest
from django.db import IntegrityError
from django.http import HttpResponse

from classrooms.models import ClassSession, Course, Series
from tenants.models import Tenant
from tenants.scope import tenant_scope
from tests.conftest import MakeSession, Person

UNKNOWN = "0" * 32
FORM = {
    "title": "Enzymes",
    "date": "2026-11-30",  # a Monday
    "time": "09:00",
    "length": "45",
    "entry": "enrolled",
    "repeat": "1",
    "weekdays": ["0", "2"],
    "ends": "on",
    "until": "2026-12-18",
}


def schedule(person: Person, course: Course, **changes: Any) -> HttpResponse:
    return person.post(f"/courses/{course.public_id}/schedule/", FORM | changes)


def rows(course: Course) -> list[ClassSession]:
    with tenant_scope(course.tenant):
        return list(course.sessions.select_related("series").order_by("starts_at"))


def starts(course: Course) -> list[str]:
    """“11-30 09:00”, on the school's clock."""
    zone = course.tenant.zone
    return [f"{row.starts_at.astimezone(zone):%m-%d %H:%M}" for row in rows(course)]


def errors(answer: HttpResponse) -> dict[str, Any]:
    assert answer.status_code == 200
    return dict(answer.context["form"].errors)


@pytest.fixture
def series(teacher: Person, course: Course) -> list[ClassSession]:
    """Six classes: Mondays and Wednesdays at nine, from 30 November to 16 December."""
    schedule(teacher, course)
    made = rows(course)
    assert len(made) == 6
    return made


def edit(person: Person, session: ClassSession, scope: str, **changes: Any) -> HttpResponse:
    local = session.starts_at.astimezone(session.tenant.zone)
    same = {"title": session.title, "date": f"{local:%Y-%m-%d}", "time": f"{local:%H:%M}", "length": "45"}
    form = same | {"entry": "enrolled", "scope": scope} | changes
    return person.post(f"/c/{session.public_id}/edit/", form)


def test_a_series_is_ordinary_classes_and_is_read_back(teacher: Person, course: Course) -> None:
    answer = schedule(teacher, course)
    assert answer.url == course.get_absolute_url()
    page = teacher.get(answer.url).content.decode()
    assert "Every Monday and Wednesday, 09:00–09:45, until 16 December: 6 classes." in page
    made = rows(course)
    assert starts(course)[:3] == ["11-30 09:00", "12-02 09:00", "12-07 09:00"]
    assert {(row.title, row.teacher_id, row.duration) for row in made} == {
        ("Enzymes", teacher.member.pk, timedelta(minutes=45))
    }
    assert len({row.public_id for row in made}) == 6
    words = teacher.get(made[2].get_absolute_url()).content.decode()
    assert "Every Monday and Wednesday, 09:00–09:45, until 16 December: 6 classes" in words


def test_nine_oclock_stays_nine_across_the_change(teacher: Person, course: Course) -> None:
    schedule(teacher, course, date="2027-03-22", until="2027-04-05", weekdays=["0"])
    assert [row.starts_at.hour for row in rows(course)] == [8, 7, 7]
    assert {start[6:] for start in starts(course)} == {"09:00"}


def test_a_time_that_clocks_skip_is_later_and_said(teacher: Person, course: Course) -> None:
    skip = {"date": "2027-03-21", "time": "02:30", "weekdays": ["6"], "ends": "after", "times": "3"}
    answer = teacher.post(f"/courses/{course.public_id}/schedule/preview/", FORM | skip)
    assert "Clocks go forward on 28 March 2027: that class begins at 03:30." in answer.content.decode()
    schedule(teacher, course, **skip)
    assert starts(course) == ["03-21 02:30", "03-28 03:30", "04-04 02:30"]


def test_a_time_that_comes_twice_is_its_first(teacher: Person, course: Course) -> None:
    schedule(teacher, course, date="2027-10-31", time="02:30", weekdays=[], ends="after", times="2")
    assert rows(course)[0].starts_at == datetime(2027, 10, 31, 0, 30, tzinfo=UTC)


def test_without_weekdays_it_is_the_day_of_the_date(teacher: Person, course: Course) -> None:
    schedule(teacher, course, date="2026-12-03", weekdays=[], repeat="2", ends="after", times="2")
    assert starts(course) == ["12-03 09:00", "12-17 09:00"]


def test_a_teacher_abroad_schedules_on_the_schools_clock(teacher: Person, course: Course) -> None:
    user = teacher.member.user
    user.time_zone = "Asia/Tokyo"
    user.save()
    page = teacher.get(f"/courses/{course.public_id}/schedule/").content.decode()
    assert "A series keeps to the school&#x27;s clock, Europe/Berlin" in page
    schedule(teacher, course)
    assert starts(course)[0] == "11-30 09:00"


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"until": ""}, "until", "Choose the last day"),
        ({"until": "2026-02-30"}, "until", "a day that exists"),
        ({"until": "2026-11-29"}, "until", "It ends before its first class"),
        ({"until": "2028-12-31"}, "until", "at most 120 classes"),
        ({"until": "2028-12-31", "repeat": "4"}, "until", "within the next two years"),
        ({"ends": "after"}, "times", "how many classes"),
        ({"ends": "after", "times": "0"}, "times", "greater than or equal to 1"),
        ({"ends": "after", "times": "121"}, "times", "at most 120 classes. Let it end earlier"),
        ({"ends": "after", "times": "9" * 5000}, "times", ""),
        ({"ends": "never"}, "ends", "valid choice"),
        ({"weekdays": ["7"]}, "weekdays", "valid choice"),
        ({"repeat": "13"}, "repeat", "valid choice"),
        ({"date": "2026-11-23", "weekdays": []}, "time", "That time has passed"),
        ({"title": ""}, "title", "Enter a title"),
    ],
)
def test_bad_input_is_named_beside_its_field_and_nothing_is_saved(
    teacher: Person, course: Course, changes: dict[str, Any], field: str, words: str
) -> None:
    found = errors(schedule(teacher, course, **changes))
    assert list(found) == [field]
    assert words in str(found[field])
    assert rows(course) == []


def test_a_hundred_and_twenty_are_the_most(teacher: Person, course: Course) -> None:
    schedule(teacher, course, ends="after", times="120")
    assert len(rows(course)) == 120


def test_all_of_a_series_is_saved_or_nothing(teacher: Person, course: Course) -> None:
    broken = mock.patch("classrooms.repeating.actions.tell_series", side_effect=IntegrityError)
    with broken, pytest.raises(IntegrityError):
        schedule(teacher, course)
    assert rows(course) == []
    with tenant_scope(course.tenant):
        assert not Series.objects.exists()


def test_up_to_six_weeks_from_one_to_the_next_are_offered(teacher: Person, course: Course) -> None:
    page = teacher.get(f"/courses/{course.public_id}/schedule/").content.decode()
    assert "Every 6 weeks" in page
    assert "Every 7 weeks" not in page


def test_all_of_a_series_and_those_after_one_are_recorded_as_chosen(teacher: Person, course: Course) -> None:
    schedule(teacher, course, records="yes")
    assert [row.records for row in rows(course)] == [True] * 6
    edit(teacher, rows(course)[4], "later", records="no")
    assert [row.records for row in rows(course)] == [True] * 4 + [False] * 2


def test_a_clash_names_its_days_and_may_be_accepted(
    teacher: Person, course: Course, make_session: MakeSession
) -> None:
    osmosis = make_session("Osmosis", starts=timedelta(days=7, hours=-4, minutes=30))  # 2 December, 09:30
    make_session("Held", starts=timedelta(days=5, hours=-4), state="ended")  # over: no clash
    preview = teacher.post(f"/courses/{course.public_id}/schedule/preview/", FORM).content.decode()
    answer = schedule(teacher, course)
    for page in (preview, answer.content.decode()):
        assert "1 of 6 classes clash" in page
        assert "Wed 2 Dec 2026</time>: <bdi>Osmosis</bdi>" in page
        assert f'href="{osmosis.get_absolute_url()}" target="_blank" aria-label="See Osmosis in' in page
        assert page.count("See Osmosis") == 1
    assert b"Schedule anyway" in answer.content
    assert len(rows(course)) == 2
    assert schedule(teacher, course, anyway="1").status_code == 302
    assert len(rows(course)) == 8


def test_the_preview_saves_nothing_and_needs_no_title(teacher: Person, course: Course) -> None:
    page = teacher.post(f"/courses/{course.public_id}/schedule/preview/", FORM | {"title": ""})
    assert "until 16 December: 6 classes" in page.content.decode()
    once = teacher.post(f"/courses/{course.public_id}/schedule/preview/", FORM | {"repeat": "0"})
    assert "classes" not in once.content.decode()
    assert rows(course) == []


def test_one_is_moved_by_itself(teacher: Person, course: Course, series: list[ClassSession]) -> None:
    page = teacher.get(series[1].get_absolute_url() + "edit/").content.decode()
    assert "Only this class" in page
    assert "This and the 4 after it" in page
    edit(teacher, series[1], "only", time="11:00")
    assert starts(course)[:3] == ["11-30 09:00", "12-02 11:00", "12-07 09:00"]
    assert [row.set_apart for row in rows(course)] == [False, True, False, False, False, False]
    assert "This one was changed by hand." in teacher.get(series[1].get_absolute_url()).content.decode()


def test_saving_what_has_not_changed_sets_nothing_apart(
    teacher: Person, course: Course, series: list[ClassSession]
) -> None:
    edit(teacher, series[1], "only")
    assert not any(row.set_apart for row in rows(course))


def test_this_and_later_move_and_the_earlier_ones_stay(
    teacher: Person, course: Course, series: list[ClassSession]
) -> None:
    edit(teacher, series[2], "later", date="2026-12-08", time="10:30", length="60", title="Enzymes II")
    assert starts(course) == [
        *("11-30 09:00", "12-02 09:00"),
        *("12-08 10:30", "12-10 10:30", "12-15 10:30", "12-17 10:30"),
    ]
    made = rows(course)
    assert [row.title for row in made] == ["Enzymes"] * 2 + ["Enzymes II"] * 4
    assert [row.public_id for row in made] == [row.public_id for row in series]
    before, after = (teacher.get(row.get_absolute_url()).content.decode() for row in (made[0], made[3]))
    assert "Every Monday and Wednesday, 09:00–09:45, until 2 December: 2 classes" in before
    assert "Every Tuesday and Thursday, 10:30–11:30, until 17 December: 4 classes" in after


def test_all_of_it_moved_is_the_same_series(
    teacher: Person, course: Course, series: list[ClassSession]
) -> None:
    edit(teacher, series[0], "later", date="2026-12-01", time="08:00")
    assert starts(course)[:3] == ["12-01 08:00", "12-03 08:00", "12-08 08:00"]
    with tenant_scope(course.tenant):
        only = Series.objects.get()
        assert (only.clock, only.weekdays, only.until) == (time(8, 0), [1, 3], date(2026, 12, 19))
        assert [row.slot for row in rows(course)] == list(only.rule.days())


def test_every_second_week_moved_over_its_end_is_no_rule_but_is_done(teacher: Person, course: Course) -> None:
    schedule(teacher, course, repeat="2", weekdays=["0", "4"], ends="after", times="4")
    edit(teacher, rows(course)[0], "later", date="2026-12-03")
    assert starts(course) == ["12-03 09:00", "12-07 09:00", "12-17 09:00", "12-21 09:00"]


@pytest.mark.parametrize("act", ["move", "cancel"])
def test_what_was_changed_by_hand_is_live_or_over_stays(
    teacher: Person, course: Course, series: list[ClassSession], act: str
) -> None:
    edit(teacher, series[3], "only", time="15:00")
    with tenant_scope(course.tenant):
        ClassSession.objects.filter(pk=series[4].pk).update(state="live")
        ClassSession.objects.filter(pk=series[5].pk).update(state="ended")
    page = teacher.get(series[1].get_absolute_url() + "edit/").content.decode()
    assert "This and the one after it" in page
    assert "1 later class was changed by hand and stays as it is." in page
    if act == "move":
        answer = edit(teacher, series[1], "later", time="10:00")
        assert starts(course) == [
            *("11-30 09:00", "12-02 10:00", "12-07 10:00"),
            *("12-09 15:00", "12-14 09:00", "12-16 09:00"),
        ]
    else:
        answer = teacher.post(series[1].get_absolute_url() + "cancel/", {"scope": "later"})
        assert starts(course) == ["11-30 09:00", "12-09 15:00", "12-14 09:00", "12-16 09:00"]
    told = teacher.get(answer.url).content.decode()
    assert f"2 classes are {'changed' if act == 'move' else 'cancelled'}. 1 that was changed by hand" in told


def test_what_has_passed_without_being_held_stays(
    teacher: Person, course: Course, series: list[ClassSession]
) -> None:
    """On 10 December, from the missed class of the 2nd on: those of the 7th and the 9th are over too."""
    late = teacher.at(datetime(2026, 12, 10, 8, 0, tzinfo=UTC))
    edit(late, series[1], "later", title="Renamed")
    assert [row.title for row in rows(course)] == ["Enzymes", "Renamed"] + ["Enzymes"] * 2 + ["Renamed"] * 2


def test_a_moved_part_moves_with_those_before_it(
    teacher: Person, course: Course, series: list[ClassSession]
) -> None:
    edit(teacher, series[3], "later", time="11:00")
    edit(teacher, rows(course)[1], "later", time="09:30")
    assert [start[6:] for start in starts(course)] == ["09:00", "09:30", "09:30", "11:30", "11:30", "11:30"]


def test_later_ones_are_not_moved_onto_something_else_unsaid(
    teacher: Person, course: Course, series: list[ClassSession], make_session: MakeSession
) -> None:
    make_session("Osmosis", starts=timedelta(days=12, hours=-2))  # Monday 7 December, 11:00
    answer = edit(teacher, series[1], "later", time="11:00")
    assert "1 of 5 classes clash" in answer.content.decode()
    assert "11:00" not in [row[6:] for row in starts(course) if not row.startswith("12-07")]
    edit(teacher, series[1], "later", time="11:00", anyway="1")
    assert [row[6:] for row in starts(course)].count("11:00") == 6


def test_moving_later_ones_into_the_past_is_refused(
    teacher: Person, course: Course, series: list[ClassSession]
) -> None:
    assert "That time has passed" in str(errors(edit(teacher, series[1], "later", date="2026-11-20")))


def test_one_and_then_all_later_ones_are_cancelled(
    teacher: Person, course: Course, series: list[ClassSession]
) -> None:
    page = teacher.get(series[1].get_absolute_url() + "edit/").content.decode()
    assert "Cancel this and the 4 after it" in page
    teacher.post(series[1].get_absolute_url() + "cancel/", {"scope": "only"})
    assert starts(course)[:2] == ["11-30 09:00", "12-07 09:00"]
    teacher.post(series[2].get_absolute_url() + "cancel/", {"scope": "later"})
    assert starts(course) == ["11-30 09:00"]
    words = teacher.get(series[0].get_absolute_url()).content.decode()
    assert "until 30 November: 1 class" in words
    assert "scope" not in teacher.get(series[0].get_absolute_url() + "edit/").content.decode()


def test_a_live_one_cannot_be_where_a_change_begins(
    teacher: Person, course: Course, series: list[ClassSession]
) -> None:
    with tenant_scope(course.tenant):
        ClassSession.objects.filter(pk=series[1].pk).update(state="live")
    assert teacher.post(series[1].get_absolute_url() + "cancel/", {"scope": "later"}).status_code == 409
    assert edit(teacher, series[1], "later", time="10:00").status_code == 409
    assert len(rows(course)) == 6


def test_only_its_teachers_and_the_school_change_a_series(
    course: Course,
    series: list[ClassSession],
    admin: Person,
    student: Person,
    classmate: Person,
    outsider: Person,
) -> None:
    paths = [f"/courses/{course.public_id}/schedule/", f"/courses/{course.public_id}/schedule/preview/"]
    for person, status in ((student, 403), (classmate, 404), (outsider, 404)):
        for path in paths:
            assert person.post(path, FORM).status_code == status
        assert edit(person, series[0], "later", time="10:00").status_code == status
        assert person.post(series[0].get_absolute_url() + "cancel/", {"scope": "later"}).status_code == status
    assert {start[6:] for start in starts(course)} == {"09:00"}
    assert edit(admin, series[0], "later", time="10:00").status_code == 302
    assert {start[6:] for start in starts(course)} == {"10:00"}


def test_its_link_leads_to_the_class_that_is_next_for_those_who_may_see_it(
    series: list[ClassSession], teacher: Person, student: Person, classmate: Person, outsider: Person
) -> None:
    path = f"/series/{series[0].series.public_id}/"
    assert student.get(path).url == series[0].get_absolute_url()
    assert student.at(datetime(2026, 12, 2, 8, 30, tzinfo=UTC)).get(path).url == series[1].get_absolute_url()
    assert student.at(datetime(2027, 1, 8, tzinfo=UTC)).get(path).url == series[5].get_absolute_url()
    unknown = f"/series/{UNKNOWN}/"
    for person in (classmate, outsider):
        assert person.get(path).status_code == person.get(unknown).status_code == 404
    student.browser.logout()
    assert student.get(path).url == f"/sign-in/?next={path}"


def test_a_student_reads_what_repeats_and_no_button(series: list[ClassSession], student: Person) -> None:
    words = student.get(series[0].get_absolute_url()).content.decode()
    assert "Every Monday and Wednesday" in words
    assert "/edit/" not in words


def test_a_class_by_itself_is_asked_nothing(teacher: Person, session: ClassSession, tenant: Tenant) -> None:
    page = teacher.get(session.get_absolute_url() + "edit/").content.decode()
    assert 'name="scope"' not in page
    assert "Repeats" not in teacher.get(session.get_absolute_url()).content.decode()
    teacher.post(session.get_absolute_url() + "cancel/", {"scope": "later"})
    assert rows(session.course) == []
