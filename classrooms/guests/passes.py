"""What a guest's browser shows: a random secret, signed for one school, in a cookie for one class.

The row keeps its hash. The cookie goes to the host that set it and to no other; the signature holds the
school, so that it is worth nothing at another school's host even if somebody carries it there by hand.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping

from django.core import signing

from classrooms.guests.addresses import hash_of
from classrooms.models import Participant
from tenants.models import Tenant

SALT = "classrooms.guests.pass"


def cookie_name(session_public_id: str) -> str:
    return f"guest-{session_public_id}"


def new_key() -> str:
    return secrets.token_urlsafe(32)


def signed(tenant: Tenant, key: str) -> str:
    return _signer(tenant).sign(key)


def guest_of(tenant: Tenant, session_public_id: str, cookies: Mapping[str, str]) -> Participant | None:
    """The guest of this class whose pass is among `cookies`; whether they may still come in is not said."""
    try:
        key = _signer(tenant).unsign(cookies.get(cookie_name(session_public_id), ""))
    except signing.BadSignature:
        return None
    guests = Participant.objects.filter(guest_key=hash_of(key), session__public_id=session_public_id)
    guest: Participant | None = guests.select_related("session", "guest_link").first()
    return guest


def _signer(tenant: Tenant) -> signing.Signer:
    return signing.Signer(salt=f"{SALT}.{tenant.pk}")
