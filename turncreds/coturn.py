"""The configuration of a hardened coturn, as text: for coturn 4.6 (Debian 12) and 4.17 (container) alike."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from turncreds.peers import EVERYTHING, NOT_PUBLIC, Network, Range, networks, ranges, without_zero


class Profile(StrEnum):
    """Whom a relay sends to."""

    SFU = "sfu"  # our media server and nobody else
    DIRECT = "direct"  # other participants too: any public address


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a relay is to be. `allowed`: the media server's addresses and what the operator adds.

    `tls_port` None: no TLS. `external_ips`: public addresses, as `public` or `public/private` behind a NAT.
    `max_bps`: bytes a second and allocation, each way.
    """

    profile: Profile
    realm: str
    secrets: tuple[str, ...] = field(repr=False)
    allowed: tuple[Network, ...]
    port: int
    tls_port: int | None
    certificate: str
    key: str
    external_ips: tuple[str, ...]
    relay_ports: tuple[int, int]
    user_quota: int
    total_quota: int
    max_bps: int

    @property
    def allowed_ranges(self) -> list[Range]:
        return ranges(without_zero(self.allowed))

    @property
    def denied_ranges(self) -> list[Range]:
        return ranges(networks(EVERYTHING) if self.is_closed else without_zero(networks(NOT_PUBLIC)))

    @property
    def is_closed(self) -> bool:
        return self.profile is Profile.SFU


def configuration(plan: Plan) -> str:
    """The text of turnserver.conf. It holds the secrets: readable by coturn alone."""
    parts = [
        ("Written by `manage.py coturnconf`: change the settings and write it again (docs/turn.md).", ()),
        ("Credentials that end by themselves; during a rotation all of these are accepted.", who(plan)),
        ("Addresses.", addresses(plan)),
        ("Whom it sends to: allowing wins over denying.", peers(plan)),
        (f"What one participant may take: {plan.user_quota} allocations.", limits(plan)),
        ("Nothing that browsers do not need. Some of these are the default since 4.7.", HARDENING),
        ("Log to the service's journal or the container's output.", ("log-file=stdout", "simple-log")),
    ]
    return "\n\n".join("\n".join([f"# {title}", *lines]) for title, lines in parts) + "\n"


def who(plan: Plan) -> Iterator[str]:
    yield "use-auth-secret"
    yield from (f"static-auth-secret={secret}" for secret in plan.secrets)
    yield f"realm={plan.realm}"
    yield "stale-nonce=600"


def addresses(plan: Plan) -> Iterator[str]:
    yield f"listening-port={plan.port}"
    if plan.tls_port is None:
        yield "no-tls"
    else:
        yield f"tls-listening-port={plan.tls_port}"
        yield f"cert={plan.certificate}"
        yield f"pkey={plan.key}"
    yield from (f"external-ip={address}" for address in plan.external_ips)
    yield f"min-port={plan.relay_ports[0]}"
    yield f"max-port={plan.relay_ports[1]}"


def peers(plan: Plan) -> Iterator[str]:
    if any(network.is_loopback for network in plan.allowed):
        # coturn looks at this before the ranges; the deny list keeps the rest of loopback out.
        yield "allow-loopback-peers"
    yield "no-multicast-peers"
    yield from (f"allowed-peer-ip={written(each)}" for each in plan.allowed_ranges)
    yield from (f"denied-peer-ip={written(each)}" for each in plan.denied_ranges)


def written(found: Range) -> str:
    first, last = found
    return str(first) if first == last else f"{first}-{last}"


def limits(plan: Plan) -> Iterator[str]:
    yield f"user-quota={plan.user_quota}"
    yield f"total-quota={plan.total_quota}"
    yield f"max-bps={plan.max_bps}"


HARDENING = (
    "fingerprint",
    "no-tcp-relay",
    "no-dtls",
    "no-tlsv1",
    "no-tlsv1_1",
    "no-cli",
    "no-rfc5780",
    "no-stun-backward-compatibility",
    "response-origin-only-with-rfc5780",
    "no-software-attribute",
    # Nothing in a database: coturn refuses everybody while its file is locked or cannot be read.
    "userdb=:memory:",
    "no-dynamic-ip-list",
    "no-dynamic-realms",
)
