"""What every template may know about the school it is rendered for."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils import translation

from tenants.look import look_of


def tenant(request: HttpRequest) -> dict[str, Any]:
    tenant = getattr(request, "tenant", None)
    membership = getattr(request, "membership", None)
    return {
        "tenant": tenant,
        "look": look_of(tenant) if tenant else None,
        "membership": membership,
        "theme": membership.user.theme if membership else "",
        "language": translation.get_language() or "en",
        "languages": settings.LANGUAGES,
        "direction": "rtl" if translation.get_language_bidi() else "ltr",
    }
