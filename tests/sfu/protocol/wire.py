"""A real room over a real UDP port, and people who exchange real packets in it; nothing is decoded."""

from __future__ import annotations

import asyncio
import socket
from dataclasses import dataclass, field
from typing import Any

import jwt
from livekit.protocol import models, rtc

from signaling.sfu import signal
from signaling.sfu.auth import verify
from signaling.sfu.clock import LoopClock
from signaling.sfu.config import EngineConfig
from signaling.sfu.events import Tell, tell_nobody
from signaling.sfu.participant import Participant
from signaling.sfu.plane import Plane
from signaling.sfu.rooms import Rooms, Ticket
from signaling.sfu.sdp import parse_offer
from signaling.sfu.spec import IceCredentials
from tests.sfu.light import FINGERPRINTS, UFRAG, LightClient, rtp
from tests.sfu.protocol.doubles import KEY, SECRET, MemorySocket
from tests.sfu.protocol.engine import free_port

OPUS = 111
SSRC = 4711


def audio_offer(*, listens_to: int, publishes: bool = True) -> str:
    """One section that sends, and `listens_to` that receive."""
    lines = ["v=0", "o=- 1 1 IN IP4 127.0.0.1", "s=-", "t=0 0", f"a=fingerprint:{FINGERPRINTS[0]}"]
    lines += [f"a=ice-ufrag:{UFRAG}", "a=ice-pwd:" + "p" * 22, "a=setup:active"]
    for mid in range(listens_to + publishes):
        sends = publishes and mid == 0
        lines += [f"m=audio 9 UDP/TLS/RTP/SAVPF {OPUS}", f"a=mid:{mid}"]
        lines += [f"a={'sendonly' if sends else 'recvonly'}", f"a=rtpmap:{OPUS} opus/48000/2"]
        lines += [f"a=ssrc:{SSRC} cname:light", "a=msid:stream mic"] if sends else []
    return "\r\n".join(lines) + "\r\n"


@dataclass
class Wired:
    """One client: its words and its packets. `said` is the number of the last packet."""

    participant: Participant
    socket: MemorySocket
    client: LightClient
    said: int = 0

    @property
    def identity(self) -> str:
        return self.participant.identity

    def speak(self, packets: int) -> range:
        """Send numbered packets; the numbers."""
        numbers = range(self.said + 1, self.said + 1 + packets)
        for number in numbers:
            payload = f"{self.identity} {number}".encode()
            self.client.send(
                rtp(ssrc=SSRC, sequence=number, timestamp=960 * number, payload=payload, payload_type=OPUS)
            )
        self.said += packets
        return numbers

    def heard(self, speaker: Wired) -> set[int]:
        """The numbers of the speaker's packets that arrived."""
        words = [packet.payload.decode().split() for packet in self.client.packets]
        return {int(number) for identity, number in words if identity == speaker.identity}


@dataclass
class WiredRooms:
    plane: Plane
    rooms: Rooms
    people: list[Wired] = field(default_factory=list)

    async def join(self, identity: str, room: str = "demo.biology", *, listens_to: int = 2) -> Wired:
        token = make_wall_token(self.rooms, identity, room)
        request = rtc.JoinRequest(
            connection_settings=rtc.ConnectionSettings(auto_subscribe=True),
            add_track_requests=[
                rtc.AddTrackRequest(
                    cid="mic", type=models.TrackType.AUDIO, source=models.TrackSource.MICROPHONE
                )
            ],
            publisher_offer=rtc.SessionDescription(type="offer", sdp=audio_offer(listens_to=listens_to)),
        )
        spoken = MemorySocket()
        participant = self.rooms.enter(
            Ticket(verify(token, self.rooms.config, self.rooms.clock.wall()), request), spoken
        )
        assert participant is not None
        client = await connected(self.plane, spoken.last("answer").sdp)
        person = Wired(participant, spoken, client)
        self.people.append(person)
        await client.until(lambda: participant.active)
        return person

    def renegotiate(self, person: Wired) -> None:
        """Offer again, as clients do when they are asked to."""
        offer = rtc.SessionDescription(type="offer", sdp=audio_offer(listens_to=2), id=2)
        signal.receive(person.participant, rtc.SignalRequest(offer=offer).SerializeToString())

    async def close(self) -> None:
        for person in self.people:
            await person.client.close()
        self.rooms.stop()
        await self.plane.close()


async def open_rooms(tell: Tell = tell_nobody, **config: Any) -> WiredRooms:
    plane = Plane(hosts=["127.0.0.1"], port=free_port(socket.SOCK_DGRAM))
    await plane.start()
    loop = asyncio.get_running_loop()
    rooms = Rooms(EngineConfig(api_keys={KEY: SECRET}, **config), plane, LoopClock(loop), tell)
    rooms.egresses.run_on(loop)
    return WiredRooms(plane, rooms)


async def connected(plane: Plane, answer: str) -> LightClient:
    """A client that has done what the answer says: ICE and DTLS."""
    read = parse_offer(answer)
    pwd = next(line.partition(":")[2] for line in answer.splitlines() if line.startswith("a=ice-pwd:"))
    candidate = plane.candidates[0]
    client = await LightClient.open((candidate.ip, candidate.port))
    await client.connect(IceCredentials(read.ufrag, pwd), read.fingerprints[0])
    return client


def make_wall_token(rooms: Rooms, identity: str, room: str, **video: object) -> str:
    """Valid now, by the wall clock."""
    claims = {
        "iss": KEY,
        "sub": identity,
        "exp": int(rooms.clock.wall()) + 600,
        "iat": rooms.clock.wall(),
        "video": {"roomJoin": True, "room": room, **video},
    }
    return jwt.encode(claims, SECRET, algorithm="HS256")
