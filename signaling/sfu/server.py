"""The engine's HTTP pages as plain functions: request in, response out. Sockets are somebody else's."""

from __future__ import annotations

from collections.abc import Callable
from secrets import compare_digest

from signaling.sfu import metrics, twirp
from signaling.sfu.http import Request, Response
from signaling.sfu.refusals import Refusal
from signaling.sfu.rooms import Rooms

SOCKET_PATHS = frozenset(("/rtc", "/rtc/v1"))


def clean_path(path: str) -> str:
    """Clients join base address and path as they come: `//rtc/v1/` is `/rtc/v1`."""
    return "/" + path.strip("/")


def respond(rooms: Rooms, request: Request) -> Response:
    path = clean_path(request.path)
    if path.startswith(twirp.PREFIX):
        return _twirp(rooms, request, path)
    page = PAGES.get(path)
    if page is None:
        return Response(404, b"There is nothing here.\n")
    if request.method not in ("GET", "HEAD"):
        return Response(405, b"Only GET is answered here.\n", headers=(("Allow", "GET, HEAD"),))
    return page(rooms, request)


def _root(rooms: Rooms, request: Request) -> Response:
    """Clients probe it to learn whether the network is back."""
    return Response(200, b"OK\n", headers=ANY_ORIGIN)


def _healthz(rooms: Rooms, request: Request) -> Response:
    """Red when the loop was held up; while it is, nothing answers at all."""
    return _state(rooms.trouble())


def _readyz(rooms: Rooms, request: Request) -> Response:
    return _state(rooms.trouble() or rooms.reluctance())


def _state(trouble: str) -> Response:
    return Response(503 if trouble else 200, f"{trouble or 'OK'}\n".encode())


def _metrics(rooms: Rooms, request: Request) -> Response:
    """As open as health, unless a token is set."""
    expected = rooms.config.metrics_token
    shown = request.headers.get("authorization", "").encode("latin1")  # the octets as they came
    if expected and not compare_digest(shown, f"Bearer {expected}".encode()):
        return Response(401, b"This page wants MEDIA_METRICS_TOKEN as a bearer token.\n")
    return Response(200, rooms.metrics.read(), metrics.CONTENT_TYPE)


def _validate(rooms: Rooms, request: Request) -> Response:
    """Why a socket was refused: browsers cannot read it from the socket itself."""
    try:
        rooms.examine(request.query, request.headers)
    except Refusal as refusal:
        return Response(refusal.status, refusal.text.encode(), headers=ANY_ORIGIN)
    return Response(200, b"success", headers=ANY_ORIGIN)


def _upgrade(rooms: Rooms, request: Request) -> Response:
    """A plain GET where a WebSocket belongs. Never 404: clients would try again without end."""
    return Response(
        426, b"This address wants a WebSocket.\n", headers=(*ANY_ORIGIN, ("Upgrade", "websocket"))
    )


def _twirp(rooms: Rooms, request: Request, path: str) -> Response:
    if request.method != "POST":
        return Response(405, b"Only POST is answered here.\n", headers=(("Allow", "POST"),))
    content_type = request.headers.get("content-type", "").partition(";")[0].strip()
    status, kind, body = twirp.call(
        rooms, path, request.headers.get("authorization", ""), content_type, request.body
    )
    return Response(status, body, kind)


ANY_ORIGIN = (("Access-Control-Allow-Origin", "*"),)
PAGES: dict[str, Callable[[Rooms, Request], Response]] = {
    "/": _root,
    "/healthz": _healthz,
    "/readyz": _readyz,
    "/metrics": _metrics,
    "/rtc": _upgrade,
    "/rtc/v1": _upgrade,
    "/rtc/validate": _validate,
    "/rtc/v1/validate": _validate,
}
