"""A class is recorded: everybody sees it, who said no is left out, and the files play in other programs."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from datetime import datetime
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.accessible import faults
from tests.journeys.aula import Aula
from tests.journeys.steps import end_for_everyone, enter, open_class, say, see
from tests.journeys.test_direct import goes
from tests.sfu.egress.films import longest_gap, loudness, probe

pytestmark = [pytest.mark.journey, pytest.mark.alone]
TRACKS = """
select t.source, t.name, t.state, t.file, t.started_at, t.ended_at, r.state, t.until
from classrooms_recordingtrack t join classrooms_recording r on t.recording_id = r.id
join classrooms_classsession s on r.session_id = s.id where s.public_id = ? order by t.started_at
"""


def tracks(aula: Aula, path: str) -> list[tuple[str, ...]]:
    with closing(sqlite3.connect(aula.folder / "aula.sqlite3")) as database:
        return database.execute(TRACKS, [path.split("/")[2]]).fetchall()


def ready(aula: Aula, path: str, count: int) -> list[tuple[str, ...]]:
    """Wait until all is stored."""
    for _ in range(300):
        found = tracks(aula, path)
        if len(found) >= count and all(row[2] in ("ready", "empty") and row[6] == "ready" for row in found):
            return [row for row in found if row[2] == "ready"]
        time.sleep(0.1)
    raise AssertionError(found)


def length(aula: Aula, row: tuple[str, ...]) -> float:
    return float(probe(aula.folder / "files" / row[3])["times"][-1])


def seconds(since: str, until: str) -> float:
    return (datetime.fromisoformat(until) - datetime.fromisoformat(since)).total_seconds()


@pytest.fixture
def two(aula: Aula, signed_in: Callable[..., Page]) -> tuple[Page, Page, str]:
    teacher, student = signed_in("teacher@demo.test"), signed_in("student@demo.test", bypass_csp=True)
    path = open_class(aula, teacher)
    enter(teacher, "Start class")
    student.goto(aula.url(path))
    enter(student, "Join class")
    goes(teacher, "direct")
    return teacher, student, path


def record(teacher: Page) -> None:
    teacher.get_by_role("toolbar").get_by_role("button", name="Record", exact=True).click()


def choose(teacher: Page, words: str) -> None:
    teacher.get_by_role("toolbar").get_by_role("button", name="Recording").click()
    teacher.get_by_role("menuitem", name=words).click()


@pytest.mark.complains("status of 4")
def test_a_recorded_class_leaves_everybodys_sound_and_pictures_stored(aula, two):
    teacher, student, path = two
    record(teacher)
    for page in (teacher, student):
        goes(page, "server")  # what two people say to each other directly could not be recorded
        expect(page.get_by_role("button", name="Recording: what is kept")).to_be_visible()
    expect(student.get_by_text("This class is recorded:")).to_be_visible()
    student.get_by_role("button", name="OK", exact=True).click()
    say(teacher, "Look at the drawing")
    teacher.wait_for_timeout(8000)
    student.get_by_role("button", name="Recording: what is kept").click()
    note = student.get_by_role("dialog", name="Recording")
    expect(note).to_contain_text("Sound: 0:")
    expect(note).to_contain_text("Screen and cameras: 0:")
    end_for_everyone(teacher)
    found = ready(aula, path, 4)
    assert sorted(row[:2] for row in found) == [
        ("camera", "Ash Summers"),
        ("camera", "Martin Ames"),
        ("microphone", "Ash Summers"),
        ("microphone", "Martin Ames"),
    ]
    for source, _, _, file, *_ in found:
        film = aula.folder / "files" / file
        times = probe(film)["times"]
        assert times[-1] > 6
        assert longest_gap(times) < 1.0
        if source == "microphone":
            assert loudness(film) > -50
    assert not list(Path(aula.folder / "recordings").rglob("*.*"))
    watch(aula, student, path)
    assert not teacher.complaints + student.complaints
    look_after(aula, teacher, student, path)
    assert not teacher.complaints


PLAYED = """() => [...document.querySelectorAll("#player video, #player audio")].map((each) => ({
  time: each.currentTime, paused: each.paused, kind: each.localName, width: each.videoWidth ?? 0,
}))"""


def watch(aula: Aula, student: Page, path: str) -> None:
    """The recording plays in the student's browser: all of it in step, from any moment."""
    student.goto(aula.url(path))
    student.get_by_role("link", name="Play recording").click()
    student.get_by_role("button", name="Play", exact=True).click()
    student.wait_for_function("document.querySelector('#player video').currentTime > 2")
    expect(student.get_by_role("log", name="Chat")).to_contain_text("Look at the drawing")
    played = student.evaluate(PLAYED)
    assert len(played) == 4
    assert not any(each["paused"] for each in played)
    times = [each["time"] for each in played]
    assert max(times) - min(times) < 1.0  # they began one after the other; what is seen together is in step
    assert all(each["width"] for each in played if each["kind"] == "video")
    student.keyboard.press("k")
    student.wait_for_function("document.querySelector('#player video').paused")
    student.get_by_role("slider", name="Position").fill("5")
    student.wait_for_function("document.querySelector('#player video').currentTime > 4")
    student.goto(student.url.split("?")[0] + "?t=3")
    expect(student.get_by_text("0:03 of 0:")).to_be_visible()


