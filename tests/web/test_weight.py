"""What a browser loads for the room: counted as it is sent, compressed."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
STATIC = ROOT / "static"
PAGE = (ROOT / "templates/classrooms/room.html").read_text()
MOST = 600_000  # octets


def test_the_room_weighs_less_than_600_kb() -> None:
    named = dict(re.findall(r"\"([^\"]+)\": \"{% static '([^']+)' %}\"", PAGE))
    found: set[str] = set()
    waiting = re.findall(r"{% static '([^']+)' %}", PAGE)
    while waiting:
        path = waiting.pop()
        if path in found:
            continue
        found.add(path)
        if path.startswith("js/"):
            waiting += [each for each in imports(path, named) if each not in found]
    weights = {path: len(gzip.compress((STATIC / path).read_bytes())) for path in found}
    assert "vendor/livekit-client.js" in weights
    assert len(weights) > 100
    assert sum(weights.values()) < MOST, sorted(weights.items(), key=lambda each: -each[1])[:20]


def imports(path: str, named: dict[str, str]) -> list[str]:
    """What a module needs before it runs; what it loads later is not counted."""
    pattern = r"^(?:import \"|(?:import|export) [^;\"]*? from \")([^\"]+)\";"
    places = re.findall(pattern, (STATIC / path).read_text(), re.MULTILINE)
    here = (STATIC / path).parent
    return [
        str((here / place).resolve().relative_to(STATIC)) if place.startswith(".") else named[place]
        for place in places
    ]
