"""The real engine as a process of its own, and stock clients in front of it."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import numpy as np
from livekit import api, rtc

from tests.sfu.protocol.doubles import KEY, SECRET

ROOT = Path(__file__).parents[3]
WITHIN = 15.0  # seconds anything of a client may take on a busy machine


@dataclass
class Engine:
    """`log` is everything the process has written, at the level DEBUG."""

    process: subprocess.Popen[bytes]
    port: int
    log_file: Path
    udp_port: int
    tcp_port: int

    @property
    def url(self) -> str:
        return f"ws://127.0.0.1:{self.port}"

    @property
    def log(self) -> str:
        return self.log_file.read_text()

    def get(self, path: str) -> tuple[int, str]:
        """Status and body."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=5) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()

    def token(self, identity: str, room: str = "demo.biology", secret: str = SECRET, **grants: object) -> str:
        grant = api.VideoGrants(room_join=True, room=room, **grants)  # type: ignore[arg-type]
        token = api.AccessToken(KEY, secret).with_identity(identity).with_ttl(timedelta(minutes=5))
        return token.with_name(identity.title()).with_grants(grant).to_jwt()

    def ask_to_stop(self) -> None:
        self.process.send_signal(signal.SIGTERM)


def free_port(kind: socket.SocketKind) -> int:
    with socket.socket(socket.AF_INET, kind) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running_engine(folder: Path, port: int = 0, **more: str) -> Iterator[Engine]:
    port, tcp_port = port or free_port(socket.SOCK_STREAM), free_port(socket.SOCK_STREAM)
    udp_port = free_port(socket.SOCK_DGRAM)
    log_file = folder / f"engine-{port}.log"
    variables = {
        "DEBUG": "1",
        "LOG_LEVEL": "DEBUG",
        "VAR_DIR": str(folder),
        "MEDIA_BIND": f"127.0.0.1:{port}",
        "MEDIA_RTC_HOST": "127.0.0.1",
        "MEDIA_UDP_PORT": str(udp_port),
        "MEDIA_TCP_PORT": str(tcp_port),
        "MEDIA_API_KEY": KEY,
        "MEDIA_API_SECRET": SECRET,
        **more,
    }
    inherited = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    with log_file.open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "manage.py", "runsfu"],
            cwd=ROOT,
            env={**inherited, **variables},
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    engine = Engine(process, port, log_file, udp_port, tcp_port)
    try:
        _wait_until_ready(engine)
        yield engine
    finally:
        process.terminate()
        try:
            process.wait(6)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait_until_ready(engine: Engine) -> None:
    for _ in range(600):  # a minute, on a machine that has much else to do
        with suppress(OSError):
            if engine.get("/readyz")[0] == 200:
                return
        with suppress(subprocess.TimeoutExpired):
            engine.process.wait(0.1)
            break
    raise RuntimeError(f"the engine did not start:\n{engine.log}")


async def until(true: Callable[[], object], what: str, within: float = WITHIN) -> None:
    """Wait for a condition; says which one never came."""
    try:
        async with asyncio.timeout(within):
            while not true():  # noqa: ASYNC110 (the clients' counters have no events)
                await asyncio.sleep(0.02)
    except TimeoutError:
        raise AssertionError(f"not within {within} s: {what}") from None


