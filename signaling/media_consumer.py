"""The media socket: frames to the room's participant, its words back. No rule of the room is here."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

from channels.consumer import get_handler_name
from channels.exceptions import StopConsumer
from channels.generic.websocket import AsyncWebsocketConsumer

from signaling.sfu import signal
from signaling.sfu.participant import Participant
from signaling.sfu.refusals import NotFound, Refusal
from signaling.sfu.rooms import Rooms
from signaling.sfu.server import SOCKET_PATHS, clean_path

log = logging.getLogger(__name__)
MOST_WAITING = 4 * 1024 * 1024  # bytes queued for one client before its socket is given up


class Outbox:
    """A SignalSocket: keeps what is to be sent in order, and never blocks who sends."""

    def __init__(self) -> None:
        self._items: asyncio.Queue[bytes | int] = asyncio.Queue()
        self._waiting = 0
        self._closed = False

    def send(self, data: bytes) -> None:
        if self._closed:
            return
        self._waiting += len(data)
        if self._waiting > MOST_WAITING:
            self.close(1013)  # try again later
            return
        self._items.put_nowait(data)

    def close(self, code: int = 1000) -> None:
        if not self._closed:
            self._closed = True
            self._items.put_nowait(code)

    async def next(self) -> bytes | int:
        """The next frame, or the code to close with."""
        item = await self._items.get()
        if isinstance(item, bytes):
            self._waiting -= len(item)
        return item


class MediaConsumer(AsyncWebsocketConsumer):  # type: ignore[misc]
    """One client's connection. `rooms` is the engine of this process.

    It belongs to no channel layer and touches no database, so it costs neither.
    """

    channel_layer_alias = "media"

    def __init__(self, *args: Any, rooms: Rooms, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rooms = rooms
        self.outbox = Outbox()
        self.participant: Participant | None = None
        self.writer: asyncio.Task[None] | None = None

    async def dispatch(self, message: dict[str, Any]) -> None:
        """As Channels does it, without looking after database connections on every frame."""
        if handler := getattr(self, get_handler_name(message), None):
            await handler(message)

    async def connect(self) -> None:
        headers = {name.decode("latin1"): value.decode("latin1") for name, value in self.scope["headers"]}
        try:
            if clean_path(self.scope["path"]) not in SOCKET_PATHS:
                raise NotFound("There is no socket here.")
            ticket = self.rooms.knock(self.scope["query_string"], headers)
        except Refusal as refusal:
            await self._refuse(refusal)
        await self.accept()
        self.writer = asyncio.create_task(self._write())
        try:
            self.participant = self.rooms.enter(ticket, self.outbox)
        except Refusal:  # the last place went between the knock and now
            self.outbox.close(1013)

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        participant = self.participant
        if participant is None or participant.socket is not self.outbox:
            return
        try:
            signal.receive(participant, bytes_data or b"")
        except Exception:
            log.exception("a message from participant %s failed", participant.sid)
            signal.mismatch(participant, "signal_failed")

    async def disconnect(self, code: int) -> None:
        if self.participant:
            self.participant.detach(self.outbox)
        if self.writer:
            self.writer.cancel()

    async def _write(self) -> None:
        while isinstance(item := await self.outbox.next(), bytes):
            await self.send(bytes_data=item)
        await self.close(code=item)

    async def _refuse(self, refusal: Refusal) -> None:
        """Answer the handshake with the refusal's own status; see media_server.py."""
        body = refusal.text.encode()
        headers = [(b"content-type", b"text/plain; charset=utf-8")]
        await self.base_send(
            {"type": "websocket.http.response.start", "status": refusal.status, "headers": headers}
        )
        await self.base_send({"type": "websocket.http.response.body", "body": body})
        raise StopConsumer()
