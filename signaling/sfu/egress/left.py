"""What lies on the disk of recordings that are over: logs, and what was made of them.

All of it is done on the disk's thread.
"""

from __future__ import annotations

import fcntl
import json
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from signaling.sfu.egress.packets import MADE, SO_FAR, SUFFIX, Head, NoLog, read_head


@dataclass(frozen=True)
class Left:
    """Of one recording. `there`: its log has not gone, and has so many `octets`; `written`: its writer still
    lives, or somebody finishes it; `head`, if it can be read. `made`: what finish.py says, if it is done."""

    log: Path
    there: bool = False
    octets: int = 0
    written: bool = False
    head: Head | None = None
    made: dict[str, Any] | None = None


def everything(root: Path) -> list[Left]:
    logs = {*root.rglob(f"*{SUFFIX}"), *(made.with_suffix(SUFFIX) for made in root.rglob(f"*{MADE}"))}
    return [look_or_leave(log) for log in sorted(logs)]


def look_or_leave(log: Path) -> Left:
    """One that cannot be read now keeps nobody from the others."""
    try:
        return look(log)
    except OSError:
        return Left(log, there=True)


def look(log: Path) -> Left:
    """A log that somebody has hold of is looked at no further: what is made of it may be half told. Raises
    OSError."""
    head = None
    try:
        with log.open("rb") as file:
            with suppress(NoLog):
                head = read_head(file)
            octets = file.seek(0, 2)
            try:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                return Left(log, True, octets, True, head)
    except FileNotFoundError:
        return Left(log, made=read_made(log))
    made = read_made(log)
    return Left(log, True, octets, False, head, made if made and head and is_of(made, head) else None)


def read_made(log: Path) -> dict[str, Any] | None:
    try:
        made: dict[str, Any] = json.loads(log.with_suffix(MADE).read_text())
    except (OSError, ValueError):
        return None
    return made


def is_of(made: dict[str, Any], head: Head) -> bool:
    """A name may have been used before."""
    return bool(made["egress_id"] == head.egress_id)


def forget(left: Left) -> None:
    """It has been passed on: nothing of it is left but the film."""
    left.log.unlink(missing_ok=True)
    for film in left.log.parent.glob(f"{left.log.stem}-{SO_FAR}.*"):
        film.unlink(missing_ok=True)
    left.log.with_suffix(MADE).unlink(missing_ok=True)
