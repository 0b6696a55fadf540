"""Every request runs for one tenant, or for none on the operators' host. Any other host does not exist."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers

from tenants.hosts import is_suspended, on_base_domain, tenant_for_host
from tenants.languages import spoken
from tenants.nowhere import page_not_found, school_closed
from tenants.requests import SiteRequest
from tenants.scope import tenant_scope
from tenants.whence import asked_by

Answer = Callable[[HttpRequest], HttpResponse]
CLOCK = "aula.now"  # a key of the WSGI environment no header can reach: tests pass their clock here


def TenantMiddleware(answer: Answer) -> Answer:
    """Set `request.tenant` and `request.now`, and enter the tenant's scope."""

    def middleware(request: HttpRequest) -> HttpResponse:
        with asked_by(request):
            return scoped(request)

    def scoped(request: HttpRequest) -> HttpResponse:
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
            shown = "text/html" in request.headers.get("Accept", "") and is_suspended(host)
            return school_closed(request) if shown else page_not_found(request)
        site.tenant = tenant
        request.urlconf = settings.SCHOOL_URLCONF
        with tenant_scope(tenant):
            return answer(request)

    return middleware


def LanguageMiddleware(answer: Answer) -> Answer:
    """What was chosen in this browser, else the school's language, else what the browser asks for; whoever is
    signed in may have chosen another one (accounts.middleware)."""

    def middleware(request: HttpRequest) -> HttpResponse:
        tenant = cast(SiteRequest, request).tenant
        kept = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)
        accept = request.headers.get("Accept-Language", "")
        with translation.override(spoken(kept, tenant.language if tenant else None, accept=accept)):
            response = answer(request)
            response.headers.setdefault("Content-Language", translation.get_language() or "")
        patch_vary_headers(response, ("Accept-Language",))
        return response

    return middleware
