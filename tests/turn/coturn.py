"""A real coturn on loopback, configured by the product's own text, for as long as a test needs it."""

from __future__ import annotations

import asyncio
import itertools
import os
import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path

from turncreds import credentials
from turncreds.allocation import RefusedByRelay, allocated
from turncreds.coturn import Plan, Profile, configuration
from turncreds.credentials import Credential
from turncreds.peers import networks
from turncreds.relays import Relay
from turncreds.servers import ServerUrl

NEW, OLD, FOREIGN = "new-" + "n" * 32, "old-" + "o" * 32, "foreign-" + "f" * 32
SFU = "127.0.0.1"
FIRST_PORT, PORTS_EACH, RELAYS_EACH = 26000, 100, 90
STARTS_WITHIN = 10.0  # seconds
BLOCKS_EACH = 5  # blocks of ports in turn, for each of two workers
WORKER = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0")[2:]) % 2
_blocks = itertools.cycle(range(WORKER * BLOCKS_EACH, (WORKER + 1) * BLOCKS_EACH))


@dataclass(frozen=True)
class Coturn:
    """A running relay. `url("udp")`, `url("tcp")`, `url("tls")`."""

    plan: Plan
    folder: Path

    def url(self, kind: str) -> ServerUrl:
        if kind == "tls":
            return ServerUrl("turns", "localhost", self.plan.tls_port or 0, "tcp")
        return ServerUrl("turn", "127.0.0.1", self.plan.port, "tcp" if kind == "tcp" else "udp")

    @property
    def urls(self) -> list[ServerUrl]:
        return [self.url(kind) for kind in ("udp", "tcp", "tls")]

    @property
    def relay(self) -> Relay:
        return Relay(tuple(self.urls), self.plan.secrets)

    @property
    def tls(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=self.plan.certificate)

    @property
    def log(self) -> str:
        return (self.folder / "log").read_text()

    async def answer(self, kind: str, credential: Credential) -> int:
        """What an allocation is answered with: 200, or the code of the error."""
        try:
            async with asyncio.timeout(10), allocated(self.url(kind), credential, tls=self.tls):
                return 200
        except RefusedByRelay as refused:
            return refused.code


def credential(participant: str, *, secret: str = NEW, ttl: int = 60) -> Credential:
    return credentials.issue(participant, secret=secret, now=time.time(), ttl=ttl)


def certificate(folder: Path, days: int) -> tuple[Path, Path]:
    """A self-signed certificate and its key for localhost."""
    files = folder / "certificate.pem", folder / "key.pem"
    request = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=localhost"
    names = ["-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1", "-days", str(days)]
    where = ["-keyout", str(files[1]), "-out", str(files[0])]
    subprocess.run(["openssl", *request.split(), *names, *where], check=True, capture_output=True)
    return files


def plan(folder: Path, profile: Profile = Profile.SFU, *, days: int = 30) -> Plan:
    """A plan for loopback; the ports are given by `running`."""
    files = certificate(folder, days)
    return Plan(
        profile=profile,
        realm="turn.test",
        secrets=(NEW, OLD),
        allowed=tuple(networks([SFU])),
        port=FIRST_PORT,
        tls_port=FIRST_PORT + 1,
        certificate=str(files[0]),
        key=str(files[1]),
        external_ips=(),
        relay_ports=(FIRST_PORT + 10, FIRST_PORT + PORTS_EACH - 1),
        user_quota=4,
        total_quota=600,
        max_bps=400_000,
    )


@asynccontextmanager
async def running(
    wanted: Plan,
    folder: Path,
    *,
    addresses: tuple[str, ...] = ("127.0.0.1",),
    change: Callable[[str], str] = str,
) -> AsyncIterator[Coturn]:
    """coturn with `wanted`, on ports that are free now; `change`: what somebody made of the text."""
    wanted = at_free_ports(wanted)
    (folder / "turnserver.conf").write_text(change(configuration(wanted)))
    with started(folder, addresses) as process:
        await until_it_listens(process, wanted.port, folder)
        yield Coturn(wanted, folder)


def at_free_ports(wanted: Plan) -> Plan:
    for block in itertools.islice(_blocks, 2 * BLOCKS_EACH):
        base = FIRST_PORT + block * PORTS_EACH
        with suppress(OSError), socket.socket() as one, socket.socket() as other:
            one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            one.bind(("127.0.0.1", base))
            other.bind(("127.0.0.1", base + 1))
            tls_port = None if wanted.tls_port is None else base + 1
            return replace(wanted, port=base, tls_port=tls_port, relay_ports=(base + 10, base + RELAYS_EACH))
    raise RuntimeError(f"no free ports from {FIRST_PORT} on; stop what listens there")


@contextmanager
def started(
    folder: Path, addresses: tuple[str, ...], *, listening: str = "127.0.0.1", inside: Sequence[str] = ()
) -> Iterator[subprocess.Popen[bytes]]:
    """`inside`: the command that runs it somewhere else."""
    program = shutil.which("turnserver")
    assert program, "coturn is missing: tools/provision coturn"
    relays = [f"--relay-ip={address}" for address in addresses]
    here = [f"--listening-ip={listening}", *relays, f"--pidfile={folder / 'pid'}"]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [*inside, program, "-c", str(folder / "turnserver.conf"), *here],
            stdout=log,
            stderr=log,
            cwd=folder,
        )
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


async def until_it_listens(process: subprocess.Popen[bytes], port: int, folder: Path) -> None:
    deadline = time.monotonic() + STARTS_WITHIN
    while process.poll() is None and time.monotonic() < deadline:
        with suppress(OSError):
            _, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.close()
            return
        await asyncio.sleep(0.02)
    raise RuntimeError(f"coturn did not start:\n{(folder / 'log').read_text()[-2000:]}")
