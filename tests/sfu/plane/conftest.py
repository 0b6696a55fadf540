"""A plane on loopback and participants of it: `teacher` publishes, `student` listens."""

import asyncio
import random
import socket
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field

import pytest

from signaling.sfu import spec
from signaling.sfu.plane import Plane
from signaling.sfu.spec import ReceiveSpec, SendSpec
from signaling.sfu.transport import Transport
from tests.sfu.light import FINGERPRINTS, LightClient


def free_ports() -> Iterator[int]:
    """Numbers nobody on this machine uses on either protocol, other runs of these tests among them."""
    while True:
        number = random.randrange(20_000, 30_000)
        with suppress(OSError):
            for kind in (socket.SOCK_DGRAM, socket.SOCK_STREAM):
                with socket.socket(socket.AF_INET, kind) as probe:
                    probe.bind(("127.0.0.1", number))
            yield number


PORTS = free_ports()
IDS = {spec.MID: 4, spec.RID: 10, spec.REPAIRED_RID: 11, spec.AUDIO_LEVEL: 1, spec.TRANSPORT_CC: 3}
MID, RID, REPAIRED_RID, AUDIO_LEVEL, TRANSPORT_CC = 4, 10, 11, 1, 3

AUDIO = ReceiveSpec(
    mid="0",
    kind="audio",
    mime="audio/opus",
    payload_type=111,
    rtx_payload_type=None,
    clock_rate=48000,
    ssrcs=((1001, None),),
    transport_cc=True,
)
VIDEO = ReceiveSpec(
    mid="1",
    kind="video",
    mime="video/VP8",
    payload_type=96,
    rtx_payload_type=97,
    clock_rate=90000,
    ssrcs=((2001, 2002),),
    nack=True,
    transport_cc=True,
)
SIMULCAST = ReceiveSpec(
    mid="2",
    kind="video",
    mime="video/VP8",
    payload_type=96,
    rtx_payload_type=97,
    clock_rate=90000,
    rids=("q", "h", "f"),
    nack=True,
    transport_cc=True,
)
SEND_AUDIO = SendSpec(mid="5", payload_type=63, rtx_payload_type=None)
SEND_VIDEO = SendSpec(mid="6", payload_type=100, rtx_payload_type=101)
SEND_VIDEO_PLAIN = SendSpec(mid="6", payload_type=100, rtx_payload_type=None)


class Notes:
    """TransportEvents that are written down."""

    def __init__(self) -> None:
        self.happened: list[str] = []
        self.reasons: list[str] = []
        self.channels: list = []
        self.stages: list[str] = []
        self.started: list = []
        self.ready = asyncio.Event()
        self.gone = asyncio.Event()

    def connected(self) -> None:
        self.happened.append("connected")
        self.ready.set()

    def closed(self, reason: str) -> None:
        self.happened.append("closed")
        self.reasons.append(reason)
        self.gone.set()

    def data_channel(self, channel) -> None:
        self.channels.append(channel)

    def media_started(self, track) -> None:
        self.started.append(track)

    def reached(self, stage: str) -> None:
        self.stages.append(stage)


@dataclass
class Participant:
    transport: Transport
    client: LightClient
    notes: Notes = field(default_factory=Notes)


class Clock:
    """A clock the test moves."""

    def __init__(self, now: float = 1000.0) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now


@pytest.fixture
async def plane():
    number = next(PORTS)
    plane = Plane(hosts=["127.0.0.1", "::1"], port=number, tcp_port=number)
    await plane.start()
    yield plane
    await plane.close()


@pytest.fixture
async def join(plane):
    """Opens a participant, connected unless told otherwise."""
    clients = []

    async def join_(
        *, connected: bool = True, sctp: bool = False, host: str = "127.0.0.1", tcp: bool = False
    ) -> Participant:
        notes = Notes()
        transport = plane.open(notes)
        transport.set_extensions(IDS)
        port = plane.candidates[0].port
        client = await (LightClient.open_tcp if tcp else LightClient.open)((host, port))
        clients.append(client)
        transport.start(fingerprints=FINGERPRINTS, setup="active", sctp_port=5000 if sctp else None)
        if connected:
            await client.connect(transport.ice, plane.fingerprint, sctp=sctp)
            async with asyncio.timeout(3):
                await notes.ready.wait()
        return Participant(transport, client, notes)

    yield join_
    for client in clients:
        await client.close()


@pytest.fixture
async def teacher(join):
    return await join()


@pytest.fixture
async def student(join):
    return await join()
