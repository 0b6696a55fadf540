"""Every request runs for one tenant, or for none on the operators' host. Any other host does not exist."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from tenants.hosts import on_base_domain, tenant_for_host
from tenants.nowhere import page_not_found
from tenants.requests import SiteRequest
from tenants.scope import tenant_scope

Answer = Callable[[HttpRequest], HttpResponse]
CLOCK = "aula.now"  # a key of the WSGI environment no header can reach: tests pass their clock here


def TenantMiddleware(answer: Answer) -> Answer:
    """Set `request.tenant` and `request.now`, and enter the tenant's scope."""

    def middleware(request: HttpRequest) -> HttpResponse:
        site = cast(SiteRequest, request)
        site.tenant = None
        site.now = request.META.get(CLOCK) or timezone.now()
        try:
            host = request.get_host()
        except DisallowedHost:
            return page_not_found(request)
        if on_base_domain(host):
            return answer(request)
        tenant = tenant_for_host(host)
        if tenant is None:
            return page_not_found(request)
        site.tenant = tenant
        with tenant_scope(tenant):
            return answer(request)

    return middleware
