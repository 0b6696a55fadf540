"""What is seen where and when."""

import pytest

from classrooms.compose.job import Source
from classrooms.compose.scenes import arranged, scenes
from classrooms.compose.speaking import Turn
from classrooms.recorded.timeline import stretches


def picture(name, start=0.0, end=10.0, source="camera", person=""):
    person = person or name
    return Source(name, "", source, person, person == "tom", start, end)


def screen(name, start=0.0, end=10.0, person="tom"):
    return picture(name, start, end, "screen_share", person)


def boxes(places):
    return [(place.track, place.x, place.y, place.width, place.height) for place in places]


@pytest.mark.parametrize(
    ("playing", "speaker", "expected"),
    [
        ([], "", []),
        ([picture("tom")], "", [("tom", 0, 0, 1280, 720)]),
        ([screen("slides")], "", [("slides", 0, 0, 1280, 720)]),
        ([screen("a", 1), screen("b", 2)], "", [("b", 0, 0, 1280, 720)]),
        # beside a screen: whoever speaks, else the teacher, else the first
        (
            [screen("s"), picture("ash"), picture("tom")],
            "ash",
            [("s", 0, 0, 1280, 720), ("ash", 1008, 560, 256, 144)],
        ),
        (
            [screen("s"), picture("ash"), picture("tom")],
            "bo",
            [("s", 0, 0, 1280, 720), ("tom", 1008, 560, 256, 144)],
        ),
        # cameras alone: the teacher first, the last row in the middle
        ([picture("ash"), picture("tom")], "", [("tom", 0, 180, 640, 360), ("ash", 640, 180, 640, 360)]),
        (
            [picture("ash"), picture("bo"), picture("tom")],
            "",
            [("tom", 0, 0, 640, 360), ("ash", 640, 0, 640, 360), ("bo", 320, 360, 640, 360)],
        ),
    ],
)
def test_everything_has_its_place(playing, speaker, expected):
    assert boxes(arranged(playing, speaker, 1280, 720)) == expected


def test_of_more_than_nine_cameras_the_speakers_is_seen():
    cameras = [picture(f"p{index:02}", start=index) for index in range(12)]
    assert [place.track for place in arranged(cameras, "", 1280, 720)][-1] == "p08"
    assert [place.track for place in arranged(cameras, "p11", 1280, 720)][-1] == "p11"
    assert len(arranged(cameras, "p03", 1280, 720)) == 9


def test_no_place_reaches_out_of_the_picture_and_all_are_even():
    for count in range(1, 10):
        cameras = [picture(f"p{index}") for index in range(count)]
        for width, height in ((1280, 720), (160, 90)):
            for place in arranged(cameras, "", width, height):
                assert place.x + place.width <= width
                assert place.y + place.height <= height
                assert not any(value % 2 for value in (place.x, place.y, place.width, place.height))


def test_a_scene_lasts_as_long_as_nothing_changes():
    tracks = [picture("tom"), picture("ash"), screen("slides", 4, 6)]
    turns = [Turn(0, "tom"), Turn(5, "ash"), Turn(8, "tom")]
    found = scenes(tracks, turns, stretches([(0, 10)]), 1280, 720)
    assert [(scene.start, scene.end, [place.track for place in scene.places]) for scene in found] == [
        (0, 4, ["tom", "ash"]),
        (4, 5, ["slides", "tom"]),
        (5, 6, ["slides", "ash"]),
        (6, 10, ["tom", "ash"]),
    ]


def test_a_break_is_in_no_scene():
    tracks = [picture("a", 0, 3), picture("b", 20, 23)]
    found = scenes(tracks, [], stretches([(0, 3), (20, 23)]), 1280, 720)
    assert [(scene.start, scene.end) for scene in found] == [(0, 3), (20, 23)]
