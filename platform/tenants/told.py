"""What PostgreSQL is told of the active scope (tenants.wall). No models here: the backend comes first."""

from __future__ import annotations

from django_scopes import get_scope

SETTING = "aula.tenant"
EVERY = "every"


def whose_rows() -> str:
    """A tenant's key, every tenant, or nobody."""
    active = get_scope()
    if not active.get("_enabled", True):
        return EVERY
    tenant = active.get("tenant")
    return str(tenant.pk) if tenant is not None else ""
