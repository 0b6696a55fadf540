"""Having logs finished by a process of low priority (finish.py), and what it says."""

from __future__ import annotations

import asyncio
import fcntl
import json
import logging
import sys
from pathlib import Path
from typing import Any

log = logging.getLogger(__name__)


def is_written(path: Path) -> bool:
    """Whether its writer still lives, or somebody finishes it already."""
    try:
        with path.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False
    return False


def read_made(path: Path) -> dict[str, Any] | None:
    try:
        made: dict[str, Any] = json.loads(path.read_text())
    except (OSError, ValueError):
        return None
    return made


async def finished(path: Path, root: Path, *mode: str) -> dict[str, Any] | None:
    """What finish.py made of a log; None when it failed, the log is kept then."""
    command = [sys.executable, "-m", "signaling.sfu.egress.finish", str(path), str(root), *mode]
    process = await asyncio.create_subprocess_exec(
        "nice", "-n", "10", *command, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    try:
        out, err = await process.communicate()
    except asyncio.CancelledError:
        process.kill()
        raise
    if process.returncode:
        log.error("finishing failed: %s", err.decode(errors="replace").strip().rpartition("\n")[2])
        return None
    made: dict[str, Any] = json.loads(out)
    return made
