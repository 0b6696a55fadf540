"""All recordings that somebody may watch."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.requests import MemberRequest, member_required
from classrooms.recorded.library import library, shown

A_PAGE = 20
LONGEST = 100  # letters looked for


@require_safe
@member_required
def recordings(request: MemberRequest) -> HttpResponse:
    """Those of the school, the newest first; `q` looks for titles of classes and courses."""
    asked = request.GET.get("q", "").replace("\0", "").strip()[:LONGEST]
    page = Paginator(library(request.membership, asked), A_PAGE).get_page(request.GET.get("page"))
    words = {
        "page": page,
        "rows": [shown(each, request.now) for each in page],
        "asked": asked,
        "section": "recordings",
    }
    return render(request, "classrooms/recordings.html", words)
