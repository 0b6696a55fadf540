"""Moments of a recorded class over the classroom socket: who marks, who is told, and what stays secret."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from classrooms.live import egress, marks
from classrooms.models import Enrolment, Recording, RecordingMark
from tenants.scope import tenant_scope
from tests.conftest import NOON
from tests.socket.conftest import rows


@pytest.fixture(autouse=True)
def media(monkeypatch):
    """A media server that records nothing and is asked nothing."""

    async def ask(room, slug, plan):
        return egress.Told([], [])

    async def safety(room):
        return egress.Safe(None, None, None)

    monkeypatch.setattr(egress, "ask", ask)
    monkeypatch.setattr(egress, "safety", safety)


@pytest.fixture
def second_student(person, tenant, course):
    """A second student of the course."""
    other = person(tenant, "student", "Ada Park")
    with tenant_scope(tenant):
        Enrolment.objects.create(
            tenant=tenant, course=course, membership=other.member, role=Enrolment.Role.STUDENT
        )
    return other


async def record(leading, *others, wanted="on"):
    await leading.send("record", wanted=wanted)
    for page in (leading, *others):
        await page.get("recording_changed")


async def kept(session):
    def read():
        found = RecordingMark.objects.filter(recording__session=session)
        return [(mark.kind, mark.title, mark.at, mark.by_id) for mark in found]

    return await rows(session, read)


async def told(page, *types):
    return [message for message in await page.up_to_date() if message["type"] in types]


async def test_a_teacher_marks_a_moment_and_only_teachers_are_told(
    inside, teacher, student, live, clock, admin
):
    leading, listening, second = (
        await inside(teacher, live),
        await inside(student, live),
        await inside(admin, live),
    )
    await record(leading, listening, second)
    clock.pass_by(seconds=30)
    await leading.send("mark_moment", title=" Anaphase ", ago=10)
    at = NOON + timedelta(seconds=20)
    for page in (leading, second):
        marked = await page.get("moment_marked")
        assert (marked["title"], marked["by"], marked["at"]) == (
            "Anaphase",
            "Tom Teacher",
            "2026-11-25T12:00:20Z",
        )
    assert await kept(live) == [("chapter", "Anaphase", at, teacher.member.pk)]
    assert await told(listening, "moment_marked") == []


async def test_a_moment_before_the_recording_is_its_beginning(inside, teacher, live):
    leading = await inside(teacher, live)
    await record(leading)
    await leading.send("mark_moment", ago=600)
    await leading.get("moment_marked")
    assert [(kind, title, at) for kind, title, at, _ in await kept(live)] == [("chapter", "", NOON)]


async def test_teachers_hear_how_many_are_lost_and_nobody_hears_who(
    inside, teacher, student, second_student, live, clock, monkeypatch
):
    monkeypatch.setattr(marks, "JUST_NOW", timedelta(seconds=30))
    other = second_student
    leading, first, second = [await inside(who, live) for who in (teacher, student, other)]
    await record(leading, first, second)
    await first.send("lost_here")
    await first.get("lost_noted")
    lost = await leading.get("people_lost")
    assert lost == {"type": "people_lost", "count": 1}
    clock.pass_by(seconds=20)
    await second.send("lost_here")
    assert (await leading.get("people_lost"))["count"] == 2
    await second.get("lost_noted")
    clock.pass_by(seconds=15)
    await second.send("lost_here")  # the first one's word is too old by now
    assert (await leading.get("people_lost"))["count"] == 1
    clock.pass_by(seconds=10)
    await first.send("lost_here")
    assert (await leading.get("people_lost"))["count"] == 2  # people, not taps
    assert await told(first, "people_lost") == []
    everything = json.dumps(await leading.up_to_date() + leading.keep)
    assert str(student.member.pk) not in json.dumps(lost)
    assert "lost_noted" not in everything
    assert [kind for kind, *_ in await kept(live)] == ["lost"] * 4


async def test_one_student_says_it_once_in_ten_seconds(inside, teacher, student, live, clock):
    leading, listening = await inside(teacher, live), await inside(student, live)
    await record(leading, listening)
    await listening.send("lost_here")
    await listening.get("lost_noted")
    clock.pass_by(seconds=9)
    await listening.send("lost_here")
    refused = await listening.get("refused")
    assert (refused["code"], refused["re"], refused["retry_at"]) == (
        "too_fast",
        "lost_here",
        "2026-11-25T12:00:10Z",
    )
    clock.pass_by(seconds=1)
    await listening.send("lost_here")
    await listening.get("lost_noted")
    assert len(await kept(live)) == 2


@pytest.mark.parametrize("state", [None, "paused"])
async def test_nothing_is_marked_while_nothing_is_recorded(state, inside, teacher, student, live):
    leading, listening = await inside(teacher, live), await inside(student, live)
    if state:
        await record(leading, listening)
        await record(leading, listening, wanted=state)
    await leading.send("mark_moment", title="Here")
    await listening.send("lost_here")
    for page in (leading, listening):
        assert (await page.get("refused"))["code"] == "not_recorded"
    assert await kept(live) == []


async def test_students_mark_no_chapters_and_teachers_are_not_lost(inside, teacher, student, live):
    leading, listening = await inside(teacher, live), await inside(student, live)
    await record(leading, listening)
    await listening.send("mark_moment", title="Here")
    await leading.send("lost_here")
    for page in (leading, listening):
        assert (await page.get("refused"))["code"] == "not_allowed"
    assert await kept(live) == []


async def test_who_is_not_in_the_class_marks_nothing(page, teacher, live):
    waiting = await page(teacher, live)
    await waiting.send("mark_moment")
    assert (await waiting.get("refused"))["code"] == "not_here"


async def test_a_recording_has_so_many_chapters_and_no_more(inside, teacher, live, monkeypatch):
    monkeypatch.setattr(marks, "MOST_CHAPTERS", 1)
    leading = await inside(teacher, live)
    await record(leading)
    await leading.send("mark_moment", title="One")
    await leading.get("moment_marked")
    await leading.send("mark_moment", title="Two")
    assert (await leading.get("refused"))["code"] == "too_many_chapters"


@pytest.mark.parametrize(
    "fields", [{"title": "x" * 81}, {"title": "a\nb"}, {"ago": -1}, {"ago": 601}, {"at": 3}]
)
async def test_a_mark_out_of_bounds_is_malformed(fields, inside, teacher, live):
    leading = await inside(teacher, live)
    await record(leading)
    await leading.send("mark_moment", **fields)
    assert (await leading.get("refused"))["code"] == "malformed"


async def test_marks_go_with_their_recording(inside, teacher, live):
    leading = await inside(teacher, live)
    await record(leading)
    await leading.send("mark_moment", title="One")
    await leading.get("moment_marked")
    await rows(live, lambda: Recording.objects.all().delete())
    assert await kept(live) == []
