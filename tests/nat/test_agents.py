"""The same table without a browser: agents with STUN alone connect exactly where no relay is needed."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from tests.journeys.aula import ROOT, Aula
from tests.nat.lab import Lab, Nat
from tests.nat.pairs import CHOSEN, relayed, words

pytestmark = [pytest.mark.journey, pytest.mark.alone]


def agent(lab: Lab, home: int, email: str) -> subprocess.Popen[str]:
    command = [*lab.inside(f"home{home}"), sys.executable, "-m", "tests.nat.agent", email]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)


@pytest.mark.parametrize("pair", CHOSEN, ids=words)
def test_two_agents_with_stun_alone_connect_where_no_relay_is_needed(
    lab: Lab, aula: Aula, pair: tuple[Nat, Nat]
) -> None:
    for home, nat in enumerate(pair, start=1):
        lab.set(home, nat)
    with agent(lab, 1, "teacher@demo.test") as teacher, agent(lab, 2, "student@demo.test") as student:
        said = [json.loads(each.communicate(timeout=60)[0]) for each in (teacher, student)]
    assert [each["met"] for each in said] == [2, 2]
    assert [each["connected"] for each in said] == [not relayed(*pair)] * 2
