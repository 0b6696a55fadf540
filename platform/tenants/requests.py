"""What the middleware adds to a request."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.http import HttpRequest

if TYPE_CHECKING:
    from tenants.models import Tenant


class SiteRequest(HttpRequest):
    """Any request: `tenant` is None on the base domain only; `now` is the clock for everything it does."""

    tenant: Tenant | None
    now: datetime


class TenantRequest(SiteRequest):
    """A request on a tenant's host."""

    tenant: Tenant
