"""A room without network: time that stands still, a packet plane that only remembers, sockets in memory."""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import jwt
from livekit.protocol import models, rtc

from signaling.sfu import signal
from signaling.sfu.auth import verify
from signaling.sfu.config import EngineConfig
from signaling.sfu.downlink import Downlink
from signaling.sfu.drops import Drops
from signaling.sfu.events import Tell, tell_nobody
from signaling.sfu.link import OneConnection
from signaling.sfu.participant import Participant
from signaling.sfu.rooms import Rooms, Ticket
from signaling.sfu.spec import Candidate, IceCredentials
from signaling.sfu.tally import Tally

KEY, SECRET = "aula", "a-secret-of-at-least-thirty-two-characters"
WALL = 1_800_000_000.0
ROOM = "demo.biology"
OFFERS = Path(__file__).parent / "offers"


def offer_text(name: str) -> str:
    return (OFFERS / f"{name}.sdp").read_text()


class StillClock:
    """Time moves when `pass_` is called, and timers run then."""

    def __init__(self) -> None:
        self._now = 100.0
        self._timers: list[tuple[float, int, Callable[[], None]]] = []
        self._numbers = itertools.count()
        self._cancelled: set[int] = set()

    def now(self) -> float:
        return self._now

    def wall(self) -> float:
        return WALL + self._now - 100.0

    def later(self, delay: float, call: Callable[[], None]) -> Any:
        number = next(self._numbers)
        heapq.heappush(self._timers, (self._now + delay, number, call))
        return Cancel(lambda: self._cancelled.add(number))

    def pass_(self, seconds: float) -> None:
        until = self._now + seconds
        while self._timers and self._timers[0][0] <= until:
            at, number, call = heapq.heappop(self._timers)
            self._now = max(self._now, at)
            if number not in self._cancelled:
                call()
        self._now = until


@dataclass
class Cancel:
    cancel: Callable[[], Any]


@dataclass
class StillLayer:
    index: int
    width: int = 0
    height: int = 0
    bitrates: dict[tuple[int, int], float] = field(default_factory=dict)
    flowing: bool = False


class StillUp:
    def __init__(self, spec: Any) -> None:
        self.spec, self.mid, self.kind, self.mime = spec, spec.mid, spec.kind, spec.mime
        self.listeners: list[StillDown] = []
        self.held = self.recorded = False
        self.muted, self.closed, self.level, self.speaking, self.fraction_lost = False, False, 0.0, False, 0.0
        self.layers = [StillLayer(i) for i in range(len(spec.rids) or 1)]

    def hold(self, held: bool) -> None:
        self.held = held

    def close(self) -> None:
        self.closed = True
        for listener in list(self.listeners):
            listener.source_ended()


@dataclass
class StillStats:
    fraction_lost: float = 0.0


class StillDown:
    numbers = itertools.count(1000)

    def __init__(self, source: StillUp, spec: Any) -> None:
        self.source, self.spec, self.mid = source, spec, spec.mid
        self.ssrc, self.rtx_ssrc = next(self.numbers), next(self.numbers)
        self.cname, self.paused, self.closed, self.max_layer = "cname", False, False, 2
        self.max_temporal = 3
        self.stats = StillStats()
        self.rest: Any = None

    def rest_on(self, rest: Any) -> None:
        self.rest = rest

    def follow(self, source: Any, spec: Any = None) -> None:
        self.spec = spec or self.spec
        self.source.listeners.remove(self)
        self.source = source
        source.listeners.append(self)

    def source_ended(self) -> None:
        if self.rest is None:
            self.close()
        else:
            self.follow(self.rest)

    def pause(self) -> None:
        self.paused = True

    def resume(self) -> None:
        self.paused = False

    def select(self, max_layer: int, max_temporal: int = 3) -> None:
        self.max_layer, self.max_temporal = max_layer, max_temporal

    def close(self) -> None:
        self.closed = True


class StillTransport:
    def __init__(self, events: Any) -> None:
        self.events = events
        self.ice = IceCredentials("ufrag0", "password0")
        self.restarts, self.rtt, self.closed = 0, None, False
        self.shaking_hands = False
        self.started: dict[str, Any] | None = None
        self.extensions: dict[str, int] = {}
        self.received: list[StillUp] = []
        self.sent: list[StillDown] = []
        self.channels: dict[str, MemoryChannel] = {}
        self.cname = "cname"
        self.downlink = Downlink(self)  # type: ignore[arg-type]

    def clock(self) -> float:
        return 0.0

    def restart_ice(self) -> IceCredentials:
        self.restarts += 1
        self.ice = IceCredentials(f"ufrag{self.restarts}", f"password{self.restarts}")
        return self.ice

    def hurry(self) -> None:
        """A probe would begin."""

    def start(self, **given: Any) -> None:
        self.started = given

    def set_extensions(self, ids: dict[str, int]) -> None:
        self.extensions = ids

    def receive(self, spec: Any) -> StillUp:
        self.received.append(StillUp(spec))
        return self.received[-1]

    def send(self, source: StillUp, spec: Any) -> StillDown:
        down = StillDown(source, spec)
        source.listeners.append(down)
        self.sent.append(down)
        return down

    def open_channel(self, label: str, **parameters: Any) -> MemoryChannel:
        self.channels[label] = MemoryChannel(label)
        return self.channels[label]

    def close(self, reason: str = "closed") -> None:
        self.closed = True


