"""Who a session's cookie belongs to, read anew each time it is asked."""

from __future__ import annotations

from importlib import import_module

from django.conf import settings
from django.contrib.auth import get_user
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest


def person_of(session_key: str | None) -> AbstractBaseUser | AnonymousUser:
    """The person signed in under `session_key`; nobody if signed out, expired, inactive, or if the password
    was changed since."""
    request = HttpRequest()
    request.session = import_module(settings.SESSION_ENGINE).SessionStore(session_key)
    return get_user(request)


def still_signed_in(session_key: str, user: AbstractBaseUser) -> bool:
    """Whether the person of an open socket is still signed in."""
    return bool(person_of(session_key).pk == user.pk)
