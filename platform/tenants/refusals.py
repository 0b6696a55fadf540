"""An expected "no": said once in plain words, translated to a page, JSON or a socket message at the edge."""

from __future__ import annotations

from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words = str | Promise


class Refusal(Exception):
    """A stable code, an HTTP status, a title, one sentence for a person, and what to do about it."""

    code: str = "refused"
    status: int = 403
    title: Words = _("That is not possible")
    text: Words = _("You may not do that here.")
    mend: Words | None = None
    retry_at: datetime | None = None

    def __str__(self) -> str:
        return str(self.text)
