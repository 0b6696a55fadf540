"""Whether the person of an open socket is still signed in."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user
from django.http import HttpRequest


def still_signed_in(scope: dict[str, Any]) -> bool:
    """Read the socket's session anew: signed out, expired, or a password changed since means no."""
    store = import_module(settings.SESSION_ENGINE).SessionStore
    request = HttpRequest()
    request.session = store(scope["session"].session_key)
    user = get_user(request)
    return user.is_authenticated and user.pk == scope["user"].pk
