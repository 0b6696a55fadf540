"""Whom a relay sends to: a table for each profile, and what a real coturn makes of it."""

from __future__ import annotations

import ipaddress
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.turn import coturn
from tests.turn.addresses import sample, spellings
from tests.turn.permissions import permitted
from turncreds.coturn import Plan, Profile
from turncreds.peers import is_allowed, networks, without_zero

PEERS = 700
BOTH_FAMILIES = ("127.0.0.1", "::1")
SFU_ADDRESSES = ("127.0.0.1", "198.51.100.7", "2001:db8:7::7")


def meant(plan: Plan, peer: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    return is_allowed(peer, allowed=plan.allowed_ranges, denied=plan.denied_ranges) and int(peer) != 0


@pytest.mark.parametrize("profile", list(Profile))
async def test_coturn_permits_exactly_the_peers_that_the_plan_means(tmp_path, profile):
    """Both families; every IPv6 spelling of an IPv4 address among them."""
    plan = replace(coturn.plan(tmp_path, profile), allowed=tuple(networks(SFU_ADDRESSES)))
    peers = [*sample(PEERS), *(ipaddress.ip_address(each) for each in SFU_ADDRESSES)]
    async with coturn.running(plan, tmp_path, addresses=BOTH_FAMILIES) as relay:
        found = await permitted(relay, peers)
    assert found == {peer for peer in peers if meant(relay.plan, peer)}
    if profile is Profile.SFU:
        assert found == {ipaddress.ip_address(each) for each in SFU_ADDRESSES}


async def test_a_network_that_the_operator_allows_is_let_through_and_its_neighbour_is_not(tmp_path):
    plan = replace(coturn.plan(tmp_path, Profile.DIRECT), allowed=tuple(networks(["10.1.0.0/16"])))
    peers = [ipaddress.ip_address(each) for each in ("10.1.2.3", "10.2.0.1", "10.0.255.255", "8.8.8.8")]
    async with coturn.running(plan, tmp_path, addresses=BOTH_FAMILIES) as relay:
        found = await permitted(relay, peers)
    assert {str(peer) for peer in found} == {"10.1.2.3", "8.8.8.8"}


@given(st.ip_addresses())
def test_direct_calls_reach_no_address_that_is_not_public(peer):
    plan_denied = [(each[0], each[-1]) for each in without_zero(networks(coturn_direct()))]
    if is_allowed(peer, allowed=[], denied=plan_denied) and int(peer):
        assert peer.is_global
        assert not peer.is_multicast


@given(st.ip_addresses(v=4))
def test_no_ipv6_spelling_of_an_ipv4_address_is_public(peer):
    denied = [(each[0], each[-1]) for each in without_zero(networks(coturn_direct()))]
    assert not any(is_allowed(each, allowed=[], denied=denied) and int(each) for each in spellings(peer))


def coturn_direct() -> tuple[str, ...]:
    from turncreds.peers import NOT_PUBLIC

    return NOT_PUBLIC
