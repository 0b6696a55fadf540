"""The page of what is not there: one for all reasons, so that it tells nobody which one it was."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def page_not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """The same page for what never existed, what is another school's, and what one may not see."""
    return render(request, "errors/404.html", status=404)


def school_closed(request: HttpRequest) -> HttpResponse:
    """A suspended school says so to people; to machines it is as absent as one that never was."""
    return render(request, "errors/closed.html", status=403)
