"""Who is asking: the person's membership in the tenant, or an operator on the base domain."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from tenants.scope import every_tenant

from accounts.models import Membership
from accounts.requests import MemberRequest

Answer = Callable[[HttpRequest], HttpResponse]
PROBES = ("/healthz", "/readyz")


def MembershipMiddleware(answer: Answer) -> Answer:  # noqa: N802: named as Django names middleware
    """Set `request.membership`; a person without an active one is nobody on this host."""

    def for_member(request: MemberRequest) -> HttpResponse:
        request.membership = Membership.objects.of(request.user)  # type: ignore[assignment]
        if request.membership is None:
            request.user = AnonymousUser()
            zone = request.tenant.zone
        else:
            zone = request.membership.zone
        with timezone.override(zone):
            return answer(request)

    def for_operator(request: HttpRequest) -> HttpResponse:
        in_admin = request.path.startswith(reverse("admin:index"))
        if in_admin and request.user.is_active and request.user.is_staff:
            with every_tenant():
                return answer(request)
        return answer(request)

    def middleware(request: HttpRequest) -> HttpResponse:
        member = cast(MemberRequest, request)
        if request.path in PROBES:
            return answer(request)
        if member.tenant is not None:
            if request.path.startswith(reverse("admin:index")):
                raise Http404
            return for_member(member)
        member.membership = None  # type: ignore[assignment]
        if request.path != "/" and not request.path.startswith(reverse("admin:index")):
            raise Http404
        return for_operator(request)

    return middleware
