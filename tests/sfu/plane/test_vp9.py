"""The VP9 payload descriptor: a real encoder's, forms it does not use, and what is cut off."""

import pytest

from signaling.sfu.vp9 import describe
from tests.sfu.plane import captured

ENCODED = [bytes.fromhex(payload) for _, _, payload, _ in captured.VP9]


@pytest.mark.parametrize(
    ("number", "layer", "starts", "ends", "independent"),
    [
        pytest.param(0, (0, 0), True, True, True, id="lowest layer of a key picture"),
        pytest.param(1, (1, 0), True, False, True, id="middle layer of it, first packet"),
        pytest.param(2, (1, 0), False, True, False, id="middle layer of it, last packet"),
        pytest.param(4, (2, 0), False, False, False, id="highest layer of it, between"),
        pytest.param(6, (0, 2), True, True, False, id="highest temporal layer"),
        pytest.param(11, (1, 1), True, True, False, id="middle of both"),
    ],
)
def test_the_layer_and_the_place_in_its_frame_are_read(number, layer, starts, ends, independent):
    frame, _ = describe(ENCODED[number])
    assert (frame.spatial, frame.temporal) == layer
    assert (frame.starts, frame.ends, frame.independent) == (starts, ends, independent)


def test_a_newcomer_enters_where_the_lowest_layer_of_a_key_picture_begins():
    frames = [describe(payload)[0] for payload in ENCODED]
    assert [i for i, frame in enumerate(frames) if frame.key] == [0, 14]
    assert (frames[0].width, frames[0].height) == (1280, 720)


@pytest.mark.parametrize(
    ("payload", "expected"),
    [
        pytest.param("8807aabb", (7, 1, -1, 0, 0), id="seven bits of picture id"),
        pytest.param("a8812332 55 aabb", (0x123, 1, 4, 0, 1), id="not flexible: TL0PICIDX"),
        pytest.param("0c aabb", (-1, 0, -1, 0, 0), id="nothing at all"),
        pytest.param("5c 03 03 02 aabb", (-1, 0, -1, 0, 0), id="three references"),
        pytest.param("2a 32 55 18 02 0000 0500 aa", (-1, 0, 2, 0, 1), id="group of pictures, no sizes"),
    ],
)
def test_forms_that_other_encoders_use(payload, expected):
    frame, _ = describe(bytes.fromhex(payload))
    assert (frame.id, frame.id_at, frame.tl0_at, frame.key_index_at + 1, frame.spatial) == expected


def test_a_seven_bit_picture_id_is_widened_and_then_rewritten_with_the_rest():
    frame, payload = describe(bytes.fromhex("a80732 55 aabb"))
    assert payload == bytes.fromhex("a8800732 55 aabb")
    slot = bytearray(5) + payload
    frame.patch(memoryview(slot), 5, (0x7FFF, 1, 0))
    assert bytes(slot[5:]) == bytes.fromhex("a8800632 56 aabb")


@pytest.mark.parametrize("size", range(19))
def test_a_descriptor_that_is_cut_off_is_an_error(size):
    with pytest.raises(ValueError, match="short"):
        describe(ENCODED[0][: min(size, 17)] if size < 18 else b"")


def test_more_references_than_there_may_be_are_an_error():
    with pytest.raises(ValueError, match="references"):
        describe(bytes.fromhex("5c 03 03 03 03 aabb"))
