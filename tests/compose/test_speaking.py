"""Who speaks when, without flicker."""

import pytest

from classrooms.compose.job import Source
from classrooms.compose.speaking import turns
from classrooms.spans import merged


def voice(person, *speech, start=0.0, source="microphone"):
    return Source(person, "", source, person, person == "tom", start, start + 100, list(speech))


@pytest.mark.parametrize(
    ("tracks", "expected"),
    [
        ([], []),
        ([voice("ash")], []),
        ([voice("ash", (1, 4))], [(1, "ash")]),
        ([voice("ash", (1, 4), start=10)], [(11, "ash")]),
        ([voice("ash", (0, 5)), voice("tom", (6, 9))], [(0, "ash"), (6, "tom")]),
        ([voice("ash", (0, 5), (6, 8))], [(0, "ash")]),
        # somebody who interjects does not get the picture
        ([voice("ash", (0, 9)), voice("tom", (3, 4))], [(0, "ash")]),
        # who still speaks when the other falls silent does
        ([voice("ash", (0, 5)), voice("tom", (3, 9))], [(0, "ash"), (5, "tom")]),
        # the teacher before others
        ([voice("ash", (0, 5)), voice("bo", (3, 9)), voice("tom", (4, 9))], [(0, "ash"), (5, "tom")]),
        # nobody loses it before two seconds are over
        ([voice("ash", (0, 0.5)), voice("tom", (1, 9))], [(0, "ash"), (2, "tom")]),
        ([voice("ash", (0, 0.5)), voice("bo", (1, 1.5)), voice("tom", (4, 5))], [(0, "ash"), (4, "tom")]),
        # a screen's own sound is nobody speaking
        ([voice("ash", (0, 5), source="screen_share_audio")], []),
        ([voice("ash", (0, 3), (4, 7)), voice("tom", (2, 3.5))], [(0, "ash"), (3, "tom"), (5, "ash")]),
    ],
)
def test_the_turn_goes_from_one_to_the_next(tracks, expected):
    assert [(turn.start, turn.person) for turn in turns(tracks)] == expected


def test_a_track_of_which_nothing_is_known_has_no_say():
    assert turns([Source("m", "", "microphone", "ash", False, 0, 9, None)]) == []


@pytest.mark.parametrize(
    ("spans", "gap", "expected"),
    [
        ([], 1, []),
        ([(0, 1), (1.5, 2)], 1, [(0, 2)]),
        ([(3, 4), (0, 1)], 1, [(0, 1), (3, 4)]),
        ([(0, 5), (1, 2)], 1, [(0, 5)]),
    ],
)
def test_short_pauses_are_none(spans, gap, expected):
    assert merged(spans, gap) == expected
