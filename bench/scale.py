"""A thousand schools instead of ten: whether any page is slower for it, and how often each asks the database.

Two databases, filled alike but for the number of schools; one Aula on each; every page is opened in both by
turns, through the whole of Django and without a network. What is compared is the CPU time of the process,
in which SQLite is too; with PostgreSQL (DATABASE_URL), where both are made then, the time that passes.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg

from bench import report

MOST_QUESTIONS = 20
RATIO = 1.3  # of a page's time with the few schools
COMPARED = "" if os.environ.get("DATABASE_URL", "").startswith("postgres") else "_cpu"
FIGURES = ("few", "few_p95", "few_cpu", "many", "many_p95", "many_cpu")
Took = dict[str, float]  # milliseconds that passed, and of CPU time
ROOT = Path(__file__).resolve().parent.parent


def arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--few", type=int, default=10, help="schools")
    parser.add_argument("--many", type=int, default=1000, help="schools")
    parser.add_argument("--users", type=int, default=1000, help="of each school")
    parser.add_argument("--sessions", type=int, default=100, help="of each school")
    parser.add_argument("--folder", default="", help="keep SQLite's databases there, and use those of before")
    parser.add_argument("--only", default="", help="pages whose name has this in it")
    parser.add_argument("--rounds", type=int, default=25, help="visits of each page in each database")


class Place:
    """An Aula in a process of its own, on the database at `url`."""

    def __init__(self, url: str, folder: Path) -> None:
        more = {"DJANGO_SETTINGS_MODULE": "tests.settings", "DATABASE_URL": url, "VAR_DIR": str(folder)}
        more |= {"API_REQUESTS_PER_MINUTE": "1000000000", "PYTHONPATH": f"{ROOT}:{ROOT / 'platform'}"}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "bench.place"],
            cwd=ROOT,
            env=os.environ | more,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def ask(self, **what: Any) -> Any:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps(what) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError("The process has ended; what it said stands above.")
        return json.loads(line)

    def close(self) -> None:
        self.process.communicate()


@contextmanager
def database(name: str, folder: Path) -> Iterator[str]:
    """The address of an empty one, gone afterwards."""
    url = os.environ.get("DATABASE_URL", "")
    if not url.startswith("postgres"):
        yield f"sqlite:///{folder / name}.sqlite3"
        return
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")  # type: ignore[call-overload]
        try:
            yield urlunsplit(urlsplit(url)._replace(path=f"/{name}"))
        finally:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")  # type: ignore[call-overload]


async def run(options: Namespace) -> bool:
    """Fill, visit, print, write. True when no page asks too often nor is slower in the larger database."""
    with tempfile.TemporaryDirectory() as thrown_away, ExitStack() as stack:
        folder, places = options.folder or thrown_away, []
        for name, tenants in (("aula_few", options.few), ("aula_many", options.many)):
            url = stack.enter_context(database(name, Path(folder)))
            place = Place(url, Path(folder) / f"{name}_files")
            stack.callback(place.close)
            filled = place.ask(fill=[tenants, options.users, options.sessions])
            print(f"{tenants:,} schools: {filled['rows']:,} rows in {filled['seconds']:.0f} s", flush=True)
            places.append((place, filled))
        rows, samples = measured([place for place, _ in places], options)
    print(report.table(title(options), HEAD, [cells(row) for row in rows]))
    wrong = [row for row in rows if row["questions"] > MOST_QUESTIONS or row["ratio"] > RATIO]
    for row in wrong:
        print(f"MISSED: {row['page']}: {row['questions']} questions, {row['ratio']:.2f} times")
    came = "MISSED" if wrong else "reached"
    print(f"\nTarget: at most {MOST_QUESTIONS} questions a page, {RATIO} of its time with few: {came}")
    filled = [filled for _, filled in places]
    kept = report.write("scale", parameters=vars(options), samples=samples, rows=rows, filled=filled)
    print(f"Written to {kept}")
    return not wrong


def measured(places: list[Place], options: Namespace) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """Each page by turns, in both databases; what it took."""
    began = time.monotonic()
    asked = [place.ask(pages=options.only) for place in places]
    took: dict[str, list[list[Took]]] = {name: [[], []] for name in asked[0]}
    for turn in range(options.rounds):
        for name, times in took.items():
            for which in ((0, 1), (1, 0))[turn % 2]:
                told = places[which].ask(visit=name)
                times[which].append({each: told[each] * 1e3 for each in ("seconds", "cpu")})
    print(f"{len(took)} pages, {options.rounds} times each: {time.monotonic() - began:.0f} s")
    return [row(name, asked, times) for name, times in took.items()], took


def row(name: str, asked: list[dict[str, int]], times: list[list[Took]]) -> dict[str, Any]:
    found: dict[str, Any] = {"page": name, "questions": max(each[name] for each in asked)}
    for which, taken in zip(("few", "many"), times, strict=True):
        passed = [each["seconds"] for each in taken]
        found[which], found[f"{which}_p95"] = statistics.median(passed), report.percentile(passed, 0.95)
        found[f"{which}_cpu"] = statistics.median(each["cpu"] for each in taken)
    found["ratio"] = found[f"many{COMPARED}"] / found[f"few{COMPARED}"]
    return found


HEAD = ("page", "questions", "few, ms", "p95", "CPU", "many, ms", "p95", "CPU", "ratio")


def cells(row: dict[str, Any]) -> tuple[object, ...]:
    figures = (f"{row[key]:.1f}" for key in FIGURES)
    return (row["page"], row["questions"], *figures, f"{row['ratio']:.2f}")


def title(options: Namespace) -> str:
    school = f"{options.users:,} people and {options.sessions} classes"
    return f"{options.few:,} schools and {options.many:,}, of {school} each"
