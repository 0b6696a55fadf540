"""Figures are printed and written as measured."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bench import forward, report, restart
from bench.load import Window


@pytest.mark.parametrize(
    ("values", "share", "found"),
    [(list(range(1, 21)), 0.95, 19), ([5.0], 0.95, 5.0), ([3, 1, 2], 0.5, 2), ([1, 2], 1.0, 2)],
)
def test_a_percentile_is_a_value_that_happened(values: list[float], share: float, found: float) -> None:
    assert report.percentile(values, share) == found


def test_columns_line_up() -> None:
    lines = report.table("Title", ("a", "bb"), [("longer", 1), ("x", 22)]).splitlines()
    assert lines == ["", "Title", "a       bb", "----------", "longer   1", "x       22"]


def test_results_carry_machine_versions_parameters_and_samples(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(report, "RESULTS", tmp_path / "results")
    written = json.loads(report.write("x", parameters={"n": 1}, samples=[1, 2], rows=[]).read_text())
    assert written["parameters"] == {"n": 1}
    assert written["samples"] == [1, 2]
    assert written["machine"]["cores"]
    assert written["versions"]["aula"]
    assert written["date"]


def window(cpu: float) -> Window:
    return Window(seconds=1.0, cpu=cpu, load=0.1, sent=100, received=3000, listeners=30, forged=0, resent=0)


@pytest.mark.parametrize(("ours", "theirs", "reached"), [(0.03, 0.1, True), (0.04, 0.1, False)])
def test_the_target_is_held_against_the_dearest_ratio(
    ours: float, theirs: float, reached: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    taken = {"Aula": [window(ours)] * 3, "Janus": [window(0.2)] * 3, "Janus, 2 loops": [window(theirs)] * 3}
    rows = forward.summarise(30, taken)
    forward.show(rows)
    assert forward.judge(rows) is reached
    assert f"{ours / theirs:.2f}" in capsys.readouterr().out


def test_without_janus_there_is_no_ratio_and_no_target_is_reached() -> None:
    rows = forward.summarise(30, {"Aula": [window(0.1)]})
    assert rows[0]["ratio"] is None
    assert forward.judge(rows) is False


@pytest.mark.parametrize(("last", "reached"), [(2900.0, True), (3100.0, False)])
def test_after_a_kill_media_is_back_when_the_last_camera_is(last: float, reached: bool) -> None:
    taken = [[{"server": 100.0, "first": 1000.0, "all": last}]]
    assert restart.judge(restart.rows_of("kill -9", taken)) is reached
    assert restart.judge(restart.rows_of("SIGTERM", taken)) is False
