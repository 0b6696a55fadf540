"""Recordings after the media server is done with them: kept in Django's storage, and gone with their rows."""

from __future__ import annotations

import logging
import os
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files import File
from django.core.files.storage import FileSystemStorage, default_storage
from django.db.models.fields.files import FieldFile
from django.db.models.signals import post_delete
from django.dispatch import receiver
from django_tasks import task

from classrooms.live.commit import after_commit
from classrooms.models import Recording, RecordingDownload, RecordingTrack
from tenants.models import Tenant
from tenants.scope import tenant_scope

logger = logging.getLogger(__name__)


@task
def keep(tenant_id: int, track_id: int) -> None:
    """Take a finished file out of the media server's folder into the storage."""
    tenant = Tenant.objects.get(pk=tenant_id)
    with tenant_scope(tenant):
        track = RecordingTrack.objects.select_related("recording", "tenant").filter(pk=track_id).first()
        if track is None or track.state != RecordingTrack.State.WRITING:
            return
        source = settings.RECORDINGS_DIR / track.written
        name = f"{tenant.slug}/recordings/{source.name}"
        try:
            track.file.name = stored(source, name)
            track.state = RecordingTrack.State.READY
            track.so_far.delete(save=False)
        except OSError as error:
            logger.exception("A recorded file could not be kept: %s", track.written)
            track.state, track.error = RecordingTrack.State.FAILED, str(error.strerror or error)[:200]
        track.save(update_fields=["file", "so_far", "state", "error"])
        track.recording.settle()


def stored(source: Path, name: str) -> str:
    """Move a local file into the storage, without a copy where that can be; answers its name there."""
    if isinstance(default_storage, FileSystemStorage) or hasattr(default_storage, "location"):
        name = default_storage.get_available_name(name)
        target = Path(default_storage.path(name))
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            os.replace(source, target)
        except OSError as error:
            if error.errno != 18:  # EXDEV: another file system
                raise
        else:
            return name
    with source.open("rb") as file:
        name = default_storage.save(name, File(file))
    source.unlink()
    return name


@receiver(post_delete, sender=RecordingTrack, dispatch_uid="recording-track-file")
def delete_file(instance: RecordingTrack, **_: Any) -> None:
    """However a row goes, with its class or its school too, the file goes; so does what the media server
    left of it that never came into the storage."""
    _delete_later(instance.file)
    _delete_later(instance.so_far)
    if instance.written and not instance.file.name:
        after_commit((settings.RECORDINGS_DIR / instance.written).unlink, missing_ok=True)


@receiver(post_delete, sender=RecordingDownload, dispatch_uid="recording-download-file")
def delete_download(instance: RecordingDownload, **_: Any) -> None:
    _delete_later(instance.file)


@receiver(post_delete, sender=Recording, dispatch_uid="recording-storyboard")
def delete_storyboard(instance: Recording, **_: Any) -> None:
    _delete_later(instance.storyboard)


def _delete_later(file: FieldFile) -> None:
    if file.name:
        after_commit(file.storage.delete, file.name)
