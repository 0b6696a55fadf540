"""The check before class, and what a page found when somebody did not get through."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from accounts.requests import MemberRequest, member_required
from classrooms import reminders
from classrooms.reports import begin_check, keep_check, keep_trouble, read_report
from classrooms.views.live import visible_session
from tenants.refusals import Refusal


def says_no_in_json(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A refusal for a script: its code and words."""

    @wraps(view)
    def answered(request: MemberRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except Refusal as no:
            words = {"code": no.code, "text": str(no.text), "mend": str(no.mend) if no.mend else None}
            return JsonResponse(words, status=no.status)

    return answered


@member_required
def check(request: MemberRequest) -> HttpResponse:
    """The page. `next`: where somebody came from, and goes back to."""
    back = request.GET.get("next", "")
    safe = url_has_allowed_host_and_scheme(back, allowed_hosts=None) and back.startswith("/")
    data = {
        "urls": {
            "begin": reverse("check-begin"),
            "report": reverse("check-report"),
            "back": back if safe else reverse("dashboard"),
        }
    }
    return render(request, "classrooms/check.html", {"check_data": data, "back": data["urls"]["back"]})


@require_POST
@member_required
@says_no_in_json
def begin(request: MemberRequest) -> HttpResponse:
    """What the probes need, for three minutes."""
    return JsonResponse(asdict(begin_check(member=request.membership, at=request.now)))


@require_POST
@member_required
@says_no_in_json
def report(request: MemberRequest) -> HttpResponse:
    browser = request.META.get("HTTP_USER_AGENT", "")
    sent = read_report(request.body)
    kept = keep_check(member=request.membership, report=sent, browser=browser, at=request.now)
    return JsonResponse({"code": kept.spoken_code})


@require_POST
@member_required
def remind(request: MemberRequest, public_id: str) -> HttpResponse:
    """Mail those who have not checked."""
    session = visible_session(request, public_id)
    asked = reminders.remind(session=session, by=request.membership)
    if asked:
        told = ngettext("%(n)d person is reminded by mail.", "%(n)d people are reminded by mail.", asked)
        messages.success(request, told % {"n": asked})
    else:
        messages.success(request, _("Nobody is left to remind."))
    return redirect(session)


@require_POST
@member_required
@says_no_in_json
def trouble(request: MemberRequest, public_id: str) -> HttpResponse:
    session = visible_session(request, public_id)
    browser = request.META.get("HTTP_USER_AGENT", "")
    sent = read_report(request.body)
    kept = keep_trouble(
        member=request.membership, session=session, report=sent, browser=browser, at=request.now
    )
    return JsonResponse({"code": kept.spoken_code})
