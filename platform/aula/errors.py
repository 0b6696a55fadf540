"""How a "no" and a fault look: one page for each, never a bare code."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from aula.references import reference_of
from tenants.nowhere import page_not_found
from tenants.refusals import Refusal


def server_fault(request: HttpRequest) -> HttpResponse:
    """A bug. The page touches neither database nor session, which may be what broke."""
    words = {"reference": reference_of(request)}
    return HttpResponse(render_to_string("errors/500.html", words), status=500)


def forged_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form whose cross-site token is missing or old (CSRF_FAILURE_VIEW)."""
    return render(request, "errors/403_csrf.html", status=403)


def refused(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    return render(request, "errors/refusal.html", {"refusal": refusal}, status=refusal.status)


def own_not_found(answer: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """With DEBUG on, views that find nothing show our page too, not the list of URLs for developers."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = answer(request)
        return page_not_found(request) if response.status_code == 404 else response

    return middleware


class RefusalMiddleware:
    """A Refusal that reaches the edge of a page becomes a page."""

    def __init__(self, answer: Callable[[HttpRequest], HttpResponse]) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.answer(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return refused(request, exception) if isinstance(exception, Refusal) else None
