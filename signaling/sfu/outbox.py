"""Webhooks on paper until they are taken, so that an engine that was killed still sends them when it is back.

One JSON array a line: `[number, address, made, body]` when an event is told, `[number]` once it needs no
place any more. What is written survives the process, not the machine: nothing here waits for the disk.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
from pathlib import Path
from typing import IO, NamedTuple

log = logging.getLogger(__name__)
MOST_LINES = 20_000  # of the file, before it is written anew with what still waits


class Kept(NamedTuple):
    """An event for the address with this key, made at `made` (seconds since 1970)."""

    key: str
    made: float
    body: str


class Outbox:
    """Without a `path` nothing is kept."""

    def __init__(self, path: Path | None = None) -> None:
        self._path = path
        self._waiting: dict[int, Kept] = {}
        self._number = self._lines = 0
        self._file: IO[str] | None = None
        self._broken = False

    def open(self) -> list[tuple[int, Kept]]:
        """What an earlier process could not deliver, oldest first; each stays until it is `done`."""
        if self._path is None:
            return []
        self._read(self._path)
        self._number = max(self._waiting, default=0)
        self._rewrite(self._path)
        return list(self._waiting.items())

    def add(self, key: str, made: float, body: str) -> int:
        """The number to say `done` with."""
        self._number += 1
        if self._path is not None:
            kept = self._waiting[self._number] = Kept(key, made, body)
            self._write([self._number, *kept])
        return self._number

    def done(self, number: int) -> None:
        """It was taken, or is given up."""
        if self._waiting.pop(number, None) is None or self._path is None:
            return
        if not self._waiting and self._file is not None:
            self._empty(self._file)
        elif self._lines >= MOST_LINES + 2 * len(self._waiting):
            self._rewrite(self._path)
        else:
            self._write([number])

    def close(self) -> None:
        """Idempotent; what waits stays on paper."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def _write(self, line: list[object]) -> None:
        if self._file is None:
            return
        try:
            self._file.write(json.dumps(line) + "\n")
            self._file.flush()
            self._lines += 1
        except OSError as error:
            self._complain(error)

    def _empty(self, file: IO[str]) -> None:
        try:
            file.seek(0)
            file.truncate()
            self._lines = 0
        except OSError as error:
            self._complain(error)

    def _read(self, path: Path) -> None:
        """A line that was cut off by the end of the process is passed over."""
        try:
            with path.open(errors="replace") as file:
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

    def _rewrite(self, path: Path) -> None:
        """The old file stays until the new one is whole."""
        self.close()
        draft = path.with_name(path.name + ".new")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            file = os.fdopen(os.open(draft, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600), "w")
            self._lines = 0
            for number, kept in self._waiting.items():
                file.write(json.dumps([number, *kept]) + "\n")
                self._lines += 1
            file.flush()
            os.replace(draft, path)
        except OSError as error:
            self._complain(error)
            return
        self._file = file

    def _complain(self, error: OSError) -> None:
        """Once: webhooks go out as before, but do not outlive the process."""
        if not self._broken:
            self._broken = True
            log.warning("webhooks cannot be kept in %s: %s", self._path, error.strerror)


def key_of(url: str) -> str:
    """Stands for an address on paper: the address itself may hold what protects it."""
    return hashlib.sha256(url.encode()).hexdigest()[:16]
