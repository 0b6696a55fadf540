"""Invitations by mail: one for each change, in words and for calendars, to those who want them."""

from datetime import UTC, datetime, timedelta
from smtplib import SMTPRecipientsRefused
from typing import Any

import pytest
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from icalendar import Calendar, Event

from accounts.models import Membership
from classrooms import mailing
from classrooms.invitations import mails
from classrooms.invitations.letters import batched
from classrooms.models import ClassSession, Course, Enrolment, PersonalCalendar
from tenants.models import Tenant
from tenants.scope import tenant_scope
from tests.conftest import MakePerson, MakeSession, Person
from tests.web.test_ics import occurrences
from tests.web.test_series import edit, rows, schedule

ONCE = {"repeat": "0", "weekdays": []}


def sent() -> list[EmailMultiAlternatives]:
    """What has come since the last look."""
    found = list(mail.outbox)
    mail.outbox.clear()
    return found  # type: ignore[return-value]


def calendar_of(letter: EmailMultiAlternatives) -> Calendar:
    """The calendar part, as a mail program finds it in the bytes of the mail."""
    parts = list(letter.message().walk())
    assert [part.get_content_type() for part in parts] == [
        *("multipart/alternative", "text/plain", "text/calendar")
    ]
    calendar = Calendar.from_ical(parts[2].get_payload(decode=True))
    assert parts[2].get_param("method") == str(calendar["METHOD"])
    assert parts[2].get_param("charset") == "utf-8"
    return calendar


def events(letter: EmailMultiAlternatives) -> tuple[str, list[Event]]:
    calendar = calendar_of(letter)
    return str(calendar["METHOD"]), calendar.walk("VEVENT")


def to(letters: list[EmailMultiAlternatives]) -> list[str]:
    return sorted(address for letter in letters for address in letter.to)


def test_a_class_is_told_to_the_people_of_its_course(
    teacher: Person, student: Person, classmate: Person, admin: Person, course: Course
) -> None:
    schedule(teacher, course, **ONCE)
    letters = sent()
    assert to(letters) == ["sue@demo.test", "tom@demo.test"]
    letter = letters[0]
    assert letter.from_email.startswith('"Northfield College" <')
    assert letter.subject == "Enzymes: Mon 30 Nov, 09:00"
    assert "Monday, 30 November 2026, 09:00–09:45 (Europe/Berlin)" in letter.body
    assert "Biology 9b, taught by Tom Teacher" in letter.body
    session = rows(course)[0]
    assert f"https://demo.localhost/c/{session.public_id}/" in letter.body
    assert "https://demo.localhost/account/" in letter.body
    method, (event,) = events(letter)
    assert method == "REQUEST"
    assert event["DTSTART"].dt == session.starts_at
    assert event["DTEND"].dt == session.ends_at
    assert str(event["ATTENDEE"]) == f"mailto:{letter.to[0]}"
    assert int(event["SEQUENCE"]) == 0


def test_moved_and_cancelled_it_keeps_its_uid_and_the_sequence_rises(teacher: Person, course: Course) -> None:
    schedule(teacher, course, **ONCE)
    session = rows(course)[0]
    _, (first,) = events(sent()[0])
    edit(teacher, session, "only", time="11:00")
    moved = sent()
    assert len(moved) == 2
    assert moved[0].subject == "Moved: Enzymes, now Mon 30 Nov, 11:00"
    assert "Before: Monday, 30 November 2026, 09:00" in moved[0].body
    method, (second,) = events(moved[0])
    teacher.post(session.get_absolute_url() + "cancel/")
    gone = sent()
    assert len(gone) == 2
    assert gone[0].subject == "Cancelled: Enzymes, Mon 30 Nov, 11:00"
    assert "/c/" not in gone[0].body
    last_method, (third,) = events(gone[0])
    assert (method, last_method) == ("REQUEST", "CANCEL")
    assert str(third["STATUS"]) == "CANCELLED"
    assert str(first["UID"]) == str(second["UID"]) == str(third["UID"])
    assert [int(each["SEQUENCE"]) for each in (first, second, third)] == [0, 1, 2]


