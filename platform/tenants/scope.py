"""Fail-closed tenancy: a query on a tenant's data without an active scope raises.

Built on django-scopes, with its two gaps closed: `scope(tenant=None)` would filter nothing, and a row of
another tenant could be saved inside a scope.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from django.db import models
from django_scopes import ScopedManager, get_scope, scope, scopes_disabled
from django_scopes.exceptions import ScopeError

if TYPE_CHECKING:
    from tenants.models import Tenant


@contextmanager
def tenant_scope(tenant: Tenant) -> Iterator[None]:
    """Everything inside sees `tenant`'s rows and nothing else."""
    if tenant is None or tenant.pk is None:
        raise ScopeError("A scope needs a saved tenant.")
    with scope(tenant=tenant):
        yield


@contextmanager
def every_tenant() -> Iterator[None]:
    """For operators and for maintenance only: rows of all tenants are seen."""
    with scopes_disabled():
        yield


def tenant_manager(queryset: type[models.QuerySet[Any]] = models.QuerySet) -> Any:
    """A manager that raises outside a tenant's scope, with `queryset`'s verbs."""
    return ScopedManager(models.Manager.from_queryset(queryset), tenant="tenant")


class TenantModel(models.Model):
    """A row that belongs to one tenant."""

    tenant = models.ForeignKey("tenants.Tenant", on_delete=models.CASCADE, related_name="+", editable=False)

    objects = tenant_manager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save inside the tenant's own scope only; a new row takes the scope's tenant."""
        active = get_scope()
        if active.get("_enabled", True):
            tenant = active.get("tenant")
            if tenant is None:
                raise ScopeError(f"A {type(self).__name__} is saved inside its tenant's scope.")
            if self.tenant_id is None:
                self.tenant = tenant
            elif self.tenant_id != tenant.pk:
                raise ScopeError(f"This {type(self).__name__} belongs to another tenant.")
        super().save(*args, **kwargs)
