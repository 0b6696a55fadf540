"""The one way into the audit log. Actions write there, in the transaction of what they do.

`changes` says what was and what is, never a secret: passwords, keys and links are in no row.
"""

from __future__ import annotations

from typing import Any

from accounts.entries import AuditEntry, Deed, OperatorEntry
from accounts.models import Membership, User
from tenants.models import Tenant
from tenants.scope import tenant_scope
from tenants.whence import whence

By = Membership | User | None
Changes = dict[str, list[Any]]
LONGEST = 200  # letters of a value that is kept


def note(
    *,
    deed: Deed,
    by: By,
    tenant: Tenant | None,
    on: Any = None,
    kind: str = "",
    changes: Changes | None = None,
) -> None:
    """Write down a `deed`. `by` is a member of the school, an operator, or None for Aula itself; `on` is what
    it was done to, a row with a name or a word. What operators do stands in their own log too."""
    place, operator = whence(), isinstance(by, User)
    facts = {
        "who": who(by),
        "who_id": by.public_id if isinstance(by, Membership) else "",
        "by_operator": operator,
        "address": place.address or None,
        "door": place.door,
        "key": place.key,
        "deed": deed,
        "kind": kind or (type(on)._meta.model_name if hasattr(on, "_meta") else ""),
        "object_id": str(getattr(on, "public_id", "") or getattr(on, "slug", "")),
        "object_name": str(getattr(on, "name", "") or on or "")[:300],
        "changes": changes or {},
    }
    if tenant is not None and tenant.pk is not None:
        with tenant_scope(tenant):
            AuditEntry.objects.create(tenant=tenant, **facts)
    if tenant is None or operator:
        OperatorEntry.objects.create(**facts)


def who(by: By) -> str:
    """“Ann Admin <ann@demo.test>”."""
    if by is None:
        return "Aula"
    user = by.user if isinstance(by, Membership) else by
    return f"{user.name or user.email} <{user.email}>"[:350]


def differences(before: dict[str, Any], after: dict[str, Any]) -> Changes:
    """Of what is in both, what is not the same: {name: [before, after]}."""
    names = [name for name in before if name in after and before[name] != after[name]]
    return {name: [told(before[name]), told(after[name])] for name in names}


def told(value: Any) -> Any:
    """As JSON can hold it, and not endless."""
    if value is None or isinstance(value, bool | int | float):
        return value
    return str(value)[:LONGEST]
