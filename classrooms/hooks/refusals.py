"""What is refused about webhooks."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from tenants.refusals import Refusal, Words


class NotAnAddress(Refusal):
    code = "not_an_address"
    status = 422
    text = _("This is no address that webhooks go to.")
    mend = _("Enter one that begins with https://, without a user name in it.")


class NoSuchEvent(Refusal):
    code = "no_such_event"
    status = 422
    text: Words = _("There is no such event.")
    mend = _("Choose from the list of events.")

    def __init__(self, name: str) -> None:
        super().__init__()
        self.text = _("There is no event called “%(name)s”.") % {"name": name}


class NotOn(Refusal):
    code = "webhook_off"
    status = 409
    text = _("This webhook is turned off.")
    mend = _("Turn it on first.")
