"""The expected "no"s of a school's own sign-in."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from tenants.refusals import Refusal


class NotYourSignIn(Refusal):
    code = "not_your_sign_in"
    title = _("Only owners and admins can do that")
    text = _("How people sign in at the school is decided by its owners and admins.")
    mend = _("Ask one of them.")


class SchoolSignInFailed(Refusal):
    """Whatever is wrong with what came from the provider; the log says what."""

    code = "school_sign_in_failed"
    status = 502
    title = _("The school’s sign-in did not work")
    text = _("Nobody was signed in: the other side does not answer as it should.")
    mend = _("Go back to the sign-in page and try once more. If it stays so, tell the school.")


class SignInRanOut(Refusal):
    code = "sign_in_ran_out"
    status = 400
    title = _("This sign-in ran out")
    text = _("It was begun too long ago, in another browser, or at another address.")
    mend = _("Go back to the sign-in page and begin again.")


class NoEmail(Refusal):
    code = "no_email"
    title = _("The school’s sign-in names no email")
    text = _("So Aula cannot tell who you are here.")
    mend = _("Sign in another way and link it under “Sign-in and security”, or ask the school.")


class KnownAsAnother(Refusal):
    code = "known_as_another"
    status = 409
    title = _("This sign-in belongs to somebody else here")
    text = _("Another person of the school is known by it.")
    mend = _("Sign out at the school’s sign-in, choose your own account there, and link that one.")
