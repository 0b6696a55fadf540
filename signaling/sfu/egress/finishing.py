"""Having logs finished by a process of low priority (finish.py), and what it says."""

from __future__ import annotations

import asyncio
import json
import logging
import sys
from pathlib import Path
from typing import Any

log = logging.getLogger(__name__)


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
        await process.wait()
        raise
    if process.returncode:
        log.error("finishing failed: %s", err.decode(errors="replace").strip().rpartition("\n")[2])
        return None
    try:
        made: dict[str, Any] = json.loads(out)
    except ValueError:
        log.error("finishing said something that nobody understands")
        return None
    return made
