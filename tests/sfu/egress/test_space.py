"""Whether recordings have a place, said of real file systems."""

from __future__ import annotations

import subprocess
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio

from signaling.sfu.egress.disk import Disk
from signaling.sfu.egress.infos import BROKEN, FULL
from signaling.sfu.egress.space import RESERVE, Space

MIB = 1024 * 1024


@pytest.fixture
def root(tmp_path: Path) -> Iterator[Path]:
    """Ten MiB."""
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=10m", "tmpfs", tmp_path], check=True)
    yield tmp_path
    subprocess.run(["umount", "-l", tmp_path], check=True)


def remount(root: Path, how: str) -> None:
    subprocess.run(["mount", "-o", f"remount,{how}", root], check=True)


@pytest_asyncio.fixture
async def disk() -> AsyncIterator[Disk]:
    disk = Disk(lambda work: work())
    yield disk
    disk.close(5)


async def looked(disk: Disk, space: Space, octets: int = 0) -> str:
    """What it says once it has looked anew."""
    await disk.ask(lambda: None)  # what was to be looked at before
    space.look()
    await disk.ask(lambda: None)
    return space.trouble(octets)


async def test_a_disk_is_full_as_long_as_what_is_written_could_not_be_finished(
    disk: Disk, root: Path
) -> None:
    needed = [0]
    space = Space(root, disk, lambda: needed[0])
    assert await looked(disk, space) == ""
    needed[0] = 7 * MIB
    assert await looked(disk, space) == ""
    assert await looked(disk, space, 2 * MIB) == FULL
    (root / "filler").write_bytes(bytes(10 * MIB - RESERVE - 6 * MIB))
    assert await looked(disk, space) == FULL
    (root / "filler").unlink()
    assert await looked(disk, space) == ""


async def test_a_disk_that_cannot_be_written_is_told_until_it_can(disk: Disk, root: Path) -> None:
    space = Space(root, disk, lambda: 0)
    remount(root, "ro")
    assert await looked(disk, space) == BROKEN
    remount(root, "rw")
    assert await looked(disk, space) == ""


async def test_a_folder_that_is_not_there_yet_is_no_trouble(disk: Disk, tmp_path: Path) -> None:
    assert await looked(disk, Space(tmp_path / "later", disk, lambda: 0)) == ""
