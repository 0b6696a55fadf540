"""Today: what is next, and the button that leads there."""

from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from accounts.models import Role
from classrooms.agenda import Entry, agenda, page_asked, week
from classrooms.models import ClassSession
from tenants.models import Tenant
from tenants.scope import tenant_scope
from tests.conftest import MakePerson, MakeSession, Person

BERLIN = ZoneInfo("Europe/Berlin")


def words(person: Person, path: str = "/") -> str:
    return " ".join(person.get(path).content.decode().split())


@pytest.mark.parametrize(
    ("minutes", "teacher_may", "student_may"), [(16, False, False), (14, True, False), (9, True, True)]
)
def test_a_class_opens_earlier_for_its_teacher(
    make_session: MakeSession,
    teacher: Person,
    student: Person,
    minutes: int,
    teacher_may: bool,
    student_may: bool,
) -> None:
    session = make_session(starts=timedelta(minutes=minutes))
    room = f"/c/{session.public_id}/room/"
    assert (room in words(teacher)) is teacher_may
    assert (room in words(student)) is student_may


def test_a_live_class_is_on_now_for_everyone_in_it(make_session: MakeSession, student: Person) -> None:
    make_session(starts=timedelta(minutes=-50), state=ClassSession.State.LIVE)
    assert "On now" in words(student)
    assert "Join class" in words(student)


def test_the_teacher_starts_what_is_not_live_yet(make_session: MakeSession, teacher: Person) -> None:
    make_session(starts=timedelta(minutes=5))
    assert "Start class" in words(teacher)


def test_without_a_class_on_now_the_next_one_is_counted_down_to(
    make_session: MakeSession, student: Person
) -> None:
    make_session("Later", starts=timedelta(hours=5))
    make_session("Sooner", starts=timedelta(minutes=45))
    text = words(student)
    assert "Next, in 45 minutes" in text
    assert text.index("Sooner") < text.index("Later today") < text.index("Later</")


def test_what_is_over_or_far_away_is_not_shown(make_session: MakeSession, student: Person) -> None:
    make_session("Missed", starts=timedelta(hours=-3))
    make_session("Ended", starts=timedelta(minutes=-30), state=ClassSession.State.ENDED)
    make_session("Next month", starts=timedelta(days=30))
    text = words(student)
    for title in ("Missed", "Ended", "Next month"):
        assert title not in text


def test_times_are_in_the_viewers_own_zone(make_session: MakeSession, student: Person) -> None:
    make_session(starts=timedelta(hours=2))
    assert "15:00–15:45" in words(student)
    user = student.member.user
    user.time_zone = "Asia/Tokyo"
    user.save()
    assert "23:00–23:45" in words(student)


def test_each_person_gets_a_first_step(
    person: MakePerson, tenant: Tenant, classmate: Person, admin: Person
) -> None:
    newcomer = person(tenant, Role.TEACHER, "Nia New")
    assert "/courses/new/" in words(newcomer)
    assert "/courses/new/" in words(admin)
    assert "Your teacher adds you to a course" in words(classmate)


def test_a_teacher_with_a_course_is_led_to_the_schedule(teacher: Person, course: object) -> None:
    assert "Schedule class" in words(teacher)


def test_the_number_of_queries_does_not_grow_with_classes(
    make_session: MakeSession, student: Person, django_assert_max_num_queries: Callable[..., object]
) -> None:
    for n in range(12):
        make_session(f"Class {n}", starts=timedelta(hours=n), state="live" if n < 3 else "scheduled")
    with django_assert_max_num_queries(11):
        student.get("/")


@pytest.fixture
def entry(make_session: MakeSession, tenant: Tenant) -> Callable[..., Entry]:
    def make(starts: timedelta, **more: object) -> Entry:
        session = make_session(starts=starts, **more)
        return Entry(session, leads=False, opens_at=session.opens_for(leads=False))

    return make


def test_every_day_of_the_week_is_named_and_free_ones_say_so(
    entry: Callable[..., Entry], tenant: Tenant, now: datetime
) -> None:
    with tenant_scope(tenant):
        shown = week([entry(timedelta(days=1)), entry(timedelta(days=3))], 0, now=now, zone=BERLIN)
    assert [len(day.entries) for day in shown.days] == [1, 0, 1, 0, 0, 0, 0]
    assert (shown.first.day, shown.last.day) == (26, 2)


def test_late_in_the_evening_tomorrow_is_the_viewers_tomorrow(
    entry: Callable[..., Entry], tenant: Tenant, now: datetime
) -> None:
    with tenant_scope(tenant):
        late = entry(timedelta(hours=11, minutes=30))  # 23:30 UTC: tomorrow in Berlin, today in London
        soon = entry(timedelta(hours=1))
        for zone, today, tomorrow in ((BERLIN, [], [late]), (ZoneInfo("Europe/London"), [late], [])):
            assert agenda([soon, late], now=now, zone=zone).today == today
            assert week([soon, late], 0, now=now, zone=zone).days[0].entries == tomorrow


@pytest.mark.parametrize(
    ("text", "page"),
    [
        *(("", 0), ("1", 1), ("-3", -3), ("104", 104), ("105", 0), ("-105", 0)),
        *(("x", 0), ("1.5", 0), ("²", 0), ("9" * 5000, 0), ("--1", 0), ("-", 0)),
    ],
)
def test_a_page_that_is_none_is_this_week(text: str, page: int) -> None:
    assert page_asked(text) == page


def test_weeks_are_paged_in_both_directions(make_session: MakeSession, student: Person) -> None:
    make_session("Held", starts=timedelta(days=-2), state="ended")
    make_session("Next week", starts=timedelta(days=9))
    first = words(student)
    assert "Held" not in first
    assert "Next week" not in first
    assert first.count("No classes</span>") == 7
    assert "2 Dec" not in first
    later = words(student, "/?week=1")
    assert "3 Dec – 9 Dec" in later
    assert later.index("Fri 4") < later.index("Next week") < later.index("Sat 5")
    earlier = words(student, "/?week=-1")
    assert "19 Nov – 25 Nov" in earlier
    assert earlier.index("Mon 23") < earlier.index("Held") < earlier.index("Tue 24")
    assert 'href="/#week"' in later
    assert 'href="/?week=2#week"' in later


def test_a_free_week_keeps_its_days_and_says_what_comes_first(
    teacher: Person, student: Person, course: object, classmate: Person
) -> None:
    for person, hint in ((teacher, "Schedule class"), (student, "As soon as a teacher schedules one")):
        text = words(person)
        assert "No classes in the next seven days" in text
        assert hint in text
        assert "The next seven days" in text
    assert "The next seven days" not in words(classmate)
