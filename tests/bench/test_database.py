"""The benchmarks of pages and of the API open what they say, on schools that are alike."""

from __future__ import annotations

import json
from argparse import ArgumentParser, Namespace
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from django.urls import resolve

from bench import api, report, scale
from bench.fill import fill
from tenants.scope import every_tenant
from tests.access import tables
from tests.access.walk import PARAMETER, SCHOOL

TABLE = tables.read("school")
MIDST = "A step in the midst of signing in, or of proving who one is."
ELSEWHERE = "Leads to a page that is timed."
FILE = "A file: as long as it takes to send."
UNTIMED = {
    "sign-in/code/enter/": MIDST,
    "sign-in/second/": MIDST,
    "sign-in/passkey/": MIDST,
    "sign-in/school/": "Asks a server that is another's.",
    "sign-in/school/back/": "Asks a server that is another's.",
    "password/<uidb64>/<token>/": MIDST,
    "account/security/prove/app/": MIDST,
    "account/security/prove/passkey/": MIDST,
    "account/security/app/": MIDST,
    "account/security/app/remove/": MIDST,
    "account/security/passkeys/add/": MIDST,
    "account/security/passkeys/<pk>/remove/": MIDST,
    "account/security/recovery/": MIDST,
    "account/security/recovery/new/": MIDST,
    "account/security/recovery/file/": MIDST,
    "series/<public_id>/": ELSEWHERE,
    "c/<public_id>/recordings/now/": ELSEWHERE,
    "enter/<secret>/": ELSEWHERE,
    "c/<public_id>/guest/materials/<material>/": FILE,
    "c/<public_id>/guest/materials/<material>/picture/": FILE,
    "c/<public_id>/materials/<material>/": FILE,
    "c/<public_id>/materials/<material>/picture/": FILE,
    "recorded/storyboard/<recording>/<ticket>/": FILE,
    "recorded/captions/<captions>/<ticket>/": FILE,
    "recorded/<track>/<ticket>/": FILE,
    "downloads/<download>/<ticket>/": FILE,
}


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


@pytest.mark.django_db(transaction=True)
def test_every_page_of_a_school_is_timed_or_has_a_reason_not_to_be() -> None:
    from bench import place  # sets Django up, as a process of its own

    fill(1, 30, 20)
    with every_tenant():
        timed = {route(path) for _, path in place.pages().values() if not path.startswith("/admin/")}
    asked = {address for address, verb in TABLE if verb == "GET" and is_read(address)}
    assert UNTIMED.keys() <= asked
    assert asked - timed == UNTIMED.keys()


def route(path: str) -> str:
    """As in the tables of tests/access."""
    return PARAMETER.sub(r"<\1>", str(resolve(path.partition("?")[0], SCHOOL).route))


def is_read(address: str) -> bool:
    """By somebody, outside the admin: of that each list is timed."""
    return not address.startswith("admin/") and set(TABLE[address, "GET"].values()) != {"405"}


async def test_the_api_and_the_bare_view_ask_and_answer_the_same(results: Path) -> None:
    """The benchmark itself fails where their answers or the number of their questions differ."""
    await api.run(options(api, "--users 30 --sessions 20 --rounds 2"))
    found = rows(results, "api")
    assert [row["operation"] for row in found] == [
        "sessions/", "sessions/…/", "users/", "users/…/", "courses/", "courses/…/",
    ]  # fmt: skip
    assert all(row["questions"] == 3 for row in found)
