"""Visitors: whoever came by a join link is a member on the pages of their one class, and nobody elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, resolve
from django.utils import timezone

from accounts.requests import MemberRequest
from classrooms.joining import VISIT, visitor
from tenants.languages import speak

Answer = Callable[[HttpRequest], HttpResponse]
OPEN = {  # what a class needs from its beginning to its end; names of URLs with the class's id in them
    "class",
    "room",
    "trouble",
    "material",
    "picture",
    "chat-export",
    "api-ice-servers",
    "api-materials",
    "api-material",
}


def VisitMiddleware(answer: Answer) -> Answer:
    """Behind MembershipMiddleware. A sign-in goes before a visit: who has one needs none."""

    def middleware(request: HttpRequest) -> HttpResponse:
        asked = cast(MemberRequest, request)
        kept = None if getattr(request, "membership", None) else request.session.get(VISIT)
        found = kept and visitor(kept, tenant=asked.tenant, session_public_id=class_of(request), at=asked.now)
        if not found:
            return answer(request)
        asked.membership, request.user = found, found.user
        speak(found.user.language)
        with timezone.override(found.zone):
            return answer(request)

    return middleware


def class_of(request: HttpRequest) -> str | None:
    """The public id of the class whose page this is, where a visitor may be."""
    try:
        match = resolve(request.path_info)
    except Resolver404:
        return None
    kwargs: dict[str, Any] = match.kwargs
    return str(kwargs["public_id"]) if match.url_name in OPEN else None
