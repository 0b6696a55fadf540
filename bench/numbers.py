"""The promises of outgoing numbers over a million random steps of the pure plane, without sockets.

Loss, reordering, padding, wraps, layer switches, thinning, pauses and NACKs; an oracle follows each listener
(tests/sfu/plane/walk.py). Any fault fails the run.
"""

from __future__ import annotations

import secrets
import time
from argparse import ArgumentParser, Namespace

from bench import report
from tests.sfu.plane.walk import walk


def arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--steps", type=int, default=1_000_000, help="packets of the publisher")
    parser.add_argument("--listeners", type=int, default=5)
    parser.add_argument("--seed", type=int, default=0, help="0: another one each time")


async def run(options: Namespace) -> bool:
    """Walk, print, write. True when there was no fault."""
    seed, start = options.seed or secrets.randbits(32), time.monotonic()
    oracles = walk(seed, options.steps, options.listeners)
    faults = [fault for oracle in oracles for fault in oracle.faults]
    row = {
        "seed": seed,
        "sent": sum(oracle.packets for oracle in oracles),
        "switches": sum(oracle.switches for oracle in oracles),
        "wraps": sum(oracle.wraps for oracle in oracles),
        "faults": len(faults),
    }
    title = f"{options.steps:,} random steps in {time.monotonic() - start:.0f} s"
    print(report.table(title, tuple(row), [tuple(f"{value:,}" for value in row.values())]))
    print("\n".join(faults[:10]))
    print(f"Written to {report.write('numbers', parameters=vars(options), samples=faults, rows=[row])}")
    return not faults
