"""What pages tell about somebody's second factors."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from allauth.mfa.models import Authenticator

from accounts.adapters import SecondFactorAdapter
from accounts.models import User


@dataclass(frozen=True)
class Passkey:
    pk: int
    name: str
    added_at: datetime
    used_at: datetime | None
    is_here: bool


def keys_of(user: User) -> dict[str, Any]:
    """`passkeys`, `passkeys_here` of this host, `app` for codes, and how many `recovery` codes are left."""
    rows = list(Authenticator.objects.filter(user_id=user.pk).order_by("created_at"))
    is_here = SecondFactorAdapter().is_of_this_host
    passkeys = [
        Passkey(row.pk, row.wrap().name, row.created_at, row.last_used_at, is_here(row))
        for row in rows
        if row.type == Authenticator.Type.WEBAUTHN
    ]
    app = next((row for row in rows if row.type == Authenticator.Type.TOTP), None)
    spare = next((row for row in rows if row.type == Authenticator.Type.RECOVERY_CODES), None)
    return {
        "passkeys": passkeys,
        "passkeys_here": [each for each in passkeys if each.is_here],
        "app": app,
        "recovery": len(spare.wrap().get_unused_codes()) if spare else None,
    }
