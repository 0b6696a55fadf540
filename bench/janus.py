"""Janus (Debian's package, videoroom plugin) under the same light clients, over its WebSocket API."""

from __future__ import annotations

import asyncio
import itertools
import re
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import aiohttp

from bench import clip, sdp
from bench.clip import Encoding
from bench.light import LightClient, Watch
from bench.process import NotStarted, Process, Usage, folder, free_ports
from bench.source import Source

LIBRARIES = Path("/usr/lib/x86_64-linux-gnu/janus")
KEEP_ALIVE = 25.0
PUBLISHER_LIMIT = 100

CORE = """general: {{
    configs_folder = "{here}"
    plugins_folder = "{libraries}/plugins"
    transports_folder = "{libraries}/transports"
    events_folder = "{here}"
    loggers_folder = "{here}"
    debug_level = 3
    {loops}
}}
media: {{ ipv6 = false }}
nat: {{ ice_lite = true }}
plugins: {{ disable = "{plugins}" }}
transports: {{ disable = "{transports}" }}
"""
WEBSOCKETS = """general: {{ json = "compact", ws = true, ws_port = {port}, ws_interface = "lo", wss = false }}
"""


class Janus:
    """One Janus process. `event_loops` 0 is its default: a thread for each participant."""

    def __init__(self, event_loops: int = 0, core: int | None = None) -> None:
        self.name = f"Janus, {event_loops} loops" if event_loops else "Janus"
        self.event_loops, self.core = event_loops, core
        self.rooms: dict[str, int] = {}
        self.feeds: dict[str, list[int]] = {}

    async def __aenter__(self) -> Janus:
        self.folder, (self.port,) = folder(), free_ports(1)
        self.configure(Path(self.folder.name))
        self.recordings.mkdir()
        command = ["/usr/bin/janus", "-F", self.folder.name]
        self.process = Process(command, environment={}, folder=Path(self.folder.name), core=self.core)
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

    def configure(self, here: Path) -> None:
        """Only the videoroom and the WebSocket are loaded: memory is counted without the rest."""

        def others(kind: str, keep: str) -> str:
            names = sorted(path.name for path in (LIBRARIES / kind).glob("*.so"))
            return ",".join(name for name in names if keep not in name)

        core = CORE.format(
            here=here,
            libraries=LIBRARIES,
            loops=f"event_loops = {self.event_loops}" if self.event_loops else "",
            plugins=others("plugins", "videoroom"),
            transports=others("transports", "websockets"),
        )
        (here / "janus.jcfg").write_text(core)
        (here / "janus.transport.websockets.jcfg").write_text(WEBSOCKETS.format(port=self.port))

    @property
    def recordings(self) -> Path:
        return Path(self.folder.name) / "recordings"

    def usage(self) -> Usage:
        return self.process.usage()

    async def publish(
        self, room: str, encodings: Sequence[Encoding] = (clip.LESSON,), rids: str = ""
    ) -> Peer:
        """Join as a publisher, send camera and microphone."""
        peer = await Peer.attach(self)
        await self.open_room(peer, room)
        source = peer.source = Source(peer.client, encodings, rids)
        best_first = tuple(reversed(source.videos))  # the order Janus takes a simulcast's layers in
        sections = [
            sdp.Section("audio", "0", (source.audio,), "microphone"),
            sdp.Section("video", "1", best_first, "camera"),
        ]
        body = {"request": "joinandconfigure", "ptype": "publisher", "room": self.rooms[room]}
        offer = {"type": "offer", "sdp": sdp.offer(peer.client, sections)}
        event = await peer.message(body, offer)
        peer.feed = event["plugindata"]["data"]["id"]
        self.feeds.setdefault(room, []).append(peer.feed)
        await peer.client.connect(sdp.remote(event["jsep"]["sdp"]))
        source.play()
        return peer

    async def listen(
        self, room: str, watch: Watch = lambda client: None, *, without: int | None = None
    ) -> Peer:
        """Subscribe to everything the room's publishers send. `watch` gets the client first."""
        peer = await Peer.attach(self, watch)
        streams = [{"feed": feed} for feed in self.feeds[room] if feed != without]
        join = {"request": "join", "ptype": "subscriber", "room": self.rooms[room], "streams": streams}
        event = await peer.message(join)
        peer.streams, offered = event["plugindata"]["data"]["streams"], event["jsep"]["sdp"]
        peer.client.rtx_types = sdp.rtx_types(offered)
        await peer.message({"request": "start"}, {"type": "answer", "sdp": sdp.answer(peer.client, offered)})
        await peer.client.connect(sdp.remote(offered))
        return peer

    async def open_room(self, peer: Peer, room: str) -> None:
        if room not in self.rooms:
            number = self.rooms[room] = len(self.rooms) + 1
            codecs = {"audiocodec": "opus", "videocodec": "vp8", "publishers": PUBLISHER_LIMIT}
            await peer.message(
                {"request": "create", "room": number, "bitrate": 0, "rec_dir": str(self.recordings), **codecs}
            )


