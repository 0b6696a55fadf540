"""Files that grow while a class runs, written by a thread of their own: no packet ever waits for a disk.

What is appended waits in memory for a quarter of a second at most, if the disk keeps up: so much is lost when
the process is killed. A disk that does not keep up costs memory up to a bound, and then packets of the
recording, never of the class. Whatever else the engine wants of that disk is done on the thread too.
"""

from __future__ import annotations

import asyncio
import errno
import fcntl
import logging
import os
import threading
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from functools import partial
from pathlib import Path
from queue import SimpleQueue
from typing import TypeVar

from signaling.sfu.egress.durable import make_folder, sync

log = logging.getLogger(__name__)

MOST_WAITING = 32 * 1024 * 1024  # bytes of one file
MOST_WAITING_IN_ALL = 256 * 1024 * 1024  # of all files
HUNG = 2.0  # seconds without an answer of the disk
SYNC_EVERY = 2.0  # seconds between two fsyncs: what a power cut may cost, and when a disk that hangs shows

Answer = TypeVar("Answer")
Work = Callable[[], object]


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

    async def ask(self, work: Callable[[], Answer]) -> Answer:
        """What `work` answers on the thread, when its turn comes; raises what it raises."""
        future: Future[Answer] = Future()
        self.do(partial(answer, future, work))
        return await asyncio.wrap_future(future)

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


def answer(future: Future[Answer], work: Callable[[], Answer]) -> None:
    """Unless nobody waits for it any more."""
    if not future.set_running_or_notify_cancel():
        return
    try:
        future.set_result(work())
    except Exception as error:  # whoever asked handles it
        future.set_exception(error)


class GrowingFile:
    """One file. `written` counts what the disk has taken; `failed` is called with the reason, once.

    It is made on the thread; what is appended meanwhile waits. It is locked for as long as its writer lives,
    so that nobody finishes it before (flock(2)).
    """

    def __init__(
        self,
        disk: Disk,
        path: Path,
        now: float,
        *,
        room_for: Callable[[int], bool],
        failed: Callable[[OSError], None],
    ) -> None:
        """`now` in seconds. `room_for(octets)`: whether there is place for them; asked on the thread. There
        is none for a file whose name is taken: FileExistsError."""
        self.path = path
        self.exists = False  # as far as the loop knows
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
        self._asked_at: float | None = now
        self._misses = False  # what found no place, and nobody was told of yet
        self._broken = False
        self._synced = 0.0
        self._handle: int | None = None
        disk.do(self._open)

    @property
    def waiting(self) -> int:
        """Bytes that are not on the disk."""
        return len(self._waiting) + self._under_way

    def append(self, octets: bytes, mark: float = 0.0) -> None:
        """Never blocks. `mark`: a number that becomes `newest` when this is written."""
        full = self.waiting > MOST_WAITING or self._disk.waiting > MOST_WAITING_IN_ALL
        if self._broken or full:
            self.late = self._misses = not self._broken
            self.lost += len(octets)
            return
        self._waiting += octets
        self._disk.waiting += len(octets)
        self._mark = max(self._mark, mark)

    def flush(self, now: float) -> bool:
        """Give what waits to the disk; `now` in seconds. Whether the disk has just caught up, and not all
        that was appended found a place."""
        hangs = self._asked_at is not None and now - self._asked_at > HUNG
        self.late = hangs or (self.late and self.waiting > MOST_WAITING // 2)
        if self._waiting and not self._broken and self._asked_at is None:
            syncs = now - self._synced >= SYNC_EVERY
            self._synced = now if syncs else self._synced
            self._asked_at = now
            self._give(syncs)
        misses, self._misses = self._misses, self._misses and self.late
        return misses and not self.late

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

    def _open(self) -> None:
        error = None
        try:
            make_folder(self.path.parent)
            if not self._room_for(0):
                raise OSError(errno.ENOSPC, "the disk is full")
            self._handle = created(self.path)
        except OSError as raised:
            error = raised
        self._disk.soon(lambda: self._opened(error))

    def _write(self, octets: bytearray, syncs: bool, mark: float) -> None:
        error = None
        try:
            if self._handle is not None and not self._broken:
                self._put(self._handle, octets)
                if syncs:
                    os.fsync(self._handle)
        except OSError as raised:
            error = raised
        count = len(octets)
        self._disk.soon(lambda: self._wrote(count, mark, error))

    def _put(self, handle: int, octets: bytearray) -> None:
        if octets and not self._room_for(len(octets)):
            raise OSError(errno.ENOSPC, "the disk is full")
        view = memoryview(octets)
        while view:
            view = view[os.write(handle, view) :]

    def _end(self) -> None:
        if self._handle is not None:
            with suppress(OSError):  # what it says now it said at fsync
                os.close(self._handle)

    def _tell(self, then: Work) -> None:
        self._disk.soon(then)

    # On the loop:

    def _opened(self, error: OSError | None) -> None:
        self._asked_at = None
        self.exists = error is None
        if error is not None:
            self._fail(error)

    def _wrote(self, count: int, mark: float, error: OSError | None) -> None:
        self._under_way -= count
        self._disk.waiting -= count
        self._asked_at = None
        if error is None and not self._broken:
            self.written += count
            self.newest = mark
        elif error is not None and not self._broken:
            self._fail(error)

    def _fail(self, error: OSError) -> None:
        self._broken = True
        self._failed(error)


def created(path: Path) -> int:
    """A handle of a new file, which is locked and whose name outlives a power cut. Raises OSError."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND, 0o640)
    fcntl.flock(handle, fcntl.LOCK_EX)
    sync(path.parent)
    return handle
