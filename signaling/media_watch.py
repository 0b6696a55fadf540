"""`/watch` of the media process: web processes stay connected, so that its end, whatever the reason, reaches
them as fast as the kernel closes a connection. They tell the pages (watch.py)."""

from __future__ import annotations

import asyncio
import json
import secrets
from collections.abc import Awaitable, Callable
from typing import Any

from signaling.sfu import auth
from signaling.sfu.joining import read_token
from signaling.sfu.refusals import Busy, NotGranted, Refusal
from signaling.sfu.rooms import Rooms

PATH = "/watch"
MOST_WATCHERS = 100
Receive = Callable[[], Awaitable[Any]]
Send = Callable[[Any], Awaitable[None]]


class Watchers:
    """Everybody who watches this process. An ASGI application for WebSockets."""

    def __init__(self, rooms: Rooms) -> None:
        self._rooms = rooms
        self._queues: set[asyncio.Queue[str]] = set()
        self._id = secrets.token_hex(8)  # another process has another one: it knows nobody

    def tell_leaving(self, seconds: float) -> None:
        """This process ends in about so many seconds; another one takes its place."""
        for queue in self._queues:
            queue.put_nowait(json.dumps({"state": "leaving", "seconds": seconds}))

    async def __call__(self, scope: Any, receive: Receive, send: Send) -> None:
        await receive()  # websocket.connect
        try:
            self._check(dict(scope["headers"]))
        except Refusal as refusal:
            await refuse(send, refusal)
            return
        queue: asyncio.Queue[str] = asyncio.Queue()
        queue.put_nowait(json.dumps({"state": "up", "id": self._id}))
        self._queues.add(queue)
        await send({"type": "websocket.accept"})
        telling = asyncio.create_task(_tell(queue, send))
        try:
            while (await receive())["type"] != "websocket.disconnect":
                pass
        finally:
            telling.cancel()
            self._queues.discard(queue)

    def _check(self, headers: dict[bytes, bytes]) -> None:
        """Raises Refusal: whoever may list rooms may know whether there is a server; a page may not."""
        if b"origin" in headers:
            raise NotGranted("Pages do not watch the media server.")
        rooms, authorization = self._rooms, headers.get(b"authorization", b"").decode("latin1")
        claims = auth.verify(read_token({}, authorization), rooms.config, rooms.clock.wall())
        auth.require(claims.grants.room_list, "roomList")
        if rooms.stopping or len(self._queues) >= MOST_WATCHERS:
            raise Busy("The media server is stopping, or watched by too many.")


async def _tell(queue: asyncio.Queue[str], send: Send) -> None:
    while True:
        await send({"type": "websocket.send", "text": await queue.get()})


async def refuse(send: Send, refusal: Refusal) -> None:
    """Answer a handshake with the refusal's own status; see media_server.py."""
    headers = [(b"content-type", b"text/plain; charset=utf-8")]
    await send({"type": "websocket.http.response.start", "status": refusal.status, "headers": headers})
    await send({"type": "websocket.http.response.body", "body": refusal.text.encode()})