class Client:
    """A stock client that counts what it is given: frames of each track, data, states."""

    def __init__(self, room: rtc.Room) -> None:
        self.room = room
        self.frames: dict[str, int] = {}  # "<identity>/<source>" -> decoded frames
        self.widths: dict[str, int] = {}
        self.loudest: dict[str, int] = {}  # amplitude, 16 bit
        self.data: list[tuple[str, bytes, str | None]] = []
        self.states: list[str] = []
        self.speakers: set[str] = set()
        self._tasks: list[asyncio.Task[None]] = []
        room.on("track_subscribed", self._subscribed)
        room.on("data_received", self._data)
        room.on("reconnecting", lambda: self.states.append("reconnecting"))
        room.on("reconnected", lambda: self.states.append("reconnected"))
        room.on("disconnected", lambda reason: self.states.append(f"disconnected {int(reason)}"))
        room.on("active_speakers_changed", lambda found: self.speakers.update(p.identity for p in found))

    def name(self, publication: rtc.RemoteTrackPublication, participant: rtc.RemoteParticipant) -> str:
        return f"{participant.identity}/{publication.name}"

    def _subscribed(
        self, track: rtc.Track, publication: rtc.RemoteTrackPublication, participant: rtc.RemoteParticipant
    ) -> None:
        name = self.name(publication, participant)
        count = (
            self._watch(track, name)
            if publication.kind == rtc.TrackKind.KIND_VIDEO
            else self._hear(track, name)
        )
        self._tasks.append(asyncio.ensure_future(count))

    async def _watch(self, track: rtc.Track, name: str) -> None:
        async for event in rtc.VideoStream(track):
            self.frames[name] = self.frames.get(name, 0) + 1
            self.widths[name] = event.frame.width

    async def _hear(self, track: rtc.Track, name: str) -> None:
        async for event in rtc.AudioStream(track):
            self.frames[name] = self.frames.get(name, 0) + 1
            loudest = int(np.abs(np.frombuffer(event.frame.data, dtype=np.int16)).max())
            self.loudest[name] = max(self.loudest.get(name, 0), loudest)

    def _data(self, packet: rtc.DataPacket) -> None:
        sender = packet.participant.identity if packet.participant else ""
        self.data.append((sender, bytes(packet.data), packet.topic))

    def see(self, name: str) -> int:
        return self.frames.get(name, 0)

    async def publish_camera(self, name: str = "camera", width: int = 640, height: int = 360) -> str:
        """A grey picture that gets brighter, 20 times a second; the track's sid."""
        source = rtc.VideoSource(width, height)
        track = rtc.LocalVideoTrack.create_video_track(name, source)
        self._tasks.append(asyncio.ensure_future(_paint(source, width, height)))
        options = rtc.TrackPublishOptions(source=rtc.TrackSource.SOURCE_CAMERA)
        return (await self.room.local_participant.publish_track(track, options)).sid

    async def publish_microphone(self, name: str = "microphone") -> str:
        """A tone of 440 Hz; the track's sid."""
        source = rtc.AudioSource(48_000, 1)
        track = rtc.LocalAudioTrack.create_audio_track(name, source)
        self._tasks.append(asyncio.ensure_future(_hum(source)))
        options = rtc.TrackPublishOptions(source=rtc.TrackSource.SOURCE_MICROPHONE)
        return (await self.room.local_participant.publish_track(track, options)).sid

    async def close(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.room.disconnect()


async def _paint(source: rtc.VideoSource, width: int, height: int) -> None:
    for number in range(100_000):
        picture = np.full((height, width, 4), number * 5 % 255, dtype=np.uint8)
        source.capture_frame(rtc.VideoFrame(width, height, rtc.VideoBufferType.RGBA, picture.tobytes()))
        await asyncio.sleep(0.05)


async def _hum(source: rtc.AudioSource) -> None:
    tone = (np.sin(2 * np.pi * 440 * np.arange(4800) / 48_000) * 12_000).astype(np.int16)
    for number in range(1_000_000):
        piece = tone[number % 10 * 480 :][:480]
        await source.capture_frame(rtc.AudioFrame(piece.tobytes(), 48_000, 1, 480))


@asynccontextmanager
async def joined(
    engine: Engine, identity: str, *, url: str = "", connections: int = 1, **grants: object
) -> AsyncIterator[Client]:
    client = Client(rtc.Room())
    token = engine.token(identity, **grants)  # type: ignore[arg-type]
    options = rtc.RoomOptions(single_peer_connection=connections == 1)
    await asyncio.wait_for(client.room.connect(url or engine.url, token, options), WITHIN)
    try:
        yield client
    finally:
        await asyncio.wait_for(client.close(), WITHIN)


class Relay:
    """A TCP relay before the engine, whose connections a test can break: media is not on it."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._writers: set[asyncio.StreamWriter] = set()
        self.url = ""

    async def __aenter__(self) -> Relay:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.url = f"ws://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"
        return self

    async def __aexit__(self, *error: object) -> None:
        self._server.close()
        self.break_all()

    def break_all(self) -> None:
        for writer in self._writers:
            writer.transport.abort()
        self._writers.clear()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self._engine.port)
        self._writers |= {writer, far_writer}
        await asyncio.gather(self._pass(reader, far_writer), self._pass(far_reader, writer))

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while data := await reader.read(65536):
                writer.write(data)
                await writer.drain()
        writer.close()
