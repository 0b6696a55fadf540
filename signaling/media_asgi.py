"""The media process's ASGI application: pages to server.py, sockets to the consumer or the watchers."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

from asgiref.typing import ASGI3Application, ASGIReceiveCallable, ASGISendCallable, HTTPScope, Scope
from channels.routing import ProtocolTypeRouter

from signaling import media_watch
from signaling.media_consumer import MediaConsumer
from signaling.media_origins import Origins
from signaling.media_watch import Watchers
from signaling.sfu.http import LARGEST_BODY, TEXT, Request, Response
from signaling.sfu.refusals import Refusal
from signaling.sfu.rooms import Rooms
from signaling.sfu.server import clean_path, respond
from signaling.sfu.whip import Sessions, without_session

log = logging.getLogger(__name__)
BODY_WITHIN = 10.0  # seconds


def media_application(rooms: Rooms, watchers: Watchers) -> ProtocolTypeRouter:
    return ProtocolTypeRouter({"http": pages(rooms), "websocket": sockets(rooms, watchers)})


def sockets(rooms: Rooms, watchers: Watchers) -> ASGI3Application:
    clients = MediaConsumer.as_asgi(rooms=rooms)
    origins = Origins()

    async def application(scope: Scope, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
        if clean_path(scope["path"]) == media_watch.PATH:  # type: ignore[typeddict-item]
            await watchers(scope, receive, send)
            return
        try:
            await origins.check(list(scope["headers"]))  # type: ignore[typeddict-item]
        except Refusal as refusal:
            await receive()  # websocket.connect
            await media_watch.refuse(send, refusal)
            return
        await clients(scope, receive, send)

    return application


def pages(rooms: Rooms) -> ASGI3Application:
    sessions = Sessions(rooms)

    async def application(scope: Scope, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
        assert scope["type"] == "http"
        await _send(send, await _respond(rooms, sessions, scope, receive))

    return application


async def _respond(
    rooms: Rooms, sessions: Sessions, scope: HTTPScope, receive: ASGIReceiveCallable
) -> Response:
    try:
        async with asyncio.timeout(BODY_WITHIN):
            body = await _read(receive)
    except TimeoutError:
        return Response(408, b"The request did not arrive in time.\n")
    if body is None:
        return Response(413, b"The request is too large.\n")
    request = Request(scope["method"], scope["path"], scope["query_string"], headers_of(scope), body)
    try:
        return sessions.respond(request, clean_path(request.path)) or respond(rooms, request)
    except Exception:
        # The query holds the token, and the path may hold a session's: neither is logged.
        log.exception("a request to %s failed", without_session(clean_path(request.path)))
        return Response(500, b"The media server made a mistake; it has been logged.\n")


async def _read(receive: ASGIReceiveCallable) -> bytes | None:
    """The whole body, None when it is too large."""
    body = b""
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return body
        body += message.get("body", b"")
        if len(body) > LARGEST_BODY:
            return None
        if not message.get("more_body"):
            return body


async def _send(send: ASGISendCallable, response: Response) -> None:
    headers = [
        (b"Content-Type", (response.content_type or TEXT).encode()),
        (b"Content-Length", str(len(response.body)).encode()),
        (b"Cache-Control", b"no-store"),
        (b"X-Content-Type-Options", b"nosniff"),
        *((name.encode(), value.encode()) for name, value in response.headers),
    ]
    await send(
        {"type": "http.response.start", "status": response.status, "headers": headers, "trailers": False}
    )
    await send({"type": "http.response.body", "body": response.body, "more_body": False})


def headers_of(scope: Any) -> dict[str, str]:
    return {name.decode("latin1").lower(): value.decode("latin1") for name, value in scope["headers"]}
