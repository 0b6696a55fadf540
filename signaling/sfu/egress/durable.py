"""What survives a power cut: the content of files, and the names that folders hold."""

from __future__ import annotations

import os
from pathlib import Path


def sync(path: Path) -> None:
    """What is in the file, or which names the folder has, is on the disk (fsync(2)). Raises OSError."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def make_folder(path: Path) -> None:
    """With those it lies in, if they are not there. Raises OSError."""
    if path.is_dir():
        return
    make_folder(path.parent)
    path.mkdir(exist_ok=True)
    sync(path.parent)
