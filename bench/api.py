"""What the API costs beside the same queries in a bare Django view: lists and one row, in one process.

The bare view (bench/bare_api.py) finds the school by its host and the key by its beginning, reads the same
rows with the same query, and answers the same JSON; it has no middleware, limits, scopes, filters or ETags.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from argparse import ArgumentParser, Namespace
from pathlib import Path

from bench import report

RATIO = 2.5  # of the bare view's CPU
FIGURES = ("ours", "bare", "ratio")
ROOT = Path(__file__).resolve().parent.parent


def arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--users", type=int, default=1000, help="of the school")
    parser.add_argument("--sessions", type=int, default=100, help="of the school")
    parser.add_argument("--rounds", type=int, default=100)


async def run(options: Namespace) -> bool:
    """Measure, print, write. True when no operation costs more than RATIO of the bare view."""
    with tempfile.TemporaryDirectory() as folder:
        more = {"DJANGO_SETTINGS_MODULE": "tests.settings", "VAR_DIR": folder}
        more |= {"API_REQUESTS_PER_MINUTE": "1000000000", "PYTHONPATH": f"{ROOT}:{ROOT / 'platform'}"}
        numbers = [str(each) for each in (options.users, options.sessions, options.rounds)]
        child = subprocess.run(  # noqa: ASYNC221 (nothing else runs here)
            [sys.executable, "-m", "bench.bare_api", *numbers],
            cwd=ROOT,
            env=os.environ | more,
            stdout=subprocess.PIPE,
            check=True,
        )
    rows = json.loads(child.stdout)
    for row in rows:
        row["ratio"] = row["ours"] / row["bare"]
    head = ("operation", "questions", "octets", "API, ms", "bare, ms", "ratio")
    cells = [
        (row["operation"], row["questions"], row["octets"], *(f"{row[name]:.2f}" for name in FIGURES))
        for row in rows
    ]
    print(report.table(f"The API, median CPU time of {options.rounds} requests", head, cells))
    reached = all(row["ratio"] <= RATIO for row in rows)
    print(f"\nTarget: at most {RATIO} of the bare view: {'reached' if reached else 'MISSED'}")
    print(f"Written to {report.write('api', parameters=vars(options), samples={}, rows=rows)}")
    return reached
