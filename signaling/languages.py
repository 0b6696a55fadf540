"""The language of the page behind a socket."""

from __future__ import annotations

from typing import Any

from django.conf import settings

from tenants.languages import spoken


def language_of(scope: dict[str, Any]) -> str:
    """As of a page (tenants.middleware, accounts.middleware)."""
    accept = dict(scope["headers"]).get(b"accept-language", b"").decode("latin-1")
    kept = scope["cookies"].get(settings.LANGUAGE_COOKIE_NAME)
    own = getattr(scope["user"], "language", "")
    return spoken(own, kept, scope["tenant"].language, accept=accept)
