"""Deleting a recording, and taking it back."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.requests import MemberRequest, member_required
from classrooms.models import Recording
from classrooms.recorded.bin import delete_recording, restore_recording
from classrooms.views.live import visible_session


def any_recording(request: MemberRequest, public_id: str, recording: str) -> Recording:
    """One of a class that this person may see, in the bin or not, with or without anything to play."""
    session = visible_session(request, public_id)
    found: Recording | None = (
        session.recordings.select_related("session", "tenant").filter(public_id=recording).first()
    )
    if found is None:
        raise Http404
    return found


@require_POST
@member_required
def delete(request: MemberRequest, public_id: str, recording: str) -> HttpResponse:
    found = any_recording(request, public_id, recording)
    delete_recording(recording=found, by=request.membership, at=request.now)
    messages.success(request, _("The recording is deleted. You can restore it for a week."))
    return redirect(found.session)


@require_POST
@member_required
def restore(request: MemberRequest, public_id: str, recording: str) -> HttpResponse:
    found = any_recording(request, public_id, recording)
    restore_recording(recording=found, by=request.membership)
    messages.success(request, _("The recording is back."))
    return redirect(found.session)
