"""Courses: the list, one course with its classes, files, recordings and people, and who is in it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Count, Exists, OuterRef, Prefetch, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Membership
from accounts.requests import MemberRequest, member_required
from classrooms.actions import change_course, create_course, enrol, last_teacher, remove_enrolment
from classrooms.forms import CourseForm, EnrolForm, is_key
from classrooms.materials import Adding
from classrooms.models import (
    ClassSession,
    Course,
    Enrolment,
    Material,
    Participant,
)
from classrooms.recorded.library import playable
from classrooms.recorded.retention import due_soon
from classrooms.refusals import NotTheTeacher

MOST_FOUND = 50
TABS = {
    "classes": "classrooms/course.html",
    "materials": "classrooms/course_materials.html",
    "recordings": "classrooms/course_recordings.html",
    "people": "classrooms/course_members.html",
}
MOST_NEXT = 8
MOST_PAST = 20


@member_required
def course_list(request: MemberRequest) -> HttpResponse:
    member = request.membership
    is_student = Q(enrolments__role=Enrolment.Role.STUDENT)
    teachers = Enrolment.objects.filter(role=Enrolment.Role.TEACHER).select_related("membership__user")
    coming = ClassSession.objects.not_over(request.now).order_by("starts_at")
    mine = Course.objects.visible_to(member).values("pk")
    found = (
        Course.objects.filter(pk__in=mine)
        .annotate(students=Count("enrolments", filter=is_student))
        .prefetch_related(
            Prefetch("enrolments", queryset=teachers, to_attr="teachers"),
            Prefetch("sessions", queryset=coming, to_attr="coming"),
        )
    )
    return render(
        request, "classrooms/courses.html", {"courses": found, "now": request.now, "section": "courses"}
    )


@member_required
def new_course(request: MemberRequest) -> HttpResponse:
    if not request.membership.teaches:
        raise NotTheTeacher
    form = CourseForm(request.POST or None, tenant=request.tenant)
    if request.method == "POST" and form.is_valid():
        made = create_course(by=request.membership, **form.cleaned_data)
        messages.success(request, _("The course is there. Add its people, then schedule the first class."))
        return redirect(made)
    return render(request, "classrooms/course_form.html", {"form": form, "section": "courses"})


@member_required
def edit_course(request: MemberRequest, public_id: str) -> HttpResponse:
    found = visible_course(request, public_id)
    if not found.led_by(request.membership):
        raise NotTheTeacher
    now = {name: getattr(found, name) for name in CourseForm.Meta.fields}
    form = CourseForm(request.POST or None, initial=now, tenant=request.tenant)
    if request.method == "POST" and form.is_valid():
        change_course(course=found, by=request.membership, **(now | form.cleaned_data))
        messages.success(request, _("The course is changed."))
        return redirect(found)
    words = {"form": form, "course": found, "section": "courses"}
    return render(request, "classrooms/course_form.html", words)


def visible_course(request: MemberRequest, public_id: str) -> Course:
    """The course, or 404 for an unknown one, another school's, and one this person is not in."""
    return get_object_or_404(Course.objects.visible_to(request.membership), public_id=public_id)


@member_required
def course(request: MemberRequest, public_id: str) -> HttpResponse:
    """Its classes: what comes next, and what is past."""
    found = visible_course(request, public_id)
    sessions = ClassSession.objects.filter(course=found).select_related("teacher__user")
    coming = list(sessions.not_over(request.now).order_by("starts_at"))
    past = sessions.exclude(pk__in=[each.pk for each in coming]).order_by("-starts_at")
    plays = playable().filter(session=OuterRef("pk"))
    words = {
        "coming": coming[:MOST_NEXT],
        "more": coming[MOST_NEXT:],
        "past": past.annotate(plays=Exists(plays))[:MOST_PAST],
    }
    return tab(request, found, "classes", words)


@member_required
def materials(request: MemberRequest, public_id: str) -> HttpResponse:
    """The files of all its classes, the newest first."""
    found = visible_course(request, public_id)
    files = Material.objects.filter(session__course=found).select_related("by__user", "session")
    words = {"materials": files.order_by("-added_at", "-pk"), "adding": adding(request, found)}
    return tab(request, found, "materials", words)


def adding(request: MemberRequest, course: Course) -> Adding | None:
    """To its next class, or the one that is on; None where there is none this person may add files to."""
    shut = Participant.objects.filter(membership=request.membership, barred=True)
    coming = course.sessions.not_over(request.now).exclude(participants__in=shut)
    session = coming.order_by("starts_at", "pk").first()
    return Adding(session) if session else None


@member_required
def recordings(request: MemberRequest, public_id: str) -> HttpResponse:
    """The recordings of all its classes that can be played, the newest first; none of the bin."""
    found = visible_course(request, public_id)
    there = playable().filter(session__course=found).select_related("session", "tenant")
    rows = [(each, due_soon(each, request.now)) for each in there.order_by("-started_at", "-pk")]
    return tab(request, found, "recordings", {"recordings": rows})


@member_required
def members(request: MemberRequest, public_id: str) -> HttpResponse:
    """Who is in it."""
    found = visible_course(request, public_id)
    people = found.enrolments.select_related("membership__user")
    return tab(request, found, "people", {"enrolments": people.order_by("-role", "membership__user__name")})


def tab(request: MemberRequest, course: Course, name: str, words: dict[str, Any]) -> HttpResponse:
    """One of the course's pages, under its name and the links to the others."""
    about = {
        "course": course,
        "tab": name,
        "leads": course.led_by(request.membership),
        "section": "courses",
        "now": request.now,
    }
    return render(request, TABS[name], about | words)


@member_required
def people(request: MemberRequest, public_id: str) -> HttpResponse:
    """Who is in a course; its teachers add people of the school and take them out."""
    found = visible_course(request, public_id)
    if not found.led_by(request.membership):
        raise NotTheTeacher
    if request.method == "POST" and "remove" in request.POST:
        return take_out(request, found)
    form = EnrolForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return put_in(request, found, form)
    asked = request.GET.get("q", "").strip()
    words = {
        "course": found,
        "form": form,
        "asked": asked,
        "candidates": candidates(found, asked),
        "enrolments": found.enrolments.select_related("membership__user").order_by(
            "-role", "membership__user__name"
        ),
        "stays": last_teacher(found, request.membership),
        "section": "courses",
    }
    return render(request, "classrooms/course_people.html", words)


def candidates(course: Course, asked: str) -> list[Membership]:
    """Active people of the school who are not in the course, by name or email; one more than is shown."""
    found = Membership.objects.active().exclude(enrolments__course=course).select_related("user")
    if asked:
        found = found.filter(Q(user__name__icontains=asked) | Q(user__email__icontains=asked))
    return list(found.order_by("user__name")[: MOST_FOUND + 1])


def put_in(request: MemberRequest, course: Course, form: EnrolForm) -> HttpResponse:
    chosen = form.cleaned_data
    new = enrol(course=course, by=request.membership, at=request.now, **chosen)
    messages.success(request, ngettext("%(n)d person added.", "%(n)d people added.", new) % {"n": new})
    return redirect("course-people", course.public_id)


def take_out(request: MemberRequest, course: Course) -> HttpResponse:
    asked = request.POST["remove"]
    enrolment = get_object_or_404(course.enrolments, pk=int(asked) if is_key(asked) else 0)
    remove_enrolment(enrolment=enrolment, by=request.membership)
    words = _("%(name)s is no longer in this course.") % {"name": enrolment.membership.name}
    messages.success(request, words)
    return (
        redirect("course-people", course.public_id)
        if course.led_by(request.membership)
        else redirect("courses")
    )
