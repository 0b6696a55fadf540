"""The bin: a recording that was deleted lies there for some days, then all of it goes."""

from __future__ import annotations

import logging
from datetime import datetime

from django.db import transaction
from django.db.models.fields.files import FieldFile

from accounts.audit import note
from accounts.entries import Deed
from accounts.models import Membership
from classrooms.models import ClassSession, Recording
from classrooms.refusals import NotYourRecording, RecordingRuns

logger = logging.getLogger(__name__)


@transaction.atomic
def delete_recording(*, recording: Recording, by: Membership, at: datetime) -> None:
    """Put it into the bin: nobody plays it any more, links that are out included. There already: nothing
    happens. Raises NotYourRecording, RecordingRuns."""
    fresh = _locked(recording, by)
    if fresh.ended_at is None:
        raise RecordingRuns
    if fresh.deleted_at is None:
        fresh.deleted_at = at
        fresh.save(update_fields=["deleted_at"])
        note(deed=Deed.RECORDING_DELETED, by=by, tenant=by.tenant, on=fresh)
        logger.info("%s put recording %s into the bin", by.pk, fresh.public_id)


@transaction.atomic
def restore_recording(*, recording: Recording, by: Membership) -> None:
    """Take it out again. A school that keeps recordings for so many days warns anew before it goes.

    Raises NotYourRecording.
    """
    fresh = _locked(recording, by)
    if fresh.deleted_at is not None:
        fresh.deleted_at = fresh.warned_at = None
        fresh.save(update_fields=["deleted_at", "warned_at"])
        note(deed=Deed.RECORDING_RESTORED, by=by, tenant=by.tenant, on=fresh)
        logger.info("%s took recording %s out of the bin", by.pk, fresh.public_id)


def _locked(recording: Recording, by: Membership) -> Recording:
    fresh: Recording = (
        Recording.objects.select_related("session__course")
        .select_for_update(of=("self",))
        .get(pk=recording.pk)
    )
    session: ClassSession = fresh.session
    if not session.led_by(by):
        raise NotYourRecording
    return fresh


def delete_for_good(recording: Recording) -> None:
    """Every file, then the rows: what fails on the way is done the next time. Raises what storages raise."""
    for file in files_of(recording):
        file.storage.delete(str(file.name))
    recording.delete()


def files_of(recording: Recording) -> list[FieldFile]:
    """All that the storage has of it."""
    tracks, downloads = recording.tracks.all(), recording.downloads.all()
    files = [recording.storyboard, *(each.file for each in tracks), *(each.file for each in downloads)]
    return [file for file in files if file.name]
