"""From the settings to the plan of one relay server, and to what a check of it asks."""

from __future__ import annotations

import ssl

from django.conf import settings

from turncreds.coturn import Plan, Profile
from turncreds.peers import Network, networks
from turncreds.reachability import Target
from turncreds.relays import Relay, media_addresses, platform_relay
from turncreds.servers import DEFAULT_PORTS


class NotPlanned(ValueError):
    """The settings do not describe a relay; the text names the mend."""


def relay_plan(relay: Relay | None = None, profile: Profile | None = None) -> Plan:
    """The relay that TURN_* describe, or `relay` (a tenant's own) with the same limits.

    Raises NotPlanned where something is missing or wrong.
    """
    relay = relay or platform_relay()
    profile = profile or Profile(settings.TURN_PROFILE)
    if not relay.secrets:
        raise NotPlanned(
            "TURN_SECRETS is empty: set it to a random secret, for example `openssl rand -hex 32`."
        )
    if not any(url.relays for url in relay.urls):
        raise NotPlanned("TURN_URLS holds no turn: address: set it to where browsers reach the relay.")
    return Plan(
        profile=profile,
        realm=settings.TURN_REALM,
        secrets=relay.secrets,
        allowed=allowed_peers(profile),
        port=one_port(relay, "turn") or DEFAULT_PORTS["turn"],
        tls_port=one_port(relay, "turns"),
        certificate=settings.TURN_CERTIFICATE,
        key=settings.TURN_KEY,
        external_ips=tuple(settings.TURN_EXTERNAL_IPS),
        relay_ports=port_range(settings.TURN_RELAY_PORTS),
        user_quota=settings.TURN_USER_QUOTA,
        total_quota=settings.TURN_TOTAL_QUOTA,
        max_bps=settings.TURN_MAX_BPS,
    )


def check_target(relay: Relay | None = None) -> Target:
    """What `checkturn` and health endpoints ask the relay. Raises OSError for an unreadable TURN_CA_FILE."""
    return Target(
        relay=relay or platform_relay(),
        allowed=tuple(networks([*media_addresses(), *settings.TURN_ALLOWED_PEERS])),
        ttl=settings.TURN_TTL,
        tls=ssl.create_default_context(cafile=settings.TURN_CA_FILE) if settings.TURN_CA_FILE else None,
    )


def allowed_peers(profile: Profile) -> tuple[Network, ...]:
    found = networks([*media_addresses(), *settings.TURN_ALLOWED_PEERS])
    if not found and profile is Profile.SFU:
        raise NotPlanned(
            "MEDIA_ANNOUNCE names no address, so this relay would send to nobody: set it to the addresses of "
            "the media server, or list the peers of the relay in TURN_ALLOWED_PEERS."
        )
    return tuple(dict.fromkeys(found))


def one_port(relay: Relay, scheme: str) -> int | None:
    """The port that all addresses of `scheme` share; None where there is no such address."""
    ports = sorted({url.port for url in relay.urls if url.scheme == scheme})
    if len(ports) > 1:
        raise NotPlanned(
            f"The {scheme}: addresses of TURN_URLS use the ports {ports}: one coturn listens on one. "
            "Use the same port everywhere, or write a configuration for each relay with its own TURN_URLS."
        )
    return ports[0] if ports else None


def port_range(text: str) -> tuple[int, int]:
    """ "49160-49999" → (49160, 49999)."""
    first, _, last = text.partition("-")
    if not (first.strip().isdigit() and last.strip().isdigit() and 1024 <= int(first) <= int(last) < 65536):
        raise NotPlanned(
            f"TURN_RELAY_PORTS is “{text}”: write first-last between 1024 and 65535, such as 49160-49999."
        )
    return int(first), int(last)
