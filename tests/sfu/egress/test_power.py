"""A power cut: what the disk holds at some moment, whatever the kernel still meant to write."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from signaling.sfu.egress.disk import Disk, GrowingFile
from signaling.sfu.egress.finish import finish
from tests.sfu.egress.logs import head, opus_rows, write


@contextmanager
def mounted(image: Path, path: Path) -> Iterator[Path]:
    path.mkdir()
    subprocess.run(["mount", "-o", "loop", image, path], check=True)
    try:
        yield path
    finally:
        subprocess.run(["umount", path], check=True)


@pytest.fixture
def image(tmp_path: Path) -> Path:
    """A file system of its own, whose disk is a file."""
    image = tmp_path / "disk.img"
    with image.open("wb") as file:
        file.truncate(64 * 1024 * 1024)
    subprocess.run(["mkfs.ext4", "-q", image], check=True)
    return image


def power_cut(image: Path) -> Path:
    """The disk as it is now."""
    return Path(shutil.copyfile(image, image.with_name("after.img")))


def write_the_journal(path: Path) -> None:
    """As happens every few seconds: names and sizes reach the disk, contents need not."""
    other = path / "other"
    other.write_bytes(b"of somebody else")
    with other.open("rb") as file:
        os.fsync(file)


def test_a_power_cut_leaves_the_whole_film_or_its_log(image: Path, tmp_path: Path) -> None:
    with mounted(image, tmp_path / "disk") as disk:
        log = write(disk / "demo/recordings/a.packets", head("audio/opus"), opus_rows(3.0))
        subprocess.run(["sync", "-f", disk], check=True)
        made = finish(log, disk)
        write_the_journal(disk)
        after = power_cut(image)
    with mounted(after, tmp_path / "after") as disk:
        film = (disk / made.path).read_bytes()
        assert hashlib.sha256(film).hexdigest() == made.sha256
        assert made.sha256 in (disk / "demo/recordings/a.made").read_text()


def test_a_log_has_its_name_from_the_beginning_and_what_was_flushed(image: Path, tmp_path: Path) -> None:
    moment: list[Path] = []
    with mounted(image, tmp_path / "disk") as root:
        disk, ended = Disk(lambda work: work()), threading.Event()
        path = root / "demo/recordings/a.packets"
        file = GrowingFile(disk, path, 0.0, room_for=lambda octets: True, failed=pytest.fail)
        disk.do(lambda: ended.set())
        assert ended.wait(5)
        file.append(b"what was said")
        file.flush(100.0)
        disk.do(lambda: moment.append(power_cut(image)))
        file.close(101.0, lambda: None)
        disk.close(5)
    with mounted(moment[0], tmp_path / "after") as root:
        assert (root / "demo/recordings/a.packets").read_bytes() == b"what was said"
