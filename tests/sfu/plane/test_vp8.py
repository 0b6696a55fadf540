"""The VP8 payload descriptor: read, widened, rewritten."""

import pytest

from signaling.sfu.vp8 import describe
from tests.sfu.plane.pictures import vp8


@pytest.mark.parametrize(
    ("payload", "expected"),
    [
        pytest.param(
            vp8(picture=300, tl0=7, temporal=2, sync=True, key_index=9), (300, 7, 2, True, 9, True, False)
        ),
        pytest.param(vp8(picture=0x7FFF, tl0=255, key=True), (0x7FFF, 255, 0, True, 0, True, True)),
        pytest.param(vp8(picture=5, starts=False), (5, 0, 0, False, 0, False, False)),
        pytest.param(
            vp8(picture=None, tl0=None, key_index=None, key=True), (-1, -1, 0, True, -1, True, True)
        ),
        pytest.param(vp8(picture=None, tl0=3), (-1, 3, 0, False, 0, True, False)),
        pytest.param(vp8(picture=9, tl0=None, key_index=None), (9, -1, 0, False, -1, True, False)),
        pytest.param(vp8(picture=100, short_id=True, tl0=8), (100, 8, 0, False, 0, True, False)),
    ],
)
def test_the_descriptor_says_what_the_encoder_wrote(payload, expected):
    found, _ = describe(payload)
    said = (found.id, found.tl0, found.temporal, found.switch_up, found.key_index, found.starts, found.key)
    assert said == expected


def test_a_key_frame_tells_its_size():
    found, _ = describe(vp8(key=True, size=(1280, 720)))
    assert (found.width, found.height) == (1280, 720)


def test_a_seven_bit_picture_id_is_widened_to_fifteen():
    _, payload = describe(vp8(picture=100, short_id=True, tl0=8, key_index=2))
    assert payload == vp8(picture=100, tl0=8, key_index=2)


@pytest.mark.parametrize(
    ("shifts", "expected"),
    [
        ((0, 0, 0), {"picture": 32_760, "tl0": 250, "key_index": 30}),
        ((1, 1, 1), {"picture": 32_761, "tl0": 251, "key_index": 31}),
        ((10, 10, 10), {"picture": 2, "tl0": 4, "key_index": 8}),
        ((-32_761, -251, -31), {"picture": 32_767, "tl0": 255, "key_index": 31}),
    ],
)
def test_counters_are_rewritten_in_place_and_wrap(shifts, expected):
    payload = vp8(picture=32_760, tl0=250, key_index=30, temporal=1, sync=True)
    found, payload = describe(payload)
    slot = bytearray(3) + payload
    found.patch(memoryview(slot), 3, shifts)
    assert bytes(slot[3:]) == vp8(temporal=1, sync=True, **expected)


@pytest.mark.parametrize("payload", [vp8()[:n] for n in range(6)])
def test_a_descriptor_that_is_cut_off_is_an_error(payload):
    with pytest.raises(ValueError, match="short"):
        describe(payload)
