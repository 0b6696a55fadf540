"""Which relay a command is about."""

from __future__ import annotations

from django.core.management.base import CommandError

from tenants.models import Tenant
from tenants.scope import tenant_scope
from turncreds.models import RelayPolicy
from turncreds.relays import Relay, platform_relay


def relay_of(slug: str | None) -> Relay:
    """The platform's, or that of the tenant `slug`. Raises CommandError."""
    try:
        if slug is None:
            return platform_relay()
        with tenant_scope(Tenant.objects.get(slug=slug)):
            policy: RelayPolicy | None = RelayPolicy.objects.first()
        return (policy and policy.own_relay) or platform_relay()
    except Tenant.DoesNotExist:
        raise CommandError(f"There is no tenant “{slug}”.") from None
    except ValueError as error:
        raise CommandError(str(error)) from None
