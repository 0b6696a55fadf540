"""Who may use the API. Every operation says which area it is of; one that does not is closed to keys.

Actions decide what a person may do. Here a key is held to its scopes, and hosts are kept apart.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from django.http import Http404
from django.utils.translation import gettext as _
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request

from classrooms.models import ApiKey
from tenants.refusals import Refusal
from tenants.requests import SiteRequest

if TYPE_CHECKING:
    from rest_framework.views import APIView  # reads the settings, which name this module


def asked_of(request: Request) -> SiteRequest:
    """What the middleware has made of the request."""
    return cast(SiteRequest, request._request)


class MissingScope(Refusal):
    code = "missing_scope"

    def __init__(self, scope: str) -> None:
        self.title = _("This key may not do that")
        self.text = _("It has not the scope %(scope)s.") % {"scope": scope}
        self.mend = _("Make a key with that scope.")
        super().__init__()


class Everybody(BasePermission):
    """Nothing about a school is told here."""


class IsMember(BasePermission):
    """Somebody of the school whose host is asked, or a key that acts for one and has the scope."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        """Raises MissingScope, and Http404 where there is no school."""
        if asked_of(request).tenant is None:
            raise Http404
        if getattr(request, "membership", None) is None:
            return False
        if request.auth is not None:
            check_scope(request, getattr(view, "scope", None))
        return True


class IsOperator(BasePermission):
    """Who runs Aula, signed in on the base domain, with the permissions that Django admin asks for too."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        """On a school's host there is nothing of this."""
        if asked_of(request).tenant is not None:
            raise Http404
        user = request.user
        if not (user and user.is_active and user.is_staff):
            return False
        if request.method in SAFE_METHODS:
            return bool(user.has_perm("tenants.view_tenant") or user.has_perm("tenants.change_tenant"))
        step = {"POST": "add", "PATCH": "change"}.get(str(request.method), "delete")
        return bool(user.has_perm(f"tenants.{step}_tenant"))


def check_scope(request: Request, area: str | None) -> None:
    """`area` "": any key may; None: nobody thought of keys, so none may. Raises MissingScope."""
    if area == "":
        return
    scope = f"{area}:{'read' if request.method in SAFE_METHODS else 'write'}"
    if area is None or scope not in cast(ApiKey, request.auth).scopes:
        raise MissingScope(scope)
