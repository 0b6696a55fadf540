"""The addresses candidates carry."""

import ipaddress
from contextlib import closing

import pytest

from signaling.sfu.addresses import candidates, usable
from signaling.sfu.plane import Plane
from signaling.sfu.spec import Candidate
from signaling.sfu.udp import bind
from tests.sfu.plane.conftest import PORTS


@pytest.mark.parametrize(
    ("addresses", "kept"),
    [
        (["127.0.0.1", "10.0.0.1", "::1", "fd00::2"], ["10.0.0.1", "fd00::2"]),
        (["127.0.0.1", "::1"], ["127.0.0.1", "::1"]),
        (["10.0.0.1", "fe80::1", "10.0.0.1"], ["10.0.0.1"]),
    ],
)
def test_loopback_is_offered_only_when_there_is_nothing_else(addresses, kept):
    assert [str(a) for a in usable(map(ipaddress.ip_address, addresses))] == kept


def test_announced_addresses_replace_local_ones_where_a_socket_serves_them():
    with closing(bind("127.0.0.1", 0)) as sock:
        port = sock.getsockname()[1]
        assert candidates([sock], ["192.0.2.1", "2001:db8::1"]) == [Candidate("192.0.2.1", port, 4)]
        assert candidates([sock], []) == [Candidate("127.0.0.1", port, 4)]


async def test_without_ipv6_the_plane_goes_on_with_ipv4_and_says_so_once(caplog):
    plane = Plane(hosts=["127.0.0.1", "2001:db8::1"], port=next(PORTS))
    await plane.start()
    assert [c.family for c in plane.candidates] == [4]
    assert caplog.text.count("IPv6") == 1
    await plane.close()


async def test_a_port_in_use_stops_the_start():
    with closing(bind("127.0.0.1", 0)) as sock, pytest.raises(OSError, match="in use"):
        await Plane(hosts=["127.0.0.1"], port=sock.getsockname()[1]).start()
