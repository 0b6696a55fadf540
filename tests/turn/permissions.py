"""Ask a real relay for a permission to each of many peers: an IPv4 and an IPv6 allocation of one user."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from ipaddress import IPv4Address

from aioice import stun, turn

from tests.turn.coturn import Coturn, credential
from turncreds.allocation import Allocation, RefusedByRelay, allocated, connected, refusals
from turncreds.peers import Address

FAMILY: stun.AttributeEntry = (0x0017, "REQUESTED-ADDRESS-FAMILY", stun.pack_unsigned, stun.unpack_unsigned)
IPV6 = 0x02000000  # RFC 8656 18.9: one byte, then zeros
FORBIDDEN = 403
PERMISSIONS_EACH = 1000  # of one allocation, to keep coturn's tables and nonces young


@asynccontextmanager
async def allocated_ipv6(relay: Coturn, participant: str) -> AsyncIterator[Allocation]:
    """aioice never asks for IPv6; teach it the attribute."""
    stun.ATTRIBUTES_BY_NAME[FAMILY[1]] = stun.ATTRIBUTES_BY_TYPE[FAMILY[0]] = FAMILY
    async with connected(relay.url("udp"), credential(participant), tls=None) as client:
        request = stun.Message(stun.Method.ALLOCATE, stun.Class.REQUEST)
        request.attributes |= {"REQUESTED-TRANSPORT": turn.UDP_TRANSPORT, FAMILY[1]: IPV6}
        with refusals():
            response, _ = await client.request_with_retry(request)
        try:
            yield Allocation(client, response.attributes["XOR-RELAYED-ADDRESS"])
        finally:
            await client.delete()


async def permitted(relay: Coturn, peers: Sequence[Address]) -> set[Address]:
    """Those of `peers` that get a permission, each asked by an allocation of its own family."""
    found: set[Address] = set()
    for start in range(0, len(peers), PERMISSIONS_EACH):
        part, name = peers[start : start + PERMISSIONS_EACH], f"peers-{start}"
        async with (
            allocated(relay.url("udp"), credential(name)) as ipv4,
            allocated_ipv6(relay, name) as ipv6,
        ):
            for peer in part:
                if await gets_one(ipv4 if isinstance(peer, IPv4Address) else ipv6, peer):
                    found.add(peer)
    return found


async def gets_one(allocation: Allocation, peer: Address) -> bool:
    """Raises RefusedByRelay for any refusal but 403, forbidden."""
    try:
        await allocation.permit(str(peer))
    except RefusedByRelay as refused:
        if refused.code != FORBIDDEN:
            raise
        return False
    return True
