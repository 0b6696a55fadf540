"""What a publisher is told that nobody wishes for."""

from signaling.sfu.dynacast import BEST, NOTHING, PATIENCE, Demand, quality_update


def test_more_is_asked_for_at_once():
    demand = Demand()
    demand.update(0, 0.0)
    assert demand.update(0, PATIENCE)
    assert demand.rise(2)
    assert demand.told == 2
    assert not demand.rise(1)


def test_less_is_asked_for_only_when_it_stays_so():
    demand = Demand()
    assert not demand.update(0, 0.0)
    assert not demand.update(BEST, PATIENCE - 1)
    assert not demand.update(0, PATIENCE)
    assert not demand.update(0, 2 * PATIENCE - 0.1)
    assert demand.update(0, 2 * PATIENCE)
    assert not demand.update(0, 3 * PATIENCE)


def test_nobody_at_all_turns_everything_off():
    demand = Demand()
    demand.update(NOTHING, 0.0)
    assert demand.update(NOTHING, PATIENCE)
    update = quality_update("TR_1", {"vp8": demand.told})
    assert [quality.enabled for quality in update.subscribed_qualities] == [False, False, False]


def test_an_update_names_every_codec_with_its_qualities():
    update = quality_update("TR_1", {"av1": 2, "vp8": 0})
    assert [(codec.codec, [q.enabled for q in codec.qualities]) for codec in update.subscribed_codecs] == [
        ("av1", [True, True, True]),
        ("vp8", [True, False, False]),
    ]
    assert [quality.enabled for quality in update.subscribed_qualities] == [True, True, True]
