"""The benchmarks of pages and of the API open what they say, on schools that are alike."""

from __future__ import annotations

import json
from argparse import ArgumentParser, Namespace
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from bench import api, report, scale


@pytest.fixture
def results(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(report, "RESULTS", tmp_path)
    return tmp_path


def options(of: ModuleType, words: str) -> Namespace:
    parser = ArgumentParser()
    of.arguments(parser)
    return parser.parse_args(words.split())


def rows(results: Path, name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((results / f"{name}.json").read_text())["rows"]
    return found


async def test_every_page_is_opened_in_both_databases(results: Path) -> None:
    await scale.run(options(scale, "--few 2 --many 3 --users 30 --sessions 20 --rounds 2"))
    kept = json.loads((results / "scale.json").read_text())
    few, many = (each["rows"] for each in kept["filled"])
    assert few / 2 == many / 3, "the schools are alike"
    pages = {row["page"] for row in kept["rows"]}
    assert {"dashboard (student)", "class over", "calendar", "API: sessions"} <= pages
    assert {each.partition(":")[0] for each in pages} >= {"school", "operators", "API"}
    for row in kept["rows"]:
        assert 0 < row["questions"] <= scale.MOST_QUESTIONS, row
        assert min(row["few"], row["many"], row["ratio"]) > 0


async def test_the_api_and_the_bare_view_ask_and_answer_the_same(results: Path) -> None:
    """The benchmark itself fails where their answers or the number of their questions differ."""
    await api.run(options(api, "--users 30 --sessions 20 --rounds 2"))
    found = rows(results, "api")
    assert [row["operation"] for row in found] == [
        "sessions/", "sessions/…/", "users/", "users/…/", "courses/", "courses/…/",
    ]  # fmt: skip
    assert all(row["questions"] == 3 for row in found)
