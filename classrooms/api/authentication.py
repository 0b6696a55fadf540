"""Who asks: a key of the school in the Authorization header, or somebody signed in, with a CSRF token."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.request import Request

from accounts.models import User
from classrooms.keys import find_key
from classrooms.models import ApiKey
from tenants.refusals import Refusal
from tenants.whence import asked_with_key


class BadKey(Refusal):
    """One answer for keys that are unknown, another school's, expired, revoked, or whose member is gone."""

    code = "bad_key"
    status = 401
    title = _("This key opens nothing")
    text = _("The API key is unknown, expired or revoked, or belongs to another host.")
    mend = _("Send Authorization: Bearer followed by a key of this school, on this school's host.")


class KeyAuthentication(BaseAuthentication):
    """`Authorization: Bearer aula_…` (RFC 6750). The request is then its member's, within its scopes."""

    def authenticate(self, request: Request) -> tuple[User, ApiKey] | None:
        """Raises BadKey. None where the header is missing: the session decides."""
        words = get_authorization_header(request).split()
        if not words:
            return None
        asked: Any = request._request
        if asked.tenant is None or len(words) != 2 or words[0].lower() != b"bearer":
            raise BadKey
        key = find_key(words[1].decode("latin1"), asked.now)
        if key is None:
            raise BadKey
        asked.membership = key.member
        asked_with_key(key.prefix)
        return key.member.user, key

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="Aula"'


class KeyInDocument(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = KeyAuthentication
    name = "key"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer", "description": "An API key of the school: `aula_…`."}
