"""Putting a class on the calendar, moving it, and taking it off."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.requests import MemberRequest, member_required
from classrooms.actions import cancel_session, reschedule_session, schedule_session
from classrooms.forms import ScheduleForm
from classrooms.models import ClassSession
from classrooms.refusals import AlreadyStarted, NotTheTeacher, TimePassed, TimeTaken
from classrooms.views.courses import visible_course
from classrooms.views.live import visible_session


@member_required
def new_session(request: MemberRequest, public_id: str) -> HttpResponse:
    course = visible_course(request, public_id)
    if not course.led_by(request.membership):
        raise NotTheTeacher
    form = ScheduleForm(request.POST or None, course=course, by=request.membership, now=request.now)
    words = {"form": form, "course": course}
    return answered(request, words, partial(schedule_session, course=course), _("The class is scheduled."))


@member_required
def edit_session(request: MemberRequest, public_id: str) -> HttpResponse:
    session = visible_session(request, public_id)
    if not session.led_by(request.membership):
        raise NotTheTeacher
    if session.state != ClassSession.State.SCHEDULED:
        raise AlreadyStarted
    form = ScheduleForm(
        request.POST or None, course=session.course, by=request.membership, now=request.now, session=session
    )
    words = {"form": form, "course": session.course, "session": session}
    return answered(request, words, partial(reschedule_session, session=session), _("The class is changed."))


def answered(
    request: MemberRequest, words: dict[str, Any], act: Callable[..., ClassSession], done: str
) -> HttpResponse:
    """Act on a valid form and go to the class; otherwise show the form with what stands in the way."""
    form: ScheduleForm = words["form"]
    clash = None
    if request.method == "POST" and form.is_valid():
        try:
            session = act(**told(request, form))
        except TimePassed as refusal:
            form.add_error("time", f"{refusal.text} {refusal.mend}")
        except TimeTaken as refusal:
            clash = refusal
        else:
            messages.success(request, done)
            return redirect(session)
    return render(request, "classrooms/schedule.html", words | {"clash": clash, "section": "courses"})


def told(request: MemberRequest, form: ScheduleForm) -> dict[str, Any]:
    """What a valid form says, in the words of the actions."""
    chosen = form.cleaned_data
    return {
        "by": request.membership,
        "teacher": chosen["teacher"],
        "title": chosen["title"],
        "starts_at": chosen["starts_at"],
        "duration": timedelta(minutes=chosen["length"]),
        "entry": chosen["entry"],
        "at": request.now,
        "despite_clash": "anyway" in request.POST,
    }


@require_POST
@member_required
def cancel(request: MemberRequest, public_id: str) -> HttpResponse:
    session = visible_session(request, public_id)
    course = session.course
    cancel_session(session=session, by=request.membership)
    messages.success(request, _("“%(title)s” is cancelled.") % {"title": session.title})
    return redirect(course)
