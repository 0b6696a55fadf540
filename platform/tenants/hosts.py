"""Which tenant a host name belongs to: one rule for pages and sockets."""

from __future__ import annotations

from django.conf import settings
from django.db.models import QuerySet

from tenants.models import Tenant


def bare_host(host: str) -> str:
    """A Host header without port and final dot, in small letters: "Demo.test:8000" → "demo.test"."""
    name = host.strip().lower()
    if name.startswith("["):  # an IPv6 address
        return name.partition("]")[0].lstrip("[")
    return name.partition(":")[0].rstrip(".")


def on_base_domain(host: str) -> bool:
    """Whether this is the operators' host, which belongs to no tenant."""
    return bool(bare_host(host) == settings.BASE_DOMAIN)


def tenant_for_host(host: str) -> Tenant | None:
    """The active tenant at `host` (with or without port), or None."""
    return _at(host).filter(is_active=True).first()


def is_suspended(host: str) -> bool:
    """Whether there is a school at `host` that answers nobody just now."""
    return _at(host).filter(is_active=False).exists()


def _at(host: str) -> QuerySet[Tenant]:
    name = bare_host(host)
    slug, dot, rest = name.partition(".")
    if dot and rest == settings.BASE_DOMAIN:
        return Tenant.objects.filter(slug=slug)
    if not name or name == settings.BASE_DOMAIN:
        return Tenant.objects.none()
    return Tenant.objects.filter(domains__host=name)


def hosts_of(tenant: Tenant) -> list[str]:
    """Every host the school is at."""
    return [f"{tenant.slug}.{settings.BASE_DOMAIN}", *tenant.domains.values_list("host", flat=True)]


def site_of(tenant: Tenant) -> str:
    """Where people find the school, for what is written without a request: "https://demo.example.org"."""
    own = tenant.domains.values_list("host", flat=True).first()
    host = own or f"{tenant.slug}.{settings.BASE_DOMAIN}"
    return f"http://{host}:{settings.WEB_BIND.rpartition(':')[2]}" if settings.DEBUG else f"https://{host}"
