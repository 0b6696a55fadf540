"""API keys: made, found, revoked. A key is shown once; what is kept is its beginning and a hash.

Keys are random, so a plain hash is enough: there is nothing to guess (256 bits).
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from hashlib import sha256

from django.db import transaction
from django.utils.crypto import constant_time_compare
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from accounts.actions import check_appoints, check_runs
from accounts.audit import By, note
from accounts.entries import Deed
from accounts.models import Membership
from classrooms.models import ApiKey

logger = logging.getLogger(__name__)

SIGN = "aula"
AREAS = {
    "users": _("People: names, emails, ids of other systems"),
    "memberships": _("Roles, and who is active"),
    "courses": _("Courses and who is enrolled"),
    "sessions": _("Classes on the calendar"),
    "joining": _("Links that let a named person into a class"),
    "live": _("Who is in a class now; moderation"),
    "attendance": _("Who was there"),
    "chat": _("What was written in a class"),
    "recordings": _("Recordings and their files"),
    "materials": _("Files for a class"),
    "webhooks": _("Addresses that are told what happens"),
}
READ_ONLY = {"attendance", "chat"}
WRITE_ONLY = {"joining"}
STEPS = {"read": _("look"), "write": _("change")}
SCOPES = {
    f"{area}:{step}": format_lazy("{about} ({step})", about=about, step=STEPS[step])
    for area, about in AREAS.items()
    for step in STEPS
    if (step == "read" and area not in WRITE_ONLY) or (step == "write" and area not in READ_ONLY)
}
USED_EVERY = timedelta(minutes=1)  # a key's last use is not written more often


def digest_of(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()


@transaction.atomic
def make_key(
    *,
    member: Membership,
    name: str,
    scopes: Iterable[str],
    expires_at: datetime | None,
    by: By,
    at: datetime,
) -> tuple[ApiKey, str]:
    """The row, and the key itself, which is nowhere afterwards. Unknown scopes raise ValueError.

    By a member of the school, and not by an operator: raises NotYourPeople, OnlyOwners.
    """
    if isinstance(by, Membership):
        check_runs(by)
        check_appoints(by, member.role)  # no key makes an admin an owner
    wanted = sorted(set(scopes))
    if set(wanted) - set(SCOPES):
        raise ValueError(f"Unknown scopes: {sorted(set(wanted) - set(SCOPES))}")
    prefix, secret = secrets.token_hex(4), secrets.token_urlsafe(32)
    key = f"{SIGN}_{prefix}_{secret}"
    row = ApiKey(
        tenant=member.tenant,
        member=member,
        name=name,
        scopes=wanted,
        prefix=prefix,
        digest=digest_of(key),
        created_by=by.user if isinstance(by, Membership) else by,
        created_at=at,
        expires_at=expires_at,
    )
    row.save()
    audit("made", row, by)
    changes = {"scopes": [None, ", ".join(wanted)], "member": [None, member.name]}
    note(deed=Deed.KEY_MADE, by=by, tenant=member.tenant, on=row, changes=changes)
    return row, key


def find_key(key: str, at: datetime) -> ApiKey | None:
    """The good key of this school whose member is active; None alike for every other."""
    sign, _, rest = key.partition("_")
    prefix, _, _ = rest.partition("_")
    if sign != SIGN or len(prefix) != 8 or not key.isascii():
        return None
    found: ApiKey | None = (
        ApiKey.objects.select_related("member__user", "member__tenant")
        .filter(prefix=prefix, member__is_active=True, member__user__is_active=True)
        .first()
    )
    if found is None or not constant_time_compare(found.digest, digest_of(key)) or not found.is_good(at):
        return None
    if found.last_used_at is None or at - found.last_used_at >= USED_EVERY:
        ApiKey.objects.filter(pk=found.pk).update(last_used_at=at)
    return found


@transaction.atomic
def revoke_key(*, key: ApiKey, by: By, at: datetime) -> None:
    """Once revoked it stays so."""
    if ApiKey.objects.filter(pk=key.pk, revoked_at=None).update(revoked_at=at):
        audit("revoked", key, by)
        note(deed=Deed.KEY_REVOKED, by=by, tenant=key.tenant, on=key)


def audit(what: str, key: ApiKey, by: By) -> None:
    facts = {
        "tenant": key.tenant.slug,
        "key": key.prefix,
        "member": key.member_id,
        "by": by.pk if by else None,
    }
    logger.info("An API key was %s", what, extra={"facts": facts})
