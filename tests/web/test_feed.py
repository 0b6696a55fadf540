"""The calendar feed: an address of one's own, read without signing in."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from icalendar import Calendar

from accounts.models import Membership
from classrooms.models import ClassSession, Enrolment, PersonalCalendar
from tenants.models import Tenant
from tenants.scope import tenant_scope
from tests.conftest import MakeSession, Person
from tests.web.test_series import edit, rows, schedule

UNKNOWN = "x" * 43


def address(person: Person) -> str:
    """The path of the person's feed, made on their account page."""
    person.post("/account/calendar/address/")
    with tenant_scope(person.member.tenant):
        return f"/calendar/{PersonalCalendar.objects.get(membership=person.member).secret}.ics"


def read(person: Person, path: str, **headers: Any) -> HttpResponse:
    """As a calendar program does: without cookies."""
    return Client().get(path, HTTP_HOST=person.host, **{"aula.now": person.now}, **headers)


def titles(answer: HttpResponse) -> list[str]:
    assert answer.status_code == 200
    return sorted(str(event["SUMMARY"]) for event in Calendar.from_ical(answer.content).walk("VEVENT"))


def test_it_is_read_without_signing_in(student: Person, session: ClassSession) -> None:
    answer = read(student, address(student))
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    (event,) = Calendar.from_ical(answer.content).walk("VEVENT")
    assert event["DTSTART"].dt == session.starts_at
    assert event["DTEND"].dt == session.ends_at
    assert str(event["URL"]) == f"https://demo.localhost/c/{session.public_id}/"
    assert "Set-Cookie" not in answer.headers
    assert answer.headers["Cache-Control"] == "private, no-cache"


def test_each_person_reads_what_they_may_see(
    make_session: MakeSession,
    tenant: Tenant,
    admin: Person,
    teacher: Person,
    student: Person,
    classmate: Person,
    outsider: Person,
) -> None:
    make_session("For the course")
    make_session("For the school", starts=timedelta(hours=3), entry=ClassSession.Entry.SCHOOL)
    for person in (admin, teacher, student):
        assert titles(read(person, address(person))) == ["For the course", "For the school"]
    assert titles(read(classmate, address(classmate))) == ["For the school"]
    assert titles(read(outsider, address(outsider))) == []


def test_the_address_of_one_school_is_nothing_at_the_other(
    student: Person, outsider: Person, session: ClassSession
) -> None:
    path = address(student)
    foreign, unknown = read(outsider, path), read(outsider, f"/calendar/{UNKNOWN}.ics")
    assert foreign.status_code == unknown.status_code == 404
    assert foreign.content == unknown.content
    assert Client().get(path, HTTP_HOST="localhost").status_code == 404  # the operators' host


@pytest.mark.parametrize("who", ["membership", "user", "school"])
def test_who_has_left_reads_nothing(student: Person, session: ClassSession, who: str) -> None:
    path = address(student)
    with tenant_scope(student.member.tenant):
        if who == "membership":
            Membership.objects.filter(pk=student.member.pk).update(is_active=False)
    if who == "user":
        student.member.user.is_active = False
        student.member.user.save()
    if who == "school":
        student.member.tenant.is_active = False
        student.member.tenant.save()
    assert read(student, path).status_code == 404


def test_who_leaves_the_course_reads_no_more_of_it(student: Person, session: ClassSession) -> None:
    path = address(student)
    before = read(student, path)
    with tenant_scope(student.member.tenant):
        Enrolment.objects.filter(membership=student.member).delete()
    after = read(student, path, HTTP_IF_NONE_MATCH=before.headers["ETag"])
    assert titles(after) == []


def test_a_new_address_ends_the_old_one_and_none_ends_all(student: Person, session: ClassSession) -> None:
    old = address(student)
    new = address(student)
    assert old != new
    assert read(student, old).status_code == 404
    assert read(student, new).status_code == 200
    assert f"http://demo.localhost{new}" in student.get("/account/").content.decode()
    assert f"webcal://demo.localhost{new}" in student.get("/account/").content.decode()
    student.post("/account/calendar/address/", {"remove": "1"})
    assert read(student, new).status_code == 404
    page = student.get("/account/").content.decode()
    assert "/calendar/" not in page.replace("/account/calendar/", "")
    assert "Make an address" in page


