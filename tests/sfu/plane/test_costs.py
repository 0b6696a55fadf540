"""What layers cost: from what is measured and, until then, from what was announced."""

from dataclasses import dataclass, field
from types import SimpleNamespace

import pytest
from livekit.protocol import models

from signaling.sfu.allocation import Rung
from signaling.sfu.costs import ALL_TEMPORAL, Costs
from signaling.sfu.wish import Wish, smallest_that_fills

Source, Quality = models.TrackSource, models.VideoQuality


@dataclass
class Measured:
    index: int
    bitrates: dict = field(default_factory=dict)
    flowing: bool = True
    width: int = 0
    height: int = 0


@dataclass(eq=False)
class Track:
    layers: list
    svc: bool = False

    @property
    def spec(self):
        return SimpleNamespace(svc=self.svc)


def publication(**info):
    layers = [
        models.VideoLayer(width=320, height=180, bitrate=100_000),
        models.VideoLayer(width=640, height=360, bitrate=400_000),
        models.VideoLayer(width=1280, height=720, bitrate=1_500_000),
    ]
    return SimpleNamespace(info=models.TrackInfo(**{"layers": layers, **info}))


def costs_of(track, seconds=3):
    costs = Costs()
    for _ in range(seconds):
        costs.measure([track])
    return costs


SIMULCAST = [
    Measured(0, {(0, 0): 60e3, (0, 1): 30e3, (0, 2): 50e3}),
    Measured(1, {(0, 0): 160e3, (0, 1): 90e3, (0, 2): 150e3}),
    Measured(2, {(0, 0): 700e3, (0, 1): 300e3, (0, 2): 500e3}),
]


def test_the_lowest_layer_can_be_thinned_out_twice_and_the_upper_ones_once():
    track = Track(SIMULCAST)
    assert costs_of(track).rungs(publication(), track, 2) == (
        Rung(0, 0, 60e3),
        Rung(0, 1, 90e3),
        Rung(0, ALL_TEMPORAL, 140e3),
        Rung(1, 1, 250e3),
        Rung(1, ALL_TEMPORAL, 400e3),
        Rung(2, 1, 1000e3),
        Rung(2, ALL_TEMPORAL, 1500e3),
    )


def test_no_rung_is_better_than_wished_for():
    track = Track(SIMULCAST)
    rungs = costs_of(track).rungs(publication(), track, 1, 1)
    assert rungs == (Rung(0, 0, 60e3), Rung(0, 1, 90e3), Rung(1, 1, 250e3))


def test_upper_spatial_layers_of_one_stream_cost_the_lower_ones_too():
    track = Track([Measured(0, {(0, 0): 100e3, (1, 0): 300e3, (2, 0): 900e3})], svc=True)
    assert [rung.bitrate for rung in costs_of(track).rungs(publication(), track, 2)] == [100e3, 400e3, 1300e3]


def test_what_does_not_flow_is_no_rung_unless_nothing_does():
    track = Track([SIMULCAST[0], Measured(1, flowing=False), Measured(2, flowing=False)])
    assert {rung.layer for rung in costs_of(track).rungs(publication(), track, 2)} == {0}
    nothing = Track([Measured(i, flowing=False) for i in range(3)])
    assert costs_of(nothing).rungs(publication(), nothing, 2) == (Rung(2, ALL_TEMPORAL, 1_500_000),)


def test_a_layer_that_has_just_begun_costs_what_was_announced():
    track = Track([Measured(0, {(0, 0): 5e3})])
    assert costs_of(track, 1).rungs(publication(), track, 0)[-1].bitrate == 100e3
    assert costs_of(track, 3).rungs(publication(), track, 0)[-1].bitrate == 5e3


def test_a_cost_rises_at_once_and_falls_slowly():
    layer = Measured(0, {(0, 0): 100e3})
    track = Track([layer])
    costs = costs_of(track)
    for bitrate, cost in ((200e3, 200e3), (100e3, 170e3), (300e3, 300e3)):
        layer.bitrates = {(0, 0): bitrate}
        costs.measure([track])
        assert costs.rungs(publication(), track, 0)[-1].bitrate == pytest.approx(cost)


@pytest.mark.parametrize(
    ("wish", "layer"),
    [
        (Wish(), 2),
        (Wish(quality=Quality.LOW), 0),
        (Wish(quality=Quality.MEDIUM), 1),
        (Wish(width=160, height=90), 0),
        (Wish(width=320, height=180), 0),
        (Wish(width=350, height=197), 0),  # a few pixels more are no reason
        (Wish(width=400, height=225), 1),
        (Wish(width=1920, height=1080), 2),
        (Wish(width=90, height=160), 0),  # upright
    ],
)
def test_a_wish_is_for_the_smallest_layer_that_fills_it(wish, layer):
    seen = Track(
        [Measured(i, width=w, height=h) for i, (w, h) in enumerate([(320, 180), (640, 360), (0, 0)])]
    )
    assert wish.layer(publication(), seen) == layer


def test_layers_that_are_smaller_than_announced_count_as_they_are():
    assert smallest_that_fills(400, 225, [(240, 135), (480, 270), (960, 540)]) == 1
    assert smallest_that_fills(400, 300, [(240, 135), (480, 270), (960, 540)]) == 1
    assert smallest_that_fills(800, 400, [(240, 135), (480, 270), (960, 540)]) == 2


@pytest.mark.parametrize(("fps", "temporal"), [(0, 3), (30, 3), (25, 3), (15, 1), (10, 1), (7, 0), (1, 0)])
def test_few_frames_a_second_need_few_temporal_layers(fps, temporal):
    assert Wish(fps=fps).temporal == temporal


@pytest.mark.parametrize(
    ("wish", "source", "rank"),
    [
        (Wish(), Source.CAMERA, 1),
        (Wish(), Source.SCREEN_SHARE, 255),
        (Wish(priority=40), Source.CAMERA, 40),
        (Wish(priority=2), Source.SCREEN_SHARE, 2),
    ],
)
def test_screens_go_first_unless_the_client_says_otherwise(wish, source, rank):
    assert wish.rank(publication(source=source)) == rank
