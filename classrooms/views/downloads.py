"""Recordings as one file, handed out by a signed link."""

from __future__ import annotations

from functools import partial

from django.http import Http404, HttpResponseBase
from django.utils.text import slugify
from django.views.decorators.http import require_safe

from accounts.requests import MemberRequest, member_required
from classrooms.downloads import send_file
from classrooms.models import RecordingDownload
from classrooms.recorded.downloads import linked_download, may_still_download

SUFFIXES = {"video": ".mp4", "audio": ".m4a"}


@require_safe
@member_required
def fetch(request: MemberRequest, download: str, ticket: str) -> HttpResponseBase:
    found = linked_download(download, ticket, request.membership)
    if found is None:
        raise Http404
    may = partial(may_still_download, found.recording, request.membership)
    return send_file(request, found.file, name=file_name(found), may=may)


def file_name(download: RecordingDownload) -> str:
    """As people find it again: biology-cell-division-2026-11-25.mp4."""
    session = download.recording.session
    title = slugify(f"{session.course.title} {session.title}") or "recording"
    return f"{title[:80]}-{download.recording.started_at:%Y-%m-%d}{SUFFIXES[download.kind]}"
