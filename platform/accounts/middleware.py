"""Who is asking: the person's membership in the tenant, or an operator on the base domain."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from accounts.deactivated import member_of
from accounts.models import Membership
from accounts.requests import MemberRequest
from tenants.languages import speak
from tenants.nowhere import page_not_found
from tenants.scope import every_tenant

API = "/api/v1/"
OPERATORS = ("/sign-in/", "/sign-out/", "/account/security/", "/account/sessions/", "/language/", "/words/")
Answer = Callable[[HttpRequest], HttpResponse]


def MembershipMiddleware(answer: Answer) -> Answer:
    """Set `request.membership`; a person without an active one is nobody on this host."""

    def middleware(request: HttpRequest) -> HttpResponse:
        in_admin = request.path.startswith(reverse("admin:index"))
        if getattr(request, "tenant", None) is None:
            return for_operator(request, answer, in_admin)
        return for_member(cast(MemberRequest, request), for_school_admin(answer) if in_admin else answer)

    return middleware


def for_member(request: MemberRequest, answer: Answer) -> HttpResponse:
    """Times are in the member's zone and words in their language; whoever is no member reads the school's."""
    found = member_of(request.user, request.session)
    if found is None:
        request.user = AnonymousUser()
    request.membership = cast(Membership, found)
    if found:
        speak(found.user.language)
    with timezone.override(found.zone if found else request.tenant.zone):
        return answer(request)


def for_school_admin(answer: Answer) -> Answer:
    """The school's own admin: for whoever runs it. For all others there is none."""

    def gate(request: HttpRequest) -> HttpResponse:
        found = cast(MemberRequest, request).membership
        if found is None:
            return redirect_to_login(request.get_full_path(), reverse("sign-in"))
        return answer(request) if found.runs_school else page_not_found(request)

    return gate


def for_operator(request: HttpRequest, answer: Answer, in_admin: bool) -> HttpResponse:
    """The base domain: Django admin, in which operators see the rows of every tenant, their way into it, one
    page, and the API, whose operations on a school find none here."""
    if not in_admin and request.path != "/" and not request.path.startswith((API, *OPERATORS)):
        return page_not_found(request)
    if not (request.user.is_active and request.user.is_staff):
        request.user = AnonymousUser()
        return answer(request)
    speak(request.user.language)
    if in_admin:
        with every_tenant():
            return answer(request)
    return answer(request)
