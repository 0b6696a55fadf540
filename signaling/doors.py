"""What a WebSocket passes before its consumer: the same host as its page, and a tenant at that host."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import timezone

from signaling.database import in_database
from signaling.sessions import person_of
from tenants.hosts import tenant_for_host

CLOCK = "aula.now"  # as in consumer.py
DEFAULT_PORTS = {"http": ":80", "https": ":443"}


def header(scope: dict[str, Any], name: bytes) -> str:
    """The header's only value; empty when it is missing or sent twice."""
    values = [value for key, value in scope["headers"] if key == name]
    return values[0].decode("latin1") if len(values) == 1 else ""


def is_same_origin(origin: str, host: str) -> bool:
    """Whether a page of `origin` ("https://demo.example.org") was served by `host` ("demo.example.org")."""
    try:
        parts = urlsplit(origin)
    except ValueError:
        return False
    if parts.scheme not in ("http", "https") or not host:
        return False
    port = DEFAULT_PORTS[parts.scheme]
    return parts.netloc.lower().removesuffix(port) == host.strip().lower().removesuffix(port)


async def turn_away(send: Any) -> None:
    """Refuse the handshake, the same way whatever the reason."""
    await send({"type": "websocket.close", "code": 4404})


class SameOrigin:
    """Turns away sockets that a page of another host opened: they would come with this host's cookies."""

    def __init__(self, inner: Any) -> None:
        self.inner = inner

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> Any:
        if not is_same_origin(header(scope, b"origin"), header(scope, b"host")):
            return await turn_away(send)
        return await self.inner(scope, receive, send)


class TenantOfHost:
    """Puts the host's tenant into the scope; without one there is nothing here."""

    def __init__(self, inner: Any) -> None:
        self.inner = inner

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> Any:
        tenant = await in_database(tenant_for_host, header(scope, b"host"))
        if tenant is None:
            return await turn_away(send)
        return await self.inner({**scope, "tenant": tenant}, receive, send)


class SignedIn:
    """Puts the person of the cookie into the scope (`user`), with the cookie (`session_key`) and its `host`.

    Channels' own middleware would close the database's connection after each of its steps.
    """

    def __init__(self, inner: Any) -> None:
        self.inner = inner

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> Any:
        key = scope["cookies"].get(settings.SESSION_COOKIE_NAME)
        at = scope.get(CLOCK, timezone.now)()
        host, class_id = header(scope, b"host"), class_of(scope["path"])
        user = await in_database(person_of, key, host=host, school=scope["tenant"], class_id=class_id, at=at)
        return await self.inner({**scope, "session_key": key, "host": host, "user": user}, receive, send)


def class_of(path: str) -> str:
    """The class's id in a socket's address; empty where there is none."""
    found = re.fullmatch(r"/ws/sessions/([0-9a-f]{32})/", path)
    return found[1] if found else ""


async def nothing_here(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """For every path that is none of ours."""
    await turn_away(send)
