"""Join requests, signal requests, offers and data packets, damaged, into the rooms of this process.

No sockets are between, so hundreds of thousands pass in a minute, and whatever is raised is seen here.
"""

from __future__ import annotations

import asyncio
import base64
import gzip
import itertools
import random
from collections import Counter
from collections.abc import Callable
from functools import cached_property
from types import SimpleNamespace
from typing import Any
from urllib.parse import quote

from google.protobuf.message import Message
from livekit import api
from livekit.protocol import models, room, rtc

from bench.fuzz import fields, mutate, seeds
from signaling.sfu import announcement, signal
from signaling.sfu.clock import LoopClock
from signaling.sfu.config import EngineConfig, Limits
from signaling.sfu.participant import Participant
from signaling.sfu.plane import Plane
from signaling.sfu.refusals import Refusal
from signaling.sfu.rooms import Rooms
from signaling.sfu.server import Request, respond

KEY, SECRET, ROOM = "fuzz", "a-secret-of-at-least-thirty-two-characters", "demo.fuzz"
SEATS = 6  # participants at a time
# Bytes that everybody is told of one participant; of a track at most twice what it was announced with.
MOST_TOLD = Limits.metadata + Limits.attributes + 1024 + Limits.tracks * (2 * announcement.LONGEST + 1024)
LIVES = 400  # requests until somebody takes a seat anew
PATHS = (
    "/rtc",
    "/rtc/v1",
    "//rtc/v1",
    "/rtc/validate",
    "/healthz",
    "/twirp/livekit.RoomService/ListRooms",
    "/x",
)


class Ear:
    """A media socket that forgets what it hears."""

    heard = 0
    closed = False

    def send(self, data: bytes) -> None:
        self.heard += len(data)

    def close(self, code: int = 1000) -> None:
        self.closed = True


class Channel(SimpleNamespace):
    """A data channel; `say` is what its far end sends."""

    def on(self, event: str, call: Callable[[Any], None]) -> None:
        self.say = call

    def send(self, data: bytes) -> None:
        """Taken."""


