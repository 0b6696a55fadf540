"""What has been watched of a recording: told by its viewers' pages, read by who leads the class."""

from __future__ import annotations

import csv

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.requests import MemberRequest, member_required
from classrooms.models import Recording
from classrooms.recorded.watching import count_seen, read_seen, watched
from classrooms.refusals import NotYourRecording
from classrooms.tables import plain
from classrooms.views.readiness import says_no_in_json
from classrooms.views.recordings import visible_recording


@require_POST
@member_required
@says_no_in_json
def seen(request: MemberRequest, public_id: str, recording: str) -> HttpResponse:
    found = visible_recording(request, public_id, recording)
    spans = read_seen(request.body)
    count_seen(recording=found, member=request.membership, spans=spans, at=request.now)
    return HttpResponse(status=204)


def led_recording(request: MemberRequest, public_id: str, recording: str) -> Recording:
    """Raises NotYourRecording for who does not lead its class; 404 where there is nothing for this person."""
    found = visible_recording(request, public_id, recording)
    if not found.session.led_by(request.membership):
        raise NotYourRecording
    return found


@require_safe
@never_cache
@member_required
def viewers(request: MemberRequest, public_id: str, recording: str) -> HttpResponse:
    found = led_recording(request, public_id, recording)
    rows = watched(found)
    words = {
        "recording": found,
        "session": found.session,
        "rows": rows,
        "begun": sum(row.last_at is not None for row in rows),
        "section": "courses",
    }
    return render(request, "classrooms/watched.html", words)


@require_safe
@never_cache
@member_required
def export(request: MemberRequest, public_id: str, recording: str) -> HttpResponse:
    """The same as a table for spreadsheets (RFC 4180), times in this person's zone."""
    found = led_recording(request, public_id, recording)
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    name = slugify(f"{found.session.title} {timezone.localtime(found.started_at):%Y-%m-%d}") or "watched"
    answer["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    answer.write("\N{ZERO WIDTH NO-BREAK SPACE}")  # without it Excel takes UTF-8 for Latin-1
    lines = csv.writer(answer)
    lines.writerow([_("Name"), _("Email"), _("Watched, %"), _("Last watched")])
    for row in watched(found):
        last = timezone.localtime(row.last_at).strftime("%Y-%m-%d %H:%M") if row.last_at else ""
        lines.writerow([plain(row.member.name), plain(row.member.user.email), row.percent, last])
    return answer
