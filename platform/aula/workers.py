"""Who does the work in the background, and whose work is taken up again because they were killed.

The queue (django-tasks-db) marks a task as running and knows no more of it. Every worker therefore holds a
lock (flock(2)) for as long as it lives, in a file named after it: what is marked with the name of one whose
lock is free was left undone. Tasks may so be begun twice; that they bear it is part of their kind.
"""

from __future__ import annotations

import fcntl
import logging
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.utils.crypto import get_random_string
from django_tasks_db.models import DBTaskResult

logger = logging.getLogger(__name__)

MOST_BEGUN = 5  # times: a task that kills its workers is given up


@contextmanager
def worker() -> Iterator[str]:
    """The name of this worker, unique; what killed ones left is put back into the queue first."""
    folder = settings.VAR / "workers"
    folder.mkdir(parents=True, exist_ok=True)
    put_back(folder)
    name = f"{socket.gethostname()[:30]}-{get_random_string(16)}"
    handle = os.open(folder / name, os.O_CREAT | os.O_RDWR, 0o600)
    fcntl.flock(handle, fcntl.LOCK_EX)
    try:
        yield name
    finally:
        (folder / name).unlink(missing_ok=True)
        os.close(handle)


def put_back(folder: Path) -> None:
    """What killed workers on this machine had begun."""
    for path in folder.iterdir():
        if is_gone(path):
            release(path.name)
            path.unlink(missing_ok=True)


def is_gone(path: Path) -> bool:
    handle = os.open(path, os.O_RDWR)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    finally:
        os.close(handle)
    return True


def release(name: str) -> None:
    for task in DBTaskResult.objects.running():
        if task.worker_ids[-1:] != [name]:
            continue
        if len(task.worker_ids) < MOST_BEGUN:
            DBTaskResult.objects.filter(pk=task.pk).update(status="READY", started_at=None)
            logger.warning("%s was left undone, and is begun again", task.task_path)
        else:
            task.set_failed(RuntimeError(f"its workers died {MOST_BEGUN} times"))
            logger.error("%s is given up: its workers died %d times", task.task_path, MOST_BEGUN)
