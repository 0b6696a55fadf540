"""How often one may ask: so many requests a minute for each key, person, or address, and told in headers.

Headers as in the IETF draft "RateLimit header fields for HTTP" (draft-ietf-httpapi-ratelimit-headers).
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.core.cache import cache
from django.utils.translation import gettext_lazy as _

from tenants.refusals import Refusal

WINDOW = 60  # seconds


class TooFast(Refusal):
    code = "too_fast"
    status = 429
    title = _("Too many requests")
    text = _("There were more requests within a minute than are allowed.")
    mend = _("Wait as long as Retry-After says.")

    def __init__(self, retry_at: datetime) -> None:
        self.retry_at = retry_at
        super().__init__()


@dataclass(frozen=True)
class Pace:
    """`left` of `most` requests, and `seconds` until all are there again."""

    most: int
    left: int
    seconds: int

    @property
    def headers(self) -> dict[str, str]:
        return {
            "RateLimit-Policy": f'"minute";q={self.most};w={WINDOW}',
            "RateLimit": f'"minute";r={max(0, self.left)};t={self.seconds}',
        }


def count(asker: str, at: datetime, *, known: bool) -> Pace:
    """One more request of `asker`; `left` is below 0 when it is one too many."""
    most = settings.API_REQUESTS_PER_MINUTE if known else settings.API_STRANGERS_PER_MINUTE
    window, passed = divmod(int(at.timestamp()), WINDOW)
    key = f"api-{window}-{asker}"
    cache.add(key, 0, timeout=2 * WINDOW)
    asked = 1
    with suppress(ValueError):  # forgotten just now
        asked = cache.incr(key)
    return Pace(most, most - asked, WINDOW - passed)


def check(pace: Pace, at: datetime) -> None:
    """Raises TooFast."""
    if pace.left < 0:
        raise TooFast(at + timedelta(seconds=pace.seconds))
