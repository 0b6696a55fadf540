from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.turn import coturn
from tests.turn.coturn import Coturn


@pytest.fixture
async def relay(tmp_path: Path) -> AsyncIterator[Coturn]:
    """A coturn of the test's own that relays to the SFU only."""
    async with coturn.running(coturn.plan(tmp_path), tmp_path) as found:
        yield found
