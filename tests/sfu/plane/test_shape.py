"""The header extensions of what we send, read back by our own parser."""

import pytest

from signaling.sfu.rtp import read_extensions
from signaling.sfu.shape import PLAIN, Shape

NUMBER = b"\x12\x34"


def read(shape, value=b""):
    """(extensions by id, octets) of a block with the number filled in."""
    block, wide_at = shape.block(value)
    block = bytearray(block)
    if wide_at >= 0:
        block[wide_at : wide_at + 2] = NUMBER
    words = int.from_bytes(block[2:4], "big")
    assert len(block) == 4 + 4 * words
    found = read_extensions(bytes(block), 4, len(block), int.from_bytes(block[:2], "big"))
    return found, len(block)


def test_without_extensions_there_is_no_block():
    assert PLAIN.block(b"") == (b"", -1)
    assert PLAIN.block(b"nobody wants it") == (b"", -1)
    assert Shape(forwarded=4).block(b"") == (b"", -1)


@pytest.mark.parametrize("wide", [1, 3, 14])
def test_the_transport_wide_number_takes_eight_octets(wide):
    assert read(Shape(wide)) == ({wide: NUMBER}, 8)


@pytest.mark.parametrize(
    ("shape", "value"),
    [
        pytest.param(Shape(3, 5), b"abc", id="both in the short form"),
        pytest.param(Shape(3, 5), b"x" * 16, id="the longest of the short form"),
        pytest.param(Shape(3, 5), b"x" * 17, id="a long value"),
        pytest.param(Shape(3, 5), b"x" * 200, id="a very long value"),
        pytest.param(Shape(20, 5), b"abc", id="an id that needs the long form"),
        pytest.param(Shape(3, 15), b"abc", id="an id the short form reserves"),
        pytest.param(Shape(0, 15), b"abc", id="the forwarded one alone"),
        pytest.param(Shape(15, 0), b"", id="the number alone in the long form"),
    ],
)
def test_what_is_written_is_read_again(shape, value):
    expected = {shape.wide: NUMBER} if shape.wide else {}
    if value:
        expected[shape.forwarded] = value
    assert read(shape, value)[0] == expected
