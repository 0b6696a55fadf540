"""Why somebody gets no credential for the relay."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from tenants.refusals import Refusal


class NotInClass(Refusal):
    """Relaying costs the school money: only people of a class that is on now get it."""

    code = "not_in_class"
    status = 403
    title = _("You are not in a class")
    text = _("Only people who are in a class now can use the relay server.")
    mend = _("Join the class first.")


class TooManyCredentials(Refusal):
    """A page needs one when it joins and one each half-life; this one keeps asking."""

    code = "too_fast"
    status = 429
    title = _("Too many requests")
    text = _("This page asked for the relay server too often.")
    mend = _("Wait a minute, then reload the page.")

    def __init__(self, retry_at: datetime) -> None:
        super().__init__()
        self.retry_at = retry_at


class RelayFull(Refusal):
    """The school's people hold as many credentials as its policy allows."""

    code = "relay_full"
    status = 503
    title = _("The relay server is full")
    text = _("As many people of this school use the relay server as it may carry.")
    mend = _("Try again in a few minutes, or from a network without a firewall.")
