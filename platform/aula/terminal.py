"""Lines for people, written by a thread of its own: a terminal that is paused (Ctrl-S) holds up nobody."""

from __future__ import annotations

import os
import queue
import threading

MOST_WAITING = 10_000  # lines; those that find no place are left out, and counted
LAST_LINES = 1.0  # seconds for what still waits at the end


class Terminal:
    """`descriptor` is a blocking one; it is not closed."""

    def __init__(self, descriptor: int, most: int = MOST_WAITING) -> None:
        self._descriptor = descriptor
        self._waiting: queue.Queue[str | None] = queue.Queue(most)
        self._left_out = 0
        self._thread = threading.Thread(target=self._write_all, name="terminal", daemon=True)
        self._thread.start()

    def write(self, line: str) -> None:
        """Returns at once."""
        try:
            if self._left_out:
                self._waiting.put_nowait(f"({self._left_out} lines were left out here)")
                self._left_out = 0
            self._waiting.put_nowait(line)
        except queue.Full:
            self._left_out += 1

    def close(self, within: float = LAST_LINES) -> None:
        """Write what waits, if the terminal takes it `within` so many seconds."""
        try:
            self._waiting.put(None, timeout=within)
        except queue.Full:
            return
        self._thread.join(within)

    def _write_all(self) -> None:
        while (line := self._waiting.get()) is not None:
            octets = f"{line}\n".encode(errors="replace")
            try:
                while octets:
                    octets = octets[os.write(self._descriptor, octets) :]
            except OSError:  # nobody reads any more
                continue
