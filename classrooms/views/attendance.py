"""Who was there: a class and a course for whoever leads them, and everybody's own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.requests import MemberRequest, member_required
from classrooms.attended.overview import Overview, Sum, overview
from classrooms.attended.sheet import GuestRow, Row, Sheet, sheet
from classrooms.attended.signing import Signing, sign_off, signing_told, take_back
from classrooms.models import ClassSession
from classrooms.refusals import NotYourAttendance
from classrooms.views.courses import visible_course
from classrooms.views.live import in_course, visible_session
from classrooms.views.tables import asked_order, csv_answer, ordered


def of_presence(name: str, row: Row | GuestRow) -> Any:
    return getattr(row.presence, name) if row.presence else None


PERSON: dict[str, Callable[[Row | GuestRow], Any]] = {
    "name": lambda row: row.who.name.casefold(),
    "minutes": lambda row: row.presence.spent if row.presence else timedelta(-1),
    "in": partial(of_presence, "first_in"),
    "out": partial(of_presence, "last_out"),
    "late": partial(of_presence, "late"),
    "early": partial(of_presence, "early"),
}
STUDENT: dict[str, Callable[[Sum], Any]] = {
    "name": lambda each: each.member.name.casefold(),
    "came": lambda each: each.came / each.of,
    "minutes": lambda each: each.percent,
    "late": lambda each: each.late,
    "missed": lambda each: len(each.missed),
}


def led_session(request: MemberRequest, public_id: str) -> ClassSession:
    """Raises NotYourAttendance for who does not lead it; 404 where there is nothing for this person."""
    session = visible_session(request, public_id)
    if not session.led_by(request.membership):
        raise NotYourAttendance
    return session


@require_safe
@never_cache
@member_required
def of_class(request: MemberRequest, public_id: str) -> HttpResponse:
    session = led_session(request, public_id)
    found = sheet(session, request.now)
    order = asked_order(request.GET.get("sort", ""), PERSON, "name")
    words = {
        "session": session,
        "sheet": found,
        "rows": ordered(found.rows, PERSON, order),
        "visitors": ordered(found.visitors, PERSON, order),
        "guests": ordered(found.guests, PERSON, order),
        "order": order,
        "may_open_course": in_course(request, session),
        "section": "courses",
        **signing_told(found),
    }
    return render(request, "classrooms/attendance.html", words)


@require_POST
@member_required
def sign(request: MemberRequest, public_id: str) -> HttpResponse:
    """Sign the attendance off or, with `back`, take that back."""
    session = visible_session(request, public_id)
    if "back" in request.POST:
        take_back(session=session, by=request.membership)
        messages.success(request, _("The attendance is no longer signed off."))
    else:
        sign_off(session=session, by=request.membership, at=request.now)
    return redirect("attendance", session.public_id)


@require_safe
@never_cache
@member_required
def class_file(request: MemberRequest, public_id: str) -> HttpResponse:
    """Times are in this person's zone, spans in minutes."""
    session = led_session(request, public_id)
    found = sheet(session, request.now)
    head = [_("Name"), _("Email"), _("In the course as"), _("Present"), _("First in"), _("Last out")]
    head += [_("Minutes"), _("Percent"), _("Late by, minutes"), _("Left early by, minutes"), _("Breaks")]
    head += [_("Signed off by"), _("Signed off at"), _("Changed since then")]
    title = f"{session.title} {timezone.localtime(found.began_at):%Y-%m-%d} {_('attendance')}"
    signature = signature_of(signing_told(found))
    return csv_answer(title, head, ([*line, *signature] for line in lines_of(found)))


def signature_of(signing: Signing) -> list[object]:
    """The same in each line: a file may be cut and sorted."""
    signed = signing["signed"]
    if signed is None:
        return ["", "", ""]
    return [signed.name, clock(signed.at), _("yes") if signing["changed"] else _("no")]


def lines_of(found: Sheet) -> Iterator[list[object]]:
    for row in found.rows:
        yield line(row, _("Teacher") if row.teaches else _("Student"))
    for row in found.visitors:
        yield line(row, _("Teacher") if row.teaches else _("Visitor"))
    for guest in found.guests:
        yield line(guest, _("Guest"))


def line(row: Row | GuestRow, place: str) -> list[object]:
    who: list[object] = [row.who.name, row.member.user.email if isinstance(row, Row) else "", place]
    was = row.presence
    if was is None:
        return [*who, _("no"), "", "", 0, 0, "", "", ""]
    times = [clock(was.first_in), clock(was.last_out) if was.last_out else _("here")]
    spans = [minutes(was.spent), was.percent, minutes(was.late), minutes(was.early)]
    return [*who, _("yes"), *times, *spans, was.breaks]


def clock(at: datetime) -> str:
    return timezone.localtime(at).strftime("%Y-%m-%d %H:%M:%S")


def minutes(span: timedelta) -> float:
    return round(span / timedelta(minutes=1), 1)


@require_safe
@never_cache
@member_required
def of_course(request: MemberRequest, public_id: str) -> HttpResponse:
    """All students for whoever leads the course; for everybody else their own classes."""
    course = visible_course(request, public_id)
    found = overview(course, request.now)
    if not course.led_by(request.membership):
        return own(request, found, {"course": course, "section": "courses"})
    order = asked_order(request.GET.get("sort", ""), STUDENT, "name")
    words = {
        "course": course,
        "overview": found,
        "students": ordered(found.students, STUDENT, order),
        "order": order,
        "section": "courses",
    }
    return render(request, "classrooms/attendance_course.html", words)


def own(request: MemberRequest, found: Overview, words: dict[str, Any]) -> HttpResponse:
    rows = [(each, row) for each in found.sheets if (row := each.of(request.membership))]
    mine = next((each for each in found.students if each.member == request.membership), None)
    return render(request, "classrooms/attendance_own.html", words | {"rows": rows, "mine": mine})


@require_safe
@never_cache
@member_required
def course_file(request: MemberRequest, public_id: str) -> HttpResponse:
    """A line for each student, a column for each class: percent; 0 for who missed it, nothing for who was not
    in the course yet."""
    course = visible_course(request, public_id)
    if not course.led_by(request.membership):
        raise NotYourAttendance
    found = overview(course, request.now)
    sheets = found.sheets[::-1]
    head = [_("Name"), _("Email"), _("Came to"), _("Of classes"), _("Percent of the time"), _("Times late")]
    head += [f"{clock(each.began_at)[:16]} {each.session.title}, %" for each in sheets]
    lines = (totals(each) + [share(sheet, each) for sheet in sheets] for each in found.students)
    return csv_answer(f"{course.title} {_('attendance')}", head, lines)


def totals(student: Sum) -> list[object]:
    who = [student.member.name, student.member.user.email]
    return [*who, student.came, student.of, student.percent, student.late]


def share(sheet: Sheet, student: Sum) -> object:
    row = next((row for row in sheet.students if row.member == student.member), None)
    if row is None:
        return ""
    return row.presence.percent if row.presence else 0
