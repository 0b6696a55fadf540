"""Recordings of one engine and the next: what is told, of which packets a log is made, what becomes of it."""

from __future__ import annotations

import asyncio
import io
import json
import os
import subprocess
import sys
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import pytest_asyncio
from livekit.protocol import egress
from livekit.protocol import room as service
from livekit.protocol.webhook import WebhookEvent

from signaling.sfu import room_service
from signaling.sfu.auth import Claims, verify
from signaling.sfu.clock import LoopClock
from signaling.sfu.egress import finisher
from signaling.sfu.egress.egresses import Egresses
from signaling.sfu.egress.finish import finish, finish_so_far
from signaling.sfu.egress.infos import LATER, SLOW, UNFINISHED
from signaling.sfu.egress.packets import Logged, read_head, read_records
from tests.sfu.egress.films import probe
from tests.sfu.egress.logs import head, opus_rows, write
from tests.sfu.protocol.engine import ROOT, until
from tests.sfu.protocol.wire import Wired, WiredRooms, make_wall_token, open_rooms

ROOM = "demo.biology"
Status = egress.EgressStatus


@dataclass
class School:
    """A class over a real port, its recordings in `folder`; `told` is what webhooks would say."""

    wired: WiredRooms
    folder: Path
    told: list[WebhookEvent]

    @property
    def egresses(self) -> Egresses:
        return self.wired.rooms.egresses

    def record(self, who: Wired, path: str = "a") -> egress.EgressInfo:
        (publication,) = who.participant.publishing
        return self.egresses.start(who.participant, publication, path)

    def info(self, egress_id: str) -> egress.EgressInfo:
        (info,) = self.egresses.list(egress_id=egress_id)
        return info

    def words(self, name: str) -> list[bytes]:
        """What a log that lies there holds."""
        with (self.folder / name).open("rb") as file:
            read_head(file)
            return [record.payload for record in read_records(file) if isinstance(record, Logged)]


@pytest_asyncio.fixture
async def school(tmp_path: Path) -> AsyncIterator[School]:
    told: list[WebhookEvent] = []
    folder = tmp_path / "recordings"
    wired = await open_rooms(told.append, recordings=folder)
    yield School(wired, folder, told)
    await wired.close()
    await at_rest(wired.rooms.egresses)


async def at_rest(egresses: Egresses) -> None:
    """Its processes have ended."""
    await until(lambda: not egresses._finisher._tasks and egresses._so_far._making is None, "the end")


async def arrives(who: Wired, packets: int) -> set[bytes]:
    """What the engine has taken of so many packets."""
    (publication,) = who.participant.publishing
    assert publication.track is not None
    (layer,) = publication.track.layers
    before = layer.packets
    numbers = who.speak(packets)
    await until(lambda: layer.packets >= before + packets, "the packets")
    return {f"{who.identity} {number}".encode() for number in numbers}


