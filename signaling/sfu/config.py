"""What the engine is told by whoever runs it; the engine reads no settings of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

KIB = 1024


@dataclass(frozen=True)
class Limits:
    """The most of everything one engine, room or participant may take.

    Sizes are bytes unless the name says characters; times are seconds.
    """

    rooms: int = 500
    participants: int = 200  # in one room
    people: int = 5000  # in all rooms
    tracks: int = 8  # published by one participant
    joins_at_once: int = 60  # participants shaking hands: beyond it newcomers are told to come back
    joins_in_a_room: int = 40  # of them: no room takes all places
    identity_characters: int = 256
    name_characters: int = 256
    metadata: int = 16 * KIB
    attributes: int = 16 * KIB  # keys and values together
    join_request: int = 1024 * KIB  # after decompression
    signal_message: int = 1024 * KIB
    signal_rate: int = 50  # messages a second, with bursts of four times that; 16 KiB count as one
    change_rate: int = 10  # changes a second all hear of one participant, bursts of three times that
    sdp_sections: int = 450
    data_packet: int = 64 * KIB
    data_rate: int = 500  # packets a second from one participant, with bursts of twice that
    data_flow: int = 512 * KIB  # bytes a second from one participant, with bursts of four times that
    data_crowd: int = 8192 * KIB  # bytes a second of one participant's to all who get them; bursts as above
    lossy_buffered: int = 64 * KIB  # waiting for one listener: beyond it lossy packets are dropped
    reliable_buffered: int = 4096 * KIB  # beyond it the listener is told to connect afresh
    desires: int = 2000  # remembered subscribe and track_setting wishes of one participant


@dataclass(frozen=True)
class Timing:
    """Seconds."""

    ping_interval: int = 5
    ping_timeout: int = 15
    grace: float = 15.0  # a participant whose socket went keeps its place this long
    first_check: float = 2.0  # a newcomer counts as shaking hands this long before anything of it comes
    join_within: float = 30.0  # from the answer to the first media connection
    empty_room: float = 20.0  # an empty room is remembered this long
    unvisited_room: float = 300.0  # a room made by the server API waits this long for its first visitor
    longest_wait: float = 86_400.0  # the server API may not ask for more of either
    settle: float = 0.5  # from a newcomer's first media connection to word of who left meanwhile
    negotiation_pause: float = 0.05  # changes within it share one new offer
    speakers: float = 0.4
    bandwidth: float = 1.0  # between two sharings out, if nothing calls for one earlier
    room: float = 2.0  # between two words on how many people there are
    quality: float = 5.0
    token_refresh: float = 300.0
    token_lifetime: float = 600.0
    leeway: float = 10.0  # how far clocks of token maker and engine may be apart


@dataclass(frozen=True)
class EngineConfig:
    """`api_keys`: key to secret, both sides of the LiveKit access tokens (the first one signs).
    `redirect`: where WHIP and WHEP clients go for whom there is no place here, a base address.
    `metrics_token`: whoever reads /metrics has to know it; empty: anybody who gets as far as us.
    `ice_servers`: for a participant's sid, RTCIceServers that help it to get here (W3C WebRTC 4.2.4).
    `recordings`: the folder of what is recorded; without it nothing is.
    `withdrawals`: the file that keeps withdrawn tokens across a restart; without it they are forgotten."""

    api_keys: Mapping[str, str] = field(repr=False)
    limits: Limits = Limits()
    timing: Timing = Timing()
    withdrawals: Path | None = None
    recordings: Path | None = None
    metrics_token: str = field(default="", repr=False)
    redirect: str = ""
    ice_servers: Callable[[str], Iterable[Mapping[str, Any]]] = lambda sid: ()
    node_id: str = "ND_aula"
    # Clients gate features on this LiveKit server version (facts: livekit-protocol 5).
    server_version: str = "1.9.0"
