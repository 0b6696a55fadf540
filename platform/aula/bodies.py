"""No request's body is taken in beyond what anything here could want: daphne itself knows no limit."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from django.conf import settings

Message = Mapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[dict[str, Any], Receive, Send], Awaitable[None]]

AROUND = 1_000_000  # bytes of a form around its file
TEXT = b"The request is too large.\n"


class TooLarge(Exception):
    """The body has more bytes than are taken."""


class BodyLimit:
    """An ASGI application that answers 413 (RFC 9110, 15.5.14) for bodies beyond the largest file taken."""

    def __init__(self, app: App) -> None:
        self.app = app

    async def __call__(self, scope: dict[str, Any], receive: Receive, send: Send) -> None:
        most = settings.MATERIAL_MOST_BYTES + AROUND
        taken = 0
        started = False

        async def counted() -> Message:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > most:
                raise TooLarge
            return message

        async def noted(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            if announced(scope) > most:
                raise TooLarge
            await self.app(scope, counted, noted)
        except TooLarge:
            if not started:
                await refuse(send)


def announced(scope: Message) -> int:
    """The length the client names; 0 where it names none."""
    lengths = [value for name, value in scope["headers"] if name == b"content-length"]
    return int(lengths[0]) if lengths and lengths[0].isdigit() else 0


async def refuse(send: Send) -> None:
    headers = [(b"content-type", b"text/plain"), (b"connection", b"close")]
    await send({"type": "http.response.start", "status": 413, "headers": headers})
    await send({"type": "http.response.body", "body": TEXT})
