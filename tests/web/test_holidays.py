"""A school's days off, and the classes of a series that would be on them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from accounts.branding import NotYourSchool
from accounts.entries import AuditEntry, Deed
from classrooms.holidays import add_holiday, in_holidays, remove_holiday
from classrooms.models import Holiday
from tenants.scope import tenant_scope
from tests.web.test_series import FORM, rows, schedule, starts

ANY_DAY = date(2026, 12, 7)
LIST = "/admin/classrooms/holiday/"
ADVENT = {"name": "Advent", "first_day": "2026-12-07", "last_day": "2026-12-09"}


@pytest.fixture
def advent(admin, tenant):
    """A Monday to a Wednesday: two of the six classes of FORM."""
    days = {"first_day": date(2026, 12, 7), "last_day": date(2026, 12, 9)}
    with tenant_scope(tenant):
        return add_holiday(by=admin.member, name="Advent", **days)


def preview(person, course, **more):
    answer = person.post(f"/courses/{course.public_id}/schedule/preview/", FORM | more)
    return " ".join(answer.content.decode().split())


def test_the_school_keeps_a_list_of_its_days_off(admin, tenant):
    assert "No days off yet." in admin.get(LIST).content.decode()
    assert admin.post(f"{LIST}add/", ADVENT).status_code == 302
    assert "Advent" in admin.get(LIST).content.decode()
    with tenant_scope(tenant):
        made = Holiday.objects.get()
    assert admin.post(f"{LIST}{made.pk}/delete/", {"post": "yes"}).status_code == 302
    with tenant_scope(tenant):
        assert not Holiday.objects.exists()
        deeds = AuditEntry.objects.filter(deed__startswith="holiday").order_by("pk")
        assert [(each.deed, each.object_name) for each in deeds] == [
            (Deed.HOLIDAY_ADDED, "Advent"),
            (Deed.HOLIDAY_REMOVED, "Advent"),
        ]


def test_days_off_that_end_before_they_begin_are_refused_on_their_page(admin, tenant):
    answer = admin.post(f"{LIST}add/", ADVENT | {"last_day": "2026-12-06"})
    assert "The last day lies before the first one." in answer.content.decode()
    with tenant_scope(tenant):
        assert not Holiday.objects.exists()


def test_nobody_else_keeps_them(admin, teacher, student, outsider, guest, advent, tenant):
    with tenant_scope(tenant):
        for person in (teacher, student):
            with pytest.raises(NotYourSchool):
                add_holiday(by=person.member, name="Mine", first_day=ANY_DAY, last_day=ANY_DAY)
            with pytest.raises(NotYourSchool):
                remove_holiday(holiday=advent, by=person.member)
    for person in (teacher, student, outsider, guest):
        assert person.get(LIST).status_code in (302, 404)
        assert person.post(f"{LIST}{advent.pk}/delete/", {"post": "yes"}).status_code in (302, 404)
    with tenant_scope(tenant):
        assert Holiday.objects.count() == 1


def test_the_preview_names_the_classes_that_are_on_days_off(teacher, course, advent):
    page = preview(teacher, course)
    assert "until 16 December: 6 classes" in page
    assert "2 are in “Advent”." in page
    assert "Mon 7 Dec 2026</time>, <time" in page
    assert f'name="holiday_{advent.pk}"' in page
    skipping = preview(teacher, course, **{f"holiday_{advent.pk}": "skip"})
    assert "until 16 December: 4 classes" in skipping
    assert "“Advent”" not in preview(teacher, course, until="2026-12-06")


def test_what_is_skipped_is_not_scheduled(teacher, course, advent):
    schedule(teacher, course, **{f"holiday_{advent.pk}": "skip"})
    assert starts(course) == ["11-30 09:00", "12-02 09:00", "12-14 09:00", "12-16 09:00"]
    page = " ".join(teacher.get(rows(course)[0].get_absolute_url()).content.decode().split())
    assert "until 16 December: 4 classes" in page


@pytest.mark.parametrize("chosen", [{}, {"keep": "keep"}, {"other": "skip"}])
def test_what_is_not_skipped_is_scheduled(teacher, course, advent, chosen):
    keys = {"keep": f"holiday_{advent.pk}", "other": "holiday_0"}
    schedule(teacher, course, **{keys[name]: value for name, value in chosen.items()})
    assert len(rows(course)) == 6


def test_a_class_that_is_skipped_clashes_with_nothing(teacher, course, advent, make_session):
    make_session("Osmosis", starts=timedelta(days=12, hours=-4, minutes=30))  # 7 December, 09:30
    assert "1 of 6 classes clash" in preview(teacher, course)
    skip = {f"holiday_{advent.pk}": "skip"}
    assert "clash" not in preview(teacher, course, **skip)
    schedule(teacher, course, **skip)
    assert len(rows(course)) == 5


def test_a_series_that_is_skipped_whole_is_refused(teacher, course, advent):
    whole = {"date": "2026-12-07", "until": "2026-12-09", f"holiday_{advent.pk}": "skip"}
    assert "Keep one of them at least." in preview(teacher, course, **whole)
    answer = schedule(teacher, course, **whole)
    assert "Keep one of them at least." in answer.content.decode()
    assert rows(course) == []


def test_another_schools_days_off_are_not_ours(teacher, course, outsider, other_tenant):
    with tenant_scope(other_tenant):
        days = {"first_day": date(2026, 12, 7), "last_day": date(2026, 12, 9)}
        theirs = Holiday.objects.create(tenant=other_tenant, name="Advent", **days)
    assert "Advent" not in preview(teacher, course)
    schedule(teacher, course, **{f"holiday_{theirs.pk}": "skip"})
    assert len(rows(course)) == 6


def test_a_day_in_two_of_them_counts_once(advent, tenant):
    with tenant_scope(tenant):
        Holiday.objects.create(
            tenant=tenant, name="Free day", first_day=date(2026, 12, 8), last_day=date(2026, 12, 8)
        )
        Holiday.objects.create(
            tenant=tenant, name="Winter", first_day=date(2026, 12, 9), last_day=date(2026, 12, 31)
        )
        days = [date(2026, 12, day) for day in (2, 7, 9, 14)]
        told = [(holiday.name, [day.day for day in inside]) for holiday, inside in in_holidays(days)]
    assert told == [("Advent", [7, 9]), ("Winter", [14])]