class StillPlane:
    def __init__(self) -> None:
        self.drops = Drops()
        self.tally = Tally()
        self.transports: dict[Any, int] = {}
        self.datagrams: dict[tuple[str, str], int] = {}
        self.candidates = [Candidate("192.0.2.7", 7882, 4), Candidate("2001:db8::7", 7882, 6)]
        self.fingerprint = "sha-256 AA:BB"

    def open(self, events: Any) -> StillTransport:
        return StillTransport(events)


@dataclass
class MemorySocket:
    """What the client would have got."""

    messages: list[rtc.SignalResponse] = field(default_factory=list)
    closed: int | None = None

    def send(self, data: bytes) -> None:
        if self.closed is None:
            self.messages.append(rtc.SignalResponse.FromString(data))

    def close(self, code: int = 1000) -> None:
        self.closed = self.closed or code

    @property
    def kinds(self) -> list[str]:
        return [message.WhichOneof("message") for message in self.messages]

    def all(self, kind: str) -> list[Any]:
        return [getattr(m, kind) for m in self.messages if m.WhichOneof("message") == kind]

    def last(self, kind: str) -> Any:
        found = self.all(kind)
        assert found, f"no {kind} among {self.kinds}"
        return found[-1]

    def clear(self) -> None:
        self.messages.clear()


class MemoryChannel:
    """A data channel whose far end is the test."""

    def __init__(self, label: str) -> None:
        self.label, self.readyState, self.bufferedAmount = label, "open", 0
        self.sent: list[bytes] = []
        self._handlers: dict[str, Callable[..., None]] = {}

    def on(self, event: str, call: Callable[..., None]) -> None:
        self._handlers[event] = call

    def say(self, message: bytes | str) -> None:
        self._handlers["message"](message)

    def send(self, data: bytes) -> None:
        self.sent.append(data)


def make_token(identity: str = "teacher", room: str = ROOM, *, secret: str = SECRET, **claims: Any) -> str:
    video = {"roomJoin": True, "room": room, **claims.pop("video", {})}
    values = {"iss": KEY, "sub": identity, "exp": int(WALL) + 600, "video": video, **claims}
    return jwt.encode({k: v for k, v in values.items() if v is not None}, secret, algorithm="HS256")


@dataclass
class Person:
    """One client: says requests, reads what came."""

    participant: Participant
    socket: MemorySocket

    @property
    def transport(self) -> Any:
        return self.participant.link.publisher

    @property
    def sid(self) -> str:
        return self.participant.sid

    def say(self, **request: Any) -> None:
        signal.receive(self.participant, rtc.SignalRequest(**request).SerializeToString())

    def offer(self, sdp: str, number: int = 1) -> Any:
        self.say(offer=rtc.SessionDescription(type="offer", sdp=sdp, id=number))
        return self.socket.last("answer")

    def open(self, label: str) -> MemoryChannel:
        channel = MemoryChannel(label)
        self.participant.data_channel(channel)  # type: ignore[arg-type]
        return channel

    def receives(self) -> list[str]:
        """Sids of the tracks that are being forwarded to it."""
        return sorted(self.participant.subscriptions.by_mid().values())

    def publish(self, cid: str = "CAMERA-VIDEO", kind: int = models.TrackType.VIDEO, **more: Any) -> str:
        """Announce a track of chromium_publish.sdp and offer it; its sid."""
        source = (
            models.TrackSource.CAMERA if kind == models.TrackType.VIDEO else models.TrackSource.MICROPHONE
        )
        values = {"cid": cid, "type": kind, "source": source, **more}
        self.say(add_track=rtc.AddTrackRequest(**values))
        self.offer(offer_text("chromium_publish"), 2)
        return self.socket.last("track_published").track.sid


@dataclass
class School:
    """An engine with everybody in it."""

    rooms: Rooms
    clock: StillClock
    plane: StillPlane

    def ticket(self, identity: str, request: rtc.JoinRequest | None = None, **token: Any) -> Ticket:
        link = token.pop("link", OneConnection)
        claims = verify(make_token(identity, **token), self.rooms.config, self.clock.wall())
        return Ticket(claims, request or join_request(), link)

    def join(self, identity: str, *, connected: bool = True, settled: bool = True, **token: Any) -> Person:
        socket = MemorySocket()
        participant = self.rooms.enter(self.ticket(identity, **token), socket)
        assert participant is not None
        if connected:
            participant.connected()
        if connected and settled:
            participant.room.settle(participant)
        return Person(participant, socket)

    def settle(self) -> None:
        """Let pauses for negotiation pass."""
        self.clock.pass_(0.1)


def join_request(**more: Any) -> rtc.JoinRequest:
    return rtc.JoinRequest(
        connection_settings=rtc.ConnectionSettings(auto_subscribe=True),
        publisher_offer=rtc.SessionDescription(type="offer", sdp=offer_text("chromium_join"), id=1),
        **more,
    )


def make_school(tell: Tell = tell_nobody, **config: Any) -> School:
    clock, plane = StillClock(), StillPlane()
    rooms = Rooms(EngineConfig(api_keys={KEY: SECRET}, **config), plane, clock, tell)  # type: ignore[arg-type]
    return School(rooms, clock, plane)


def sections_of(sdp: str) -> Iterator[str]:
    """The m-sections of an SDP text."""
    return iter(["m=" + part for part in sdp.replace("\r\n", "\n").split("\nm=")[1:]])