@contextmanager
def keeping_logs(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Nothing is made of logs, so that they can be read."""

    async def nothing(*args: object) -> None:
        return None

    with monkeypatch.context() as patch:
        patch.setattr(finisher, "finished", nothing)
        yield


# What is recorded


async def test_a_recording_ends_with_the_packet_before_it_was_stopped(school, monkeypatch):
    teacher = await school.wired.join("teacher")
    before = await arrives(teacher, 3)
    with keeping_logs(monkeypatch):
        begun = school.record(teacher)
        recorded = await arrives(teacher, 20)
        school.egresses.stop(begun.egress_id)
        after = await arrives(teacher, 20)
        await until(lambda: school.info(begun.egress_id).error == LATER, "the end of the log")
    words = school.words("a.packets")
    assert set(words) == recorded
    assert len(words) == 20
    assert not set(words) & (before | after)


async def test_what_the_teacher_muted_is_recorded_by_nobody(school, monkeypatch):
    student = await school.wired.join("student")
    (publication,) = student.participant.publishing
    await arrives(student, 1)
    with keeping_logs(monkeypatch):
        begun = school.record(student)
        first = await arrives(student, 10)
        mute = service.MuteRoomTrackRequest(
            room=ROOM, identity="student", track_sid=publication.sid, muted=True
        )
        room_service.mute_published_track(school.wired.rooms, claims(school), mute)
        await arrives(student, 10)
        publication.mute(False)
        last = await arrives(student, 10)
        school.egresses.stop(begun.egress_id)
        await until(lambda: school.info(begun.egress_id).error == LATER, "the end of the log")
    assert set(school.words("a.packets")) == first | last


def claims(school: School) -> Claims:
    rooms = school.wired.rooms
    token = make_wall_token(rooms, "django", ROOM, roomAdmin=True)
    return verify(token, rooms.config, rooms.clock.wall())


# A disk that does not answer


@contextmanager
def stuck(egresses: Egresses) -> Iterator[None]:
    """The disk answers nothing until the end."""
    moves = threading.Event()
    egresses._disk.do(lambda: moves.wait(20))
    try:
        yield
    finally:
        moves.set()


async def test_what_is_recorded_while_the_disk_does_not_answer_is_whole_once_it_does(school):
    teacher = await school.wired.join("teacher")
    await arrives(teacher, 1)
    with stuck(school.egresses):
        begun = school.record(teacher)
        assert begun.status == Status.EGRESS_ACTIVE
        await arrives(teacher, 20)
        await until(lambda: school.info(begun.egress_id).error == SLOW, "the alarm")
        assert [event.egress_info.error for event in school.told if event.event == "egress_updated"] == [SLOW]
        assert not school.folder.exists()
    await until(lambda: school.info(begun.egress_id).error == "", "the all-clear")
    school.egresses.stop(begun.egress_id)
    await until(lambda: school.info(begun.egress_id).status == Status.EGRESS_COMPLETE, "the film")
    film = school.info(begun.egress_id)
    assert json.loads(film.details)["frames"] == 20


@pytest.fixture
def touched(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[tuple[str, str]]:
    """What this thread, which is the packet loop's, does with files in the test's folder."""
    loop, found = threading.get_ident(), []

    def watch(module: ModuleType, name: str) -> None:
        genuine = getattr(module, name)

        def watched(path: Any, *args: Any, **more: Any) -> Any:
            if threading.get_ident() == loop and str(tmp_path) in str(path):
                found.append((name, str(path)))
            return genuine(path, *args, **more)

        monkeypatch.setattr(module, name, watched)

    for name in ("open", "mkdir", "unlink", "rename", "replace", "scandir", "stat", "statvfs"):
        watch(os, name)
    watch(io, "open")
    return found


async def test_the_loop_touches_no_file_of_a_recording_from_its_beginning_to_its_end(school, touched):
    """Nor asks how much place there is: packets would wait for the answer."""
    teacher = await school.wired.join("teacher")
    await arrives(teacher, 1)
    school.egresses.recover()
    begun = school.record(teacher)
    await arrives(teacher, 10)
    await until(lambda: school.info(begun.egress_id).file.size > 0, "something on the disk")
    school.egresses.so_far(begun.egress_id)
    await until(lambda: "so_far" in school.info(begun.egress_id).details, "the file so far")
    school.egresses.stop(begun.egress_id)
    await until(lambda: school.info(begun.egress_id).status == Status.EGRESS_COMPLETE, "the film")
    assert touched == []


async def test_a_name_that_is_taken_fails_that_recording_and_leaves_the_other_alone(school):
    other = write(school.folder / "a.packets", head("audio/opus"), opus_rows(1.0))
    content = other.read_bytes()
    teacher = await school.wired.join("teacher")
    await arrives(teacher, 1)
    begun = school.record(teacher)
    await until(lambda: school.info(begun.egress_id).status == Status.EGRESS_FAILED, "the failure")
    assert school.info(begun.egress_id).error == "There is a recording of that name."
    assert school.told[-1].event == "egress_ended"
    assert other.read_bytes() == content


async def test_a_log_that_somebody_deleted_is_told_as_failed(school):
    teacher = await school.wired.join("teacher")
    await arrives(teacher, 1)
    begun = school.record(teacher)
    await until(lambda: (school.folder / "a.packets").exists(), "the log")
    (school.folder / "a.packets").unlink()
    school.egresses.stop(begun.egress_id)
    await until(lambda: school.info(begun.egress_id).status == Status.EGRESS_FAILED, "the failure")
    assert school.told[-1].egress_info.error == UNFINISHED


# What an engine before left behind


@dataclass
class Next:
    """An engine that finds what another one left behind."""

    folder: Path
    told: list[WebhookEvent] = field(default_factory=list)
    counted: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        loop = asyncio.get_running_loop()
        self.egresses = Egresses(self.folder, LoopClock(loop), self.told.append, self.counted.append)
        self.egresses.run_on(loop)

    async def __aenter__(self) -> Next:
        self.egresses.recover()
        return self

    async def __aexit__(self, *error: object) -> None:
        self.egresses.close()
        await at_rest(self.egresses)

    def said(self) -> list[tuple[str, int, str]]:
        return [(each.event, each.egress_info.status, each.egress_info.error) for each in self.told]

    @property
    def listed(self) -> list[tuple[str, int]]:
        return [(info.egress_id, info.status) for info in self.egresses.list(room="demo.r")]

    @property
    def files(self) -> list[str]:
        return sorted(str(path.relative_to(self.folder)) for path in self.folder.rglob("*") if path.is_file())


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("TRY_AGAIN", "PAUSE", "LONGEST_PAUSE"):
        monkeypatch.setattr(finisher, name, 0.05)


def log_in(folder: Path, name: str = "demo/a") -> Path:
    return write(folder / f"{name}.packets", head("audio/opus", path=name), opus_rows(1.0))


DIED = "The media server ended before the recording did."
SLOWLY = """
import sys, time
from pathlib import Path
from signaling.sfu.egress import finish
make = finish.make
def slow(*args):
    print("at it", flush=True)
    sys.stdin.readline()
    return make(*args)
finish.make = slow
finish.finish(Path(sys.argv[1]), Path(sys.argv[2]))
"""


@contextmanager
def finishing(log: Path, root: Path) -> Iterator[Callable[[], None]]:
    """A process that an engine began before it was killed; it goes on when told to."""
    command = [sys.executable, "-c", SLOWLY, str(log), str(root)]
    child = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    assert child.stdout.readline() == "at it\n"
    try:
        yield lambda: child.communicate("go on\n") and None
    finally:
        child.kill()
        child.wait()


async def test_what_a_killed_engine_had_begun_to_finish_is_told_by_the_next_one(tmp_path, impatient):
    with finishing(log_in(tmp_path), tmp_path) as go_on:
        async with Next(tmp_path) as engine:
            await until(lambda: engine.listed, "the log")
            assert engine.listed == [("EG_1", Status.EGRESS_ENDING)]
            go_on()
            await until(lambda: engine.told, "the end")
            assert engine.said() == [("egress_ended", Status.EGRESS_COMPLETE, DIED)]
            await until(lambda: engine.files == ["demo/a.webm"], "the film alone")
    assert engine.told[0].egress_info.file.filename == "demo/a.webm"


@pytest.mark.parametrize("power_fails", [False, True])
async def test_what_was_made_before_the_engine_died_is_told_once_and_not_made_again(
    power_fails, tmp_path, impatient
):
    log = log_in(tmp_path)
    content = log.read_bytes()
    finish(log, tmp_path)
    made = (tmp_path / "demo/a.webm").stat()
    if power_fails:  # what was deleted last may be there again
        log.write_bytes(content)
        log.with_name("a-so-far.webm").write_bytes(b"of no use")
    async with Next(tmp_path) as engine:
        await until(lambda: engine.files == ["demo/a.webm"], "the film alone")
    assert engine.said() == [("egress_ended", Status.EGRESS_COMPLETE, DIED)]
    assert (tmp_path / "demo/a.webm").stat().st_mtime_ns == made.st_mtime_ns


async def test_a_log_that_cannot_be_finished_is_tried_again_told_as_failed_and_finished_after_all(
    tmp_path, impatient
):
    log = log_in(tmp_path)
    (tmp_path / "demo/a.part").mkdir()  # the film cannot be written
    async with Next(tmp_path) as engine:
        await until(lambda: len(engine.told) >= finisher.ATTEMPTS, "the failure", 30)
        later = ("egress_updated", Status.EGRESS_ENDING, LATER)
        failed = ("egress_ended", Status.EGRESS_FAILED, UNFINISHED)
        assert engine.said()[: finisher.ATTEMPTS] == [later] * (finisher.ATTEMPTS - 1) + [failed]
        assert engine.told[0].egress_info.room_name == "demo.r"
        assert engine.listed == [("EG_1", Status.EGRESS_FAILED)]
        assert log.exists()
        (tmp_path / "demo/a.part").rmdir()
        await until(lambda: len(engine.told) > finisher.ATTEMPTS, "the film", 30)
        assert engine.said()[-1] == ("egress_ended", Status.EGRESS_COMPLETE, DIED)
        assert engine.listed == [("EG_1", Status.EGRESS_COMPLETE)]
        assert probe(tmp_path / "demo/a.webm")["times"]


async def test_a_log_that_cannot_be_finished_or_read_holds_up_no_other(tmp_path):
    log_in(tmp_path, "demo/a")
    write(tmp_path / "demo/b.packets", head("audio/opus", path="demo/b", egress_id="EG_2"), opus_rows(1.0))
    (tmp_path / "demo/a.part").mkdir()
    (tmp_path / "0.packets").mkdir()
    async with Next(tmp_path) as engine:
        await until(lambda: (tmp_path / "demo/b.webm").exists(), "the other film", 30)
        await until(lambda: ("EG_2", Status.EGRESS_COMPLETE) in engine.listed, "its end")
        assert ("EG_1", Status.EGRESS_ENDING) in engine.listed


async def test_a_log_that_is_none_is_put_aside_and_told_of_nobody(tmp_path, impatient):
    (tmp_path / "a.packets").write_bytes(b"AULA PACKETS 1\n{")
    async with Next(tmp_path) as engine:
        await until(lambda: engine.files == ["a.broken"], "the end of it", 30)
        assert engine.told == []
        assert engine.listed == []


# Files of what there is so far


def test_a_file_of_what_there_is_so_far_does_not_outlive_the_recording(tmp_path, monkeypatch):
    """The whole one is finished while it is being made."""
    log = log_in(tmp_path)
    genuine, names = os.replace, []

    def replace(draft: Path, target: Path) -> None:
        if not names:
            names.append(target.name)
            finish(log, tmp_path)
        genuine(draft, target)

    monkeypatch.setattr(os, "replace", replace)
    assert finish_so_far(log, tmp_path).path == ""
    assert names == ["a-so-far.webm"]
    assert sorted(path.name for path in tmp_path.rglob("*.*")) == ["a.made", "a.webm"]


async def test_a_file_of_what_there_was_so_far_that_comes_too_late_is_deleted(school, monkeypatch):
    teacher = await school.wired.join("teacher")
    await arrives(teacher, 1)
    with keeping_logs(monkeypatch):
        begun = school.record(teacher)
        await arrives(teacher, 10)
        await until(lambda: school.info(begun.egress_id).file.size > 0, "something on the disk")
        school.egresses.so_far(begun.egress_id)
        school.egresses.stop(begun.egress_id)
        await until(lambda: school.egresses._so_far._making is None, "the file so far", 30)
        late = school.folder / "a-so-far.webm"
        await until(lambda: not late.exists(), "its end")
    assert "so_far" not in school.info(begun.egress_id).details
    assert not [event for event in school.told if "so_far" in event.egress_info.details]
