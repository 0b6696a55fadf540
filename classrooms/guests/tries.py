"""Slow down guessing a passcode: from one address after a few wrong ones, of one link after many from
anywhere."""

from __future__ import annotations

from contextlib import suppress
from hashlib import sha256

from django.core.cache import cache

from classrooms.guests.refusals import TooManyTries
from classrooms.models import GuestLink

MOST_WRONG = 5  # from one address
MOST_WRONG_AT_ALL = 50
PAUSE = 300  # seconds


def _keys(link: GuestLink, address: str) -> dict[str, int]:
    who = sha256(f"{link.pk} {address}".encode()).hexdigest()
    tries = f"guest-tries-{link.tenant_id}"
    return {f"{tries}-{who}": MOST_WRONG, f"{tries}-{link.pk}": MOST_WRONG_AT_ALL}


def check_tries(link: GuestLink, address: str) -> None:
    """Raises TooManyTries."""
    counted = cache.get_many(_keys(link, address))
    if any(counted.get(key, 0) >= most for key, most in _keys(link, address).items()):
        raise TooManyTries


def count_wrong(link: GuestLink, address: str) -> None:
    for key in _keys(link, address):
        if not cache.add(key, 1, PAUSE):
            with suppress(ValueError):  # the pause ended just now
                cache.incr(key)
