"""Sign-ins that have ended: whoever was deactivated signs in anew once they are back."""

from __future__ import annotations

from typing import Any, Protocol

from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils import timezone

from accounts.audit import note
from accounts.entries import Deed
from accounts.models import Membership


class Kept(Protocol):
    """A browser's session."""

    def get(self, key: str, default: Any, /) -> Any: ...


SINCE = "signed_in_at"  # in a browser's session, seconds


@receiver(user_logged_in, dispatch_uid="sign-in-time")
def stamp(sender: Any, request: HttpRequest, **_: Any) -> None:
    request.session[SINCE] = timezone.now().timestamp()
    if getattr(request, "tenant", request) is None:  # on the operators' host
        note(deed=Deed.SIGNED_IN, by=request.user, tenant=None, on=request.user)  # type: ignore[arg-type]


def is_over(member: Membership, session: Kept) -> bool:
    """Whether this sign-in is from before the member was deactivated."""
    return member.signed_out_at is not None and session.get(SINCE, 0) <= member.signed_out_at.timestamp()


def member_of(user: Any, session: Kept) -> Membership | None:
    """The active member who is signed in with this session; None for strangers, and where it is over."""
    found: Membership | None = Membership.objects.of(user)
    return None if found is None or is_over(found, session) else found
