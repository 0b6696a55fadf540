"""Work in the background outlives the process that had begun it."""

from __future__ import annotations

import subprocess
import sys
from uuid import uuid4

import pytest
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from aula.workers import MOST_BEGUN, worker

pytestmark = pytest.mark.django_db
HOLD = """
import fcntl, os, sys, time
handle = os.open(sys.argv[1], os.O_CREAT | os.O_RDWR)
fcntl.flock(handle, fcntl.LOCK_EX)
print("held", flush=True)
time.sleep(60)
"""


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.VAR = tmp_path
    (tmp_path / "workers").mkdir()
    return tmp_path / "workers"


def begun(*names):
    """A task that was claimed by these, one after the other."""
    return DBTaskResult.objects.create(
        id=uuid4(),
        status="RUNNING",
        started_at=timezone.now(),
        run_after=timezone.now(),
        args_kwargs={"args": ["demo/recordings/a.webm"], "kwargs": {}},
        task_path="classrooms.discarding.discard",
        backend_name="default",
        worker_ids=list(names),
    )


def status(task):
    task.refresh_from_db()
    return task.status


def test_what_a_killed_worker_had_begun_is_begun_again(folder):
    with subprocess.Popen([sys.executable, "-c", HOLD, folder / "one"], stdout=subprocess.PIPE) as process:
        process.stdout.readline()
        task = begun("one")
        with worker():
            assert status(task) == "RUNNING"
        process.kill()
    with worker() as name:
        assert status(task) == "READY"
        assert [path.name for path in folder.iterdir()] == [name]
    assert not list(folder.iterdir())


def test_what_others_do_elsewhere_is_left_to_them(folder):
    (folder / "one").touch()
    elsewhere, taken_over = begun("two"), begun("one", "two")
    with worker():
        assert {status(elsewhere), status(taken_over)} == {"RUNNING"}


def test_a_task_that_kills_its_workers_is_given_up(folder):
    (folder / "one").touch()
    task = begun(*["zero"] * (MOST_BEGUN - 1), "one")
    with worker():
        assert status(task) == "FAILED"
