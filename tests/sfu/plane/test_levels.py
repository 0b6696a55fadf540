"""Who speaks, from levels in the packets' headers."""

import pytest

from signaling.sfu.levels import Loudness


def heard(levels, *, start=0.0, loudness=None):
    loudness = loudness or Loudness()
    for i, level in enumerate(levels):
        loudness.observe(bytes([level | 0x80]), start + i * 0.02)
    return loudness


@pytest.mark.parametrize(
    ("levels", "speaks"),
    [
        pytest.param([20] * 25, True, id="half a second of speech"),
        pytest.param([127] * 25, False, id="silence"),
        pytest.param([60] * 25, False, id="noise"),
        pytest.param([20] * 9 + [127] * 16, False, id="a cough"),
        pytest.param([127] * 15 + [20] * 10, True, id="40 % of the window"),
        pytest.param([], False, id="nothing"),
    ],
)
def test_speaking_is_two_fifths_of_half_a_second(levels, speaks):
    assert heard(levels).read(0.5)[1] is speaks


def test_louder_is_a_higher_level():
    quiet, loud = heard([30] * 25).read(0.5)[0], heard([5] * 25).read(0.5)[0]
    assert 0 < quiet < loud <= 1


def test_who_stops_sending_falls_silent():
    loudness = heard([10] * 25)
    assert loudness.read(0.5)[1]
    levels = [loudness.read(1.1 + i * 0.3) for i in range(12)]
    assert not any(speaks for _, speaks in levels)
    assert levels[-1][0] == 0.0
