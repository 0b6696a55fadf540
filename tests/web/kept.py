"""Recordings that are over and kept, with files in the storage of the test."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from accounts.models import Membership
from classrooms.models import ClassSession, Recording, RecordingDownload, RecordingTrack
from tenants.scope import tenant_scope

LONG = 100.0  # seconds of each recording
_names = count(1)


def use_folder(settings: Any, folder: Path) -> None:
    """Where stored files lie, and where the media server writes."""
    options = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": folder}}
    settings.STORAGES = settings.STORAGES | {"default": options}
    settings.RECORDINGS_DIR = folder / "written"


def stored(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def kept(session: ClassSession, by: Membership | None, ended_at: datetime, **more: Any) -> Recording:
    """With one track, a storyboard and a download, each with a file of 4 bytes."""
    begun = ended_at - timedelta(seconds=LONG)
    values = {"state": Recording.State.READY, "started_at": begun, "changed_at": ended_at} | more
    with tenant_scope(session.tenant):
        recording = Recording.objects.create(session=session, by=by, ended_at=ended_at, **values)
        recording.storyboard.name = a_file("storyboard")
        recording.save()
        RecordingTrack.objects.create(
            recording=recording,
            name="Tom Teacher",
            source="camera",
            egress_id=f"EG_{next(_names)}",
            state=RecordingTrack.State.READY,
            started_at=begun,
            ended_at=ended_at,
            kind="video/webm",
            size=4,
            file=a_file("track"),
        )
        RecordingDownload.objects.create(
            recording=recording,
            kind=RecordingDownload.Kind.VIDEO,
            state=RecordingDownload.State.READY,
            asked_at=ended_at,
            size=4,
            file=a_file("download"),
        )
    return recording


def a_file(what: str) -> str:
    return default_storage.save(f"demo/recordings/{what}-{next(_names)}", ContentFile(b"film"))


def exists(recording: Recording) -> bool:
    with tenant_scope(recording.tenant):
        return Recording.objects.filter(pk=recording.pk).exists()


def fresh(recording: Recording) -> Recording:
    with tenant_scope(recording.tenant):
        return Recording.objects.get(pk=recording.pk)


def page_of(recording: Recording) -> str:
    return f"/c/{recording.session.public_id}/recordings/{recording.public_id}/"
