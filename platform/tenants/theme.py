"""A school's one colour, made legible: four colours for each theme. Pure. Surfaces as in tokens.css."""

from __future__ import annotations

import re
from dataclasses import dataclass

HEX = re.compile(r"#[0-9a-f]{6}", re.IGNORECASE)
ENOUGH = 4.5  # WCAG 2.2, 1.4.3
STEP = 2  # percent of black or white
Rgb = tuple[int, int, int]


@dataclass(frozen=True)
class Surfaces:
    """What the colour has to be read on, what is mixed in until it can be, and which labels it may bear."""

    canvas: str
    surface: str
    sunken: str
    stage: str
    towards: str
    labels: tuple[str, ...]
    soft: int  # percent of the fill in the surface
    hover: int  # percent of `towards` in the fill


LIGHT = Surfaces("#f6f6f3", "#ffffff", "#eef0ec", "#e5e8e4", "#000000", ("#ffffff",), 12, 14)
DARK = Surfaces("#121615", "#1a1f1e", "#232a28", "#0c100f", "#ffffff", ("#ffffff", "#0b1211"), 20, 14)


@dataclass(frozen=True)
class Accent:
    """`steps`: how often black or white was mixed in; none where the colour could stay."""

    fill: str
    hover: str
    soft: str
    label: str
    steps: int = 0


@dataclass(frozen=True)
class Theme:
    light: Accent
    dark: Accent


AULA = Theme(
    light=Accent("#0f6a73", "#0c5860", "#e1efef", "#ffffff"),
    dark=Accent("#63c2c9", "#82d0d6", "#17363a", "#06282b"),  # tuned by hand
)


def theme(colour: str) -> Theme:
    """Of "#ffd400". Raises ValueError where that is no colour."""
    if not HEX.fullmatch(colour):
        raise ValueError("A colour is # and six digits or letters from a to f.")
    return Theme(light=accent(colour, LIGHT), dark=accent(colour, DARK))


def accent(colour: str, on: Surfaces) -> Accent:
    """The nearest one that is legible. The last step is black or white itself, which is."""
    steps = 0
    while not is_legible(found := toned(colour, on, steps), on):
        steps += 1
    return found


def toned(colour: str, on: Surfaces, steps: int) -> Accent:
    fill = mixed(colour, on.towards, steps * STEP)
    label = max(on.labels, key=lambda each: contrast(each, fill))
    soft, hover = mixed(on.surface, fill, on.soft), mixed(fill, on.towards, on.hover)
    return Accent(fill, hover, soft, label, steps)


def is_legible(accent: Accent, on: Surfaces) -> bool:
    """The label on the fill, and the fill as text on all it is ever written on."""
    grounds = (on.surface, on.sunken, on.canvas, accent.soft, on.stage)
    least = min(contrast(accent.fill, ground) for ground in grounds)
    return least >= ENOUGH and contrast(accent.label, accent.fill) >= ENOUGH


def mixed(colour: str, other: str, percent: int) -> str:
    """`percent` of `other` in `colour`."""
    pairs = zip(rgb(colour), rgb(other), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * percent / 100):02x}" for a, b in pairs)


def contrast(one: str, other: str) -> float:
    """WCAG 2.2's contrast ratio, from 1 to 21."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: str) -> float:
    """WCAG 2.2's relative luminance."""
    r, g, b = (linear(each / 255) for each in rgb(colour))
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def linear(part: float) -> float:
    return float(part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4)


def rgb(colour: str) -> Rgb:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def sheet(theme: Theme, selector: str = ":root") -> str:
    """As CSS that takes the place of what tokens.css says."""
    pairs = {
        "accent": (theme.light.fill, theme.dark.fill),
        "accent-hover": (theme.light.hover, theme.dark.hover),
        "accent-soft": (theme.light.soft, theme.dark.soft),
        "on-accent": (theme.light.label, theme.dark.label),
    }
    lines = (f"--{name}: light-dark({light}, {dark});" for name, (light, dark) in pairs.items())
    return f"@layer tokens {{ {selector} {{ {' '.join(lines)} }} }}\n"
