"""A teacher stands for the attendance of a class, and may take that back."""

from __future__ import annotations

from accounts.entries import AuditEntry, Deed
from classrooms.models import AttendanceSignOff
from tenants.scope import tenant_scope
from tests.web.there import page, table


def address(session):
    return f"/c/{session.public_id}/attendance/sign-off/"


def signatures(session):
    with tenant_scope(session.tenant):
        return [(each.by, each.name, each.at) for each in AttendanceSignOff.objects.select_related("by")]


def deeds(session):
    with tenant_scope(session.tenant):
        found = AuditEntry.objects.filter(deed__startswith="attendance").order_by("pk")
        return [(each.deed, each.who.partition(",")[0], each.object_name) for each in found]


def test_who_signed_it_off_and_when_is_on_the_pages_and_in_the_file(held, teacher):
    assert "Sign off" in page(teacher, held)
    assert teacher.post(address(held)).url == f"/c/{held.public_id}/attendance/"
    text = page(teacher, held)
    assert "Signed off by Tom Teacher, 25 November 2026, 13:00." in text
    assert "Sign off" not in text
    of_class = " ".join(teacher.get(held.get_absolute_url()).content.decode().split())
    assert "Signed off by Tom Teacher, 25 November 2026, 13:00." in of_class
    assert "Sign off" not in of_class
    lines = table(teacher, f"/c/{held.public_id}/attendance.csv")
    assert lines[0][11:] == ["Signed off by", "Signed off at", "Changed since then"]
    assert {tuple(line[11:]) for line in lines[1:]} == {("Tom Teacher", "2026-11-25 13:00:00", "no")}


def test_it_is_offered_on_the_page_of_a_class_that_is_over(held, teacher, student):
    assert address(held) in teacher.get(held.get_absolute_url()).content.decode()
    assert address(held) not in student.get(held.get_absolute_url()).content.decode()


def test_the_first_of_two_who_sign_stays_and_either_takes_it_back(held, teacher, admin):
    teacher.post(address(held))
    admin.post(address(held))
    assert [name for _by, name, _at in signatures(held)] == ["Tom Teacher"]
    admin.post(address(held), {"back": "1"})
    admin.post(address(held), {"back": "1"})
    assert signatures(held) == []
    assert "Sign off" in page(teacher, held)
    assert [deed for deed, _who, _on in deeds(held)] == [Deed.ATTENDANCE_SIGNED, Deed.ATTENDANCE_REOPENED]
    assert {on for _deed, _who, on in deeds(held)} == {"Cell division"}


def test_what_changes_afterwards_is_said_beside_the_signature(held, teacher, student, classmate, course):
    teacher.post(address(held))
    with tenant_scope(held.tenant):
        student.member.user.name = "Sue Married"
        student.member.user.save()
        course.enrolments.create(membership=classmate.member, added_at=held.ended_at)
    assert "something else since" not in page(teacher, held)
    with tenant_scope(held.tenant):
        course.enrolments.filter(membership=student.member).delete()
    assert "It says something else since then" in page(teacher, held)
    assert "It says something else since then" in teacher.get(held.get_absolute_url()).content.decode()
    assert table(teacher, f"/c/{held.public_id}/attendance.csv")[1][13] == "yes"


def test_a_class_that_is_on_or_ahead_cannot_be_signed_off(make_session, teacher):
    for state in ("scheduled", "live"):
        session = make_session(state=state)
        answer = teacher.post(address(session))
        assert answer.status_code == 409
        assert "End the class first." in answer.content.decode()
        assert "Sign off" not in page(teacher, session)
    assert signatures(session) == []


def test_who_may_sign_off(held, teacher, admin, student, classmate, outsider, guest):
    statuses = {
        person.member.name if person.member else "guest": person.post(address(held)).status_code
        for person in (student, classmate, outsider, guest)
    }
    assert statuses == {"Sue Student": 403, "Cal Classmate": 404, outsider.member.name: 404, "guest": 302}
    assert signatures(held) == []
    teacher.post(address(held))
    for person in (student, classmate, outsider, guest):
        person.post(address(held), {"back": "1"})
    assert len(signatures(held)) == 1
    for person in (teacher, admin):
        person.post(address(held), {"back": "1"})
        assert person.post(address(held)).status_code == 302
