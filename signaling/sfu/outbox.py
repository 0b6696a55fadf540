"""Webhooks on paper until they are taken, so that an engine that was killed still sends them when it is back.

One JSON array a line: `[number, address, made, body]` when an event is told, `[number]` once it needs no
place any more. A thread of its own writes, so that no disk holds up a packet: what was told in the last
moment before a kill may be missing. What is written survives the process, not the machine.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from threading import BoundedSemaphore
from typing import IO, NamedTuple

log = logging.getLogger(__name__)
MOST_DEAD = 1024 * 1024  # octets of what is done with, before the file is written anew
MOST_BEHIND = 20_000  # lines that wait for a disk


class Kept(NamedTuple):
    """An event for the address with this key, made at `made` (seconds since 1970)."""

    key: str
    made: float
    body: str


class Outbox:
    """Without a `path` nothing is kept."""

    def __init__(self, path: Path | None = None) -> None:
        self._paper = None if path is None else Paper(path)
        self._number = 0
        self._places = BoundedSemaphore(MOST_BEHIND)
        self._writer: ThreadPoolExecutor | None = None

    def open(self) -> list[tuple[int, Kept]]:
        """What an earlier process could not deliver, oldest first; each stays until it is `done`."""
        if self._paper is None:
            return []
        waiting = self._paper.open()
        self._number = max(waiting, default=0)
        self._writer = ThreadPoolExecutor(1, "outbox")
        return list(waiting.items())

    def add(self, key: str, made: float, body: str) -> int:
        """The number to say `done` with."""
        self._number += 1
        if self._paper is not None:
            self._write(self._paper.add, self._number, Kept(key, made, body))
        return self._number

    def done(self, number: int) -> None:
        """It was taken, or is given up."""
        if self._paper is not None:
            self._write(self._paper.done, number)

    def close(self) -> None:
        """Idempotent; what waits stays on paper."""
        if self._writer is not None and self._paper is not None:
            self._writer.shutdown()
            self._writer = None
            self._paper.close()

    def _write(self, call: Callable[..., None], *values: object) -> None:
        """What a disk that is too slow would heap up is not kept: it is sent all the same."""
        if self._writer is not None and self._places.acquire(blocking=False):
            self._writer.submit(call, *values).add_done_callback(self._written)

    def _written(self, future: Future[None]) -> None:
        self._places.release()
        if (error := future.exception()) is not None:
            log.error("the outbox failed", exc_info=error)


class Paper:
    """The file, and what waits in it. Used by one thread at a time."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._waiting: dict[int, Kept] = {}
        self._file: IO[str] | None = None
        self._dead = 0  # octets
        self._broken = False

    def open(self) -> dict[int, Kept]:
        self._read()
        self._rewrite()
        return dict(self._waiting)

    def add(self, number: int, kept: Kept) -> None:
        self._waiting[number] = kept
        self._append([number, *kept])

    def done(self, number: int) -> None:
        kept = self._waiting.pop(number, None)
        if kept is None:
            return
        self._dead += len(kept.body)
        due = not self._waiting or self._dead > MOST_DEAD
        if not (due and self._rewrite()):
            self._append([number])

    def close(self) -> None:
        """Idempotent."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def _append(self, line: list[object]) -> None:
        if self._file is None:
            return
        try:
            self._file.write(json.dumps(line) + "\n")
            self._file.flush()
        except OSError as error:
            self._complain(error)

    def _read(self) -> None:
        """A line that was cut off by the end of the process is passed over."""
        try:
            with self._path.open(errors="replace") as file:
                for line in file:
                    self._take(line)
        except FileNotFoundError:
            return
        except OSError as error:
            self._complain(error)

    def _take(self, line: str) -> None:
        try:
            number, *kept = json.loads(line)
            if not kept:
                self._waiting.pop(number, None)
                return
            key, made, body = kept
            self._waiting[int(number)] = Kept(str(key), float(made), str(body))
        except (ValueError, TypeError):
            return

    def _rewrite(self) -> bool:
        """Only what waits. Where that fails the old file goes on until it has grown as much again."""
        self._dead = 0
        draft = self._path.with_name(self._path.name + ".new")
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            file = os.fdopen(os.open(draft, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600), "w")
            try:
                for number, kept in self._waiting.items():
                    file.write(json.dumps([number, *kept]) + "\n")
                file.flush()
                os.replace(draft, self._path)
            except OSError:
                file.close()
                raise
        except OSError as error:
            self._complain(error)
            return False
        self.close()
        self._file = file
        return True

    def _complain(self, error: OSError) -> None:
        """Once: webhooks go out as before, but may not outlive the process."""
        if not self._broken:
            self._broken = True
            log.warning("webhooks cannot be kept in %s: %s", self._path, error.strerror)


def key_of(url: str) -> str:
    """Stands for an address on paper: the address itself may hold what protects it."""
    return hashlib.sha256(url.encode()).hexdigest()[:16]
