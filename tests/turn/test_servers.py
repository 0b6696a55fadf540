"""Addresses and the order in which a browser should try them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from turncreds.credentials import Credential
from turncreds.relays import announced_address
from turncreds.servers import ServerUrl, ice_servers, in_browser_order

TLS, TCP, UDP = "turns:t.example:443?transport=tcp", "turn:t.example?transport=tcp", "turn:t.example"
CREDENTIAL = Credential("1700000000:ada", "cGFzc3dvcmQ=")

HOSTS = st.sampled_from(["turn.example.org", "203.0.113.9", "2001:db8::9"])
ANY_URL = st.builds(
    lambda kind, host, port: ServerUrl(kind[0], host, port, kind[1]),
    st.sampled_from([("stun", "udp"), ("turn", "udp"), ("turn", "tcp"), ("turns", "tcp")]),
    HOSTS,
    st.integers(1, 65535),
)


@pytest.mark.parametrize(
    ("text", "means"),
    [
        ("stun:s.example", "stun:s.example:3478"),
        ("turn:t.example", "turn:t.example:3478?transport=udp"),
        ("TURN:T.Example:80?transport=TCP", "turn:t.example:80?transport=tcp"),
        ("turns:t.example", "turns:t.example:5349?transport=tcp"),
        ("turn:[2001:DB8:0::9]:3478", "turn:[2001:db8::9]:3478?transport=udp"),
    ],
)
def test_an_address_is_completed_by_the_defaults_of_its_scheme(text, means):
    assert str(ServerUrl.parse(text)) == means


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("turn.example.org", "not of the form turn:"),
        ("turn://t.example", "not of the form turn:"),
        ("http:t.example", "neither stun:, turn: nor turns:"),
        ("turns:t.example?transport=udp", "write \\?transport=tcp"),
        ("turn:t.example?transport=tls", "udp or tcp"),
        ("stun:s.example?transport=tcp", "leave \\?transport out"),
        ("turn:t.example:70000", "between 1 and 65535"),
        ("turn:[::1::2]", "not an IPv6 address"),
        ("turn:user@t.example", "not of the form"),
        ("", "not of the form"),
    ],
)
def test_a_wrong_address_is_told_what_it_should_look_like(text, says):
    with pytest.raises(ValueError, match=says):
        ServerUrl.parse(text)


def test_the_list_goes_from_stun_over_udp_and_tcp_to_tls_whatever_the_settings_order():
    urls = [ServerUrl.parse(text) for text in (TLS, TCP, UDP)]
    assert ice_servers(urls, CREDENTIAL) == [
        {"urls": ["stun:t.example:3478"]},
        {
            "urls": [
                "turn:t.example:3478?transport=udp",
                "turn:t.example:3478?transport=tcp",
                "turns:t.example:443?transport=tcp",
            ],
            "username": "1700000000:ada",
            "credential": "cGFzc3dvcmQ=",
        },
    ]


def test_a_stun_server_of_ones_own_replaces_that_of_the_relay():
    urls = [ServerUrl.parse(text) for text in (UDP, "stun:s.example")]
    assert ice_servers(urls, CREDENTIAL)[0] == {"urls": ["stun:s.example:3478"]}


def test_without_a_credential_there_is_no_relay_in_the_list():
    assert ice_servers([ServerUrl.parse(UDP)], None) == [{"urls": ["stun:t.example:3478"]}]
    assert ice_servers([], CREDENTIAL) == []


@given(ANY_URL)
def test_an_address_written_and_read_again_is_the_same(url):
    assert ServerUrl.parse(str(url)) == url


@given(st.lists(ANY_URL, max_size=8))
def test_no_address_is_lost_or_doubled_and_the_order_never_goes_back(urls):
    ordered = in_browser_order(urls)
    assert set(urls) <= set(ordered)
    assert len(set(ordered)) == len(ordered)
    assert [url.order for url in ordered] == sorted(url.order for url in ordered)


@pytest.mark.parametrize(
    ("announced", "address"),
    [
        ("203.0.113.5", "203.0.113.5"),
        (" 203.0.113.5:40000/udp ", "203.0.113.5"),
        ("2001:db8::1", "2001:db8::1"),
        ("[2001:db8::1]:40000", "2001:db8::1"),
    ],
)
def test_the_relay_lets_through_what_the_media_server_announces_whatever_its_port(announced, address):
    assert announced_address(announced) == address
