"""The laboratory, with a real Aula and a real coturn on its internet and a Chromium in each home."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha256

import pytest

from tests.journeys.aula import Aula
from tests.nat.lab import MEDIA, TURN, WEB, Lab, Nat, network
from tests.turn.coturn import NEW, plan, started
from turncreds.coturn import Profile, configuration
from turncreds.peers import networks

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


@pytest.fixture(scope="session")
def lab() -> Iterator[Lab]:
    checkout = sha256(ROOT.encode()).hexdigest()[:6]  # a run that was killed is cleaned up by the next one
    with network(f"{checkout}-{os.environ.get('PYTEST_XDIST_WORKER', 'gw0')}") as lab:
        yield lab


@pytest.fixture(scope="session")
def probed(lab: Lab) -> Iterator[Lab]:
    """The laboratory with the servers that tell a NAT's kind."""
    command = [*lab.inside("internet"), sys.executable, "-m", "tests.nat.probe", "serve"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as serving:
        assert serving.stdout
        assert serving.stdout.readline() == "ready\n"
        yield lab
        serving.kill()


def kind(lab: Lab, home: int) -> Nat:
    """What the NAT of a home turns out to be."""
    asked = subprocess.run(
        [*lab.inside(f"home{home}"), sys.executable, "-m", "tests.nat.probe", "ask"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert asked.returncode == 0, asked.stderr
    return Nat(asked.stdout.strip())


@pytest.fixture(scope="session")
def aula(lab: Lab, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Aula]:
    """Everything that has to get through a firewall listens on 443, each on an address of its own."""
    folder = tmp_path_factory.mktemp("coturn")
    wanted = replace(
        plan(folder, Profile.DIRECT),
        port=3478,
        tls_port=443,
        allowed=tuple(networks([WEB])),
        relay_ports=(49160, 49999),
    )
    (folder / "turnserver.conf").write_text(configuration(wanted))
    urls = (
        f"turn:{TURN}:3478?transport=udp",
        f"turn:{TURN}:3478?transport=tcp",
        f"turns:{TURN}:443?transport=tcp",
    )
    settings = {
        "WEB_BIND": f"{WEB}:443",
        "MEDIA_BIND": f"{MEDIA}:443",
        "MEDIA_URL": "ws://media.localhost:443",
        "MEDIA_API_URL": f"http://{MEDIA}:443",
        "MEDIA_RTC_HOST": WEB,
        "MEDIA_ANNOUNCE": WEB,
        "MEDIA_UDP_PORT": "7882",
        "MEDIA_TCP_PORT": "7881",
        "TURN_URLS": ",".join(urls),
        "TURN_SECRETS": NEW,
        "TURN_ISSUES_PER_MINUTE": "1000",
    }
    with started(folder, (TURN,), listening=TURN, inside=lab.inside("internet")):
        aula = Aula(tmp_path_factory.mktemp("aula"), web_port=443, inside=lab.inside("internet"), **settings)
        try:
            aula.wait_until_ready()
            yield aula
        finally:
            aula.stop()
