"""The expected "no"s around guest links."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tenants.refusals import Refusal


class GuestsForbidden(Refusal):
    code = "guests_forbidden"
    title = gettext_lazy("This school takes no guests")
    text = gettext_lazy("The school lets nobody in without an account.")
    mend = gettext_lazy("Ask the person who sent you the link.")


class LinkRevoked(Refusal):
    code = "link_revoked"
    status = 410
    title = gettext_lazy("This link was withdrawn")
    text = gettext_lazy("The teacher withdrew this link.")
    mend = gettext_lazy("Ask the person who sent it for a new one.")


class LinkEnded(Refusal):
    code = "link_ended"
    status = 410
    title = gettext_lazy("This link has ended")
    mend = gettext_lazy("Ask the person who sent it for a new one.")

    def __init__(self, expired_at: datetime) -> None:
        local = timezone.localtime(expired_at)
        when = {"day": date_format(local, _("j F")), "time": date_format(local, "H:i")}
        self.text = _("This link ended on %(day)s at %(time)s.") % when
        super().__init__()


class ClassIsOver(Refusal):
    code = "ended"
    status = 410
    title = gettext_lazy("Class is over")
    text = gettext_lazy("The class that this link leads to is over.")


class NoClassNow(Refusal):
    code = "no_class"
    status = 404
    title = gettext_lazy("There is no class now")
    text = gettext_lazy("This link leads to a course that has no class ahead just now.")
    mend = gettext_lazy("Open it again when there is one.")


class WrongPasscode(Refusal):
    code = "wrong_passcode"
    text = gettext_lazy("That is not the passcode of this link. Ask the person who sent it.")


class TooManyTries(Refusal):
    code = "too_many_tries"
    status = 429
    text = gettext_lazy("The passcode was wrong too often. Wait five minutes, then try again.")


class TooManyGuests(Refusal):
    code = "too_many_guests"
    status = 409
    text = gettext_lazy(
        "Very many people have come by this link. Ask the person who sent it for another one."
    )


class NotYourLinks(Refusal):
    code = "not_the_teacher"
    title = gettext_lazy("Only teachers can do that")
    text = gettext_lazy("Guests are invited by those who lead the class.")
    mend = gettext_lazy("Ask a teacher of this class.")
