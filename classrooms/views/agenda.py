"""The dashboard: what is next, and the button that leads there."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render

from accounts.models import Membership
from accounts.requests import MemberRequest, member_required
from classrooms.agenda import Agenda, Entry, Week, agenda, page_asked, span_of, week
from classrooms.models import ClassSession, ClassSessionQuerySet, Course, Enrolment, Participant
from classrooms.reports import last_check

NEXT_WITHIN = timedelta(days=8)


def dashboard(request: HttpRequest) -> HttpResponseBase:
    """Today, for members; the base domain, which has none, gets the operators' door."""
    if getattr(request, "tenant", None) is None:
        return render(request, "landing.html")
    return today(request)


@member_required
def today(request: MemberRequest) -> HttpResponse:
    member = request.membership
    led = list(Course.objects.taught_by(member).values_list("pk", "public_id"))
    led_pks = {pk for pk, _ in led}
    plan = agenda_of(member, led_courses=led_pks, now=request.now)
    page = page_asked(request.GET.get("week", ""))
    words = {
        "agenda": plan,
        "week": week_of(member, page, led_courses=led_pks, now=request.now),
        "now": request.now,
        "section": "today",
        "leads_courses": [public_id for _, public_id in led],
        "last_check": last_check(member, request.now),
        "in_a_course": bool(led) or Course.objects.visible_to(member).exists(),
    }
    return render(request, "classrooms/dashboard.html", words)


def agenda_of(member: Membership, *, led_courses: set[int], now: datetime) -> Agenda:
    """The member's day, and what comes next, in a fixed number of queries."""
    rows = ClassSession.objects.visible_to(member).not_over(now).filter(starts_at__lt=now + NEXT_WITHIN)
    plan = agenda(entries_of(rows, member, led_courses), now=now, zone=member.zone)
    add_people_here(plan.on_now, now)
    return plan


def week_of(member: Membership, page: int, *, led_courses: set[int], now: datetime) -> Week:
    """Seven days of the member, over and coming."""
    begin, end = span_of(page, now=now, zone=member.zone)
    rows = ClassSession.objects.visible_to(member).filter(starts_at__gte=begin, starts_at__lt=end)
    return week(entries_of(rows, member, led_courses), page, now=now, zone=member.zone)


def entries_of(rows: ClassSessionQuerySet, member: Membership, led_courses: set[int]) -> list[Entry]:
    students = Count("course__enrolments", filter=Q(course__enrolments__role=Enrolment.Role.STUDENT))
    entries = []
    for session in rows.select_related("course").annotate(students=students).order_by("starts_at"):
        leads = member.teaches and (
            member.runs_school or session.teacher_id == member.pk or session.course_id in led_courses
        )
        entries.append(Entry(session, leads, session.opens_for(leads=leads)))
    shut = barred_from([entry.session for entry in entries], member)
    for entry in entries:
        entry.barred = entry.session.pk in shut
    return entries


def add_people_here(entries: list[Entry], now: datetime) -> None:
    """Who is inside each class, in one query for all."""
    by_session = {entry.session.pk: entry for entry in entries if entry.live}
    if not by_session:
        return
    people = Participant.objects.here(now).filter(session__in=by_session).select_related("membership__user")
    for person in people:
        by_session[person.session_id].here.append(person)


def barred_from(sessions: list[ClassSession], member: Membership) -> set[int]:
    """The classes that this person was removed from with no way back."""
    own = Participant.objects.filter(session__in=sessions, membership=member, barred=True)
    return set(own.values_list("session_id", flat=True))
