"""Recordings after the media server is done with them: kept in Django's storage, and gone with their rows."""

from __future__ import annotations

import errno
import fcntl
import hashlib
import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files import File
from django.core.files.storage import FileSystemStorage, default_storage
from django.db.models.fields.files import FieldFile
from django.db.models.signals import post_delete
from django.dispatch import receiver
from django.utils.translation import gettext as _
from django_tasks import task

from classrooms.discarding import discard
from classrooms.hooks.events import settle
from classrooms.live.commit import after_commit
from classrooms.models import Recording, RecordingDownload, RecordingTrack
from classrooms.recorded.cutting import cut
from classrooms.retries import LOW, again
from tenants.models import Tenant
from tenants.scope import tenant_scope

logger = logging.getLogger(__name__)

WAITS = "Not stored yet:"


@task(priority=LOW)
def keep(tenant_id: int, track_id: int, attempt: int = 1) -> None:
    """Take a finished file out of the media server's folder into the storage.

    The next attempt is arranged before this one begins: so it comes also where this process is killed.
    """
    tenant = Tenant.objects.get(pk=tenant_id)
    with tenant_scope(tenant):
        track = RecordingTrack.objects.select_related("recording", "tenant").filter(pk=track_id).first()
        if track is None or track.state != RecordingTrack.State.WRITING:
            return
        again(keep, tenant_id, track_id, attempt=attempt)
        take(track, settings.RECORDINGS_DIR / track.written)
        settle_late(track.recording)


def settle_late(recording: Recording) -> None:
    """What was found out and made of a recording before this track came is found out and made anew."""
    was_ready = Recording.objects.filter(pk=recording.pk, state=Recording.State.READY)
    if was_ready.update(analysed_at=None):
        for download in recording.downloads.exclude(state=RecordingDownload.State.WAITING):
            download.delete()
    settle(recording)


def take(track: RecordingTrack, source: Path) -> None:
    name = f"{track.tenant.slug}/recordings/{source.name}"
    try:
        if source.exists() and leaves_nothing(track, source):
            forget(track, source)
        elif source.exists():
            bring(track, source, name)
        elif is_stored(track, name, track.size):  # moved by an attempt that was killed then
            keep_as(track, name)
        else:
            logger.error("A recorded file is not there: %s", source)
            track.state, track.error = RecordingTrack.State.FAILED, _("The recorded file is not there.")
            track.save(update_fields=["state", "error"])
    except OSError as error:
        wait_for_storage(track, error)


def leaves_nothing(track: RecordingTrack, source: Path) -> bool:
    """Cut what came after its end was wanted. Once more where an attempt was killed: that changes nothing."""
    until, start, end = track.until, track.started_at, track.ended_at
    if until is None or start is None or end is None or end <= until:
        return False
    with claimed(source) as ours:
        if not ours:
            return False
        if until <= start or not cut(source, (until - start).total_seconds()):
            return True
        track.ended_at, track.size, track.sha256 = until, source.stat().st_size, digest_of(source)
        track.save(update_fields=["ended_at", "size", "sha256"])
    return False


def forget(track: RecordingTrack, source: Path) -> None:
    """All of it came in a pause, or of somebody who had said no."""
    source.unlink(missing_ok=True)
    track.state, track.written = RecordingTrack.State.EMPTY, ""
    track.save(update_fields=["state", "written"])
    if track.so_far.name:
        discard.call(track.so_far.name)


def digest_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def bring(track: RecordingTrack, source: Path, name: str) -> None:
    """Nothing where another process is at it. The local file goes last, when the row knows the stored one."""
    with claimed(source) as ours:
        if ours:
            there = is_stored(track, name, source.stat().st_size)
            keep_as(track, name if there else placed(source, name))
            source.unlink(missing_ok=True)  # a file that was moved is not there


def keep_as(track: RecordingTrack, name: str) -> None:
    """In place of what there was so far. A row that was deleted meanwhile takes the file with it."""
    error = "" if track.error.startswith(WAITS) else track.error
    row = RecordingTrack.objects.filter(pk=track.pk)
    so_far = row.values_list("so_far", flat=True).first()
    if not row.update(file=name, so_far="", state=RecordingTrack.State.READY, error=error):
        discard.call(name)
    if so_far:
        discard.call(so_far)


def wait_for_storage(track: RecordingTrack, error: OSError) -> None:
    """What the media server said of the track stays."""
    logger.warning("%s is not stored yet: %s", track.written, error)
    if not track.error or track.error.startswith(WAITS):
        said = f"{WAITS} {error.strerror or error}"[:200]
        RecordingTrack.objects.filter(pk=track.pk).update(error=said)


@contextmanager
def claimed(source: Path) -> Iterator[bool]:
    """Whether nobody else is at this file; a process that is killed lets go of it."""
    with source.open("rb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True


def is_stored(track: RecordingTrack, name: str, size: int) -> bool:
    """Whether an earlier attempt came so far and then was killed."""
    if not default_storage.exists(name) or default_storage.size(name) != size:
        return False
    return not RecordingTrack.objects.filter(file=name).exclude(pk=track.pk).exists()


def stored(source: Path, name: str) -> str:
    """Move a local file into the storage; answers its name there."""
    name = placed(source, name)
    source.unlink(missing_ok=True)
    return name


def placed(source: Path, name: str) -> str:
    """The same, but a file that has to be copied stays where it was too."""
    if isinstance(default_storage, FileSystemStorage):
        name = default_storage.get_available_name(name)
        target = Path(default_storage.path(name))
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            os.replace(source, target)
        except OSError as error:
            if error.errno != errno.EXDEV:  # another file system
                raise
        else:
            return name
    with source.open("rb") as file:
        return default_storage.save(name, File(file))


@receiver(post_delete, sender=RecordingTrack, dispatch_uid="recording-track-file")
def delete_file(instance: RecordingTrack, **__: Any) -> None:
    """However a row goes, with its class or its school too, the file goes; so does what the media server
    left of it that never came into the storage."""
    _delete_later(instance.file)
    _delete_later(instance.so_far)
    if instance.written and not instance.file.name:
        after_commit((settings.RECORDINGS_DIR / instance.written).unlink, missing_ok=True)


@receiver(post_delete, sender=RecordingDownload, dispatch_uid="recording-download-file")
def delete_download(instance: RecordingDownload, **__: Any) -> None:
    _delete_later(instance.file)


@receiver(post_delete, sender=Recording, dispatch_uid="recording-storyboard")
def delete_storyboard(instance: Recording, **__: Any) -> None:
    _delete_later(instance.storyboard)


def _delete_later(file: FieldFile) -> None:
    if file.name:
        after_commit(discard.enqueue, file.name)
