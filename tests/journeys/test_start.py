"""One command starts Aula, and Ctrl-C ends all of it."""

from __future__ import annotations

from pathlib import Path

import psutil
import pytest

from tests.journeys.aula import PASSWORD, Aula

pytestmark = [pytest.mark.journey, pytest.mark.alone]


def test_it_says_where_to_go_and_stops_without_a_trace(tmp_path: Path) -> None:
    aula = Aula(tmp_path)
    try:
        aula.wait_until_ready()
        children = psutil.Process(aula.process.pid).children(recursive=True)
        said = aula.output
    finally:
        code = aula.stop()

    for words in (
        aula.url("/"),
        "teacher@demo.test",
        "operator@aula.test",
        f"localhost:{aula.web_port}/admin/",
    ):
        assert words in said
    assert said.rstrip().endswith(PASSWORD), "the addresses and sign-ins come last"
    assert code == 0
    assert len(children) >= 3
    assert not [child for child in children if child.is_running() and child.status() != psutil.STATUS_ZOMBIE]


def test_an_address_in_use_is_named_with_the_mend(aula: Aula, tmp_path: Path) -> None:
    second = Aula(tmp_path, web_port=aula.web_port)
    assert second.process.wait(timeout=60) == 1
    assert f"127.0.0.1:{aula.web_port} is in use" in second.output
    assert "set WEB_BIND to another address" in second.output
    assert "Traceback" not in second.output
