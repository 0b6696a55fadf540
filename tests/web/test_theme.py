"""A school's colour stays legible by construction."""

from __future__ import annotations

import re
from itertools import product
from pathlib import Path

import pytest

from tenants.theme import AULA, DARK, ENOUGH, LIGHT, contrast, is_legible, mixed, sheet, theme

TOKENS = (Path(__file__).parents[2] / "static/css/tokens.css").read_text()
GRID = ["#" + "".join(f"{each * 17:02x}" for each in parts) for parts in product(range(16), repeat=3)]


def token(name: str) -> tuple[str, ...]:
    found = re.search(rf"--{name}: light-dark\((#\w+), (#\w+)\)", TOKENS)
    assert found, name
    return found.groups()


@pytest.mark.parametrize("name", ["canvas", "surface", "sunken", "stage"])
def test_the_surfaces_are_those_of_the_tokens(name):
    assert (getattr(LIGHT, name), getattr(DARK, name)) == token(name)


def test_aulas_own_colours_are_those_of_the_tokens():
    for name, part in {"accent": "fill", "accent-hover": "hover", "accent-soft": "soft"}.items():
        assert (getattr(AULA.light, part), getattr(AULA.dark, part)) == token(name)
    assert (AULA.light.label, AULA.dark.label) == token("on-accent")


def test_aulas_own_colours_pass_the_same_test():
    assert is_legible(AULA.light, LIGHT)
    assert is_legible(AULA.dark, DARK)


def test_over_the_whole_grid_all_become_legible_within_32_steps():
    assert len(GRID) == 4096
    most = 0
    for colour in GRID:
        found = theme(colour)
        assert is_legible(found.light, LIGHT), colour
        assert is_legible(found.dark, DARK), colour
        most = max(most, found.light.steps, found.dark.steps)
    assert most <= 32


def test_under_the_pointer_the_label_stays_legible_too():
    for colour in GRID[::7]:
        found = theme(colour)
        for each in (found.light, found.dark):
            assert contrast(each.label, each.hover) >= ENOUGH, colour


@pytest.mark.parametrize(
    ("colour", "light", "dark", "label"),
    [
        ("#FFD400", "#7a6600", "#ffd400", "#0b1211"),  # yellow stays in dark
        ("#0b2a5b", "#0b2a5b", None, "#0b1211"),  # dark blue stays in light
        ("#000000", "#000000", None, "#0b1211"),
        ("#ffffff", None, "#ffffff", "#0b1211"),
    ],
)
def test_colours_stay_where_they_can(colour, light, dark, label):
    found = theme(colour)
    assert light in (None, found.light.fill)
    assert dark in (None, found.dark.fill)
    assert (light is not None and light == colour.lower()) == (found.light.steps == 0)
    assert (dark is not None) == (found.dark.steps == 0)
    assert (found.light.label, found.dark.label) == ("#ffffff", label)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [("#000000", "#ffffff", 21), ("#ffffff", "#ffffff", 1), ("#767676", "#ffffff", 4.54)],
)
def test_contrast_is_that_of_wcag(one, other, expected):
    assert contrast(one, other) == contrast(other, one) == pytest.approx(expected, abs=0.005)


@pytest.mark.parametrize(
    ("colour", "other", "percent", "expected"),
    [
        ("#ffd400", "#000000", 52, "#7a6600"),
        ("#000000", "#ffffff", 0, "#000000"),
        ("#000000", "#ffffff", 100, "#ffffff"),
    ],
)
def test_mixing(colour, other, percent, expected):
    assert mixed(colour, other, percent) == expected


@pytest.mark.parametrize(
    "wrong", ["", "ffd400", "#fd0", "#ffd40g", "#ffd4000", "#ffd400;}", "red", "#ffd400\n"]
)
def test_what_is_no_colour_is_refused(wrong):
    with pytest.raises(ValueError, match="six digits"):
        theme(wrong)


def test_the_sheet_takes_the_place_of_the_tokens():
    text = sheet(theme("#ffd400"))
    assert text.startswith("@layer tokens { :root { --accent: light-dark(#7a6600, #ffd400); ")
    assert text.count("light-dark(") == 4
