"""The address of a guest link: made from a key of the server, never stored.

The row keeps a hash of the token that stands in the address, so a copy of the database opens no class. The
token is an HMAC of the link's id under SECRET_KEY, so the teacher can copy it again whenever they like. A key
that was replaced goes on as one of SECRET_KEY_FALLBACKS; once it is gone the link still works and cannot be
shown any more.
"""

from __future__ import annotations

from base64 import urlsafe_b64encode
from collections.abc import Iterable
from hashlib import sha256

from django.conf import settings
from django.urls import reverse
from django.utils.crypto import constant_time_compare, salted_hmac

from classrooms.models import GuestLink

SALT = "classrooms.guests.link"


def token_for(public_id: str, key: str) -> str:
    """256 bits, safe in a URL."""
    digest = salted_hmac(SALT, public_id, secret=key, algorithm="sha256").digest()
    return urlsafe_b64encode(digest).decode().rstrip("=")


def hash_of(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()


def keys() -> Iterable[str]:
    return (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)


def token_of(link: GuestLink) -> str | None:
    """None: made under a key that this server does not have any more."""
    tokens = (token_for(link.public_id, key) for key in keys())
    return next((each for each in tokens if constant_time_compare(hash_of(each), link.token_hash)), None)


def path_of(link: GuestLink) -> str | None:
    token = token_of(link)
    return reverse("guest-door", args=[token]) if token else None


def found(token: str) -> GuestLink | None:
    """The link of the scope's school with this token, open or not."""
    links = GuestLink.objects.select_related("tenant", "course", "session", "by__user")
    link: GuestLink | None = links.filter(token_hash=hash_of(token)).first()
    return link
