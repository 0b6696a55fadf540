"""Does the relay work? A real allocation over each transport, and what to do where it fails.

One function for `manage.py checkturn`, for health endpoints and for tests. No finding ever holds a secret.
"""

from __future__ import annotations

import asyncio
import ipaddress
import secrets as randomness
import ssl
import time
from dataclasses import dataclass, field

from turncreds import credentials, mends
from turncreds.allocation import Allocation, RefusedByRelay, allocated, mapped_address
from turncreds.credentials import Credential
from turncreds.mends import Trouble, trouble_of
from turncreds.peers import Network
from turncreds.relays import Relay
from turncreds.servers import ServerUrl, in_browser_order

PATIENCE = 5.0  # seconds for one address; a person has given up by then
DAY = 86_400.0  # seconds
FEWEST_DAYS = 14  # that a certificate should still last
# What a relay on the internet must never send to: loopback, private, the clouds' metadata, carrier NAT.
NEVER_PEERS = ("127.0.0.1", "10.0.0.1", "192.168.0.1", "169.254.169.254", "100.64.0.1")
FAILURES = (OSError, RefusedByRelay)


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """What to check. `allowed`: peers it must let through; `tls` None: the system's CAs; `ttl` in seconds."""

    relay: Relay
    allowed: tuple[Network, ...]
    ttl: int
    tls: ssl.SSLContext | None = None
    participant: str = field(default_factory=lambda: f"check-{randomness.token_hex(8)}")

    def credential(self, secret: str, ttl: int | None = None) -> Credential:
        ttl = self.ttl if ttl is None else ttl
        return credentials.issue(self.participant, secret=secret, now=time.time(), ttl=ttl)


@dataclass(frozen=True, slots=True)
class Finding:
    """One fact about one address; `mend` says what to do where `ok` is false."""

    url: str
    ok: bool
    text: str
    mend: str = ""


async def check_relay(target: Target) -> list[Finding]:
    """Findings for each address, in the order browsers try them. All addresses are asked at once."""
    if not any(url.relays for url in target.relay.urls) or not target.relay.secrets:
        return [failed("TURN_URLS", mends.NO_RELAY)]
    looks = [
        check_turn(url, target) if url.relays else check_stun(url)
        for url in in_browser_order(target.relay.urls)
    ]
    return [finding for found in await asyncio.gather(*looks) for finding in found]


async def check_stun(url: ServerUrl) -> list[Finding]:
    try:
        async with asyncio.timeout(PATIENCE):
            host, port = await mapped_address(url)
    except FAILURES as error:
        return [failed(url, trouble_of(error, url))]
    return [Finding(str(url), True, f"sees us as {host} port {port}")]


async def check_turn(url: ServerUrl, target: Target) -> list[Finding]:
    secret, *older = target.relay.secrets
    started = time.monotonic()
    try:
        async with (
            asyncio.timeout(PATIENCE),
            allocated(url, target.credential(secret), tls=target.tls) as ours,
        ):
            took = round((time.monotonic() - started) * 1000)
            found = [
                Finding(str(url), True, f"allocates {ours.address[0]} port {ours.address[1]} in {took} ms")
            ]
            found += look_at(ours, url)
            found += await check_peers(ours, url, target)
    except FAILURES as error:
        return [failed(url, await cause_of(error, url, target))]
    if await accepts(url, target, randomness.token_hex(16)):
        found.append(failed(url, mends.OPEN_RELAY))
    elif not all([await accepts(url, target, each) for each in older]):
        found.append(failed(url, mends.RETIRED_SECRET))
    return found


def look_at(ours: Allocation, url: ServerUrl) -> list[Finding]:
    """What the allocation itself shows: an address that is of no use, a certificate about to end."""
    found = []
    relayed, server = ipaddress.ip_address(ours.address[0]), ipaddress.ip_address(ours.server[0])
    if server.is_global and not relayed.is_global:
        found.append(failed(url, mends.BEHIND_NAT, address=relayed))
    if ours.certificate_ends is not None:
        days = int((ours.certificate_ends - time.time()) / DAY)
        if days < FEWEST_DAYS:
            found.append(failed(url, mends.CERTIFICATE_ENDS, days=days))
    return found


async def check_peers(ours: Allocation, url: ServerUrl, target: Target) -> list[Finding]:
    """The media server must get a permission; private addresses must not."""
    family = ipaddress.ip_address(ours.address[0]).version
    wanted = [str(each[0]) for each in target.allowed if each.num_addresses == 1 and each.version == family]
    barred = [peer for peer in NEVER_PEERS if family == 4 and not within(peer, target.allowed)]
    found = [
        failed(url, mends.NO_WAY_TO_MEDIA, peer=peer) for peer in wanted if not await permits(ours, peer)
    ]
    found += [failed(url, mends.INTO_THE_NETWORK, peer=peer) for peer in barred if await permits(ours, peer)]
    if not found and wanted:
        found.append(Finding(str(url), True, f"lets {', '.join(wanted)} through, and no private address"))
    elif not found:
        found.append(Finding(str(url), True, "lets no private address through"))
    return found


def within(address: str, found: tuple[Network, ...]) -> bool:
    return any(ipaddress.ip_address(address) in network for network in found)


async def permits(ours: Allocation, peer: str) -> bool:
    try:
        await ours.permit(peer)
    except RefusedByRelay:
        return False
    return True


async def cause_of(error: Exception, url: ServerUrl, target: Target) -> Trouble:
    """Why an allocation failed; a 401 has several causes, told apart by asking again."""
    if not (isinstance(error, RefusedByRelay) and error.code == 401):
        return trouble_of(error, url)
    secret, *older = target.relay.secrets
    if await accepts(url, target, secret, ttl=round(DAY)):
        return mends.CLOCK_AHEAD
    if any([await accepts(url, target, each) for each in older]):
        return mends.OLD_SECRET
    return mends.FOREIGN_SECRET


async def accepts(url: ServerUrl, target: Target, secret: str, *, ttl: int | None = None) -> bool:
    try:
        async with (
            asyncio.timeout(PATIENCE),
            allocated(url, target.credential(secret, ttl), tls=target.tls),
        ):
            return True
    except FAILURES:
        return False


def failed(url: ServerUrl | str, trouble: Trouble, **words: object) -> Finding:
    return Finding(str(url), False, trouble.text.format(**words), trouble.mend.format(**words))
