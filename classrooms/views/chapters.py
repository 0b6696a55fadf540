"""Chapters and captions of a recording, as the player's page changes them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.http import Http404, HttpResponse, JsonResponse
from django.views.decorators.http import require_http_methods, require_POST

from accounts.requests import MemberRequest, member_required
from classrooms.models import Recording, RecordingCaptions, RecordingMark
from classrooms.recorded.captions import add_captions, captions_told, remove_captions
from classrooms.recorded.chapters import add_chapter, marks_told, name_chapter, remove_chapter
from classrooms.recorded.playback import begins_at, watchable
from classrooms.refusals import NoFile
from classrooms.views.readiness import says_no_in_json
from classrooms.views.recordings import visible_recording

Answer = Callable[..., HttpResponse]


def seconds(text: str) -> float:
    """Raises Http404 for what no page of ours sends."""
    try:
        number = float(text)
    except ValueError:
        raise Http404 from None
    if not 0 <= number < 10**7:
        raise Http404
    return number


def told(recording: Recording) -> HttpResponse:
    """All marks as they are now; whoever changes them leads the class."""
    begins = begins_at(recording, watchable(recording))
    return JsonResponse(marks_told(recording, begins, leads=True))


@require_POST
@member_required
@says_no_in_json
def add(request: MemberRequest, public_id: str, recording: str) -> HttpResponse:
    """`title`, and `at` in seconds of the class."""
    found = visible_recording(request, public_id, recording)
    at = begins_at(found, watchable(found)) + timedelta(seconds=seconds(request.POST.get("at", "")))
    add_chapter(recording=found, by=request.membership, title=request.POST.get("title", ""), at=at)
    return told(found)


@require_http_methods(["POST", "DELETE"])
@member_required
@says_no_in_json
def change(request: MemberRequest, public_id: str, recording: str, mark: str) -> HttpResponse:
    """A new `title`, or the chapter's end."""
    found = visible_recording(request, public_id, recording)
    chapters = found.marks.filter(kind=RecordingMark.Kind.CHAPTER).select_related("recording__session")
    chapter = one(chapters.filter(public_id=mark))
    if request.method == "DELETE":
        remove_chapter(mark=chapter, by=request.membership)
    else:
        name_chapter(mark=chapter, by=request.membership, title=request.POST.get("title", ""))
    return told(found)


@require_POST
@member_required
@says_no_in_json
def bring_captions(request: MemberRequest, public_id: str, recording: str) -> HttpResponse:
    """`file` and its `language`; those of the same language go."""
    found = visible_recording(request, public_id, recording)
    file = request.FILES.get("file")
    if file is None:
        raise NoFile
    language = request.POST.get("language", "")
    add_captions(recording=found, by=request.membership, language=language, file=file, at=request.now)
    return JsonResponse({"captions": captions_told(found, request.membership)})


@require_http_methods(["DELETE"])
@member_required
@says_no_in_json
def drop_captions(request: MemberRequest, public_id: str, recording: str, captions: str) -> HttpResponse:
    found = visible_recording(request, public_id, recording)
    languages = RecordingCaptions.objects.select_related("recording__session")
    remove_captions(
        captions=one(languages.filter(recording=found, public_id=captions)), by=request.membership
    )
    return JsonResponse({"captions": captions_told(found, request.membership)})


def one(rows: Any) -> Any:
    found = rows.first()
    if found is None:
        raise Http404
    return found
