"""`python -m bench [NAME [options]]`: one, or all but the proofs. Ends with 1 when a target is missed."""

from __future__ import annotations

import signal
import subprocess
import sys
import traceback
from argparse import ArgumentParser, Namespace
from importlib import import_module
from pathlib import Path

import uvloop

from bench import janus

NAMES = (
    "forward",
    "lecture",
    "seminar",
    "latency",
    "join",
    "direct",
    "files",
    "storm",
    "participant",
    "memory",
    "numbers",
    "switches",
    "impaired",
    "stopped",
    "restart",
    "recording",
    "compose",
    "chat",
    "api",
    "scale",
    "turncreds",
)
PROOFS = ("files", "numbers", "switches")  # long ones, of `make soak`: run when they are named
BENCHMARKS = {name: import_module(f"bench.{name}") for name in NAMES}
ROOT = Path(__file__).resolve().parent.parent


def main(words: list[str]) -> int:
    parser = ArgumentParser(prog="python -m bench", description=__doc__)
    names = parser.add_subparsers(dest="name")
    for name, benchmark in BENCHMARKS.items():
        benchmark.arguments(names.add_parser(name, description=benchmark.__doc__))
    options = parser.parse_args(words)
    # As Ctrl-C: whatever was started is stopped too.
    signal.signal(signal.SIGTERM, lambda *_: signal.raise_signal(signal.SIGINT))
    provision()
    chosen = (
        [options] if options.name else [parser.parse_args([name]) for name in NAMES if name not in PROOFS]
    )
    reached = [measured(each) for each in chosen]
    return 0 if all(reached) else 1


def measured(options: Namespace) -> bool:
    """Whether the benchmark reached its targets; one that breaks is told and does not end the others."""
    try:
        return bool(uvloop.run(BENCHMARKS[options.name].run(options)))
    except Exception:
        traceback.print_exc()
        print(f"{options.name} broke off: nothing of it was measured.", flush=True)
        return False


def provision() -> None:
    """Install Janus and Chromium where that is possible; say what stays unmeasured where it is not."""
    subprocess.run([ROOT / "tools/provision", "janus", "chromium"])
    if not janus.version():
        print("Janus is not installed: Aula is measured alone, without ratios.")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
