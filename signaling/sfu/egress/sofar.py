"""Files of recordings that still run, one after the other: for those who come late."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

from signaling.sfu.egress.finishing import finished
from signaling.sfu.egress.packets import SO_FAR


class SoFar:
    """`done` hears what was made of which egress."""

    def __init__(self, root: Path, done: Callable[[str, dict[str, Any]], None]) -> None:
        self._root = root
        self._done = done
        self._asked: dict[str, Path] = {}
        self._making: asyncio.Task[None] | None = None

    def ask(self, egress_id: str, log: Path) -> None:
        """As soon as those before it are made. Asked for while it waits, it is made once."""
        self._asked.setdefault(egress_id, log)
        if self._making is None:
            self._making = asyncio.get_running_loop().create_task(self._make_all())

    def close(self) -> None:
        """Idempotent."""
        if self._making:
            self._making.cancel()

    async def _make_all(self) -> None:
        try:
            while self._asked:
                egress_id = next(iter(self._asked))
                made = await finished(self._asked[egress_id], self._root, SO_FAR)
                self._asked.pop(egress_id, None)
                if made is not None:
                    self._done(egress_id, made)
        finally:
            self._making = None
