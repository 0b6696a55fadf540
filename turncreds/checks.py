"""System checks of the TURN settings: what is wrong stops the start and names the mend."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Info, Tags, Warning, register

from turncreds.coturn import Profile
from turncreds.peers import networks
from turncreds.plan import NotPlanned, port_range
from turncreds.servers import ServerUrl, in_browser_order

SHORTEST_SECRET = 32  # characters
MOST_URLS = 5  # browsers warn about more: each is gathered from at every join
# What survives a line of turnserver.conf, an environment variable and a comma-separated list.
PLAIN_SECRET = re.compile(r"[A-Za-z0-9+/=_.~!@%^*:-]+")


@register(Tags.security)
def turn_settings(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    """All that is wrong, most basic first."""
    if not settings.TURN_URLS:
        return [] if settings.DEBUG else [no_relay()]
    looks = (addresses, secrets, lifetime, configuration)
    return [message for look in looks for message in look()]


def no_relay() -> CheckMessage:
    return Info(
        "TURN_URLS is not set: people behind a firewall that blocks UDP may not get into a class.",
        hint="Start coturn (docs/turn.md) and set TURN_URLS and TURN_SECRETS.",
        id="turncreds.I001",
    )


def addresses() -> Iterator[CheckMessage]:
    found = []
    for text in settings.TURN_URLS:
        try:
            found.append(ServerUrl.parse(text))
        except ValueError as error:
            yield Error(
                f"TURN_URLS: {error}",
                hint="Write turn:HOST:3478?transport=udp, turn:HOST:3478?transport=tcp and "
                "turns:HOST:443?transport=tcp, separated by commas.",
                id="turncreds.E001",
            )
    if settings.DEBUG or len(found) < len(settings.TURN_URLS):
        return
    if not any(url.scheme == "turns" for url in found):
        yield Warning(
            "TURN_URLS has no relay over TLS: networks that let only 443/tcp through stay locked out.",
            hint="Give coturn a certificate and add turns:HOST:443?transport=tcp.",
            id="turncreds.W001",
        )
    if len(in_browser_order(found)) > MOST_URLS:
        yield Warning(
            f"TURN_URLS makes browsers ask more than {MOST_URLS} servers at every join.",
            hint="Keep one relay per region: UDP, TCP and TLS of one host.",
            id="turncreds.W002",
        )


def secrets() -> Iterator[CheckMessage]:
    if not settings.TURN_SECRETS and any(text.startswith("turn") for text in settings.TURN_URLS):
        yield Error(
            "TURN_SECRETS is not set, so no credential for the relay can be signed.",
            hint="Set it to the output of `openssl rand -hex 32`, the same as coturn's static-auth-secret.",
            id="turncreds.E002",
        )
    for number, secret in enumerate(settings.TURN_SECRETS, 1):
        if not PLAIN_SECRET.fullmatch(secret):
            yield Error(
                f"Secret {number} of TURN_SECRETS is empty or has characters that coturn may misread.",
                hint="Use letters and digits, such as the output of `openssl rand -hex 32`.",
                id="turncreds.E003",
            )
        elif len(secret) < SHORTEST_SECRET and not settings.DEBUG:
            yield Error(
                f"Secret {number} of TURN_SECRETS is shorter than {SHORTEST_SECRET} characters: whoever "
                "sees one credential could find it by trying.",
                hint="Replace it by the output of `openssl rand -hex 32`, here and in coturn.",
                id="turncreds.E004",
            )


def lifetime() -> Iterator[CheckMessage]:
    if not 0 <= settings.TURN_CLOCK_SKEW < settings.TURN_TTL / 2:
        yield Error(
            f"TURN_TTL ({settings.TURN_TTL} s) is not more than twice TURN_CLOCK_SKEW "
            f"({settings.TURN_CLOCK_SKEW} s): a relay with a fast clock would refuse fresh credentials.",
            hint="Keep TURN_TTL=600 and TURN_CLOCK_SKEW=120, or set relays' clocks by NTP and lower both.",
            id="turncreds.E005",
        )
    if settings.TURN_ISSUES_PER_MINUTE < 1:
        yield Error(
            "TURN_ISSUES_PER_MINUTE is below 1, so nobody gets a credential.",
            hint="Leave it at 12: a page needs one when it joins and one every TURN_TTL / 2 seconds.",
            id="turncreds.E006",
        )


def configuration() -> Iterator[CheckMessage]:
    """What coturnconf needs."""
    parts: tuple[tuple[str, Callable[[], object], str], ...] = (
        ("TURN_PROFILE", lambda: Profile(settings.TURN_PROFILE), "Set it to sfu or direct."),
        (
            "TURN_ALLOWED_PEERS",
            lambda: networks(settings.TURN_ALLOWED_PEERS),
            "List addresses and networks, such as 203.0.113.10,2001:db8::/64.",
        ),
        (
            "TURN_EXTERNAL_IPS",
            lambda: networks(
                "/".join(settings.TURN_EXTERNAL_IPS).split("/") if settings.TURN_EXTERNAL_IPS else []
            ),
            "List public addresses; behind a NAT as public/private.",
        ),
        ("TURN_RELAY_PORTS", lambda: port_range(settings.TURN_RELAY_PORTS), "Leave it at 49160-49999."),
    )
    for name, read, hint in parts:
        try:
            read()
        except NotPlanned as error:
            yield Error(str(error), hint=hint, id="turncreds.E007")
        except ValueError as error:
            yield Error(f"{name}: {error}.", hint=hint, id="turncreds.E007")
    if min(settings.TURN_USER_QUOTA, settings.TURN_TOTAL_QUOTA, settings.TURN_MAX_BPS) < 1:
        yield Error(
            "TURN_USER_QUOTA, TURN_TOTAL_QUOTA and TURN_MAX_BPS must be above 0: coturn takes 0 as no limit.",
            hint="Leave them at 4, 600 and 400000.",
            id="turncreds.E008",
        )
