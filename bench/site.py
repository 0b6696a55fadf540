"""A whole Aula with its demo school, as `make run` starts it, on ports and files of its own."""

from __future__ import annotations

import secrets
import sys
from pathlib import Path

from bench.aula import ROOT
from bench.process import NotStarted, Process, folder, free_ports

PASSWORD = secrets.token_hex(8)


class Site:
    """Web, media and tasks under one parent, unpinned."""

    async def __aenter__(self) -> Site:
        self.folder = folder()
        self.web, media = free_ports(2)
        environment = {
            "DEBUG": "1",
            "VAR_DIR": self.folder.name,
            "DJANGO_SETTINGS_MODULE": "aula.settings",
            "WEB_BIND": f"127.0.0.1:{self.web}",
            "MEDIA_BIND": f"127.0.0.1:{media}",
            "MEDIA_UDP_PORT": str(media),
            "DEMO_PASSWORD": PASSWORD,
        }
        self.process = Process(
            [sys.executable, str(ROOT / "manage.py"), "run"],
            environment=environment,
            folder=Path(self.folder.name),
            core=None,
        )
        try:
            for port in (self.web, media):
                await self.process.listening(port)
        except NotStarted:
            await self.__aexit__()
            raise
        return self

    async def __aexit__(self, *_: object) -> None:
        self.process.stop()
        self.folder.cleanup()

    def url(self, path: str) -> str:
        return f"http://demo.localhost:{self.web}{path}"
