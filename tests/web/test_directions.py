"""Styles know beginnings and ends, not left and right, so that pages can run either way."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ONE_WAY = re.compile(
    r"(?<![\w-])(left|right|(margin|padding|border)-(left|right)[\w-]*|border-(top|bottom)-(left|right)-radius)\s*:"
    r"|(text-align|float|clear|justify-content|justify-self)\s*:\s*(left|right)\b|translateX\("
)
TIMELINE = "player__preview"  # time runs from left to right everywhere (docs/i18n.md)


@pytest.mark.parametrize("path", sorted((ROOT / "static/css").glob("*.css")), ids=lambda path: path.name)
def test_no_style_knows_left_from_right(path: Path) -> None:
    lines = [line for line in path.read_text().splitlines() if ONE_WAY.search(line) and TIMELINE not in line]
    assert not lines


MIRRORED = {"chevron-left", "chevron-right", "arrow-left", "arrow-right", "log-out", "send", "reply"}
DRAWN = re.compile(r"""\{% icon "([\w-]+)"(?: "([^"]*)")? %\}|<\$\{Icon\} name="([\w-]+)"([^/]*)/>""")


def test_icons_that_point_along_the_line_are_mirrored_with_it() -> None:
    files = [*(ROOT / "templates").rglob("*.html"), *(ROOT / "static/js").rglob("*.js")]
    wrong = [
        (path.name, match[0])
        for path in files
        for match in DRAWN.finditer(path.read_text())
        if (match[1] or match[3]) in MIRRORED and "mirrors" not in (match[2] or match[4] or "")
    ]
    assert not wrong
