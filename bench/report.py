"""Tables for people, results/NAME.json for machines: parameters, versions, raw samples and the rows shown."""

from __future__ import annotations

import json
import os
import platform
import re
import statistics
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from bench import janus

RESULTS = Path(__file__).parent / "results"
LIBRARIES = ("aiortc", "aioice", "pylibsrtp", "cryptography", "uvloop", "livekit-protocol")


def machine() -> dict[str, Any]:
    try:
        model = re.search(r"model name\s*: (.+)", Path("/proc/cpuinfo").read_text())
    except OSError:
        model = None
    return {
        "processor": model[1] if model else platform.processor() or platform.machine(),
        "cores": os.cpu_count(),
        "system": platform.platform(),
        "load": os.getloadavg()[0],
    }


def versions() -> dict[str, str]:
    libraries = {name: version(name) for name in LIBRARIES}
    return {
        "aula": version("aula"),
        "python": platform.python_version(),
        "janus": janus.version() or "not installed",
        **libraries,
    }


def write(name: str, *, parameters: dict[str, Any], samples: Any, rows: Any, **more: Any) -> Path:
    """Write results/`name`.json, replacing the last run's."""
    RESULTS.mkdir(exist_ok=True)
    path = RESULTS / f"{name}.json"
    content = {
        "name": name,
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": machine(),
        "versions": versions(),
        "parameters": parameters,
        "rows": rows,
        **more,
        "samples": samples,
    }
    path.write_text(json.dumps(content, indent=2) + "\n")
    return path


def table(title: str, head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Columns as wide as they need; the first to the left, the others to the right."""
    lines = [[str(cell) for cell in row] for row in [head, *rows]]
    widths = [max(len(line[column]) for line in lines) for column in range(len(head))]
    text = [
        "  ".join(
            cell.rjust(width) if column else cell.ljust(width)
            for column, (cell, width) in enumerate(zip(line, widths, strict=True))
        )
        for line in lines
    ]
    return "\n".join(["", title, text[0], "-" * len(text[0]), *text[1:]])


def percentile(values: Sequence[float], share: float) -> float:
    """Nearest rank: percentile(values, 0.95) is a value that really happened."""
    ordered = sorted(values)
    return ordered[max(0, -(-len(ordered) * int(share * 100) // 100) - 1)]


def spread(values: Sequence[float], digits: int = 1) -> str:
    """`median (lowest-highest)`."""
    middle = statistics.median(values)
    return f"{middle:.{digits}f} ({min(values):.{digits}f}-{max(values):.{digits}f})"
