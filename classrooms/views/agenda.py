"""The dashboard: what is next, and the button that leads there."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render

from accounts.models import Membership
from accounts.requests import MemberRequest, member_required
from classrooms.agenda import DAYS_AHEAD, Agenda, Entry, agenda
from classrooms.models import ClassSession, Course, Enrolment, Participant


def dashboard(request: HttpRequest) -> HttpResponseBase:
    """Today, for members; the base domain, which has none, gets the operators' door."""
    if getattr(request, "tenant", None) is None:
        return render(request, "landing.html")
    return today(request)


@member_required
def today(request: MemberRequest) -> HttpResponse:
    member = request.membership
    led = list(Course.objects.taught_by(member).values_list("pk", "public_id"))
    plan = agenda_of(member, led_courses={pk for pk, _ in led}, now=request.now)
    words = {
        "agenda": plan,
        "now": request.now,
        "section": "today",
        "leads_courses": [public_id for _, public_id in led],
        "in_a_course": bool(led) or Course.objects.visible_to(member).exists(),
    }
    return render(request, "classrooms/dashboard.html", words)


def agenda_of(member: Membership, *, led_courses: set[int], now: datetime) -> Agenda:
    """The member's coming week, in a fixed number of queries."""
    students = Count("course__enrolments", filter=Q(course__enrolments__role=Enrolment.Role.STUDENT))
    rows = (
        ClassSession.objects.visible_to(member)
        .not_over(now)
        .filter(starts_at__lt=now + timedelta(days=DAYS_AHEAD + 1))
        .select_related("course")
        .annotate(students=students)
        .order_by("starts_at")
    )
    entries = []
    for session in rows:
        leads = member.teaches and (
            member.runs_school or session.teacher_id == member.pk or session.course_id in led_courses
        )
        entries.append(Entry(session, leads, session.opens_for(leads=leads)))
    plan = agenda(entries, now=now, zone=member.zone)
    add_people_here(plan.on_now, now)
    return plan


def add_people_here(entries: list[Entry], now: datetime) -> None:
    """Who is inside each class, in one query for all."""
    by_session = {entry.session.pk: entry for entry in entries if entry.live}
    if not by_session:
        return
    people = Participant.objects.here(now).filter(session__in=by_session).select_related("membership__user")
    for person in people:
        by_session[person.session_id].here.append(person)
