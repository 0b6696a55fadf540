"""Tracks made into one file, which other programs play: right length, everything in its place and in step."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import asdict, replace

import av
import numpy as np
import pytest

from classrooms.compose import film as films
from classrooms.compose.job import Job
from classrooms.compose.speech import speech
from classrooms.compose.storyboard import storyboard
from tests.compose.tracks import beeps, film, flashes, powers, source, tone
from tests.sfu.egress.films import probe

INSET = (0.8, 0.8, 0.97, 0.96)
MIDDLE = (0.2, 0.2, 0.7, 0.7)


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    return tmp_path_factory.mktemp("compose")


@pytest.fixture(scope="module")
def lesson(place):
    """A screen and two cameras that begin at different moments, and two voices of different pitch."""
    return [
        source(film(place / "screen.webm", seconds=6, start=1.3), "screen_share", start=1.3),
        source(film(place / "tom.webm", seconds=8), "camera"),
        source(film(place / "ash.webm", seconds=7, start=0.7), "camera", person="ash", start=0.7),
        source(tone(place / "voice.webm", seconds=7.8, start=0.2), "microphone", start=0.2),
        source(
            tone(place / "other.webm", seconds=6, start=1, pitch=2500, sounds=lambda at: 3 <= at < 5),
            "microphone",
            person="ash",
            start=1,
            speech=[(2.0, 4.0)],
        ),
    ]


@pytest.fixture(scope="module")
def composed(place, lesson):
    path = place / "lesson.mp4"
    told = []
    films.make(Job("video", str(path), lesson), told.append)
    assert told == sorted(told)
    assert 0.9 < told[-1] <= 1
    return path


def test_it_is_an_mp4_of_h264_and_aac_as_long_as_the_class(composed):
    with av.open(str(composed)) as container:
        assert container.streams.video[0].codec_context.name == "h264"
        assert container.streams.audio[0].codec_context.name == "aac"
        assert container.duration / av.time_base == pytest.approx(8, abs=0.1)
    assert probe(composed)["times"][-1] == pytest.approx(8, abs=0.1)


def test_screen_inset_and_sound_are_in_step(composed):
    """Each flashes at every full second of the class, whenever its track began."""
    assert beeps(composed) == pytest.approx(range(1, 8), abs=0.04)
    assert flashes(composed, INSET) == pytest.approx([0, *range(2, 8)], abs=0.06)  # small from 1.3 on
    assert flashes(composed, MIDDLE) == pytest.approx(range(8), abs=0.06)


def test_both_voices_are_heard_when_they_spoke(composed):
    high = [at for at, power in powers(composed, 2500) if power > 0.05]
    assert (high[0], high[-1]) == pytest.approx((3, 5), abs=0.05)


def test_the_picture_begins_to_play_before_all_of_it_is_there(composed):
    head = composed.read_bytes()[:200_000]
    assert head.index(b"moov") < head.index(b"mdat")


def test_a_player_can_seek_to_every_few_seconds(composed):
    with av.open(str(composed)) as container:
        keys = [
            float(packet.pts * packet.time_base) for packet in container.demux(video=0) if packet.is_keyframe
        ]
    assert max(after - before for before, after in zip(keys, [*keys[1:], 8.0], strict=True)) <= 4.1


def test_a_break_is_left_out(place):
    tracks = [
        source(film(place / "first.webm", seconds=3), "camera"),
        source(tone(place / "first-voice.webm", seconds=3), "microphone"),
        source(film(place / "second.webm", seconds=3, start=60.5), "camera", start=60.5),
        source(tone(place / "second-voice.webm", seconds=3, start=60.5), "microphone", start=60.5),
    ]
    path = place / "paused.mp4"
    films.make(Job("video", str(path), tracks), lambda done: None)
    expected = [0, 1, 2, 3.5, 4.5, 5.5]
    assert flashes(path) == pytest.approx(expected, abs=0.06)
    assert beeps(path) == pytest.approx(expected, abs=0.04)


def test_sound_alone_is_an_m4a(place, lesson):
    path = place / "lesson.m4a"
    films.make(Job("audio", str(path), lesson), lambda done: None)
    with av.open(str(path)) as container:
        assert not container.streams.video
        assert container.duration / av.time_base == pytest.approx(8, abs=0.1)
    assert beeps(path) == pytest.approx(range(1, 8), abs=0.04)


def test_one_h264_track_is_copied_not_made_anew(place):
    camera = source(film(place / "h264.mkv", seconds=5, start=0.5, codec="libx264"), "camera", start=0.5)
    voice = source(tone(place / "copy-voice.webm", seconds=5.5), "microphone")
    path = place / "copied.mp4"
    films.make(Job("video", str(path), [camera, voice]), lambda done: None)
    assert flashes(path) == pytest.approx(range(1, 6), abs=0.06)
    assert beeps(path) == pytest.approx(range(6), abs=0.04)
    with av.open(camera.path) as before, av.open(str(path)) as after:
        slices = [sum(packet.size for packet in each.demux(video=0)) for each in (before, after)]
    assert slices[0] == slices[1]


def test_two_voices_that_are_loud_together_do_not_distort(place):
    loud = [
        source(
            tone(place / f"loud{pitch}.webm", seconds=3, pitch=pitch, sounds=lambda at: True, level=0.9),
            "microphone",
            person=str(pitch),
        )
        for pitch in (400, 900)
    ]
    path = place / "loud.m4a"
    films.make(Job("audio", str(path), loud), lambda done: None)
    wanted, overtone = (max(power for _, power in powers(path, pitch)) for pitch in (400, 1300))
    assert wanted > 0.15
    assert overtone < wanted / 10


def test_a_damaged_track_costs_its_own_pictures_and_no_others(place, lesson):
    whole = (place / "tom.webm").read_bytes()
    half = len(whole) // 2
    broken = place / "broken.webm"
    broken.write_bytes(whole[:half] + bytes(200) + whole[half + 200 :])
    damaged = replace(lesson[1], path=str(broken))
    path = place / "damaged.mp4"
    films.make(Job("video", str(path), [lesson[0], damaged, lesson[3]]), lambda done: None)
    assert beeps(path) == pytest.approx(range(1, 8), abs=0.04)
    assert len(flashes(path, MIDDLE)) >= 6


def test_sound_without_any_picture_is_a_film_of_sound(place):
    voice = source(tone(place / "only.webm", seconds=2), "microphone")
    path = place / "only.mp4"
    films.make(Job("video", str(path), [voice]), lambda done: None)
    with av.open(str(path)) as container:
        assert [stream.type for stream in container.streams] == ["audio"]


@pytest.mark.parametrize(
    ("sounds", "expected"),
    [
        (lambda at: False, []),
        (lambda at: 2 <= at < 4, [(2, 4)]),
        (lambda at: 1 <= at < 2 or 2.3 <= at < 3, [(1, 3)]),
        (lambda at: 1 <= at < 2 or 5 <= at < 7, [(1, 2), (5, 7)]),
        (lambda at: 3 <= at < 3.1, []),
    ],
)
def test_it_is_found_out_when_somebody_speaks(sounds, expected, tmp_path):
    found = speech(tone(tmp_path / "voice.webm", seconds=9, sounds=sounds))
    assert [edge for span in found for edge in span] == pytest.approx(
        [edge for span in expected for edge in span], abs=0.1
    )


def test_the_storyboard_shows_what_is_large_every_five_seconds(place):
    camera = source(film(place / "long.webm", seconds=22, luma=lambda at: 40 + int(at / 5) * 40), "camera")
    path = place / "board.jpg"
    every = storyboard(Job("analysis", str(path), [camera]))
    assert every == 5
    with av.open(str(path)) as container:
        picture = next(container.decode(video=0)).to_ndarray(format="gray")
    assert picture.shape == (90, 1600)
    shades = [int(picture[45, 80 + 160 * index]) for index in range(6)]
    assert shades[:5] == sorted(shades[:5])
    assert len(set(shades[:5])) == 5
    assert shades[5] < 5


def test_a_small_picture_is_not_the_black_that_a_camera_begins_with(place):
    shades = np.linspace(20, 230, 320).astype(np.uint8)
    camera = source(
        film(place / "dark.webm", seconds=7, luma=lambda at: shades if at > 1.5 else 16), "camera"
    )
    path = place / "first.jpg"
    storyboard(Job("analysis", str(path), [camera]))
    with av.open(str(path)) as container:
        first = next(container.decode(video=0)).to_ndarray(format="gray")[:, :160]
    assert first.std() > 40


def run(job):
    return subprocess.run(
        [sys.executable, "-m", "classrooms.compose"],
        input=json.dumps(asdict(job)),
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_program_tells_what_it_found_out(place, lesson):
    made = run(Job("analysis", str(place / "made.jpg"), lesson))
    assert made.returncode == 0
    facts = json.loads(made.stdout.splitlines()[-1])
    assert facts["every"] == 5
    assert facts["speech"]["other"] == [pytest.approx([2.0, 4.0], abs=0.1)]


def test_the_program_says_in_one_line_what_failed(place, lesson):
    made = run(Job("video", str(place / "nowhere/made.mp4"), lesson))
    assert made.returncode == 1
    assert len(made.stderr.strip().splitlines()) == 1
