"""A network of two homes and the open internet, in network namespaces: no packet leaves this machine.

    home 1: 10.1.0.2 ── router 1: 11.22.33.101 ┐
                                               ├─ internet: Aula .10 and .11, coturn .20, probes .30 and .31
    home 2: 10.2.0.2 ── router 2: 11.22.33.102 ┘

Each router translates addresses as one of the classical kinds of NAT, and may block what leaves its home. Its
kind is changed while the network is up; flows that exist keep the translation they have.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

INTERNET = "11.22.33"  # public, as relays see it; nobody real is reached from in here
WEB, MEDIA, TURN = f"{INTERNET}.10", f"{INTERNET}.11", f"{INTERNET}.20"
PROBES = (f"{INTERNET}.30", f"{INTERNET}.31")


class Nat(Enum):
    """RFC 3489's names; in the words of RFC 4787: how a mapping is made, and what it lets in."""

    FULL_CONE = "full"
    ADDRESS_RESTRICTED = "address"
    PORT_RESTRICTED = "port"
    SYMMETRIC = "symmetric"


class Firewall(Enum):
    """What a home's packets may be."""

    OPEN = ""
    NO_UDP = 'iifname "lan" meta l4proto udp drop'
    NO_MEDIA = (
        f'iifname "lan" meta l4proto udp drop; iifname "lan" tcp dport != 443 drop; '
        f'iifname "lan" ip daddr {TURN} drop'
    )
    ONLY_443 = 'iifname "lan" meta l4proto udp drop; iifname "lan" tcp dport != 443 drop'


# Linux keeps the port of a flow and filters by flow, which makes port-restricted; the two wider kinds let in
# what is sent to a port that the home has sent from, too: by anybody, or by the addresses it has sent to.
OPENED = {
    Nat.FULL_CONE: ("inet_service : ipv4_addr", "udp sport : ip saddr", "udp dport"),
    Nat.ADDRESS_RESTRICTED: (
        "inet_service . ipv4_addr : ipv4_addr",
        "udp sport . ip daddr : ip saddr",
        "udp dport . ip saddr",
    ),
}


def rules(nat: Nat, firewall: Firewall) -> str:
    """The router's rules for nft."""
    kind, learned, looked_up = OPENED.get(nat, ("", "", ""))
    wider = f"""
    map open {{ type {kind}; size 65535; flags dynamic,timeout; timeout 5m; }}
    chain learn {{
        type filter hook postrouting priority mangle;
        oifname "wan" meta l4proto udp update @open {{ {learned} }}
    }}
    chain inwards {{
        type nat hook prerouting priority dstnat;
        iifname "wan" meta l4proto udp dnat to {looked_up} map @open
    }}"""
    return f"""flush ruleset
table ip lab {{{wider if kind else ""}
    chain outwards {{
        type nat hook postrouting priority srcnat;
        oifname "wan" masquerade{" fully-random" if nat is Nat.SYMMETRIC else ""}
    }}
    chain blocked {{
        type filter hook forward priority filter;
        {firewall.value}
    }}
    chain unasked {{
        type filter hook input priority filter;
        iifname "wan" ct state new drop
    }}
}}
"""


CUT = """table ip cut {{
    chain inwards {{
        type filter hook prerouting priority raw;
        ip saddr {other} drop
    }}
}}
"""


@dataclass
class Lab:
    """A network that is up; `name` keeps those of two test processes apart."""

    name: str

    def space(self, place: str) -> str:
        return f"aula-{self.name}-{place}"

    def inside(self, place: str) -> list[str]:
        """What a command begins with to run in `internet`, `home1`, `home2`, `router1` or `router2`."""
        return ["ip", "netns", "exec", self.space(place)]

    def set(self, home: int, nat: Nat, firewall: Firewall = Firewall.OPEN) -> None:
        run([*self.inside(f"router{home}"), "nft", "-f", "-"], given=rules(nat, firewall))

    def program(self, folder: Path, home: int, command: str) -> Path:
        """A program that runs `command` in a home, for those who start browsers by their path."""
        path = folder / f"in-home-{home}"
        path.write_text(f'#!/bin/sh\nexec {" ".join(self.inside(f"home{home}"))} {command} "$@"\n')
        path.chmod(0o755)
        return path

    def cut(self) -> None:
        """Nothing passes from router to router any more, until they are set anew; all else stays in reach."""
        for home, other in ((1, 2), (2, 1)):
            run(
                [*self.inside(f"router{home}"), "nft", "-f", "-"],
                given=CUT.format(other=f"{INTERNET}.10{other}"),
            )


@contextmanager
def network(name: str) -> Iterator[Lab]:
    """Bring the network up, and take it down with all that runs in it."""
    lab = Lab(name)
    places = ("internet", "router1", "router2", "home1", "home2")
    take_down(lab, places)
    try:
        for place in places:
            run(["ip", "netns", "add", lab.space(place)])
            ip(lab, place, "link set lo up")
        ip(lab, "internet", "link add net type bridge")
        ip(lab, "internet", "link set net up")
        for address in (WEB, MEDIA, TURN, *PROBES):
            ip(lab, "internet", f"addr add {address}/24 dev net")
        for home in (1, 2):
            connect(lab, home)
        yield lab
    finally:
        take_down(lab, places)


def connect(lab: Lab, home: int) -> None:
    router, internet = lab.space(f"router{home}"), lab.space("internet")
    run(
        [
            "ip",
            "link",
            "add",
            "wan",
            "netns",
            router,
            "type",
            "veth",
            "peer",
            f"port{home}",
            "netns",
            internet,
        ]
    )
    ip(lab, "internet", f"link set port{home} master net up")
    ip(lab, f"router{home}", f"addr add {INTERNET}.10{home}/24 dev wan")
    ip(lab, f"router{home}", "link set wan up")
    run(
        [
            "ip",
            "link",
            "add",
            "lan",
            "netns",
            router,
            "type",
            "veth",
            "peer",
            "eth0",
            "netns",
            lab.space(f"home{home}"),
        ]
    )
    ip(lab, f"router{home}", f"addr add 10.{home}.0.1/24 dev lan")
    ip(lab, f"router{home}", "link set lan up")
    run([*lab.inside(f"router{home}"), "sh", "-c", "echo 1 > /proc/sys/net/ipv4/ip_forward"])
    ip(lab, f"home{home}", f"addr add 10.{home}.0.2/24 dev eth0")
    ip(lab, f"home{home}", "link set eth0 up")
    ip(lab, f"home{home}", f"route add default via 10.{home}.0.1")
    lab.set(home, Nat.FULL_CONE)


def take_down(lab: Lab, places: tuple[str, ...]) -> None:
    for place in places:
        found = subprocess.run(
            ["ip", "netns", "pids", lab.space(place)], capture_output=True, text=True, check=False
        )
        for pid in found.stdout.split():
            if int(pid) != os.getpid():
                subprocess.run(["kill", "-9", pid], capture_output=True, check=False)
        subprocess.run(["ip", "netns", "del", lab.space(place)], capture_output=True, check=False)


def ip(lab: Lab, place: str, words: str) -> None:
    run(["ip", "-n", lab.space(place), *words.split()])


def run(command: list[str], given: str = "") -> str:
    """Raises RuntimeError with what the command said."""
    done = subprocess.run(command, input=given, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)}: {done.stderr.strip()}\n{given}")
    return done.stdout
