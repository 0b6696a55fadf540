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
from pathlib import Path
from queue import SimpleQueue

log = logging.getLogger(__name__)

MOST_WAITING = 32 * 1024 * 1024  # bytes of one file
SYNC_EVERY = 5.0  # seconds between two fsyncs: what a power cut may cost

Work = Callable[[], None]


class Disk:
    """The thread. `soon(work)` runs `work` on the loop, from any thread."""

    def __init__(self, soon: Callable[[Work], object]) -> None:
        self.soon = soon
        self._works: SimpleQueue[Work | None] = SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="recordings", daemon=True)
        self._started = False

    def do(self, work: Work) -> None:
        """In order, on the thread."""
        if not self._started:
            self._started = True
            self._thread.start()
        self._works.put(work)

    def close(self) -> None:
        """Returns when everything asked for is done. Idempotent."""
        if self._started:
            self._works.put(None)
            self._thread.join()
            self._started = False

    def _run(self) -> None:
        while (work := self._works.get()) is not None:
            work()


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
        self.late = False  # the disk does not keep up
        self.lost = 0  # bytes that found no place
        self._disk = disk
        self._room_for = room_for
        self._failed = failed
        self._waiting = bytearray()
        self._under_way = 0
        self._broken = False
        self._synced = 0.0
        self._handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND, 0o640)
        fcntl.flock(self._handle, fcntl.LOCK_EX)

    @property
    def waiting(self) -> int:
        """Bytes that are not on the disk."""
        return len(self._waiting) + self._under_way

    def append(self, octets: bytes) -> None:
        """Never blocks."""
        if self._broken or self.waiting > MOST_WAITING:
            self.late = not self._broken
            self.lost += len(octets)
        else:
            self._waiting += octets

    def flush(self, now: float) -> None:
        """Give what waits to the disk; `now` in seconds."""
        self.late = self.late and self.waiting > MOST_WAITING // 2
        if not self._waiting or self._broken or self._under_way:
            return
        octets, self._waiting = self._waiting, bytearray()
        self._under_way = len(octets)
        syncs = now - self._synced >= SYNC_EVERY
        self._synced = now if syncs else self._synced
        self._disk.do(lambda: self._write(octets, syncs))

    def close(self, now: float, then: Callable[[], None]) -> None:
        """Write the rest, and call `then` on the loop."""
        octets, self._waiting = self._waiting, bytearray()
        self._under_way += len(octets)
        self._disk.do(lambda: self._write(octets, True))
        self._disk.do(self._end)
        self._disk.do(lambda: self._tell(then))

    # On the thread:

    def _write(self, octets: bytearray, syncs: bool) -> None:
        error = None
        if octets and not self._broken:
            try:
                self._put(octets)
            except OSError as raised:
                error = raised
        if syncs and not error and not self._broken:
            os.fsync(self._handle)
        count = len(octets)
        self._disk.soon(lambda: self._wrote(count, error))

    def _put(self, octets: bytearray) -> None:
        if not self._room_for(len(octets)):
            raise OSError(28, "the disk is full")
        view = memoryview(octets)
        while view:
            view = view[os.write(self._handle, view) :]

    def _end(self) -> None:
        os.close(self._handle)

    def _tell(self, then: Work) -> None:
        self._disk.soon(then)

    # On the loop:

    def _wrote(self, count: int, error: OSError | None) -> None:
        self._under_way -= count
        if error is None:
            self.written += 0 if self._broken else count
        elif not self._broken:
            self._broken = True
            self._failed(error)
