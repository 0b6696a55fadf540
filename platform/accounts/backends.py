"""Sign-in by email and password, on the host of a school one belongs to."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.http import HttpRequest

from accounts.models import Membership, User
from accounts.throttle import count_attempt, refuse_if_paused


class EmailBackend(ModelBackend):
    """Django's backend (which spends the same time on unknown emails), then the right to be on this host.

    Guessing is paused here, so at every door: the schools' sign-in and Django admin's.
    """

    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        **more: Any,
    ) -> User | None:
        """Raises TooManyAttempts."""
        if request is not None:
            refuse_if_paused(request, username or "")
        user = super().authenticate(request, username=username, password=password, **more)
        found = user if user is not None and self.belongs(user, request) else None
        if request is not None:
            count_attempt(request, username or "", good=found is not None)
        return found

    def belongs(self, user: User, request: HttpRequest | None) -> bool:
        """A tenant's host wants an active membership, the base domain an operator."""
        if getattr(request, "tenant", None) is None:
            return user.is_staff
        return Membership.objects.of(user) is not None
