"""Files that grow while a class runs, written by a thread of their own: no packet ever waits for a disk.

What is appended waits in memory for a quarter of a second at most, if the disk keeps up: so much is lost when
the process is killed. A disk that does not keep up costs memory up to a bound, and then packets of the
recording, never of the class.
"""

from __future__ import annotations

import fcntl
import logging
import os
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from queue import SimpleQueue

log = logging.getLogger(__name__)

MOST_WAITING = 32 * 1024 * 1024  # bytes of one file
MOST_WAITING_IN_ALL = 256 * 1024 * 1024  # of all files
HUNG = 5.0  # seconds without an answer of the disk
SYNC_EVERY = 5.0  # seconds between two fsyncs: what a power cut may cost

Work = Callable[[], None]


class Disk:
    """The thread. `soon(work)` runs `work` on the loop, from any thread."""

    def __init__(self, soon: Callable[[Work], object]) -> None:
        self.soon = soon
        self._works: SimpleQueue[Work | None] = SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="recordings", daemon=True)
        self._started = False
        self.waiting = 0  # bytes of all files, in memory

    def do(self, work: Work) -> None:
        """In order, on the thread."""
        if not self._started:
            self._started = True
            self._thread.start()
        self._works.put(work)

    def close(self, within: float) -> None:
        """Returns when everything asked for is done, or after so many seconds. Idempotent."""
        if self._started:
            self._works.put(None)
            self._thread.join(within)
            self._started = False

    def _run(self) -> None:
        while (work := self._works.get()) is not None:
            try:
                work()
            except Exception:
                log.exception("the disk's thread failed")


class GrowingFile:
    """One file. `written` counts what the disk has taken; `failed` is called with the reason, once.

    It is locked for as long as its writer lives, so that nobody finishes it before (flock(2)).
    """

    def __init__(
        self, disk: Disk, path: Path, *, room_for: Callable[[int], bool], failed: Callable[[OSError], None]
    ) -> None:
        """Raises OSError. `room_for(octets)`: whether there is place for them; asked on the thread."""
        self.path = path
        self.written = 0
        self.newest = 0.0  # the mark of what is written (`append`)
        self.late = False  # the disk does not keep up
        self.lost = 0  # bytes that found no place
        self._disk = disk
        self._room_for = room_for
        self._failed = failed
        self._waiting = bytearray()
        self._mark = 0.0
        self._under_way = 0
        self._asked_at: float | None = None
        self._broken = False
        self._synced = 0.0
        self._handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND, 0o640)
        fcntl.flock(self._handle, fcntl.LOCK_EX)

    @property
    def waiting(self) -> int:
        """Bytes that are not on the disk."""
        return len(self._waiting) + self._under_way

    def append(self, octets: bytes, mark: float = 0.0) -> None:
        """Never blocks. `mark`: a number that becomes `newest` when this is written."""
        full = self.waiting > MOST_WAITING or self._disk.waiting > MOST_WAITING_IN_ALL
        if self._broken or full:
            self.late = not self._broken
            self.lost += len(octets)
            return
        self._waiting += octets
        self._disk.waiting += len(octets)
        self._mark = max(self._mark, mark)

    def flush(self, now: float) -> bool:
        """Give what waits to the disk; `now` in seconds. Whether the disk has just caught up."""
        hangs = self._asked_at is not None and now - self._asked_at > HUNG
        was, self.late = self.late, hangs or (self.late and self.waiting > MOST_WAITING // 2)
        if self._waiting and not self._broken and not self._under_way:
            syncs = now - self._synced >= SYNC_EVERY
            self._synced = now if syncs else self._synced
            self._asked_at = now
            self._give(syncs)
        return was and not self.late

    def _give(self, syncs: bool) -> None:
        octets, self._waiting = self._waiting, bytearray()
        self._under_way += len(octets)
        mark = self._mark
        self._disk.do(lambda: self._write(octets, syncs, mark))

    def close(self, now: float, then: Callable[[], None]) -> None:
        """Write the rest, and call `then` on the loop."""
        self._give(True)
        self._disk.do(self._end)
        self._disk.do(lambda: self._tell(then))

    # On the thread:

    def _write(self, octets: bytearray, syncs: bool, mark: float) -> None:
        error = None
        try:
            if octets and not self._broken:
                self._put(octets)
            if syncs and not self._broken:
                os.fsync(self._handle)
        except OSError as raised:
            error = raised
        count = len(octets)
        self._disk.soon(lambda: self._wrote(count, mark, error))

    def _put(self, octets: bytearray) -> None:
        if not self._room_for(len(octets)):
            raise OSError(28, "the disk is full")
        view = memoryview(octets)
        while view:
            view = view[os.write(self._handle, view) :]

    def _end(self) -> None:
        with suppress(OSError):  # what it says now it said at fsync
            os.close(self._handle)

    def _tell(self, then: Work) -> None:
        self._disk.soon(then)

    # On the loop:

    def _wrote(self, count: int, mark: float, error: OSError | None) -> None:
        self._under_way -= count
        self._disk.waiting -= count
        self._asked_at = None
        if error is None and not self._broken:
            self.written += count
            self.newest = mark
        elif error is not None and not self._broken:
            self._broken = True
            self._failed(error)
