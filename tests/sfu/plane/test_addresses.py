"""The addresses candidates carry."""

import ipaddress
import socket
from contextlib import ExitStack, closing

import pytest

from signaling.sfu.addresses import NoCandidates, candidates, local, read_announced, usable
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


def test_all_addresses_of_this_machine_may_be_announced_loopback_too():
    with closing(bind("0.0.0.0", 0)) as sock:
        announced = [candidate.ip for candidate in candidates([sock], ["local", "192.0.2.1"])]
    assert {"127.0.0.1", "192.0.2.1"} <= set(announced)
    assert set(map(str, usable(local()))) & set(announced)


@pytest.mark.parametrize(
    ("text", "address", "port", "protocols"),
    [
        ("203.0.113.5", "203.0.113.5", None, ("udp", "tcp")),
        ("203.0.113.5:40000", "203.0.113.5", 40000, ("udp", "tcp")),
        ("203.0.113.5:40000/tcp", "203.0.113.5", 40000, ("tcp",)),
        (" 203.0.113.5/udp ", "203.0.113.5", None, ("udp",)),
        ("2001:db8::1", "2001:db8::1", None, ("udp", "tcp")),
        ("[2001:db8::1]", "2001:db8::1", None, ("udp", "tcp")),
        ("[2001:db8::1]:40000/udp", "2001:db8::1", 40000, ("udp",)),
    ],
)
def test_what_an_operator_may_announce(text, address, port, protocols):
    read = read_announced(text)
    assert (str(read.address), read.port, read.protocols) == (address, port, protocols)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "not an IP address"),
        ("media.example.org", "not an IP address"),
        ("203.0.113.5.", "not an IP address"),
        ("0.0.0.0", "nobody can send to"),
        ("ff02::1", "nobody can send to"),
        ("fe80::1", "nobody can send to"),
        ("203.0.113.5:", "port"),
        ("203.0.113.5:0", "port"),
        ("203.0.113.5:70000", "port"),
        ("203.0.113.5:¹", "port"),
        ("[2001:db8::1]40000", "not an IP address"),
        ("203.0.113.5/sctp", "/udp and /tcp"),
    ],
)
def test_what_cannot_be_announced_is_said_in_words(text, complaint):
    with pytest.raises(ValueError, match=complaint):
        read_announced(text)


def sockets(stack: ExitStack, *hosts: str) -> list[socket.socket]:
    """One UDP and one TCP socket a host."""
    found = [stack.enter_context(closing(bind(host, 0))) for host in hosts]
    for host in hosts:
        sock = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
        sock.bind((host, 0))
        found.insert(0, stack.enter_context(closing(sock)))
    return found


def test_every_announced_address_becomes_a_udp_and_a_tcp_candidate_with_its_port():
    with ExitStack() as stack:
        socks = sockets(stack, "127.0.0.1", "::1")
        six_tcp, four_tcp, four_udp, six_udp = (sock.getsockname()[1] for sock in socks)
        announced = ["203.0.113.5", "203.0.113.6:40000", "[2001:db8::1]:50000/tcp", "203.0.113.5"]
        assert candidates(socks, announced) == [
            Candidate("203.0.113.5", four_udp, 4),
            Candidate("203.0.113.6", 40000, 4),
            Candidate("2001:db8::1", 50000, 6, "tcp"),
            Candidate("203.0.113.5", four_tcp, 4, "tcp"),
            Candidate("203.0.113.6", 40000, 4, "tcp"),
        ]
        assert candidates(socks, []) == [
            Candidate("127.0.0.1", four_udp, 4),
            Candidate("::1", six_udp, 6),
            Candidate("::1", six_tcp, 6, "tcp"),
            Candidate("127.0.0.1", four_tcp, 4, "tcp"),
        ]


async def test_an_engine_that_nobody_could_reach_does_not_start():
    plane = Plane(hosts=["127.0.0.1"], port=next(PORTS), announce=["2001:db8::1"])
    with pytest.raises(NoCandidates, match="2001:db8::1"):
        await plane.start()
    await plane.close()


@pytest.mark.parametrize("announced", ["2001:db8::1", "nonsense"])
async def test_an_engine_that_does_not_start_leaves_its_ports_to_the_next(announced):
    number = next(PORTS)
    with pytest.raises((OSError, ValueError)):
        await Plane(hosts=["127.0.0.1"], port=number, tcp_port=number, announce=[announced]).start()
    plane = Plane(hosts=["127.0.0.1"], port=number, tcp_port=number)
    await plane.start()
    await plane.close()


async def test_without_ipv6_the_plane_goes_on_with_ipv4_and_says_so_once(caplog):
    plane = Plane(hosts=["127.0.0.1", "2001:db8::1"], port=next(PORTS))
    await plane.start()
    assert [c.family for c in plane.candidates] == [4]
    assert caplog.text.count("IPv6") == 1
    await plane.close()


async def test_a_port_in_use_stops_the_start():
    with closing(bind("127.0.0.1", 0)) as sock, pytest.raises(OSError, match="in use"):
        await Plane(hosts=["127.0.0.1"], port=sock.getsockname()[1]).start()
