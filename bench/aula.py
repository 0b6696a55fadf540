"""Aula's engine (`manage.py runsfu`) under the light clients, over LiveKit's client protocol."""

from __future__ import annotations

import asyncio
import base64
import itertools
import secrets
import sys
import time
from collections.abc import Iterable, Sequence
from contextlib import suppress
from importlib.metadata import version as release
from pathlib import Path

import aiohttp
from livekit import api
from livekit.protocol import models, rtc

from bench import clip, sdp
from bench.clip import Encoding
from bench.light import LightClient, Watch
from bench.process import NotStarted, Process, Usage, folder, free_ports
from bench.source import Source

ROOT = Path(__file__).resolve().parent.parent
PING_EVERY = 5.0
ROOM = 5000  # the most participants of one room
KEY, SECRET = "bench", secrets.token_hex(32)


class Aula:
    """One media process with nothing but the engine in it, configured as in production."""

    name = "Aula"

    def __init__(self, core: int | None = None, command: tuple[str, ...] = (sys.executable,)) -> None:
        """`command` runs Python; a profiler may stand in front of it."""
        self.core, self.command = core, command
        self.numbers = itertools.count(1)

    async def __aenter__(self) -> Aula:
        self.folder = folder()
        self.port, self.media_port, self.tcp = free_ports(3)
        environment = {
            "SECRET_KEY": secrets.token_hex(32),
            "VAR_DIR": self.folder.name,
            "DJANGO_SETTINGS_MODULE": "aula.settings",
            "MEDIA_BIND": f"127.0.0.1:{self.port}",
            "MEDIA_UDP_PORT": str(self.media_port),
            "MEDIA_TCP_PORT": str(self.tcp),
            "MEDIA_ANNOUNCE": "127.0.0.1",
            "MEDIA_URL": f"ws://127.0.0.1:{self.port}",
            "MEDIA_ROOM_PARTICIPANTS": str(ROOM),
            "EMAIL_URL": "dummymail://",
            "MEDIA_API_KEY": KEY,
            "MEDIA_API_SECRET": SECRET,
        }
        command = [*self.command, str(ROOT / "manage.py"), "runsfu"]
        self.process = Process(
            command, environment=environment, folder=Path(self.folder.name), core=self.core
        )
        try:
            await self.process.listening(self.port)
        except NotStarted:
            await self.__aexit__()
            raise
        self.http = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0))
        return self

    async def __aexit__(self, *_: object) -> None:
        if hasattr(self, "http"):
            await self.http.close()
        self.process.stop()
        self.folder.cleanup()

    def usage(self) -> Usage:
        return self.process.usage()

    def token(self, room: str) -> str:
        token = api.AccessToken(KEY, SECRET).with_identity(f"p{next(self.numbers)}")
        return token.with_grants(api.VideoGrants(room_join=True, room=room)).to_jwt()

    async def publish(
        self,
        room: str,
        encodings: Sequence[Encoding] = (clip.LESSON,),
        rids: str = "",
        size: tuple[int, int] | None = None,
    ) -> Peer:
        """Join, announce camera and microphone, send both; several encodings are a simulcast."""
        peer = Peer(self)
        peer.size = size
        source = peer.source = Source(peer.client, encodings, rids)
        peer.sections = [
            sdp.Section("audio", "0", (source.audio,), "microphone"),
            sdp.Section("video", "1", tuple(source.videos), "camera"),
        ]
        await peer.join(room)
        for track in (MICROPHONE, camera(encodings)):
            await peer.send(rtc.SignalRequest(add_track=track))
        await peer.negotiate()
        await peer.connected()
        source.play()
        return peer

    async def listen(self, room: str, watch: Watch = lambda client: None) -> Peer:
        """Join with room for one publisher; the engine subscribes by itself."""
        peer = Peer(self)
        watch(peer.client)
        peer.sections = [sdp.Section("audio", "0"), sdp.Section("video", "1")]
        await peer.join(room, offer=peer.offer())
        await peer.connected()
        return peer


MICROPHONE = rtc.AddTrackRequest(
    cid="microphone", type=models.TrackType.AUDIO, source=models.TrackSource.MICROPHONE
)


def camera(encodings: Sequence[Encoding]) -> rtc.AddTrackRequest:
    """What a browser says of its camera: the best encoding's size, and every layer's."""
    layers = [
        models.VideoLayer(quality=quality, width=each.width, height=each.height, bitrate=each.bit_rate)
        for quality, each in enumerate(encodings)
    ]
    best = encodings[-1]
    return rtc.AddTrackRequest(
        cid="camera",
        type=models.TrackType.VIDEO,
        source=models.TrackSource.CAMERA,
        width=best.width,
        height=best.height,
        layers=layers if len(layers) > 1 else [],
    )


