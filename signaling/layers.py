"""The channel layer of a single process.

A reach into channels 4.3.2: its in-memory layer looks for expired messages in all channels each time any
socket reads, which for a class of a hundred is a fifth of all work. tests/socket/test_layers.py watches it.
"""

from __future__ import annotations

import time

from channels.layers import InMemoryChannelLayer

CLEAN_EVERY = 5.0  # seconds; messages expire after 60


class LocalChannelLayer(InMemoryChannelLayer):  # type: ignore[misc]  # Channels has no types
    """The in-memory layer, looking for expired messages now and then instead of always."""

    cleaned_at = 0.0

    def _clean_expired(self) -> None:
        now = time.monotonic()
        if now - self.cleaned_at >= CLEAN_EVERY:
            self.cleaned_at = now
            super()._clean_expired()
