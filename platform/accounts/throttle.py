"""Slow down guessing and flooding: a pause after a few wrong passwords, one password mail a minute."""

from __future__ import annotations

from contextlib import suppress
from hashlib import sha256

from django.core.cache import cache
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from tenants.refusals import Refusal

MOST_FAILURES = 10
PAUSE = 300  # seconds
MAIL_SPACING = 60  # seconds


class TooManyAttempts(Refusal):
    code = "too_many_attempts"
    status = 429
    title = _("Too many attempts")
    text = _("The password was wrong too often, so sign-in is paused for this email.")
    mend = _("Wait five minutes, or choose “Forgot password?”.")


def _key(request: HttpRequest, email: str) -> str:
    who = f"{request.get_host()} {request.META.get('REMOTE_ADDR')} {email.strip().lower()}"
    return f"sign-in-{sha256(who.encode()).hexdigest()}"


def refuse_if_paused(request: HttpRequest, email: str) -> None:
    if cache.get(_key(request, email), 0) >= MOST_FAILURES:
        raise TooManyAttempts


def count_attempt(request: HttpRequest, email: str, *, good: bool) -> None:
    """Count a failure; a success forgets them."""
    key = _key(request, email)
    if good:
        cache.delete(key)
    elif not cache.add(key, 1, PAUSE):
        with suppress(ValueError):  # the pause ended just now
            cache.incr(key)


def may_mail(membership_id: int) -> bool:
    """Whether a password mail to this member is due: a stranger can ask for as many as they like."""
    return cache.add(f"password-mail-{membership_id}", 1, MAIL_SPACING)
