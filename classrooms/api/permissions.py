"""Who may use the API."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rest_framework.permissions import BasePermission
from rest_framework.request import Request

if TYPE_CHECKING:
    from rest_framework.views import APIView  # reads the settings, which name this module


class IsMember(BasePermission):
    """Somebody of the school whose host is asked."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        return getattr(request, "membership", None) is not None
