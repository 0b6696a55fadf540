"""WebVTT files, read line by line."""

import pytest

from classrooms.recorded.webvtt import Cue, Malformed, cues, decoded

GOOD = """WEBVTT - Cell division
Kind: captions

STYLE
::cue { color: yellow }

NOTE
made by hand

first
00:01.000 --> 00:02.500 align:start
<v Tom>Look here.

00:00:02.000 --> 00:00:04.000
Two
lines

100:00:00.000 --> 100:00:01.000
"""


def test_a_file_as_the_standard_has_it_is_read():
    assert cues(GOOD) == [
        Cue(1.0, 2.5, "<v Tom>Look here.", 11),
        Cue(2.0, 4.0, "Two\nlines", 14),
        Cue(360000.0, 360001.0, "", 18),
    ]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_way_to_end_a_line_counts(end):
    text = end.join(["WEBVTT", "", "00:01.000 --> 00:02.000", "a", "", "00:03.000 -> 00:04.000", "b"])
    with pytest.raises(Malformed) as raised:
        cues(text)
    assert raised.value.line == 6


def test_a_byte_order_mark_and_a_zero_are_taken():
    assert decoded(b"\xef\xbb\xbfWEBVTT\n\0") == "WEBVTT\n\ufffd"


CUE = "00:01.000 --> 00:02.000\na\n"


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("", 1, "begin with WEBVTT"),
        ("1\n00:00:01,000 --> 00:00:02,000\na\n", 1, "begin with WEBVTT"),
        ("WEBVTTX\n\n" + CUE, 1, "begin with WEBVTT"),
        ("WEBVTT\n\n", 3, "no captions"),
        ("WEBVTT\n\nNOTE nothing\n", 4, "no captions"),
        ("WEBVTT\n\n00:00:01,000 --> 00:00:02,000\na\n", 3, "comma"),
        ("WEBVTT\n\n" + CUE + "\n2\n00:61.000 --> 01:02.000\nb\n", 7, "look like"),
        ("WEBVTT\n\n1:00:00.000 --> 1:00:01.000\nb\n", 3, "look like"),
        ("WEBVTT\n\n00:01.000-->00:02.000\nb\n", 3, "look like"),
        ("WEBVTT\n\n00:02.000 --> 00:02.000\nb\n", 3, "ends before"),
        ("WEBVTT\n\n00:05.000 --> 00:06.000\na\n\n" + CUE, 6, "begins before"),
        ("WEBVTT\n\nonly words\n", 3, "times are missing"),
        ("WEBVTT\n\nonly words\nand more\n\n" + CUE, 3, "times are missing"),
        ("WEBVTT\n\n" + CUE + "00:03.000 --> 00:04.000\nb\n", 5, "empty line"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(text, line, words):
    with pytest.raises(Malformed) as raised:
        cues(text)
    assert (raised.value.line, words in str(raised.value.why)) == (line, True), str(raised.value.why)


def test_bytes_that_are_no_utf_8_are_found_in_their_line():
    with pytest.raises(Malformed) as raised:
        decoded("WEBVTT\n\n00:01.000 --> 00:02.000\nGrün".encode("latin-1"))
    assert raised.value.line == 4
