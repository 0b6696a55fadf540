"""Somebody comes from the school's own sign-in whom nobody here is known by yet.

Their email names an account, and proves nothing: a code to that address does. Until then what the provider
said is kept in their session (`keep`); with the code the account is admitted, where the school welcomes who
is new, and linked (`admit_if_proved`, `link_if_proved`: both from AccountAdapter, as the sign-in ends).
"""

from __future__ import annotations

import time
from dataclasses import asdict, dataclass
from typing import Any, cast

from allauth.account.internal.flows.login import get_authentication_records
from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext as _

from accounts.models import IdentityProvider, Membership, User
from accounts.school import actions
from accounts.school.refusals import KnownAsAnother
from tenants.requests import SiteRequest

KEY = "school-identity"  # in a session


@dataclass(frozen=True)
class Newcomer:
    provider: str
    subject: str
    email: str
    at: float

    @classmethod
    def read(cls, kept: Any) -> Newcomer | None:
        try:
            return cls(**kept)
        except TypeError:
            return None


def keep(request: HttpRequest, provider: IdentityProvider, subject: str, email: str) -> None:
    request.session[KEY] = asdict(Newcomer(provider.public_id, subject, email, time.time()))


def kept(request: HttpRequest) -> Newcomer | None:
    return Newcomer.read(request.session.get(KEY))


def proved(request: HttpRequest, user: User) -> tuple[IdentityProvider, Newcomer] | None:
    """Who came, and by which provider, if this user has since shown the code from that very mailbox."""
    came = kept(request)
    if came is None or came.email.lower() != user.email.lower():
        return None
    shown = any(
        each.get("method") == "code"
        and each["at"] >= came.at
        and str(each.get("email", "")).lower() == user.email.lower()
        for each in get_authentication_records(request, user)
    )
    provider = IdentityProvider.objects.filter(public_id=came.provider).first()
    return (provider, came) if shown and provider else None


def admit_if_proved(request: HttpRequest, user: User) -> None:
    if found := proved(request, user):
        actions.admit(provider=found[0], user=user)


def link_if_proved(request: HttpRequest, user: User) -> None:
    found = proved(request, user)
    member = Membership.objects.of(user) if found else None
    request.session.pop(KEY, None)
    if not found or member is None:
        return
    provider, came = found
    try:
        actions.link(
            provider=provider, subject=came.subject, member=member, at=cast(SiteRequest, request).now
        )
    except KnownAsAnother as refusal:
        messages.warning(request, str(refusal))
    else:
        said = _("From now on “%(name)s” signs you in without a code.")
        messages.success(request, said % {"name": provider.name})
