"""Watching a recording: the page, and the files behind it."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.http import Http404, HttpResponse, HttpResponseBase, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.requests import MemberRequest, member_required
from classrooms.downloads import send_file
from classrooms.live.egress import running
from classrooms.models import Recording, RecordingCaptions
from classrooms.recorded.captions import LANGUAGES, captions_told
from classrooms.recorded.chapters import marks_told
from classrooms.recorded.downloads import may_download
from classrooms.recorded.playback import (
    begins_at,
    linked_track,
    may_still_watch,
    told,
    watchable,
    watched_with,
)
from classrooms.recorded.retention import due_soon
from classrooms.views.live import visible_session


def visible_recording(request: MemberRequest, public_id: str, recording: str) -> Recording:
    """The recording, or 404 for an unknown one and one of a class that this person may not see."""
    session = visible_session(request, public_id)
    found: Recording | None = (
        session.recordings.there().select_related("session__course").filter(public_id=recording).first()
    )
    if found is None or (found.ended_at and not watchable(found)):
        raise Http404
    return found


def everything(request: MemberRequest, recording: Recording) -> dict[str, Any]:
    """What the page plays, for this person."""
    leads = recording.session.led_by(request.membership)
    begins = begins_at(recording, watchable(recording))
    return {
        **told(recording, request.membership),
        **marks_told(recording, begins, leads=leads),
        "captions": captions_told(recording, request.membership),
    }


@require_safe
@never_cache
@member_required
def player(request: MemberRequest, public_id: str, recording: str) -> HttpResponse:
    found = visible_recording(request, public_id, recording)
    leads = found.session.led_by(request.membership)
    data = {
        "recording": everything(request, found),
        "timeZone": str(request.membership.zone),
        "csrf": get_token(request),
        "leads": leads,
        "languages": LANGUAGES if leads else {},
        "urls": {
            "fresh": reverse("recording-data", args=[public_id, recording]),
            "seen": reverse("recording-seen", args=[public_id, recording]),
            "chapters": reverse("recording-chapters", args=[public_id, recording]),
            "captions": reverse("recording-captions", args=[public_id, recording]),
            "soFar": reverse("api-so-far", args=[public_id, recording]),
            "live": reverse("room", args=[public_id]),
        },
    }
    words = {
        "session": found.session,
        "recording": found,
        "player_data": data,
        "may_download": may_download(found.session, request.membership),
        "goes_at": due_soon(found, request.now),
        "section": "courses",
    }
    return render(request, "classrooms/player.html", words)


@require_safe
@never_cache
@member_required
def data(request: MemberRequest, public_id: str, recording: str) -> HttpResponse:
    """The same with fresh links, for a page that stays open longer than they last."""
    found = visible_recording(request, public_id, recording)
    return JsonResponse(everything(request, found))


@require_safe
@never_cache
@member_required
def now(request: MemberRequest, public_id: str) -> HttpResponse:
    """To what is being recorded, to be watched from its beginning; else to the class."""
    session = visible_session(request, public_id)
    return redirect(running(session) or session)


@require_safe
@member_required
def track(request: MemberRequest, track: str, ticket: str) -> HttpResponseBase:
    found = linked_track(track, ticket, request.membership)
    if found is None:
        raise Http404
    may = partial(may_still_watch, found.recording, request.membership)
    file = found.file or found.so_far
    return send_file(request, file, name=f"{found.source}.webm", kind=found.kind, may=may)


@require_safe
@member_required
def storyboard(request: MemberRequest, recording: str, ticket: str) -> HttpResponseBase:
    watched = watched_with("recorded-storyboard", recording, ticket, request.membership)
    found = watched.filter(public_id=recording).exclude(storyboard="").first()
    if found is None:
        raise Http404
    return send_file(request, found.storyboard, name="storyboard.jpg", kind="image/jpeg")


@require_safe
@member_required
def captions(request: MemberRequest, captions: str, ticket: str) -> HttpResponse:
    watched = watched_with("recorded-captions", captions, ticket, request.membership)
    found = RecordingCaptions.objects.filter(recording__in=watched, public_id=captions).first()
    if found is None:
        raise Http404
    more = {"X-Content-Type-Options": "nosniff", "Cache-Control": "private, no-cache"}
    return HttpResponse(found.text, content_type="text/vtt; charset=utf-8", headers=more)
