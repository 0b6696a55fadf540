"""Fail-closed tenancy: a query on a tenant's data without an active scope raises.

Built on django-scopes' scope, with its gaps closed: `scope(tenant=None)` would filter nothing, `exists()` and
others answer without a scope, a row of another tenant could be saved inside a scope, and its manager hides
the types of our querysets.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from django_scopes import get_scope, scope, scopes_disabled
from django_scopes.exceptions import ScopeError
from django_scopes.manager import DisabledQuerySet

if TYPE_CHECKING:
    from tenants.models import Tenant

Row = TypeVar("Row", bound=models.Model)


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


class NoScope(DisabledQuerySet):  # type: ignore[misc]
    """What a query gets outside a scope: everything but `none()` raises, our own verbs included."""

    # What django-scopes 2.1 lets through: each of these reaches the database without a filter.
    _chain = exists = explain = contains = bulk_create = bulk_update = DisabledQuerySet.error

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        return self.error()


class TenantManager(models.Manager[Row]):
    """Rows of the scope's tenant; raises outside a scope. Verbs: `TenantManager.from_queryset(…)()`."""

    def get_queryset(self) -> models.QuerySet[Row]:
        active = get_scope()
        if not active.get("_enabled", True):
            return super().get_queryset()
        tenant = active.get("tenant")
        if tenant is None:
            return NoScope(self.model, using=self._db, missing_scopes={"tenant"})
        return super().get_queryset().filter(tenant=tenant)


class TenantModel(models.Model):
    """A row that belongs to one tenant."""

    tenant = models.ForeignKey(
        "tenants.Tenant", on_delete=models.CASCADE, related_name="+", verbose_name=_("school")
    )

    if not TYPE_CHECKING:  # subclasses narrow the type
        objects = TenantManager()

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

    def clean(self) -> None:
        """A row and all it points to belong to one tenant, and stay there: other rows point to this one."""
        super().clean()
        if self.pk and type(self)._base_manager.filter(pk=self.pk).exclude(tenant=self.tenant_id).exists():
            raise ValidationError(_("This never moves to another school. Add it there anew."))
        tenants = {self.tenant_id} - {None}
        for column in self._meta.concrete_fields:
            target = column.remote_field.model if column.remote_field else None
            if isinstance(target, type) and issubclass(target, TenantModel) and getattr(self, column.attname):
                tenants.add(getattr(self, column.name).tenant_id)
        if len(tenants) > 1:
            raise ValidationError(_("These belong to different schools. Choose all of one school."))
