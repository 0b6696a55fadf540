"""The three processes of one Aula (design.md): what starts each, and how to tell that it serves."""

from __future__ import annotations

import os
import shlex
import socket
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass

from django.conf import settings


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
    def health(self) -> str:
        host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(self.host, self.host)  # noqa: S104
        return f"http://{host}:{self.port}/healthz"


@dataclass(frozen=True)
class Process:
    """A process of Aula: its name, its command, and the address it answers on, if any."""

    name: str
    command: str
    setting: str = ""

    @property
    def address(self) -> Address | None:
        return Address.parse(getattr(settings, self.setting)) if self.setting else None


def all_processes() -> list[Process]:
    python = shlex.quote(sys.executable)
    web = Address.parse(settings.WEB_BIND)
    return [
        Process(
            "web",
            f"exec {python} -m daphne -v 0 -b {shlex.quote(web.host)} -p {web.port} --no-server-name"
            " --websocket_connect_timeout 20 --websocket-max-message-size 65536"
            " --websocket-max-frame-size 65536 aula.asgi:application",
            "WEB_BIND",
        ),
        Process("media", f"exec {python} manage.py runsfu", "MEDIA_BIND"),
        Process(
            "tasks", f"exec {python} manage.py db_worker --queue-name '*' --no-reload --no-startup-delay"
        ),
    ]


def environment() -> dict[str, str]:
    """What every process is given: `platform/` is a plain folder, found by its path alone."""
    path = os.pathsep.join(filter(None, [str(settings.ROOT / "platform"), os.environ.get("PYTHONPATH")]))
    return {**os.environ, "PYTHONPATH": path, "PYTHONUNBUFFERED": "1"}


def serves(address: Address, within: float) -> bool:
    """Whether `address` answers its health check before `within` seconds are over."""
    until = time.monotonic() + within
    while time.monotonic() < until:
        try:
            with urllib.request.urlopen(address.health, timeout=1) as answer:  # noqa: S310 (our own address)
                if answer.status == 200:
                    return True
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    return False
