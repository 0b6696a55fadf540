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
        "theme": theme_of(request),
        "language": translation.get_language() or "en",
        "languages": settings.LANGUAGES,
        "direction": "rtl" if translation.get_language_bidi() else "ltr",
    }


def theme_of(request: HttpRequest) -> str:
    """Light, dark, or (empty) as the device says: a member's choice at a school, an operator's elsewhere."""
    membership = getattr(request, "membership", None)
    if membership:
        return str(membership.user.theme)
    person = None if getattr(request, "tenant", None) else getattr(request, "user", None)
    return str(getattr(person, "theme", ""))
