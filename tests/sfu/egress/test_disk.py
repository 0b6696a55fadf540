"""Files that grow on a thread of their own, on disks that fail, hang and fall behind."""

from __future__ import annotations

import errno
import os
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from signaling.sfu.egress import disk as module
from signaling.sfu.egress.disk import HUNG, Disk, GrowingFile


@pytest.fixture
def disk() -> Iterator[Disk]:
    disk = Disk(lambda work: work())
    yield disk
    disk.close(5)


def grow(disk: Disk, path: Path, failed: Callable[[OSError], None] = lambda error: None) -> GrowingFile:
    file = GrowingFile(disk, path, 0.0, room_for=lambda octets: True, failed=failed)
    until(lambda: file.exists)
    return file


def until(true: Callable[[], object]) -> None:
    for _ in range(200):
        if true():
            return
        time.sleep(0.02)
    raise AssertionError("it never came")


def test_what_is_appended_is_written_and_only_then_counts_as_safe(disk: Disk, tmp_path: Path) -> None:
    file = grow(disk, tmp_path / "a")
    file.append(b"one", 7.0)
    assert (file.written, file.newest) == (0, 0.0)
    file.flush(1.0)
    until(lambda: file.written == 3)
    assert file.newest == 7.0
    ended = threading.Event()
    file.append(b"two")
    file.close(2.0, ended.set)
    assert ended.wait(5)
    assert (tmp_path / "a").read_bytes() == b"onetwo"
    assert disk.waiting == 0


@pytest.mark.parametrize("call", ["write", "fsync"])
def test_a_disk_that_fails_is_told_once_and_the_other_files_go_on(
    call: str, disk: Disk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    errors: list[OSError] = []
    broken, other = grow(disk, tmp_path / "a", errors.append), grow(disk, tmp_path / "b")
    genuine = getattr(os, call)

    def failing(handle: int, *more: bytes) -> int:
        if handle == broken._handle:
            raise OSError(errno.EIO, "input/output error")
        return int(genuine(handle, *more) or 0)

    monkeypatch.setattr(module.os, call, failing)
    for file in (broken, other):
        file.append(b"octets")
        file.flush(10.0)
    until(lambda: errors and other.written == 6)
    broken.append(b"more")
    broken.flush(20.0)
    ended = threading.Event()
    broken.close(21.0, ended.set)
    assert ended.wait(5)
    assert [error.errno for error in errors] == [errno.EIO]
    assert broken.written == 0


def test_a_disk_that_hangs_is_noticed_and_memory_stays_bounded(
    disk: Disk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MOST_WAITING_IN_ALL", 1000)
    moves = threading.Event()
    file = grow(disk, tmp_path / "a")
    disk.do(lambda: moves.wait(10))
    file.append(b"x" * 600)
    file.flush(100.0)
    assert not file.late
    file.flush(100.0 + HUNG + 0.1)
    assert file.late
    for _ in range(5):
        file.append(b"x" * 600)
    assert disk.waiting == 1200
    assert file.lost == 4 * 600
    moves.set()
    until(lambda: file.written == 600)
    assert file.flush(106.0)  # it has caught up: packets are missing, a key frame is due
    until(lambda: disk.waiting == 0)


def test_a_file_is_written_to_before_the_disk_has_made_it(disk: Disk, tmp_path: Path) -> None:
    moves = threading.Event()
    disk.do(lambda: moves.wait(10))
    path = tmp_path / "folder/of/a/a"
    file = GrowingFile(disk, path, 100.0, room_for=lambda octets: True, failed=pytest.fail)
    file.append(b"one")
    file.flush(100.3)
    assert not file.late
    file.append(b"two")
    file.flush(100.0 + HUNG + 0.1)
    assert file.late
    assert not file.exists
    moves.set()
    until(lambda: file.exists)
    assert not file.flush(103.0)  # nothing is missing
    until(lambda: file.written == 6)
    assert not file.late
    assert path.read_bytes() == b"onetwo"


@pytest.mark.parametrize(("room", "number"), [(True, errno.EEXIST), (False, errno.ENOSPC)])
def test_a_file_that_cannot_be_made_says_why_and_ends(
    room: bool, number: int, disk: Disk, tmp_path: Path
) -> None:
    (tmp_path / "a").write_bytes(b"of somebody else")
    errors: list[OSError] = []
    file = GrowingFile(disk, tmp_path / "a", 0.0, room_for=lambda octets: room, failed=errors.append)
    file.append(b"one")
    ended = threading.Event()
    file.close(1.0, ended.set)
    assert ended.wait(5)
    assert [error.errno for error in errors] == [number]
    assert (file.exists, file.written, disk.waiting) == (False, 0, 0)
    assert (tmp_path / "a").read_bytes() == b"of somebody else"


async def test_an_answer_of_the_disk_comes_in_its_turn_and_so_does_its_error(tmp_path: Path) -> None:
    disk = Disk(lambda work: work())
    file = tmp_path / "a"
    disk.do(lambda: file.write_bytes(b"octets"))
    assert await disk.ask(file.read_bytes) == b"octets"
    with pytest.raises(FileNotFoundError):
        await disk.ask((tmp_path / "b").read_bytes)
    disk.close(5)
