"""Windows in which every page and every state of the room is looked at: 360 to 1440 px wide, light and dark,
and one from right to left. `SHAPES=all`: each in all of them; else each in one, another one for the next."""

from __future__ import annotations

import os
from typing import NamedTuple

from playwright.sync_api import Page


class Shape(NamedTuple):
    width: int
    height: int
    theme: str
    direction: str = "ltr"

    def __str__(self) -> str:
        return f"{self.width} {self.theme} {self.direction}"

    def wear(self, page: Page) -> None:
        """Give `page` this window, and no motion."""
        page.set_viewport_size({"width": self.width, "height": self.height})
        page.emulate_media(color_scheme=self.theme, reduced_motion="reduce")  # type: ignore[arg-type]


WINDOWS = ((360, 740), (768, 1024), (1280, 800), (1440, 900))
SHAPES = [Shape(*window, theme) for theme in ("light", "dark") for window in WINDOWS]
SHAPES.append(Shape(1280, 800, "light", "rtl"))
IN_ALL = os.environ.get("SHAPES") == "all"


def shapes(number: int) -> list[Shape]:
    """Those of the state of this number."""
    return SHAPES if IN_ALL else [SHAPES[number % len(SHAPES)]]
