"""A whole Aula: the processes that `make run` starts, on free ports and an empty database."""

from __future__ import annotations

import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parent.parent.parent
PASSWORD = "a-demo-of-aula"
SLOWEST_START = 180.0  # seconds
DEFAULT = (
    *("SECRET_KEY", "DATABASE_URL", "REDIS_URL", "DJANGO_ALLOW_ASYNC_UNSAFE"),
    *("MEDIA_URL", "MEDIA_API_SECRET", "MEDIA_ANNOUNCE", "MEDIA_RTC_HOST"),
)


def free_port(kind: socket.SocketKind = socket.SOCK_STREAM) -> int:
    with socket.socket(socket.AF_INET, kind) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Site:
    """Pages, at a port of this machine."""

    web_port: int

    def url(self, path: str = "/", tenant: str = "demo") -> str:
        host = f"{tenant}.localhost" if tenant else "localhost"
        return f"http://{host}:{self.web_port}{path}"


class Aula(Site):
    """`manage.py run` with demo data; `output` is what a person at the terminal reads. `names`: of the
    processes, where it is not all of them. `inside`: the command that runs it somewhere else, in a network of
    its own say."""

    def __init__(
        self,
        var: Path,
        *,
        web_port: int | None = None,
        names: Sequence[str] = (),
        inside: Sequence[str] = (),
        **more: str,
    ) -> None:
        self.web_port, self.media_port = web_port or free_port(), free_port()
        self.udp_port = free_port(socket.SOCK_DGRAM)
        self.folder = var
        self.log = var / "run.log"
        environment = {
            **os.environ,
            "DEBUG": "1",
            "DJANGO_SETTINGS_MODULE": "aula.settings",
            "VAR_DIR": str(var),
            "WEB_BIND": f"127.0.0.1:{self.web_port}",
            "MEDIA_BIND": f"127.0.0.1:{self.media_port}",
            "MEDIA_UDP_PORT": str(self.udp_port),
            "MEDIA_TCP_PORT": str(free_port()),
            "DEMO_PASSWORD": PASSWORD,
        }
        for name in DEFAULT:
            environment.pop(name, None)
        environment.update(more)
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [*inside, sys.executable, "manage.py", "run", *names],
                cwd=ROOT,
                env=environment,
                stdout=log,
                stderr=log,
            )

    @property
    def output(self) -> str:
        return self.log.read_text(errors="replace")

    def wait_until_ready(self) -> None:
        until = time.monotonic() + SLOWEST_START
        while "Aula is ready" not in self.output:
            if self.process.poll() is not None or time.monotonic() > until:
                raise AssertionError(f"Aula did not start:\n{self.output[-4000:]}")
            time.sleep(0.1)

    def pid(self, name: str) -> int:
        """Of the process of that name which serves now."""
        return int(re.findall(rf"{name} started \(pid (\d+)\)", self.output)[-1])

    def let_school(self, column: str, value: str) -> int | None:
        """Write what only operators and admins may, past their pages: SQL, into the demo school's row."""
        with closing(sqlite3.connect(self.folder / "aula.sqlite3", timeout=20)) as database, database:
            database.execute(f"update tenants_tenant set {column} = {value} where slug = 'demo'")
            return database.execute(f"select {column} from tenants_tenant where slug = 'demo'").fetchone()[0]

    def kill(self) -> None:
        """All of its processes at once, without a word: as when a machine dies."""
        children = psutil.Process(self.process.pid).children(recursive=True)
        self.process.kill()  # first: it would start them again
        for child in children:
            child.kill()
        psutil.wait_procs(children, timeout=10)
        self.process.wait(timeout=10)

    def stop(self) -> int:
        """Ctrl-C; returns the exit code."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
        return self.process.wait(timeout=30)
