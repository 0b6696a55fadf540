"""How many TURN credentials one core issues in a second (the pure function), beside checking them."""

from __future__ import annotations

import statistics
import time
from argparse import ArgumentParser, Namespace
from collections.abc import Callable

from bench import report
from bench.process import CLIENT_CORE, pinned
from turncreds.credentials import check, issue

TARGET = 50_000  # issued a second and core
SECRET = "s" * 64
BATCH = 5_000


def arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=1.0, help="of one sample")


async def run(options: Namespace) -> bool:
    """Measure, print, write; True when the median rate of issuing reaches the target."""
    works = {"issue": issue_one, "check, two secrets": check_one()}
    with pinned(CLIENT_CORE):
        samples = {
            name: [rate(work, options.seconds) for _ in range(options.rounds)] for name, work in works.items()
        }
    rows = [{"work": name, "per_second": statistics.median(rates)} for name, rates in samples.items()]
    cells = [(name, report.spread(rates, 0)) for name, rates in samples.items()]
    print(report.table("TURN credentials on one core", ("work", "a second"), cells))
    reached = statistics.median(samples["issue"]) >= TARGET
    print(f"\nTarget: {TARGET:,} issued a second: {'reached' if reached else 'MISSED'}")
    print(f"Written to {report.write('turncreds', parameters=vars(options), samples=samples, rows=rows)}")
    return reached


def rate(work: Callable[[int], object], seconds: float) -> float:
    """Calls a second; each call gets another number, so that nothing is computed once for all."""
    done, started = 0, time.perf_counter()
    while (spent := time.perf_counter() - started) < seconds:
        for number in range(done, done + BATCH):
            work(number)
        done += BATCH
    return done / spent


def issue_one(number: int) -> object:
    return issue(f"{number:032x}", secret=SECRET, now=1.8e9, ttl=600)


def check_one() -> Callable[[int], object]:
    given = [issue(f"{number:032x}", secret=SECRET, now=1.8e9, ttl=600) for number in range(1000)]
    return lambda number: check(given[number % 1000], secrets=("other" * 8, SECRET), now=1.8e9)
