"""A course's pages: its classes, the materials and recordings of all of them, and its people."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile

from classrooms.models import ClassSession, Course, Recording, RecordingTrack
from tenants.scope import tenant_scope
from tests.conftest import MakeSession, Person
from tests.web.test_series import schedule

TABS = ["", "materials/", "recordings/", "members/"]
UNKNOWN = "0" * 32


def words(person: Person, path: str) -> str:
    return " ".join(person.get(path).content.decode().split())


@pytest.fixture
def record(course: Course) -> Callable[..., Recording]:
    """A recording of a class, with a track that can be played unless `state` says otherwise."""

    def record(session: ClassSession, state: str = "ready", **more: object) -> Recording:
        with tenant_scope(course.tenant):
            times = {
                "started_at": session.starts_at,
                "changed_at": session.ends_at,
                "ended_at": session.ends_at,
            }
            made = session.recordings.create(state=Recording.State.READY, **times | more)
            track = {"name": "Tom", "source": "camera", "track_sid": "TR_1", "egress_id": f"EG_{made.pk}"}
            made.tracks.create(state=getattr(RecordingTrack.State, state.upper()), **track)
            return made

    return record


@pytest.mark.parametrize("tab", TABS)
def test_another_schools_and_another_courses_people_find_nothing(
    course: Course,
    classmate: Person,
    outsider: Person,
    student: Person,
    teacher: Person,
    admin: Person,
    tab: str,
) -> None:
    for stranger in (classmate, outsider):
        answer = stranger.get(f"/courses/{course.public_id}/{tab}")
        assert answer.status_code == stranger.get(f"/courses/{UNKNOWN}/{tab}").status_code == 404
    for person in (student, teacher, admin):
        assert person.get(f"/courses/{course.public_id}/{tab}").status_code == 200
    student.browser.logout()
    path = f"/courses/{course.public_id}/{tab}"
    assert student.get(path).url == f"/sign-in/?next={path}"


@pytest.mark.parametrize("tab", TABS)
def test_each_page_says_where_it_is_and_only_teachers_get_buttons(
    course: Course, student: Person, teacher: Person, tab: str
) -> None:
    path = f"/courses/{course.public_id}/{tab}"
    assert f'href="{path}" aria-current="page"' in words(student, path)
    assert "Schedule class" in words(teacher, path)
    for label in ("Schedule class", "/people/", "/edit/"):
        assert label not in words(student, path)


@pytest.mark.parametrize(
    ("tab", "empty"),
    [("", "No class planned"), ("materials/", "No materials yet"), ("recordings/", "No recordings yet")],
)
def test_an_empty_page_says_what_comes_there(course: Course, student: Person, tab: str, empty: str) -> None:
    assert empty in words(student, f"/courses/{course.public_id}/{tab}")


def test_materials_of_all_its_classes_are_there(
    course: Course, make_session: MakeSession, student: Person, teacher: Person
) -> None:
    first, second = make_session("Enzymes"), make_session("Osmosis", starts=timedelta(days=1))
    with tenant_scope(course.tenant):
        other = Course.objects.create(title="Chemistry")
    foreign = make_session("Atoms", starts=timedelta(days=2), course=other)
    with tenant_scope(course.tenant):
        for session, name in ((first, "phases.pdf"), (second, "cells.png"), (foreign, "atoms.pdf")):
            material = session.materials.model(
                tenant=course.tenant,
                session=session,
                by=teacher.member,
                name=name,
                size=5,
                added_at=session.starts_at,
            )
            material.file.save("", ContentFile(b"12345"))
    page = words(student, f"/courses/{course.public_id}/materials/")
    assert page.index("cells.png") < page.index("Osmosis") < page.index("phases.pdf")
    assert "atoms.pdf" not in page


def test_recordings_that_can_be_played_are_there_and_no_others(
    course: Course, make_session: MakeSession, student: Person, record: Callable[..., Recording], now: object
) -> None:
    def held(title: str, days: int) -> ClassSession:
        return make_session(title, starts=timedelta(days=-days), state="ended")

    plays = record(held("Plays", 1))
    record(held("Empty", 2), state="empty")
    record(held("In the bin", 3), deleted_at=now)
    record(held("Still on", 4), ended_at=None)
    gone = held("Class is gone", 5)
    record(gone)
    with tenant_scope(course.tenant):
        gone.delete()
    page = words(student, f"/courses/{course.public_id}/recordings/")
    assert plays.get_absolute_url() in page
    for title in ("Empty", "In the bin", "Still on", "Class is gone"):
        assert title not in page
    past = words(student, course.get_absolute_url())
    assert past.count("Recorded") == 1


def test_people_are_listed_with_the_teachers_first(course: Course, student: Person, teacher: Person) -> None:
    page = words(student, f"/courses/{course.public_id}/members/")
    assert page.index("Tom Teacher") < page.rindex("Sue Student")
    assert "2 people" in page
    assert f"/courses/{course.public_id}/people/" in words(teacher, f"/courses/{course.public_id}/members/")


def test_a_long_series_is_folded(course: Course, teacher: Person) -> None:
    schedule(teacher, course, ends="after", times="12")
    page = words(teacher, course.get_absolute_url())
    assert "4 later classes" in page
    assert page.count("Open Enzymes") == 12
