"""The expected "no"s about a school's people."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from tenants.refusals import Refusal


class NotYourPeople(Refusal):
    code = "not_your_people"
    title = _("Only owners and admins can do that")
    text = _("Who is at the school, and as what, is decided by its owners and admins.")
    mend = _("Ask one of them.")


class OnlyOwners(Refusal):
    code = "only_owners"
    title = _("Only owners can do that")
    text = _("Owners are appointed and dismissed by owners alone.")
    mend = _("Ask an owner of the school.")


class LastOwner(Refusal):
    code = "last_owner"
    status = 409
    title = _("A school needs an owner")
    text = _("This is the only owner of the school.")
    mend = _("Appoint another owner first.")


class HereAlready(Refusal):
    code = "here_already"
    status = 409
    title = _("This person is at the school already")
    text = _("Somebody of the school has this email.")
    mend = _("Change that person, or choose another email.")


class ExternalIdTaken(Refusal):
    code = "external_id_taken"
    status = 409
    title = _("This external id is taken")
    text = _("Somebody else of the school has this external id.")
    mend = _("Choose another one, or take it from them first.")


class NotYoursAlone(Refusal):
    code = "not_yours_alone"
    status = 409
    title = _("This person names themselves")
    text = _("The account is used elsewhere too, or its owner has signed in: its name is theirs.")
    mend = _("Ask them to change it under “Account”.")
