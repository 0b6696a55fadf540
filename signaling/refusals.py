"""The expected "no"s of a socket, whatever is said over it."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from tenants.refusals import Refusal


class Malformed(Refusal):
    code = "malformed"
    status = 400
    text = _("The server does not understand this message.")
    mend = _("Load the page again to get its newest version.")


class TooLarge(Refusal):
    code = "too_large"
    status = 413
    text = _("This message is too long.")
    mend = _("Make it shorter.")


class TooFast(Refusal):
    code = "too_fast"
    status = 429
    text = _("That was too fast.")
    mend = _("Wait a moment, then send it again.")

    def __init__(self, retry_at: datetime) -> None:
        self.retry_at = retry_at
        super().__init__()


class Failed(Refusal):
    code = "failed"
    status = 503
    text = _("That could not be done just now.")
    mend = _("Try again in a moment.")
