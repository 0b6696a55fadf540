"""The process for heavy work, for real: it dies in the middle, and the next one makes the file anyway."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil
import pytest

from tests.compose.tracks import beeps, film, flashes, tone
from tests.conftest import NewSchool
from tests.socket.web import ROOT, School

SECONDS = 25
SEED = """
import sys
import django
django.setup()
from datetime import timedelta
from django.core.files import File
from django.utils import timezone
from classrooms.models import ClassSession, Recording, RecordingDownload, RecordingTrack
from tenants.models import Tenant
from tenants.scope import tenant_scope

tenant, now = Tenant.objects.get(), timezone.now()
with tenant_scope(tenant):
    session = ClassSession.objects.get()
    recording = Recording.objects.create(session=session, state="ready", started_at=now, changed_at=now,
                                         ended_at=now, analysed_at=now)
    end = now + timedelta(seconds=int(sys.argv[3]))
    for source, path in zip(("camera", "microphone"), sys.argv[1:3]):
        track = RecordingTrack(tenant=tenant, recording=recording, source=source, egress_id=source,
                               state="ready", started_at=now, ended_at=end)
        with open(path, "rb") as content:
            track.file.save(source, File(content))
    RecordingDownload.objects.create(recording=recording, kind="video", asked_at=now)
"""
LOOK = "select state, done, attempts, file from classrooms_recordingdownload"
LONG_AGO = "update classrooms_recordingdownload set beat_at = '2020-01-01 00:00:00'"
ASKED_AGAIN = "update classrooms_recordingdownload set state = 'waiting', attempts = 0, file = ''"


@pytest.fixture(scope="module")
def school(tmp_path_factory: pytest.TempPathFactory, new_school: NewSchool) -> School:
    folder = tmp_path_factory.mktemp("jobs")
    school = new_school(folder)
    camera = film(folder / "camera.webm", seconds=SECONDS, size=(1280, 720), rate=25)
    voice = tone(folder / "voice.webm", seconds=SECONDS)
    school.run("-c", SEED, str(camera), str(voice), str(SECONDS))
    return school


@contextmanager
def jobs(school: School) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen([sys.executable, "manage.py", "runjobs"], cwd=ROOT, env=school.environment)
    try:
        yield process
    finally:
        process.terminate()
        process.wait(timeout=20)


def wait_until(school: School, wanted: Callable[[list[Any]], bool]) -> list[Any]:
    until = time.monotonic() + 120
    while time.monotonic() < until:
        (told,) = school.ask(LOOK)
        if wanted(told):
            return told
        time.sleep(0.05)
    raise AssertionError(told)


def composers(school: School) -> list[int]:
    """Those of this school: others may run on the same machine."""
    return [
        process.pid
        for process in psutil.process_iter(["cmdline", "environ"])
        if "classrooms.compose" in (process.info["cmdline"] or [])
        and (process.info["environ"] or {}).get("VAR_DIR") == school.environment["VAR_DIR"]
    ]


def test_a_file_whose_maker_is_killed_is_made_by_the_next_one(school: School) -> None:
    with jobs(school) as process:
        wait_until(school, lambda told: told[0] == "running" and told[1] > 0)
        process.kill()
        process.wait()
    for _ in range(100):
        if not composers(school):
            break
        time.sleep(0.1)
    assert not composers(school)  # nobody reads what they would say
    school.ask(LONG_AGO)
    with jobs(school):
        *_, attempts, name = wait_until(school, lambda told: told[0] == "ready")
    assert attempts == 2
    made = Path(school.environment["VAR_DIR"]) / "files" / name
    assert len(beeps(made)) == len(flashes(made)) == SECONDS


def test_told_to_stop_it_ends_its_work_at_once(school: School) -> None:
    school.ask(ASKED_AGAIN)
    with jobs(school) as process:
        wait_until(school, lambda told: told[0] == "running" and told[1] > 0)
        process.terminate()
        assert process.wait(timeout=5) == 0
    assert not composers(school)
