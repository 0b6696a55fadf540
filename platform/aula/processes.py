"""The processes of one Aula: what starts each, and how to tell that it serves."""

from __future__ import annotations

import asyncio
import os
import socket
import sys
from dataclasses import dataclass

from django.conf import settings

from aula.child import Program
from aula.frames import FRAME_LIMITS
from signaling import media_hooks

ASK_EVERY = 0.1  # seconds
ANSWER_WITHIN = 2.0  # seconds
PROVEN = 5.0  # seconds that what answers nobody has to live to count as started


@dataclass(frozen=True)
class Address:
    """host:port, as WEB_BIND and MEDIA_BIND give it."""

    host: str
    port: int

    @classmethod
    def parse(cls, text: str) -> Address:
        """Raises ValueError unless `text` is host:port."""
        host, separator, port = text.rpartition(":")
        if not (host and separator and port.isdecimal() and int(port) < 65536):
            raise ValueError(f"“{text}” is not host:port, for example 127.0.0.1:8000")
        return cls(host.strip("[]"), int(port))

    @property
    def is_free(self) -> bool:
        """Whether a TCP server could listen here now."""
        family = socket.AF_INET6 if ":" in self.host else socket.AF_INET
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((self.host, self.port))
            except OSError:
                return False
        return True

    @property
    def reachable(self) -> str:
        """The host for a URL on this machine, also when the process listens on every address."""
        host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self.host, self.host)  # noqa: S104
        return f"[{host}]" if ":" in host else host

    async def is_healthy(self) -> bool:
        """Whether its health check is answered with 200 (HTTP, RFC 9112 4)."""
        host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self.host, self.host)  # noqa: S104
        try:
            async with asyncio.timeout(ANSWER_WITHIN):
                reader, writer = await asyncio.open_connection(host, self.port)
                writer.write(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                status = await reader.readline()
                writer.close()
        except (OSError, TimeoutError, ValueError):
            return False
        return status.split()[1:2] == [b"200"]


@dataclass(frozen=True)
class Process:
    """A process of Aula: its name, its command, and the setting that holds the address it answers on."""

    name: str
    command: tuple[str, ...]
    setting: str = ""
    has_spare: bool = False
    stalls_after: float | None = None

    @property
    def address(self) -> Address | None:
        return Address.parse(getattr(settings, self.setting)) if self.setting else None

    @property
    def program(self) -> Program:
        return Program(self.name, self.command, self.serves, self.has_spare, self.stalls_after)

    async def serves(self) -> None:
        """Returns once it does."""
        if self.address is None:
            await asyncio.sleep(PROVEN)
            return
        while not await self.address.is_healthy():  # noqa: ASYNC110 (another process has no events)
            await asyncio.sleep(ASK_EVERY)


def all_processes() -> list[Process]:
    python = sys.executable
    web = Address.parse(settings.WEB_BIND)
    daphne = (
        *("-v", "0", "-b", web.host, "-p", str(web.port), "--no-server-name"),
        *("--websocket_connect_timeout", "20", *FRAME_LIMITS, "aula.asgi:application"),
    )
    return [
        Process("web", (python, "-m", "daphne", *daphne), "WEB_BIND"),
        Process(
            "media",
            (python, "manage.py", "runsfu", "--spare"),
            "MEDIA_BIND",
            has_spare=True,
            stalls_after=settings.MEDIA_STALL_SECONDS,
        ),
        Process("tasks", (python, "manage.py", "runtasks")),
        Process("jobs", (python, "manage.py", "runjobs")),
    ]


def environment() -> dict[str, str]:
    """What every process is given: `platform/` is a plain folder, found by its path alone."""
    path = os.pathsep.join(filter(None, [str(settings.ROOT / "platform"), os.environ.get("PYTHONPATH")]))
    web = Address.parse(settings.WEB_BIND)
    hooks = f"http://{web.reachable}:{web.port}{media_hooks.PATH}"
    return {"MEDIA_WEBHOOK_URLS": hooks, **os.environ, "PYTHONPATH": path, "PYTHONUNBUFFERED": "1"}