class Peer:
    """One participant: its WebSocket, its Janus session and its light client."""

    source: Source | None = None
    feed = 0  # what is published
    streams: list[dict[str, Any]]  # what is subscribed to, as Janus describes it

    def __init__(self, server: Janus) -> None:
        self.server, self.client = server, LightClient()
        self.numbers = itertools.count()
        self.waiting: dict[str, asyncio.Future[dict[str, Any]]] = {}
        self.address: dict[str, int] = {}
        self.tasks: list[asyncio.Task[None]] = []

    @classmethod
    async def attach(cls, server: Janus, watch: Watch = lambda client: None) -> Peer:
        peer = cls(server)
        watch(peer.client)
        url = f"ws://127.0.0.1:{server.port}"
        peer.socket = await server.http.ws_connect(url, protocols=["janus-protocol"])
        peer.tasks = [asyncio.create_task(peer.read()), asyncio.create_task(peer.keep_alive())]
        peer.address["session_id"] = (await peer.ask("create"))["data"]["id"]
        peer.address["handle_id"] = (await peer.ask("attach", plugin="janus.plugin.videoroom"))["data"]["id"]
        return peer

    async def message(self, body: dict[str, Any], jsep: dict[str, Any] | None = None) -> dict[str, Any]:
        """Send to the videoroom, return its event. Raises RuntimeError with the plugin's words."""
        reply = await self.ask("message", body=body, **({"jsep": jsep} if jsep else {}))
        if "error" in reply.get("plugindata", {}).get("data", {}):
            raise RuntimeError(f"Janus refused {body['request']}: {reply['plugindata']['data']['error']}")
        return reply

    async def ask(self, verb: str, **more: Any) -> dict[str, Any]:
        transaction = str(next(self.numbers))
        future = self.waiting[transaction] = asyncio.get_running_loop().create_future()
        await self.socket.send_json({"janus": verb, "transaction": transaction, **self.address, **more})
        reply = await asyncio.wait_for(future, 20)
        if reply["janus"] == "error":
            raise RuntimeError(f"Janus refused {verb}: {reply['error']['reason']}")
        return reply

    async def read(self) -> None:
        async for frame in self.socket:
            reply = frame.json()
            future = self.waiting.get(reply.get("transaction", ""))
            if future and not future.done() and reply["janus"] != "ack":
                future.set_result(reply)

    async def keep_alive(self) -> None:
        while True:
            await asyncio.sleep(KEEP_ALIVE)
            keep = {"janus": "keepalive", "transaction": "keep", "session_id": self.address["session_id"]}
            await self.socket.send_json(keep)

    async def close(self) -> None:
        if self.source:
            await self.source.pause()
        for task in self.tasks:
            task.cancel()
        self.client.close()
        await self.socket.close()


def version() -> str:
    """`1.1.2`, or an empty string where Janus is not installed."""
    if not shutil.which("janus"):
        return ""
    said = subprocess.run(["janus", "--version"], capture_output=True, text=True).stdout
    found = re.search(r"\((\d[\d.]*)\)", said)
    return found.group(1) if found else "unknown"
