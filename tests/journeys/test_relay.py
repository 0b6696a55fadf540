"""A student whose network lets nothing through but the relay, which the classroom socket told of."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Iterator
from contextlib import suppress

import pytest
from playwright.sync_api import Page

from tests.journeys.aula import Aula
from tests.journeys.media import wait_for_pictures
from tests.journeys.steps import enter, open_class
from tests.turn.coturn import NEW, Coturn, at_free_ports, plan, started
from turncreds.coturn import configuration

pytestmark = [pytest.mark.journey, pytest.mark.alone]

# What a firewall does that lets a browser reach the relay alone.
RELAY_ONLY = """
(() => {
  const Native = window.RTCPeerConnection;
  window.RTCPeerConnection = class extends Native {
    constructor(configuration) {
      super({ ...configuration, iceTransportPolicy: "relay" });
    }
    setConfiguration(configuration) {
      super.setConfiguration({ ...configuration, iceTransportPolicy: "relay" });
    }
  };
})();
"""
WAY = """async () => {
  for (const connection of window.testConnections) {
    const stats = [...(await connection.getStats()).values()];
    const transport = stats.find((stat) => stat.type === "transport");
    const pair = stats.find((stat) => stat.id === transport?.selectedCandidatePairId);
    const local = stats.find((stat) => stat.id === pair?.localCandidateId);
    const names = connection.getConfiguration().iceServers.map(({ username }) => username).filter(Boolean);
    if (local) return { kind: local.candidateType, name: names[0] };
  }
  return null;
}"""


@pytest.fixture(scope="module")
def coturn(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Coturn]:
    folder = tmp_path_factory.mktemp("coturn")
    wanted = at_free_ports(plan(folder))
    (folder / "turnserver.conf").write_text(configuration(wanted))
    with started(folder, ("127.0.0.1",)):
        for _ in range(100):
            with suppress(OSError), socket.create_connection(("127.0.0.1", wanted.port)):
                break
            time.sleep(0.1)
        yield Coturn(wanted, folder)


@pytest.fixture(scope="module")
def aula(tmp_path_factory: pytest.TempPathFactory, coturn: Coturn) -> Iterator[Aula]:
    urls = ",".join(str(coturn.url(kind)) for kind in ("udp", "tcp"))
    aula = Aula(tmp_path_factory.mktemp("relayed"), TURN_URLS=urls, TURN_SECRETS=NEW)
    try:
        aula.wait_until_ready()
        yield aula
    finally:
        aula.stop()


def test_behind_a_firewall_a_student_is_in_the_class_by_the_relay(
    aula: Aula, signed_in: Callable[..., Page]
) -> None:
    teacher = signed_in("teacher@demo.test")
    path = open_class(aula, teacher)
    enter(teacher, "Start class")
    student = signed_in("student@demo.test", script=RELAY_ONLY)
    student.goto(aula.url(path))
    enter(student, "Join class")
    for page in (student, teacher):
        wait_for_pictures(page, 1, width=320)
    way = student.evaluate(WAY)
    assert way["kind"] == "relay"
    expiry, _, participant = way["name"].partition(":")
    assert 0 < int(expiry) - time.time() <= 600
    assert len(participant) == 32
    assert teacher.evaluate(WAY)["kind"] != "relay"
    assert not student.complaints + teacher.complaints  # type: ignore[attr-defined]
