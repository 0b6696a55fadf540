"""Lists: pages that stay right while rows come and go, filters, sorting, and a fixed number of queries."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from classrooms.models import ChatMessage, Course
from tenants.scope import tenant_scope
from tests.api.conftest import MINUTE, seat
from tests.conftest import NOON
from tests.web.kept import kept, use_folder


def titles(answer):
    assert answer.status_code == 200, answer.content
    return [each["title"] for each in answer.json()["results"]]


def walk(portal, address, way="next"):
    """All pages from this one on."""
    while address:
        answer = portal.get(address)
        yield titles(answer)
        address = answer.json()[way]


@pytest.fixture
def nine(tenant):
    with tenant_scope(tenant):
        return [Course.objects.create(title=f"Course {n // 2}") for n in range(9)]  # some titles twice


@pytest.mark.parametrize("ordering", ["title", "-title", "created_at", "-created_at"])
def test_pages_hold_every_row_once_in_order(portal, nine, ordering):
    pages = list(walk(portal, f"courses/?page_size=2&ordering={ordering}"))
    assert [len(page) for page in pages] == [2, 2, 2, 2, 1]
    everything = [title for page in pages for title in page]
    assert everything == sorted(everything, reverse=ordering.startswith("-"))


@pytest.mark.parametrize("ordering", ["title", "-title"])
def test_the_way_back_shows_the_same_pages(portal, nine, ordering):
    first = f"courses/?page_size=2&ordering={ordering}"
    forth = list(walk(portal, first))
    last = portal.get(first)
    while last.json()["next"]:
        last = portal.get(last.json()["next"])
    back = [titles(last), *walk(portal, last.json()["previous"], "previous")]
    assert back == forth[::-1]


def test_a_page_stays_right_while_rows_come_and_go(portal, nine, tenant):
    first = portal.get("courses/?page_size=4&ordering=created_at").json()
    with tenant_scope(tenant):
        nine[0].delete()
        Course.objects.filter(pk=nine[2].pk).update(title="Renamed")
    second = portal.get(first["next"]).json()
    assert [each["id"] for each in second["results"]] == [each.public_id for each in nine[4:8]]


@pytest.mark.parametrize(
    "query",
    [
        *("cursor=x", "cursor=", "page_size=0", "page_size=201", "page_size=x", "page_size=٣", "ordering=id"),
        *("ordering=--title", "colour=red", "title=x", "q=%00"),
    ],
)
def test_a_wrong_query_is_refused_and_says_where(portal, nine, query):
    answer = portal.get(f"courses/?{query}")
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid")
    assert list(answer.json()["errors"]) == [query.partition("=")[0]]


def test_a_page_of_one_ordering_is_none_of_another(portal, nine):
    page = portal.get("courses/?page_size=2").json()["next"]
    answer = portal.get(f"{page}&ordering=-title")
    assert list(answer.json()["errors"]) == ["cursor"]


def test_classes_are_filtered(portal, make_session, session, live, teacher):
    assert titles(portal.get("sessions/?state=live")) == ["Mitosis"]
    assert titles(portal.get("sessions/?starts_after=2026-11-25T12:30:00Z")) == ["Cell division"]
    assert titles(portal.get("sessions/?starts_before=2026-11-25T13:00:00%2B01:00")) == ["Mitosis"]
    assert titles(portal.get(f"sessions/?teacher={teacher.member.public_id}&ordering=title")) == [
        "Cell division", "Mitosis"
    ]  # fmt: skip
    assert titles(portal.get("sessions/?course=" + "0" * 32)) == []


@pytest.mark.parametrize("at", ["x", "0001-01-01T00:00:00%2B14:00", "9999-12-31T23:59:59-14:00", "12:00"])
def test_a_time_that_is_none_is_refused(portal, at):
    answer = portal.get(f"sessions/?starts_after={at}")
    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["starts_after"])


def test_people_are_found_by_email_name_and_external_id(portal, student):
    me = student.member.public_id
    portal.patch(f"users/{me}/", {"external_id": "4711"})
    for query in ("email=SUE@demo.test", "q=sue", "external_id=4711"):
        assert [each["id"] for each in portal.get(f"users/?{query}").json()["results"]] == [me], query
    roles = portal.get("memberships/?role=student").json()["results"]
    assert [each["user"] for each in roles] == [me]


def test_who_is_here_is_told_from_who_was(portal, school):
    address = f"sessions/{school.live.public_id}/participants/"
    here = [each["name"] for each in portal.get(f"{address}?here=true").json()["results"]]
    assert here == ["Tom Teacher", "Sue Student"]
    gone = [each["name"] for each in portal.get(f"{address}?here=false").json()["results"]]
    assert gone == ["Bea Barred"]


def test_recordings_of_the_bin_are_for_who_leads(portal, keyed, student, school):
    assert len(portal.get("recordings/").json()["results"]) == 3
    assert len(portal.get("recordings/?deleted=true").json()["results"]) == 1
    assert len(keyed(student).get("recordings/").json()["results"]) == 2
    assert not keyed(student).get("recordings/?deleted=true").json()["results"]


def written(school, by, number, **more):
    """With a file and a reaction."""
    values = {"text": f"Message {number}", "key": str(number), "said_at": NOON} | more
    with tenant_scope(school.live.tenant):
        message = ChatMessage.objects.create(session=school.live, by=by, number=number, **values)
        message.reactions.create(by=school.teacher, emoji="👍")
        school.live.materials.create(message=message, name="notes.pdf", size=1, added_at=NOON)
    return message


def test_the_chat_is_taken_away_without_what_is_private_or_deleted(portal, keyed, student, school):
    first = written(school, school.student, 1)
    written(school, school.teacher, 2, reply_to=first, said_at=NOON + MINUTE)
    written(school, school.student, 3, to=school.teacher)
    written(school, school.student, 4, deleted="own")
    address = f"sessions/{school.live.public_id}/chat/"
    told = portal.get(address).json()["results"]
    assert [(each["id"], each["name"], each["reply_to"]) for each in told] == [
        (1, "Sue Student", None), (2, "Tom Teacher", 1)
    ]  # fmt: skip
    assert told[0]["user"] == student.member.public_id
    assert (told[0]["files"][0]["name"], told[0]["reactions"]) == ("notes.pdf", [{"emoji": "👍", "count": 1}])
    own = keyed(student).get(f"{address}?ordering=-id&said_before=2026-11-25T12:01:00Z").json()["results"]
    assert [each["id"] for each in own] == [3, 1]
    assert own[0]["to"] == school.teacher.public_id


def queries(portal, address):
    portal.get(address)
    with CaptureQueriesContext(connection) as captured:
        assert portal.get(address).status_code == 200
    return len(captured)


@pytest.mark.parametrize(
    "address",
    [
        *("courses/", "sessions/", "users/", "memberships/", "recordings/", "courses/{course}/enrolments/"),
        *("sessions/{live}/participants/", "sessions/{live}/materials/", "sessions/{live}/attendance/"),
        "sessions/{live}/chat/",
    ],
)
def test_a_list_takes_as_many_queries_for_ten_rows_as_for_one(
    portal, school, make_session, person, tenant, teacher, address, settings, tmp_path
):
    use_folder(settings, tmp_path)
    where = address.format(course=school.course.public_id, live=school.live.public_id)
    written(school, school.student, 99)
    before = queries(portal, where)
    for n in range(9):
        more = make_session(title=f"More {n}", starts=timedelta(days=n + 1))
        kept(more, teacher.member, NOON - timedelta(days=n + 1))
        pupil = person(tenant, "student", f"Pupil{n} Ng")
        with tenant_scope(tenant):
            Course.objects.create(title=f"Course {n}")
            school.course.enrolments.create(membership=pupil.member)
            school.live.materials.create(by=pupil.member, name="x", size=1, added_at=NOON)
        who = seat(school.live, pupil)
        with tenant_scope(tenant):
            written(school, who, n + 1)
            who.segments.create(began_at=NOON - MINUTE)
    assert queries(portal, where) == before
    assert before <= 12


def test_one_school_of_many_is_found_as_fast(operator, tenant, other_tenant):
    before = queries(operator, "tenants/")
    for n in range(9):
        type(tenant).objects.create(slug=f"s{n}", name=f"School {n}")
    assert queries(operator, "tenants/") == before