@pytest.mark.parametrize(
    ("changes", "letters"),
    [({}, 0), ({"entry": "school"}, 0), ({"title": "Renamed"}, 2), ({"length": "60"}, 2)],
)
def test_only_what_calendars_show_is_told(
    teacher: Person, session: ClassSession, changes: dict[str, str], letters: int
) -> None:
    edit(teacher, session, "only", **changes)
    assert len(sent()) == letters


def test_of_what_is_past_nobody_is_told(teacher: Person, make_session: MakeSession) -> None:
    session = make_session(starts=timedelta(hours=-3))
    edit(teacher, session, "only", title="Renamed")
    teacher.post(session.get_absolute_url() + "cancel/")
    assert sent() == []


def test_a_series_is_one_mail_with_its_rule(teacher: Person, course: Course) -> None:
    schedule(teacher, course, ends="after", times="120")
    letters = sent()
    assert len(letters) == 2
    assert "Every Monday and Wednesday, 09:00–09:45, until 19 January 2028: 120 classes" in letters[0].body
    assert "First on Monday, 30 November 2026, 09:00–09:45 (Europe/Berlin)" in letters[0].body
    method, (event,) = events(letters[0])
    assert method == "REQUEST"
    rule = event["RRULE"]
    assert (rule["FREQ"], rule["COUNT"], rule["BYDAY"]) == (["WEEKLY"], [120], ["MO", "WE"])
    assert str(event["URL"]).endswith(f"/series/{rows(course)[0].series.public_id}/")


def test_one_of_a_series_moved_or_cancelled_is_one_event(teacher: Person, course: Course) -> None:
    schedule(teacher, course)
    made = rows(course)
    _, (master,) = events(sent()[0])
    edit(teacher, made[1], "only", date="2026-12-03", time="11:00")
    method, (moved,) = events(sent()[0])
    assert (method, str(moved["UID"])) == ("REQUEST", str(master["UID"]))
    assert moved["RECURRENCE-ID"].dt == made[1].starts_at
    assert moved["RECURRENCE-ID"].params["TZID"] == "Europe/Berlin"
    assert moved["DTSTART"].dt == datetime(2026, 12, 3, 10, 0, tzinfo=UTC)
    assert "RRULE" not in moved
    teacher.post(made[2].get_absolute_url() + "cancel/", {"scope": "only"})
    method, (gone,) = events(sent()[0])
    assert (method, str(gone["STATUS"])) == ("CANCEL", "CANCELLED")
    assert gone["RECURRENCE-ID"].dt == made[2].starts_at
    assert [int(each["SEQUENCE"]) for each in (master, moved, gone)] == [0, 1, 2]


def test_later_ones_moved_are_exceptions_to_the_same_event(teacher: Person, course: Course) -> None:
    schedule(teacher, course)
    made = rows(course)
    teacher.post(made[1].get_absolute_url() + "cancel/", {"scope": "only"})
    sent()
    edit(teacher, made[3], "later", time="10:00")
    letters = sent()
    assert len(letters) == 2
    assert letters[0].subject == "Moved: Enzymes, now Wed 9 Dec, 10:00"
    assert "3 classes are at another time" in letters[0].body
    assert "From Wednesday, 9 December 2026 on, 10:00–10:45" in letters[0].body
    method, (master, *moved) = events(letters[0])
    assert method == "REQUEST"
    assert master["RRULE"]["COUNT"] == [6]
    assert [each.dt for each in master["EXDATE"].dts] == [made[1].starts_at]
    assert [each["RECURRENCE-ID"].dt for each in moved] == [row.starts_at for row in made[3:]]
    assert {each["DTSTART"].dt.hour for each in moved} == {10}
    assert {(str(each["UID"]), int(each["SEQUENCE"])) for each in (master, *moved)} == {
        (str(master["UID"]), 2)
    }


