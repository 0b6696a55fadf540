"""Segments follow what happens in a class: joins, leaves, second tabs, dead processes, the end."""

from __future__ import annotations

from datetime import datetime, timedelta
from importlib import import_module
from itertools import count

import pytest
from django.apps import apps
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from classrooms.attended.sheet import spans_of
from classrooms.attended.stays import GAP, length
from classrooms.live import actions
from classrooms.live.seats import Seat
from classrooms.models import AttendanceSegment, ClassSession, Participant, SessionEvent
from classrooms.spans import merged
from tenants.scope import every_tenant, tenant_scope
from tests.conftest import NOON

BEAT = 20  # seconds between signs of life
names = count(1)


@pytest.fixture(autouse=True)
def no_media(settings):
    settings.MEDIA_API_URL = "http://127.0.0.1:9"


def at(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


class Socket:
    """One page of a person in a class, as its consumer drives the actions."""

    def __init__(self, session: ClassSession, person) -> None:
        self.session, self.person = session, person
        self.seat = Seat(session.pk, person.member.pk, f"channel-{next(names)}")

    def enter(self, when: float):
        with tenant_scope(self.session.tenant):
            actions.enter(seat=self.seat, since=None, at=at(when))
        return self

    def beat(self, when: float) -> None:
        with tenant_scope(self.session.tenant):
            actions.keep_alive(seat=self.seat, after=0, at=at(when))

    def leave(self, when: float) -> None:
        with tenant_scope(self.session.tenant):
            actions.leave(seat=self.seat, at=at(when))

    def end(self, when: float) -> None:
        with tenant_scope(self.session.tenant):
            actions.end_class(seat=self.seat, at=at(when))


def segments(session, person):
    """(from, to, why) in seconds."""
    with tenant_scope(session.tenant):
        rows = AttendanceSegment.objects.filter(
            participant__session=session, participant__membership=person.member
        )
        return [
            (
                (row.began_at - NOON).total_seconds(),
                row.ended_at and (row.ended_at - NOON).total_seconds(),
                row.why,
            )
            for row in rows
        ]


@pytest.fixture
def live(make_session):
    return make_session(starts=timedelta())


def test_coming_leaving_and_coming_back(live, teacher, student):
    Socket(live, teacher).enter(0)
    Socket(live, student).enter(10).leave(100)
    assert segments(live, student) == [(10, 100, "left")]
    Socket(live, student).enter(400)
    assert segments(live, student) == [(10, 100, "left"), (400, None, "")]


def test_joining_again_on_the_same_socket_begins_nothing_new(live, teacher):
    page = Socket(live, teacher).enter(0)
    page.enter(30)
    assert segments(live, teacher) == [(0, None, "")]


def test_a_second_tab_goes_on_where_the_first_gave_its_last_sign_of_life(live, teacher):
    first = Socket(live, teacher).enter(0)
    first.beat(20)
    second = Socket(live, teacher).enter(35)
    first.leave(36)  # it was put out: it has no seat to give up
    assert segments(live, teacher) == [(0, 20, "moved"), (35, None, "")]
    second.leave(50)
    assert segments(live, teacher)[-1] == (35, 50, "left")


def test_a_dead_process_leaves_the_last_sign_of_life(live, teacher, student):
    lead = Socket(live, teacher).enter(0)
    lost = Socket(live, student).enter(5)
    lost.beat(25)
    lead.beat(84)
    assert segments(live, student) == [(5, None, "")]
    lead.beat(85)
    assert segments(live, student) == [(5, 25, "lost")]


def test_where_all_processes_died_the_class_shows_and_later_stores_the_same(live, teacher, student):
    Socket(live, teacher).enter(0).beat(20)
    Socket(live, student).enter(5).beat(25)
    with tenant_scope(live.tenant):
        shown = [spans_of(each, at(90_000)) for each in Participant.objects.order_by("pk")]
    assert shown == [[(at(0), at(20))], [(at(5), at(25))]]
    Socket(live, teacher).enter(90_000)
    assert segments(live, teacher) == [(0, 20, "lost"), (90_000, None, "")]
    assert segments(live, student) == [(5, 25, "lost")]


def test_the_end_closes_everyones(live, teacher, student, classmate, course):
    with tenant_scope(live.tenant):
        course.enrolments.create(membership=classmate.member)
    lead = Socket(live, teacher).enter(0)
    Socket(live, student).enter(4)
    page = Socket(live, classmate).enter(6)
    lead.beat(50)
    page.beat(50)
    lead.end(64)
    assert segments(live, teacher) == [(0, 64, "over")]
    assert segments(live, student) == [(4, 4, "lost")]  # no sign of life for more than a minute
    assert segments(live, classmate) == [(6, 64, "over")]
    with tenant_scope(live.tenant):
        assert not AttendanceSegment.objects.open().exists()


def test_whoever_may_no_longer_take_part_is_put_out(live, teacher, student):
    Socket(live, teacher).enter(0)
    page = Socket(live, student).enter(5)
    with tenant_scope(live.tenant):
        actions.expel(seat=page.seat, at=at(30))
    assert segments(live, student) == [(5, 30, "removed")]


def test_a_clock_that_is_behind_makes_no_segment_that_ends_before_it_began(live, teacher):
    Socket(live, teacher).enter(10).leave(7)
    assert segments(live, teacher) == [(10, 10, "left")]


def test_one_open_segment_and_none_that_lies(live, teacher):
    Socket(live, teacher).enter(0)
    with tenant_scope(live.tenant):
        person = Participant.objects.get()
        for wrong in (
            {},
            {"ended_at": at(-1), "why": "left"},
            {"ended_at": at(1), "why": ""},
            {"ended_at": None, "why": "left"},
        ):
            with pytest.raises(IntegrityError), transaction.atomic():
                person.segments.create(began_at=at(0), **wrong)


def test_classes_from_before_are_read_from_their_logs(live, teacher, student):
    lead = Socket(live, teacher).enter(0)
    lead.beat(20)
    Socket(live, student).enter(5).leave(50)
    Socket(live, student).enter(60)
    lead.end(90)
    before = [segments(live, person) for person in (teacher, student)]
    with tenant_scope(live.tenant):
        AttendanceSegment.objects.all().delete()
        assert SessionEvent.objects.count() == 6
    migration = import_module("classrooms.migrations.0007_attendance")
    with every_tenant():
        migration.from_the_log(apps, None)
    assert [segments(live, person) for person in (teacher, student)] == before


# ── the time really spent ────────────────────────────────────────────────────────────────────────

steps = st.lists(
    st.tuples(
        st.sampled_from(["join", "leave", "crash", "tab", "wait", "reconnect"]),
        st.integers(min_value=1, max_value=150),
    ),
    max_size=25,
)


class Student:
    """The oracle: when this person really was in the class, as far as anybody can know."""

    def __init__(self, session: ClassSession, person, start: float) -> None:
        self.session, self.person = session, person
        self.page: Socket | None = None
        self.dead = False
        self.since, self.seen = start, start
        self.spent: list[tuple[float, float]] = []

    def join(self, now: float) -> None:
        if self.page and not self.dead:
            self.spent.append((self.since, now))  # a second tab: they never went away
        self.page, self.dead = Socket(self.session, self.person).enter(now), False
        self.since = self.seen = now

    def leave(self, now: float) -> None:
        if self.page and not self.dead:
            self.page.leave(now)
            self.spent.append((self.since, now))
            self.page = None

    def crash(self, now: float) -> None:
        if self.page and not self.dead:
            self.spent.append((self.since, self.seen))
            self.dead = True

    def beat(self, now: float) -> None:
        if self.page and not self.dead:
            self.page.beat(now)
            self.seen = now


@settings(
    max_examples=8,
    suppress_health_check=[*settings().suppress_health_check, HealthCheck.function_scoped_fixture],
)
@given(steps=steps)
def test_whatever_happens_the_minutes_are_those_really_spent(live, teacher, student, steps):
    with tenant_scope(live.tenant):
        Participant.objects.all().delete()
        ClassSession.objects.filter(pk=live.pk).update(state="scheduled", started_at=None, ended_at=None)
    now = 0.0
    lead = Socket(live, teacher).enter(now)
    person = Student(live, student, now)
    for step, wait in steps:
        if step in ("join", "tab", "reconnect"):
            if step == "reconnect":
                person.leave(now)
            person.join(now)
        elif step in ("leave", "crash"):
            getattr(person, step)(now)
        until = now + wait
        while now + BEAT <= until:
            now += BEAT
            lead.beat(now)
            person.beat(now)
        now = until
    with tenant_scope(live.tenant):
        rows = Participant.objects.filter(membership=student.member)
        shown = merged((span for each in rows for span in spans_of(each, at(now))), GAP)
    person_until = now if person.page and not person.dead else person.since
    if person.page and not person.dead:
        person.spent.append((person.since, person_until))
    really = merged([(at(begin), at(end)) for begin, end in person.spent], GAP)
    with tenant_scope(live.tenant):
        still = Participant.objects.filter(membership=student.member).first()
        unswept = bool(person.dead and still and still.is_here(at(now)))
    if unswept:  # a crash within the last minute: nobody can know yet, it counts as here
        really = merged([*really, (at(person.since), at(now))], GAP)
    assert shown == really
    assert length(shown) == length(really)
    lead.end(now)
    with tenant_scope(live.tenant):
        assert not AttendanceSegment.objects.open().exists()
