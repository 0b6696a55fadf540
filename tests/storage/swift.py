"""A real S3 server for as long as tests need it: OpenStack Swift on one node, one replica, in one folder.

Debian's python3-swift holds all of it, for Debian's own Python; its packages of single servers would bring
services that start by themselves. It goes on where its cache does not answer, so there is none.
"""

from __future__ import annotations

import os
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote
from uuid import uuid4

import boto3

PYTHON = "/usr/bin/python3"
RINGS = """
import sys
from swift.common.ring import RingBuilder
for kind, port in zip(sys.argv[1::2], sys.argv[2::2]):
    ring = RingBuilder(part_power=2, replicas=1, min_part_hours=0)
    ring.add_dev(dict(region=1, zone=1, weight=1, ip="127.0.0.1", port=int(port), device="d1"))
    ring.rebalance()
    ring.get_ring().save(kind + ".ring.gz")
"""
SERVE = """
import sys
from swift.common.utils import set_swift_dir
from swift.common.wsgi import run_wsgi
set_swift_dir(".")
run_wsgi(*sys.argv[1:], verbose=True)
"""
STARTS_WITHIN = 60.0  # seconds: four processes on a busy machine
KEY, SECRET, REGION = "aula:web", "s3cret/with+signs", "eu-central-1"
KINDS = ("account", "container", "object")  # of what is stored; the proxy speaks S3 in front of them

STORE = """
[DEFAULT]
bind_ip = 127.0.0.1
bind_port = {port}
workers = 0
user = {user}
swift_dir = {folder}
devices = {folder}/devices
mount_check = false
fallocate_reserve = 0
log_address = {folder}/no-syslog

[pipeline:main]
pipeline = {kind}-server

[app:{kind}-server]
use = egg:swift#{kind}
"""

PROXY = """
[DEFAULT]
bind_ip = 127.0.0.1
bind_port = {port}
workers = 0
user = {user}
swift_dir = {folder}
log_address = {folder}/no-syslog

[pipeline:main]
pipeline = catch_errors gatekeeper healthcheck cache listing_formats s3api tempauth bulk slo proxy-server

[app:proxy-server]
use = egg:swift#proxy
account_autocreate = true

[filter:s3api]
use = egg:swift#s3api
location = {region}

[filter:cache]
use = egg:swift#memcache
memcache_servers = 127.0.0.1:1

[filter:tempauth]
use = egg:swift#tempauth
user_aula_web = {secret} .admin
""" + "".join(
    f"\n[filter:{name}]\nuse = egg:swift#{name}\n"
    for name in ("catch_errors", "gatekeeper", "healthcheck", "listing_formats", "bulk", "slo")
)


@dataclass
class Swift:
    """`url_with` makes what STORAGE_URL is given. `stop`, then `start`: everything stored is there again."""

    folder: Path
    ports: dict[str, int]
    running: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def port(self) -> int:
        return self.ports["proxy"]

    def url_with(self, *, bucket: str, key: str = KEY, secret: str = SECRET, port: int = 0) -> str:
        who = f"{quote(key, safe='')}:{quote(secret, safe='')}"
        return f"s3://{who}@127.0.0.1:{port or self.port}/{bucket}?region={REGION}&scheme=http"

    def new_bucket(self) -> str:
        """Made by a client of its own, not by what is tested."""
        name = f"aula-{uuid4().hex}"
        client = boto3.client(
            "s3",
            endpoint_url=f"http://127.0.0.1:{self.port}",
            aws_access_key_id=KEY,
            aws_secret_access_key=SECRET,
            region_name=REGION,
        )
        with closing(client):
            client.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": REGION})
        return name

    def start(self) -> None:
        for kind in (*KINDS, "proxy"):
            with (self.folder / f"{kind}.log").open("ab") as log:
                command = [PYTHON, "-c", SERVE, str(self.folder / f"{kind}.conf"), f"{kind}-server"]
                self.running.append(
                    subprocess.Popen(command, stdout=log, stderr=log, env=self.environment, cwd=self.folder)
                )
        until = time.monotonic() + STARTS_WITHIN
        for kind in self.ports:
            self._wait(kind, until)

    def _wait(self, kind: str, until: float) -> None:
        while time.monotonic() < until and all(each.poll() is None for each in self.running):
            with suppress(OSError), socket.create_connection(("127.0.0.1", self.ports[kind]), timeout=1):
                return
            time.sleep(0.05)
        raise RuntimeError(f"Swift did not start:\n{(self.folder / f'{kind}.log').read_text()[-2000:]}")

    def stop(self) -> None:
        for each in self.running:
            each.kill()  # what a server has acknowledged has to outlive that
        for each in self.running:
            each.wait()
        self.running.clear()

    @property
    def environment(self) -> dict[str, str]:
        """Without our virtual environment's paths."""
        ours = ("PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV")
        return {name: value for name, value in os.environ.items() if name not in ours}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def running(folder: Path) -> Iterator[Swift]:
    assert Path(PYTHON).exists(), "Swift is missing: tools/provision s3"
    swift = Swift(folder, {kind: free_port() for kind in (*KINDS, "proxy")})
    write(swift)
    try:
        swift.start()
        yield swift
    finally:
        swift.stop()


def write(swift: Swift) -> None:
    """Configuration files, and a ring of one device for each kind of what is stored."""
    folder = swift.folder
    (folder / "devices/d1").mkdir(parents=True)
    (folder / "swift.conf").write_text(
        "[swift-hash]\nswift_hash_path_suffix = aula\n[storage-policy:0]\nname = one\n"
    )
    facts = {"folder": folder, "user": os.environ.get("USER", "root"), "secret": SECRET, "region": REGION}
    for kind, port in swift.ports.items():
        text = PROXY if kind == "proxy" else STORE
        (folder / f"{kind}.conf").write_text(text.format(kind=kind, port=port, **facts))
    rings = [word for kind in KINDS for word in (kind, str(swift.ports[kind]))]
    subprocess.run([PYTHON, "-c", RINGS, *rings], cwd=folder, env=swift.environment, check=True)
