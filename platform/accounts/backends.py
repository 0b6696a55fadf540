"""Sign-in by email and password, on the host of a school one belongs to."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.http import HttpRequest

from accounts.models import Membership, User


class EmailBackend(ModelBackend):
    """Django's backend (which spends the same time on unknown emails), then the right to be on this host."""

    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        **more: Any,
    ) -> User | None:
        user = super().authenticate(request, username=username, password=password, **more)
        return user if isinstance(user, User) and belongs(user, request) else None


def belongs(user: User, request: HttpRequest | None) -> bool:
    """A tenant's host wants an active membership, the base domain an operator."""
    if getattr(request, "tenant", None) is None:
        return user.is_staff and user.is_active
    return Membership.objects.of(user) is not None