def look_after(aula: Aula, teacher: Page, student: Page, path: str) -> None:
    """The teacher reads who has watched, deletes the recording and takes it back."""
    player = student.url.split("?")[0]
    teacher.goto(aula.url(path))
    found = faults(teacher)
    teacher.get_by_role("link", name="Who watched").click()
    expect(teacher.get_by_role("row", name="Ash Summers")).to_contain_text(" %")
    expect(teacher.get_by_role("row", name="Elm Tanaka")).to_contain_text("Not yet")
    found += faults(teacher)
    teacher.get_by_role("link", name="Photosynthesis").click()
    teacher.get_by_role("button", name="Delete", exact=True).click()
    dialog = teacher.get_by_role("dialog", name="Delete this recording?")
    expect(dialog.get_by_role("button", name="Keep it")).to_be_focused()
    found += faults(teacher)
    dialog.get_by_role("button", name="Delete recording").click()
    expect(teacher.get_by_text("Deleted, gone for good on")).to_be_visible()
    found += faults(teacher)
    assert see(student, player)[0] == 404
    teacher.get_by_role("button", name="Restore").click()
    expect(teacher.get_by_role("link", name="Play recording")).to_be_visible()
    assert see(student, player)[0] == 200
    assert not found, "\n".join(found)


@pytest.mark.complains("status of 4", "WebSocket connection to")
def test_nothing_of_a_pause_is_kept_and_nothing_of_who_said_no(aula, two):
    teacher, student, path = two
    record(teacher)
    student.get_by_role("button", name="Not me").click()
    teacher.wait_for_timeout(4000)
    choose(teacher, "Pause recording")
    expect(student.get_by_role("button", name="Rec paused")).to_be_visible()
    teacher.wait_for_timeout(4000)
    choose(teacher, "Go on recording")
    teacher.wait_for_timeout(4000)
    choose(teacher, "Stop recording")
    expect(student.get_by_role("button", name="Recording")).to_have_count(0)
    found = [row for row in ready(aula, path, 4) if row[1] == "Martin Ames"]
    assert all(row[5] for row in found)
    cameras = [row for row in found if row[0] == "camera"]
    assert len(cameras) == 2
    assert cameras[0][5] < cameras[1][4]  # the first is over before the second begins
    assert all(length(aula, row) > 1.5 for row in cameras)
    refused = [row for row in tracks(aula, path) if row[1] == "Ash Summers" and row[2] == "ready"]
    for row in cameras + refused:
        assert length(aula, row) <= seconds(row[4], row[7]), "nothing after the word"
