"""Redundant audio: the newest block is found behind older ones."""

import pytest

from signaling.sfu.red import primary


def block(size: int, *, payload_type: int = 111, offset: int = 960) -> bytes:
    """The header of an older block (RFC 2198 3)."""
    return bytes((0x80 | payload_type,)) + (offset << 10 | size).to_bytes(3, "big")


@pytest.mark.parametrize(
    ("payload", "expected"),
    [
        pytest.param(b"\x6fsound", b"sound", id="alone"),
        pytest.param(block(3) + b"\x6foldsound", b"sound", id="one before it"),
        pytest.param(block(5, offset=1920) + block(3) + b"\x6folderoldsound", b"sound", id="two before it"),
        pytest.param(block(0) + b"\x6fsound", b"sound", id="an empty one before it"),
        pytest.param(block(3) + b"\x6fold", b"", id="itself empty"),
        pytest.param(bytes.fromhex("ef0f0003") + b"\x6foldsound", b"sound", id="as Chromium writes it"),
    ],
)
def test_the_newest_block_comes_last(payload, expected):
    assert primary(payload) == (111, expected)


@pytest.mark.parametrize(
    "payload", [b"", b"\xef", block(3)[:3], block(3), block(3) + b"\x6fol", block(1) * 40]
)
def test_what_is_cut_off_is_an_error(payload):
    with pytest.raises(ValueError, match="cut off"):
        primary(payload)
