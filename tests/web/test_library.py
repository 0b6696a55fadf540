"""All recordings that one may watch, on one page."""

from __future__ import annotations

from datetime import timedelta

import pytest

from classrooms.models import ClassSession, Course, Recording
from classrooms.views.library import A_PAGE
from tenants.scope import tenant_scope
from tests.conftest import Guest, MakeSession, Person
from tests.web.kept import kept

HOUR = timedelta(hours=1)
PAGE = "/recordings/"


@pytest.fixture(autouse=True)
def stored(folders: None) -> None:
    """Files in a folder of the test's own."""


@pytest.fixture
def over(make_session: MakeSession) -> ClassSession:
    return make_session("Cell division", starts=-3 * HOUR, state="ended")


@pytest.fixture
def recording(over: ClassSession, teacher: Person) -> Recording:
    return kept(over, teacher.member, over.ends_at)


@pytest.fixture
def elsewhere(other_tenant, outsider: Person) -> Recording:
    """Of the other school, by the same words."""
    with tenant_scope(other_tenant):
        course = Course.objects.create(title="Biology 9b")
        course.enrolments.create(membership=outsider.member, role="teacher")
        session = ClassSession.objects.create(
            title="Cell division of others", course=course, teacher=outsider.member,
            starts_at=outsider.now - 3 * HOUR, ends_at=outsider.now - 2 * HOUR, state="ended",
        )  # fmt: skip
    return kept(session, outsider.member, session.ends_at)


def words(person: Person, path: str = PAGE) -> str:
    return " ".join(person.get(path).content.decode().split())


def test_everybody_finds_what_they_may_watch_and_nobody_anything_else(
    recording: Recording,
    elsewhere: Recording,
    admin: Person,
    teacher: Person,
    student: Person,
    classmate: Person,
    outsider: Person,
) -> None:
    for person in (admin, teacher, student):
        assert recording.get_absolute_url() in words(person)
        assert "of others" not in words(person)
        assert person.get(recording.get_absolute_url()).status_code == 200
    assert "No recordings yet" in words(classmate)
    assert elsewhere.get_absolute_url() in words(outsider)
    assert recording.public_id not in words(outsider)
    assert recording.public_id not in words(outsider, f"{PAGE}?q=division")


def test_guests_and_strangers_are_sent_to_the_sign_in_page(
    recording: Recording, guest: Guest, student: Person
) -> None:
    student.browser.logout()
    for nobody in (guest, student):
        assert nobody.get(PAGE).url == f"/sign-in/?next={PAGE}"


def test_whoever_left_the_course_finds_its_recordings_no_more(
    recording: Recording, course: Course, student: Person
) -> None:
    with tenant_scope(course.tenant):
        course.enrolments.get(membership=student.member).delete()
    assert recording.public_id not in words(student)


def test_a_class_open_to_the_whole_school_is_there_for_all_of_it(
    recording: Recording, over: ClassSession, classmate: Person
) -> None:
    with tenant_scope(over.tenant):
        ClassSession.objects.filter(pk=over.pk).update(entry=ClassSession.Entry.SCHOOL)
    assert recording.get_absolute_url() in words(classmate)


def test_a_row_says_the_class_its_course_its_day_and_how_long_it_plays(
    recording: Recording, student: Person
) -> None:
    page = words(student)
    for said in ("Cell division", "Biology 9b", "2 min", "Play the recording of Cell division"):
        assert said in page
    assert 'href="/recordings/" aria-current="page"' in page


def test_pauses_do_not_count(recording: Recording, student: Person) -> None:
    with tenant_scope(recording.tenant):
        later = recording.started_at + HOUR
        times = {"started_at": later, "ended_at": later + timedelta(minutes=10)}
        recording.tracks.create(name="Tom", source="camera", egress_id="EG_later", state="ready", **times)
    assert "12 min" in words(student)


def test_what_is_on_in_the_bin_or_empty_is_not_there(
    over: ClassSession, teacher: Person, student: Person
) -> None:
    gone = kept(over, teacher.member, over.ends_at, deleted_at=teacher.now)
    empty = kept(over, teacher.member, over.ends_at)
    running = kept(over, teacher.member, over.ends_at, state=Recording.State.ON)
    with tenant_scope(over.tenant):
        empty.tracks.update(state="empty")
        Recording.objects.filter(pk=running.pk).update(ended_at=None)
    for person in (teacher, student):
        page = words(person)
        assert not [each for each in (gone, empty, running) if each.public_id in page]


def test_titles_of_classes_and_courses_are_looked_through(
    recording: Recording, make_session: MakeSession, teacher: Person, student: Person
) -> None:
    other = make_session("Enzymes", starts=-6 * HOUR, state="ended")
    enzymes = kept(other, teacher.member, other.ends_at)
    assert recording.public_id not in words(student, f"{PAGE}?q=enZ")
    assert enzymes.public_id in words(student, f"{PAGE}?q=enZ")
    for asked in ("biology", "%00bio%00logy"):
        both = words(student, f"{PAGE}?q={asked}")
        assert recording.public_id in both
        assert enzymes.public_id in both
    none = words(student, f"{PAGE}?q=%3Cb%3E")
    assert "No recording for “&lt;b&gt;”" in none
    assert 'href="/recordings/">Show all recordings' in none


def test_the_newest_come_first_and_older_ones_on_further_pages(
    over: ClassSession, teacher: Person, student: Person
) -> None:
    all = [kept(over, teacher.member, over.ends_at - n * HOUR) for n in range(A_PAGE + 1)]
    first, second = words(student), words(student, f"{PAGE}?page=2")
    places = [first.index(each.public_id) for each in all[:A_PAGE]]
    assert places == sorted(places)
    assert all[-1].public_id not in first
    assert all[-1].public_id in second
    assert "Page 2 of 2" in second
    assert 'href="?page=1"' in second
    assert 'href="?q=cell&amp;page=2"' in words(student, f"{PAGE}?q=cell")
    assert "Page 1 of 2" in words(student, f"{PAGE}?page=x")
    assert "Page 2 of 2" in words(student, f"{PAGE}?page=99")
