"""The tasks process is killed while it stores a recorded file."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from tests.conftest import NewSchool
from tests.socket.web import wait_until
from tests.storage.wire import Wire

SIZE = 200_000_000
NAME = "demo/recordings/0123456789abcdef.webm"
SEED = """
import sys, django
django.setup()
from django.utils import timezone
from classrooms.models import ClassSession, Recording, RecordingTrack
from classrooms.recorded.keeping import keep
from tenants.models import Tenant
from tenants.scope import tenant_scope
now, tenant = timezone.now(), Tenant.objects.get()
with tenant_scope(tenant):
    recording = Recording.objects.create(tenant=tenant, session=ClassSession.objects.get(),
        state="finishing", started_at=now, changed_at=now, ended_at=now)
    track = RecordingTrack.objects.create(tenant=tenant, recording=recording, written=sys.argv[1],
        size=int(sys.argv[2]))
keep.enqueue(tenant.pk, track.pk)
"""
LOOK = """
import hashlib, django
django.setup()
from classrooms.models import RecordingTrack
from tenants.models import Tenant
from tenants.scope import tenant_scope
with tenant_scope(Tenant.objects.get()):
    track = RecordingTrack.objects.get()
    digest = hashlib.sha256()
    if track.file:
        part = track.file.storage.open_at(track.file.name, 0, track.file.size)
        while piece := part.read(2**20):
            digest.update(piece)
    print(track.state, digest.hexdigest())
"""


def test_a_killed_upload_is_made_good_by_the_next_process(
    url: str, wire: Wire, tmp_path: Path, new_school: NewSchool
) -> None:
    school = new_school(tmp_path, STORAGE_URL=url)
    source = tmp_path / "recordings" / NAME
    source.parent.mkdir(parents=True)
    film = os.urandom(1_000_000) * (SIZE // 1_000_000)
    source.write_bytes(film)
    school.run("-c", SEED, NAME, str(SIZE))
    with school.tasks() as process:
        wait_until(lambda: wire.sent > 30_000_000)
        process.kill()
    assert wire.sent < SIZE
    assert source.exists()
    with school.tasks():
        wait_until(lambda: not source.exists())
    state, digest = school.run("-c", LOOK).split()
    assert (state, digest) == ("ready", hashlib.sha256(film).hexdigest())