def test_removing_the_address_keeps_the_choice_of_mails(student: Person, tenant: Tenant) -> None:
    student.post("/account/calendar/mails/", {})
    address(student)
    student.post("/account/calendar/address/", {"remove": "1"})
    with tenant_scope(tenant):
        assert PersonalCalendar.objects.get(membership=student.member).mails is False


def test_nobody_reads_an_empty_secret(student: Person) -> None:
    student.post("/account/calendar/mails/", {})  # a row without an address
    for path in ("/calendar/.ics", "/calendar/None.ics", "/calendar/ .ics"):
        assert read(student, path).status_code == 404


def test_what_has_not_changed_is_not_sent_again(student: Person, session: ClassSession) -> None:
    path = address(student)
    first = read(student, path)
    later = student.at(student.now + timedelta(days=1))
    tag, changed = first.headers["ETag"], first.headers["Last-Modified"]
    for headers in ({"HTTP_IF_NONE_MATCH": tag}, {"HTTP_IF_MODIFIED_SINCE": changed}):
        again = read(later, path, **headers)
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["ETag"] == tag
    assert read(later, path).content == first.content


@pytest.mark.parametrize("change", ["moved", "cancelled", "renamed course", "renamed teacher"])
def test_any_change_is_a_new_version(
    student: Person, teacher: Person, session: ClassSession, change: str
) -> None:
    path = address(student)
    first = read(student, path)
    if change == "moved":
        edit(teacher, session, "only", time="18:00")
    elif change == "cancelled":
        teacher.post(session.get_absolute_url() + "cancel/")
    elif change == "renamed course":
        teacher.post(session.course.get_absolute_url() + "edit/", {"title": "Biology 9c"})
    else:
        teacher.post("/account/", {"name": "Thomas", "time_zone": ""})
    later = student.at(student.now + timedelta(minutes=20))
    headers = {"HTTP_IF_NONE_MATCH": first.headers["ETag"]}
    again = read(later, path, **headers)
    assert again.status_code == 200
    assert again.headers["ETag"] != first.headers["ETag"]
    assert again.headers["Last-Modified"] > first.headers["Last-Modified"]
    assert again.content != first.content


def test_reading_it_again_costs_three_queries_however_many_classes(
    student: Person, teacher: Person, django_assert_max_num_queries: Callable[..., Any], course: Any
) -> None:
    schedule(teacher, course, ends="after", times="100")
    path = address(student)
    assert len(titles(read(student, path))) == 100
    with django_assert_max_num_queries(4):  # the school, its address, the person, what there is
        read(student, path)


def test_every_class_of_a_series_is_an_event_of_its_own(
    student: Person, teacher: Person, course: Any
) -> None:
    schedule(teacher, course)
    edit(teacher, rows(course)[1], "only", time="15:00")
    answer = read(student, address(student))
    events = Calendar.from_ical(answer.content).walk("VEVENT")
    found = {(str(event["UID"]), event["DTSTART"].dt) for event in events}
    assert found == {(f"{row.public_id}@localhost", row.starts_at) for row in rows(course)}


def test_only_reading_is_allowed(student: Person) -> None:
    path = address(student)
    assert Client().post(path, HTTP_HOST=student.host).status_code == 405
    assert Client().head(path, HTTP_HOST=student.host).status_code == 200
    for place in ("address", "mails"):
        assert student.get(f"/account/calendar/{place}/").status_code == 405
        assert Client().post(f"/account/calendar/{place}/", HTTP_HOST=student.host).status_code == 302


def test_one_class_as_a_file_is_for_who_may_see_it(
    student: Person, classmate: Person, outsider: Person, session: ClassSession
) -> None:
    path = f"/c/{session.public_id}/calendar.ics"
    answer = student.get(path)
    assert titles(answer) == ["Cell division"]
    assert answer.headers["Content-Disposition"] == 'attachment; filename="class.ics"'
    assert path in student.get(session.get_absolute_url()).content.decode()
    for stranger in (classmate, outsider):
        assert stranger.get(path).status_code == 404
    assert Client().get(path, HTTP_HOST=student.host).status_code == 302


def test_the_change_time_is_of_the_change_and_not_of_the_reading(
    student: Person, session: ClassSession
) -> None:
    path = address(student)
    read(student, path)
    much_later = student.at(datetime(2027, 1, 1, tzinfo=UTC))
    assert read(much_later, path).headers["Last-Modified"] == "Wed, 25 Nov 2026 12:00:00 GMT"
