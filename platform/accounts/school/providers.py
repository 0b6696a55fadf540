"""The one identity provider of a school, as our row and as what allauth reads."""

from __future__ import annotations

from typing import Any

import requests
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.http import HttpRequest
from django.urls import reverse

from accounts.models import Identity, IdentityProvider, Membership
from accounts.sealed import unseal
from tenants import outgoing
from tenants.models import Tenant

WELL_KNOWN = "/.well-known/openid-configuration"  # OpenID Connect Discovery 1.0, 4
NEEDED = ("issuer", "authorization_endpoint", "token_endpoint", "jwks_uri")


def provider_of(tenant: Tenant | None) -> IdentityProvider | None:
    """None on the base domain, and at schools without one."""
    found: IdentityProvider | None = IdentityProvider.objects.first() if tenant else None
    return found


def identity_of(member: Membership | None) -> Identity | None:
    found: Identity | None = Identity.objects.filter(membership=member).first() if member else None
    return found


def app_of(tenant: Tenant | None) -> list[SocialApp]:
    """Never saved. Raises ValueError where the secret was sealed under another SECRET_KEY."""
    row = provider_of(tenant)
    if row is None:
        return []
    return [
        SocialApp(
            provider=OpenIDConnectProvider.id,
            provider_id=row.public_id,
            name=row.name,
            client_id=row.client_id,
            secret=unseal(row.secret),
            settings={"server_url": row.issuer},
        )
    ]


def discover(issuer: str) -> dict[str, Any]:
    """What the provider says of itself. Raises ValueError with the reason in words for log and developer,
    requests.RequestException."""
    with outgoing.session() as http:
        answer = http.get(issuer.rstrip("/") + WELL_KNOWN)
    answer.raise_for_status()
    try:
        found = answer.json()
    except ValueError:
        raise ValueError("no JSON") from None
    if not isinstance(found, dict) or not all(isinstance(found.get(each), str) for each in NEEDED):
        raise ValueError("no configuration of a provider")
    if found["issuer"].rstrip("/") != issuer.rstrip("/"):  # Discovery 4.3
        raise ValueError("another issuer")
    return found


class SchoolServer(OpenIDConnectOAuth2Adapter):  # type: ignore[misc]
    """The provider's addresses, and ours that it sends people back to."""

    @property
    def openid_config(self) -> dict[str, Any]:
        if not hasattr(self, "_found"):
            try:
                self._found = discover(self.get_provider().app.settings["server_url"])
            except ValueError as error:
                raise OAuth2Error(str(error)) from error
        return self._found

    @property
    def basic_auth(self) -> bool:
        """In the form where the provider takes it there; who says nothing takes the header (Discovery 3)."""
        methods = self.openid_config.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
        return "client_secret_post" not in methods

    def keys(self) -> dict[str, Any]:
        """The provider's public keys (RFC 7517). Raises OAuth2Error, requests.RequestException."""
        with outgoing.session() as http:
            answer = http.get(self.openid_config["jwks_uri"])
        answer.raise_for_status()
        try:
            found: dict[str, Any] = answer.json()
        except ValueError as error:
            raise OAuth2Error("no keys") from error
        return found

    def userinfo(self, access_token: str) -> dict[str, Any]:
        """Raises OAuth2Error, requests.RequestException."""
        address = self.openid_config.get("userinfo_endpoint")
        if not address:
            return {}
        with outgoing.session() as http:
            answer = http.get(address, headers={"Authorization": f"Bearer {access_token}"})
        answer.raise_for_status()
        try:
            found = answer.json()
        except ValueError as error:
            raise OAuth2Error("no userinfo") from error
        return found if isinstance(found, dict) else {}

    def get_callback_url(self, request: HttpRequest, app: SocialApp) -> str:
        return callback_of(request)


class SchoolProvider(OpenIDConnectProvider):  # type: ignore[misc]
    oauth2_adapter_class = SchoolServer


def callback_of(request: HttpRequest) -> str:
    """Where the provider sends people back to: on the host they came from, which has their session."""
    return request.build_absolute_uri(reverse("school-back"))


BROKEN = (OAuth2Error, requests.RequestException, ValueError, KeyError)  # its side of it