def test_later_ones_cancelled_end_the_rule_earlier_and_all_of_them_end_it(
    teacher: Person, course: Course
) -> None:
    schedule(teacher, course)
    made = rows(course)
    sent()
    teacher.post(made[4].get_absolute_url() + "cancel/", {"scope": "later"})
    letters = sent()
    assert letters[0].subject == "Cancelled: Enzymes, 2 classes"
    assert "Now: Every Monday and Wednesday, 09:00–09:45, until 9 December: 4 classes" in letters[0].body
    method, (event,) = events(letters[0])
    assert (method, event["RRULE"]["COUNT"]) == ("REQUEST", [4])
    teacher.post(made[0].get_absolute_url() + "cancel/", {"scope": "later"})
    letters = sent()
    assert len(letters) == 2
    method, (event,) = events(letters[0])
    assert (method, str(event["STATUS"])) == ("CANCEL", "CANCELLED")
    assert "RECURRENCE-ID" not in event


def test_all_of_it_moved_is_a_new_rule_of_the_same_event(teacher: Person, course: Course) -> None:
    schedule(teacher, course)
    _, (before,) = events(sent()[0])
    edit(teacher, rows(course)[0], "later", date="2026-12-01", time="08:00")
    _, (after,) = events(sent()[0])
    assert str(before["UID"]) == str(after["UID"])
    assert (after["RRULE"]["BYDAY"], after["RRULE"]["COUNT"]) == (["TU", "TH"], [6])
    assert after["DTSTART"].dt == rows(course)[0].starts_at


def test_every_class_can_be_found_in_the_last_mail(teacher: Person, course: Course) -> None:
    """After a muddle of changes the last whole invitation says exactly what is on the calendar."""
    schedule(teacher, course, date="2027-03-22", until="2027-04-28")  # over the change of the clock
    made = rows(course)
    edit(teacher, made[1], "only", time="15:00")
    teacher.post(made[2].get_absolute_url() + "cancel/", {"scope": "only"})
    edit(teacher, made[5], "later", date="2027-04-08", time="08:00")
    edit(teacher, rows(course)[7], "later", title="Proteins")
    teacher.post(rows(course)[-1].get_absolute_url() + "cancel/", {"scope": "only"})
    sent()
    edit(teacher, rows(course)[8], "later", length="60")
    _, (master, *others) = events(sent()[0])
    instead = {each["RECURRENCE-ID"].dt.astimezone(UTC): each for each in others}
    shown = sorted(
        (each["DTSTART"].dt.astimezone(UTC) if each is not master else at, str(each["SUMMARY"]))
        for at, each in ((at, instead.get(at, master)) for at in occurrences(master))
    )
    assert set(instead) <= set(occurrences(master))
    assert shown == [(row.starts_at, row.title) for row in rows(course)]


def test_times_in_words_are_the_readers(teacher: Person, student: Person, course: Course) -> None:
    user = student.member.user
    user.time_zone = "Asia/Tokyo"
    user.save()
    schedule(teacher, course)
    letter = next(each for each in sent() if each.to == [user.email])
    assert "16 December: 6 classes (Europe/Berlin)" in letter.body
    assert "First on Monday, 30 November 2026, 17:00–17:45 (Asia/Tokyo)" in letter.body


def test_who_wants_none_has_left_or_is_of_another_course_gets_none(
    teacher: Person, student: Person, course: Course, person: MakePerson, tenant: Tenant, outsider: Person
) -> None:
    gone = person(tenant, "student", "Gus Gone")
    with tenant_scope(tenant):
        course.enrolments.create(membership=gone.member, role=Enrolment.Role.STUDENT)
        Membership.objects.filter(pk=gone.member.pk).update(is_active=False)
    assert student.post("/account/calendar/mails/", {}).status_code == 302
    schedule(teacher, course)
    assert to(sent()) == ["tom@demo.test"]
    assert b"checked" not in student.get("/account/").content
    student.post("/account/calendar/mails/", {"mails": "on"})
    assert b'name="mails" checked' in student.get("/account/").content
    schedule(teacher, course, anyway="1")
    assert to(sent()) == ["sue@demo.test", "tom@demo.test"]


