"""Whether recordings have a place: looked at on the disk's thread, remembered for the loop."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from signaling.sfu.egress.disk import Disk
from signaling.sfu.egress.infos import BROKEN, FULL

RESERVE = 2 * 1024 * 1024  # bytes of the file system that are left alone


class Space:
    """`needed`: bytes that will be wanted for what is written already, asked on either thread."""

    def __init__(self, root: Path, disk: Disk, needed: Callable[[], int]) -> None:
        self._root = root
        self._disk = disk
        self._needed = needed
        self._free: int | None = None  # bytes, when it was measured last
        self._writable = True
        self._looks = False

    def look(self) -> None:
        """Look anew, unless the disk has still to answer for the last time."""
        if not self._looks:
            self._looks = True
            self._disk.do(self._look)

    def trouble(self, octets: int) -> str:
        """Why so many could not be written when that was looked at last; empty if they could."""
        self.look()
        if not self._writable:
            return BROKEN
        full = self._free is not None and self._free < self._needed() + octets + RESERVE
        return FULL if full else ""

    # On the thread:

    def has(self, octets: int) -> bool:
        """Raises OSError."""
        return self._measure() >= self._needed() + octets + RESERVE

    def _look(self) -> None:
        with suppress(OSError):  # the first recording makes the folder
            self._measure()
            self._writable = os.access(self._root, os.W_OK)
        self._looks = False

    def _measure(self) -> int:
        state = os.statvfs(self._root)
        self._free = state.f_bavail * state.f_frsize
        return self._free