class Messages:
    """`await run(n)`: n damaged messages. Anything raised but a refusal ends the run."""

    def __init__(self, plane: Plane, seed: int = 1) -> None:
        loop = asyncio.get_running_loop()
        limits = Limits(signal_rate=10**9, data_rate=10**9, joins_at_once=10**6, joins_in_a_room=10**6)
        self.rooms = Rooms(EngineConfig(api_keys={KEY: SECRET}, limits=limits), plane, LoopClock(loop))
        self.dice = random.Random(seed)
        self.counts: Counter[str] = Counter()
        self._names = itertools.count()
        self._seats: list[tuple[Participant, list[Channel]]] = []
        self._tokens = [self._token(f"p{i}") for i in range(2 * SEATS)]

    async def run(self, total: int) -> None:
        kinds = (self.signal, self.signal, self.offer, self.data, self.data, self.join, self.page)
        for number in range(total):
            self.dice.choice(kinds)()
            if number % LIVES == 0:
                self._reseat()
            if number % 50 == 0:
                await asyncio.sleep(0)

    def close(self) -> None:
        self.rooms.stop()

    def signal(self) -> None:
        participant, _ = self._somebody()
        valid = self.dice.choice(seeds.requests(self._known(participant), self.dice))
        signal.receive(participant, self._damaged(valid))
        if participant.info().ByteSize() > MOST_TOLD:
            raise AssertionError(f"{participant.identity} has everybody told too much")
        self.counts["signal"] += 1

    def _damaged(self, message: Message) -> bytes:
        """Mostly something that can be read and makes no sense; what cannot be read ends its sender."""
        chance = self.dice.random()
        for _ in range(self.dice.choice((1, 1, 2, 4)) if chance < 0.8 else 0):
            fields.damage(self.dice, message)
        data = message.SerializeToString()
        return data if chance < 0.9 else mutate.octets(self.dice, data, 1 << 20)

    def offer(self) -> None:
        participant, _ = self._somebody()
        text = mutate.text(self.dice, self.dice.choice(seeds.OFFERS))
        request = rtc.SignalRequest(
            offer=rtc.SessionDescription(type="offer", sdp=text, id=self.dice.randrange(9))
        )
        signal.receive(participant, request.SerializeToString())
        self.counts["offer"] += 1

    def data(self) -> None:
        _, channels = self._somebody()
        packet = self.dice.choice(seeds.data_packets(self.dice))
        self.dice.choice(channels).say(self._damaged(packet))
        self.counts["data"] += 1

    def join(self) -> None:
        """At the door, and sometimes in."""
        request = self._damaged(seeds.join_request(self.dice))
        zipped = self.dice.random() < 0.5
        wrapped = rtc.WrappedJoinRequest(
            compression=int(zipped), join_request=gzip.compress(request) if zipped else request
        ).SerializeToString()
        if self.dice.random() < 0.3:
            wrapped = mutate.octets(self.dice, wrapped, 1 << 20)
        token = self.dice.choice(self._tokens)
        if self.dice.random() < 0.2:
            token = mutate.octets(self.dice, token.encode(), 2000).decode("ascii", "replace")
        query = (
            f"access_token={quote(token)}&join_request={base64.urlsafe_b64encode(wrapped).decode()}".encode()
        )
        if self.dice.random() < 0.1:
            query = mutate.octets(self.dice, query, 1 << 17)
        self.counts["join"] += 1
        try:
            self.rooms.enter(self.rooms.knock(query, {}), Ear())
        except Refusal as refusal:
            self.counts[f"refused {refusal.status}"] += 1

    def page(self) -> None:
        request = self.dice.choice(seeds.server_requests())
        method = self.dice.choice(seeds.METHODS)
        if isinstance(request, room.CreateRoomRequest):  # others read as one could make the room too small
            method = "CreateRoom"
        path = mutate.octets(self.dice, self.dice.choice(PATHS).encode(), 200).decode("latin1")
        if self.dice.random() < 0.7:
            path = f"/twirp/livekit.RoomService/{method}"
        kind = self.dice.choice(("application/protobuf", "application/json", ""))
        headers = {"authorization": f"Bearer {self._admin}", "content-type": kind}
        answer = respond(self.rooms, Request("POST", path, b"", headers, self._damaged(request)))
        if asyncio.iscoroutine(answer):
            answer.close()
        self.counts["page"] += 1

    def _somebody(self) -> tuple[Participant, list[Channel]]:
        while not self._seats or (seat := self.dice.choice(self._seats))[0].gone:
            self._seats = [seat for seat in self._seats if not seat[0].gone]
            if len(self._seats) < SEATS:
                self._sit()
        return seat

    def _sit(self) -> None:
        request = seeds.join_request(self.dice, whole=True).SerializeToString()
        wrapped = rtc.WrappedJoinRequest(join_request=request).SerializeToString()
        token = self._token(f"q{next(self._names)}")
        query = f"access_token={token}&join_request={base64.urlsafe_b64encode(wrapped).decode()}"
        participant = self.rooms.enter(self.rooms.knock(query.encode(), {}), Ear())
        if participant is None:
            return
        participant.connected()
        channels = [
            Channel(label=label, readyState="open", bufferedAmount=0) for label in ("_reliable", "_lossy")
        ]
        for channel in channels:
            participant.data_channel(channel)
        self._seats.append((participant, channels))

    def _reseat(self) -> None:
        if self._seats:
            participant, _ = self._seats.pop(self.dice.randrange(len(self._seats)))
            participant.room.remove(participant, models.DisconnectReason.CLIENT_INITIATED)

    def _known(self, participant: Participant) -> list[str]:
        return list(participant.room.tracks()) or ["TR_none"]

    def _token(self, identity: str) -> str:
        grants = api.VideoGrants(room_join=True, room=ROOM, can_update_own_metadata=True)
        return api.AccessToken(KEY, SECRET).with_identity(identity).with_grants(grants).to_jwt()

    @cached_property
    def _admin(self) -> str:
        grants = api.VideoGrants(room_admin=True, room=ROOM, room_create=True, room_list=True)
        return api.AccessToken(KEY, SECRET).with_grants(grants).to_jwt()