def test_a_teacher_who_teaches_it_no_more_and_is_not_of_the_course_is_told(
    teacher: Person, admin: Person, course: Course, make_session: MakeSession
) -> None:
    session = make_session(teacher=admin.member)
    edit(teacher, session, "only", teacher=str(teacher.member.pk))
    letters = {letter.to[0]: events(letter)[0] for letter in sent()}
    assert letters == {
        "sue@demo.test": "REQUEST",
        "tom@demo.test": "REQUEST",
        "ann@demo.test": "CANCEL",
    }


def test_who_could_not_be_reached_is_tried_again_and_nobody_else(
    student: Person, teacher: Person, course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    later: list[tuple[Any, ...]] = []
    monkeypatch.setattr(mails, "again", lambda work, *args, attempt: later.append((args, attempt)))
    send = EmailMultiAlternatives.send

    def refused(self: EmailMultiAlternatives) -> int:
        if self.to == [student.member.user.email]:
            raise SMTPRecipientsRefused({})
        return send(self)

    monkeypatch.setattr(EmailMultiAlternatives, "send", refused)
    schedule(teacher, course)
    assert to(sent()) == ["tom@demo.test"]
    (((school, asked, letter), attempt),) = later
    assert (school, asked, attempt) == (course.tenant_id, [student.member.pk], 1)
    mails.deliver.call(school, asked, letter, attempt=mailing.MOST_ATTEMPTS)  # given up, and logged
    assert len(later) == 1
    monkeypatch.undo()
    mails.deliver.call(school, asked, letter, attempt=2)
    assert to(sent()) == ["sue@demo.test"]


def test_a_letter_of_one_school_goes_to_nobody_of_another(
    student: Person, teacher: Person, course: Course, outsider: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[dict[str, Any]] = []
    monkeypatch.setattr(mails, "send_each", lambda _, write: written.append(write.keywords["letter"]) or [])
    schedule(teacher, course)
    monkeypatch.undo()
    mails.deliver.call(course.tenant_id, [outsider.member.pk, student.member.pk], written[0])
    assert to(sent()) == ["sue@demo.test"]


def test_a_mail_server_that_is_away_is_tried_again(
    student: Person, teacher: Person, course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    later: list[list[int]] = []
    monkeypatch.setattr(
        mails, "again", lambda work, school, asked, letter, attempt: later.append(sorted(asked))
    )

    def away() -> None:
        raise ConnectionRefusedError

    monkeypatch.setattr(mailing, "get_connection", away)
    schedule(teacher, course)
    assert later == [sorted([student.member.pk, teacher.member.pk])]


def test_a_large_course_is_told_in_batches() -> None:
    assert [len(batch) for batch in batched(range(60))] == [25, 25, 10]
    assert batched([]) == []


def test_nothing_is_sent_for_what_is_rolled_back(
    teacher: Person, course: Course, make_session: MakeSession
) -> None:
    make_session("Osmosis", starts=timedelta(days=7, hours=-4))
    assert b"clash" in schedule(teacher, course).content
    assert sent() == []


def test_a_title_cannot_add_headers(teacher: Person, course: Course) -> None:
    schedule(teacher, course, title="x\r\nBcc: all@b.test", **ONCE)
    for letter in sent():
        assert letter.message()["Bcc"] is None
        assert "\n" not in letter.message()["Subject"].replace("\n ", "")


def test_the_choice_is_made_once_for_a_person(student: Person, tenant: Tenant) -> None:
    for form in ({}, {"mails": "on"}, {}):
        student.post("/account/calendar/mails/", form)
    with tenant_scope(tenant):
        assert [each.mails for each in PersonalCalendar.objects.all()] == [False]
