"""Putting a class or a series on the calendar, moving it, and taking it off."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from accounts.models import Membership
from accounts.requests import MemberRequest, member_required
from classrooms.actions import cancel_session, reschedule_session, schedule_session
from classrooms.forms import ScheduleForm
from classrooms.models import ClassSession, Course, Series
from classrooms.recurrence import moment
from classrooms.refusals import AlreadyStarted, NotTheTeacher, SeriesTaken, TimePassed, TimeTaken
from classrooms.repeating.actions import Later, cancel_later, check_free, reschedule_later, schedule_series
from classrooms.repeating.forms import LATER, OccurrenceForm, SeriesForm
from classrooms.views.courses import visible_course
from classrooms.views.live import visible_session

Place = ClassSession | Course


@member_required
def new_session(request: MemberRequest, public_id: str) -> HttpResponse:
    course = led_course(request, public_id)
    form = SeriesForm(request.POST or None, course=course, by=request.membership, now=request.now)

    def act(told: dict[str, Any]) -> tuple[Place, str]:
        if form.rule is None:
            return schedule_session(course=course, **told), _("The class is scheduled.")
        del told["starts_at"]
        schedule_series(course=course, rule=form.rule, skipped=form.skipped_days, **told)
        return course, _("The classes are scheduled. %(sentence)s.") % {"sentence": form.sentence}

    return answered(request, {"form": form, "course": course}, act)


@require_POST
@member_required
def preview(request: MemberRequest, public_id: str) -> HttpResponse:
    """A part of the page: what has been typed about repeating read back, and what it clashes with."""
    course = led_course(request, public_id)
    form = SeriesForm(request.POST, course=course, by=request.membership, now=request.now)
    form.is_valid()
    clash = None
    teacher, length = form.cleaned_data.get("teacher"), form.cleaned_data.get("length")
    if form.rule is not None and teacher and length:
        times = {day: moment(day, form.rule.clock, course.tenant.zone) for day in form.days}
        try:
            check_free(course, teacher, times, timedelta(minutes=length))
        except SeriesTaken as refusal:
            clash = refusal
    words = {"form": form, "clash": clash, "seen": seen(clash, request.membership)}
    return render(request, "classrooms/parts/series_preview.html", words)


def seen(clash: TimeTaken | SeriesTaken | None, by: Membership) -> set[int]:
    """The keys of those classes in the way that `by` may look at."""
    keys = [other.pk for other in clash.others] if clash else []
    return set(ClassSession.objects.visible_to(by).filter(pk__in=keys).values_list("pk", flat=True))


def led_course(request: MemberRequest, public_id: str) -> Course:
    course = visible_course(request, public_id)
    if not course.led_by(request.membership):
        raise NotTheTeacher
    return course


@member_required
def edit_session(request: MemberRequest, public_id: str) -> HttpResponse:
    session = visible_session(request, public_id)
    if not session.led_by(request.membership):
        raise NotTheTeacher
    if session.state != ClassSession.State.SCHEDULED:
        raise AlreadyStarted
    shape = ScheduleForm if session.series_id is None else OccurrenceForm
    form = shape(
        request.POST or None, course=session.course, by=request.membership, now=request.now, session=session
    )

    def act(told: dict[str, Any]) -> tuple[Place, str]:
        if isinstance(form, OccurrenceForm) and form.for_later:
            later = reschedule_later(session=session, **told)
            changed = ngettext("The class is changed.", "%(n)d classes are changed.", len(later.done))
            return session, changed % {"n": len(later.done)} + stays(later)
        return reschedule_session(session=session, **told), _("The class is changed.")

    return answered(request, {"form": form, "course": session.course, "session": session}, act)


def answered(
    request: MemberRequest, words: dict[str, Any], act: Callable[[dict[str, Any]], tuple[Place, str]]
) -> HttpResponse:
    """Act on a valid form and go where it leads; otherwise show the form with what stands in the way."""
    form: ScheduleForm = words["form"]
    clash = None
    if request.method == "POST" and form.is_valid():
        try:
            place, done = act(told(request, form))
        except TimePassed as refusal:
            form.add_error("time", f"{refusal.text} {refusal.mend}")
        except (TimeTaken, SeriesTaken) as refusal:
            clash = refusal
        else:
            messages.success(request, done)
            return redirect(place)
    words |= {"clash": clash, "seen": seen(clash, request.membership), "section": "courses"}
    return render(request, "classrooms/schedule.html", words)


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
        "records": chosen["records"],
        "at": request.now,
        "despite_clash": "anyway" in request.POST,
    }


def stays(later: Later) -> str:
    """What is said of classes that were passed by."""
    if not later.kept:
        return ""
    words = ngettext(
        " %(n)d that was changed by hand stays as it is.",
        " %(n)d that were changed by hand stay as they are.",
        len(later.kept),
    )
    return words % {"n": len(later.kept)}


@require_POST
@member_required
def cancel(request: MemberRequest, public_id: str) -> HttpResponse:
    session = visible_session(request, public_id)
    course = session.course
    if request.POST.get("scope") == LATER and session.series_id is not None:
        later = cancel_later(session=session, by=request.membership, at=request.now)
        words = ngettext("“%(title)s” is cancelled.", "%(n)d classes are cancelled.", len(later.done))
        done = words % {"title": session.title, "n": len(later.done)} + stays(later)
    else:
        cancel_session(session=session, by=request.membership, at=request.now)
        done = _("“%(title)s” is cancelled.") % {"title": session.title}
    messages.success(request, done)
    return redirect(course)


@member_required
def series(request: MemberRequest, public_id: str) -> HttpResponse:
    """The link that calendars have for a series: to the class of it that is on or next, else to the last."""
    root = get_object_or_404(Series, public_id=public_id)
    parts = [root.pk, *root.tails.values_list("pk", flat=True)]
    rows = ClassSession.objects.visible_to(request.membership).filter(series__in=parts).order_by("starts_at")
    found = rows.not_over(request.now).first() or rows.last()
    if found is None:
        raise Http404
    return redirect(found)
