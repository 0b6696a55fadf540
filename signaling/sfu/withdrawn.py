"""Tokens that no longer let anybody in: of people who were removed, of rooms that were deleted.

A token counts as made at its `iat` (else `nbf`), which may have a fraction (RFC 7519 section 2). Whoever made
it in whole seconds made it at the start of that second, so that no token from before a removal passes.
"""

from __future__ import annotations

import json
import logging
import os
from pathlib import Path
from typing import IO

from signaling.sfu.auth import Claims
from signaling.sfu.refusals import BadToken

log = logging.getLogger(__name__)
MOST = 10_000  # withdrawals that are remembered; the oldest are forgotten
EVERYBODY = ""  # in place of an identity, which is never empty


class Withdrawn:
    """Kept in `path`, one JSON array a line, so that an engine that died and came back still refuses them."""

    def __init__(self, path: Path | None = None) -> None:
        self._path = path
        self._since: dict[tuple[str, str], float] = {}  # (room, identity) to seconds since 1970
        self._file: IO[str] | None = None
        self._lines = 0
        if path:
            self._read(path)
            self._rewrite(path)

    def add(self, room: str, identity: str, since: float) -> None:
        """Tokens of `identity` for `room` made before `since` are refused from now on."""
        since = max(since, self._since.get((room, identity), 0.0))
        self._keep(room, identity, since)
        if self._path is None:
            return
        try:
            if self._lines >= 2 * MOST or self._file is None:
                self._rewrite(self._path)
            elif self._file:
                self._write(self._file, room, identity, since)
                self._file.flush()
        except OSError as error:
            log.warning("a withdrawal cannot be kept in %s: %s", self._path, error.strerror)

    def check(self, claims: Claims) -> None:
        """Raises BadToken."""
        room = claims.grants.room
        if claims.issued < self._since.get((room, claims.identity), 0.0):
            raise BadToken("You were removed from this room; ask for a new access token.")
        if claims.issued < self._since.get((room, EVERYBODY), 0.0):
            raise BadToken("This room has ended; ask for a new access token.")

    def close(self) -> None:
        """Idempotent."""
        if self._file:
            self._file.close()
            self._file = None

    def _keep(self, room: str, identity: str, since: float) -> None:
        self._since.pop((room, identity), None)
        self._since[room, identity] = since
        if len(self._since) > MOST:
            del self._since[next(iter(self._since))]

    def _read(self, path: Path) -> None:
        """A line that was cut off by the end of the process is passed over."""
        try:
            with path.open() as file:
                for line in file:
                    try:
                        room, identity, since = json.loads(line)
                        self._keep(str(room), str(identity), float(since))
                    except (ValueError, TypeError):
                        continue
        except FileNotFoundError:
            return
        except (OSError, UnicodeDecodeError) as error:
            log.warning("the withdrawals in %s cannot be read: %s", path, error)

    def _rewrite(self, path: Path) -> None:
        """Only what counts; the old file stays until the new one is whole."""
        self.close()
        draft = path.with_name(path.name + ".new")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            file = draft.open("w")
            for (room, identity), since in self._since.items():
                self._write(file, room, identity, since)
            file.flush()
            os.replace(draft, path)
        except OSError as error:
            log.warning("withdrawals cannot be kept in %s: %s", path, error.strerror)
            return
        self._file, self._lines = file, len(self._since)

    def _write(self, file: IO[str], room: str, identity: str, since: float) -> None:
        file.write(json.dumps([room, identity, since]) + "\n")
        self._lines += 1
