"""Relay servers that share secrets: the platform's from the settings, a tenant's own from its policy."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from django.conf import settings

from turncreds import credentials
from turncreds.credentials import Credential
from turncreds.servers import IceServer, ServerUrl, ice_servers


@dataclass(frozen=True, slots=True)
class Relay:
    """`secrets`: the first one signs, all are accepted; kept out of the repr, so out of logs."""

    urls: tuple[ServerUrl, ...]
    secrets: tuple[str, ...] = field(repr=False)

    @classmethod
    def of(cls, urls: list[str], secrets: list[str]) -> Relay:
        """Raises ValueError for the first address that browsers could not use."""
        found = tuple(ServerUrl.parse(url) for url in urls)
        return cls(found, tuple(filter(None, (secret.strip() for secret in secrets))))

    @property
    def relays(self) -> bool:
        """Whether there is more than STUN, and a secret for it."""
        return bool(self.secrets) and any(url.relays for url in self.urls)

    def credential(self, participant: str, *, now: float, ttl: int) -> Credential | None:
        """None where there is nothing to sign with: STUN needs no credential."""
        if not self.secrets:
            return None
        return credentials.issue(participant, secret=self.secrets[0], now=now, ttl=ttl)

    def ice_servers(self, participant: str, *, now: float, ttl: int) -> list[IceServer]:
        return ice_servers(self.urls, self.credential(participant, now=now, ttl=ttl))


def platform_relay() -> Relay:
    """What TURN_URLS and TURN_SECRETS describe; the system checks have seen them."""
    return Relay.of(settings.TURN_URLS, settings.TURN_SECRETS)


def media_addresses() -> list[str]:
    """The addresses of the media server that participants send to: what a relay must let through.

    `local` (every address of the media machine) names none that a relay elsewhere could know.
    """
    return [announced_address(text) for text in settings.MEDIA_ANNOUNCE if text.strip() != "local"]


def announced_address(text: str) -> str:
    """Without port and protocol, which the media process reads (signaling/sfu/addresses.py)."""
    place = text.strip().partition("/")[0]
    try:
        return str(ipaddress.ip_address(place))
    except ValueError:
        return str(ipaddress.ip_address(urlsplit(f"//{place}").hostname or place))
