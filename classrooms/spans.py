"""From when to when, as pairs: seconds of a recording, or moments of a day."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, overload


@overload
def merged(spans: Iterable[tuple[float, float]], gap: float) -> list[tuple[float, float]]: ...
@overload
def merged(spans: Iterable[tuple[datetime, datetime]], gap: timedelta) -> list[tuple[datetime, datetime]]: ...
def merged(spans: Iterable[Any], gap: Any) -> list[Any]:
    """In order, without overlaps; those at most `gap` apart become one."""
    found: list[Any] = []
    for begin, end in sorted(spans):
        if found and begin - found[-1][1] <= gap:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((begin, end))
    return found
