"""What a page for members may rely on, and the guard that makes it so."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse

from accounts.models import Membership
from tenants.requests import TenantRequest

View = Callable[..., HttpResponseBase]


class MemberRequest(TenantRequest):
    """A request by a signed-in member of the tenant."""

    membership: Membership


def member_required(view: Callable[..., HttpResponseBase]) -> View:
    """Send whoever is not signed in here to the sign-in page, and back afterwards."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if getattr(request, "membership", None) is None:
            return redirect_to_login(request.get_full_path(), reverse("sign-in"))
        return view(cast(MemberRequest, request), *args, **kwargs)

    return guarded
