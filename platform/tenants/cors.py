"""Pages of other sites may call a school's API where the school says so (W3C Fetch, CORS)."""

from __future__ import annotations

import re
from typing import Any

from corsheaders.signals import check_request_enabled
from django.conf import settings
from django.dispatch import receiver
from django.http import HttpRequest


@receiver(check_request_enabled, dispatch_uid="cors-by-tenant")
def is_allowed(sender: Any, request: HttpRequest, **_: Any) -> bool:
    tenant = getattr(request, "tenant", None)
    if tenant is None or not re.match(settings.CORS_URLS_REGEX, request.path_info):
        return False
    return request.headers.get("Origin", "") in tenant.allowed_origins