class Peer:
    """One participant: its signal socket and its light client.

    `cameras` are the others' video tracks; `size` is asked of each as soon as it is announced.
    """

    source: Source | None = None
    size: tuple[int, int] | None = None

    def __init__(self, server: Aula) -> None:
        self.server, self.client = server, LightClient()
        self.sid, self.cameras = "", dict[str, str]()  # publisher's sid -> track's sid
        self.client.rtx_types = frozenset({sdp.RTX})
        self.sections: list[sdp.Section] = []
        self.answered: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self.offers = 0
        self.tasks: list[asyncio.Task[None]] = []

    def offer(self) -> rtc.SessionDescription:
        self.offers += 1
        return rtc.SessionDescription(type="offer", sdp=sdp.offer(self.client, self.sections), id=self.offers)

    async def join(self, room: str, offer: rtc.SessionDescription | None = None) -> None:
        """Open `/rtc/v1` and wait for `join`. Raises RuntimeError when the engine says something else."""
        asked = rtc.JoinRequest(
            client_info=models.ClientInfo(sdk=models.ClientInfo.SDK.JS, version="2.23.0", protocol=17),
            connection_settings=rtc.ConnectionSettings(auto_subscribe=True),
            publisher_offer=offer,
        )
        wrapped = rtc.WrappedJoinRequest(join_request=asked.SerializeToString()).SerializeToString()
        query = {
            "access_token": self.server.token(room),
            "join_request": base64.urlsafe_b64encode(wrapped).decode(),
        }
        url = f"ws://127.0.0.1:{self.server.port}/rtc/v1"
        self.socket = await self.server.http.ws_connect(url, params=query)
        first = rtc.SignalResponse.FromString(await self.socket.receive_bytes(timeout=20))
        if first.WhichOneof("message") != "join":
            raise RuntimeError(f"Aula answered the join with {first}")
        self.sid = first.join.participant.sid
        await self.meet(first.join.other_participants)
        self.tasks = [asyncio.create_task(self.read()), asyncio.create_task(self.ping())]

    async def connected(self) -> None:
        answer = await asyncio.wait_for(self.answered, 20)
        await self.client.connect(sdp.remote(answer))

    async def send(self, request: rtc.SignalRequest) -> None:
        await self.socket.send_bytes(request.SerializeToString())

    async def negotiate(self) -> None:
        await self.send(rtc.SignalRequest(offer=self.offer()))

    async def read(self) -> None:
        async for frame in self.socket:
            if frame.type is not aiohttp.WSMsgType.BINARY:
                continue
            response = rtc.SignalResponse.FromString(frame.data)
            kind = response.WhichOneof("message")
            if kind == "answer" and not self.answered.done():
                self.answered.set_result(response.answer.sdp)
            elif kind == "media_sections_requirement":
                self.make_room(response.media_sections_requirement)
                await self.negotiate()
            elif kind == "update":
                await self.meet(response.update.participants)

    async def meet(self, participants: Iterable[models.ParticipantInfo]) -> None:
        """Learn of the others' cameras."""
        for person in participants:
            for track in person.tracks:
                if track.type == models.TrackType.VIDEO and person.sid != self.sid:
                    known = self.cameras.get(person.sid)
                    self.cameras[person.sid] = track.sid
                    if self.size and known != track.sid:
                        await self.resize(track.sid, *self.size)

    async def resize(self, track: str, width: int, height: int) -> None:
        """Say how large the track is shown."""
        setting = rtc.UpdateTrackSettings(track_sids=[track], width=width, height=height)
        await self.send(rtc.SignalRequest(track_setting=setting))

    def make_room(self, wanted: rtc.MediaSectionsRequirement) -> None:
        kinds = ["audio"] * wanted.num_audios + ["video"] * wanted.num_videos
        self.sections += [sdp.Section(kind, str(len(self.sections) + i)) for i, kind in enumerate(kinds)]

    async def ping(self) -> None:
        """Until the server has closed the socket."""
        with suppress(ConnectionError):
            while True:
                await asyncio.sleep(PING_EVERY)
                now = int(time.time() * 1000)
                await self.send(rtc.SignalRequest(ping_req=rtc.Ping(timestamp=now)))

    async def close(self) -> None:
        if self.source:
            await self.source.pause()
        for task in self.tasks:
            task.cancel()
        with suppress(ConnectionError):  # the engine was quicker
            await self.send(rtc.SignalRequest(leave=rtc.LeaveRequest()))
        self.client.close()
        await self.socket.close()


def version() -> str:
    return release("aula")
