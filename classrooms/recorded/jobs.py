"""Heavy work on recordings, one after the other: who speaks when, small pictures, files to download.

The rows are the queue: what is to be made stands in them, and who makes it gives signs of life there. When
that process dies, the next one begins anew (`manage.py runjobs`).
"""

from __future__ import annotations

import logging
import shutil
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from classrooms.compose.job import Job, Kind, Source
from classrooms.discarding import discard
from classrooms.live.egress import ATTEMPTS as ATTEMPTS_OF_DRIVE
from classrooms.live.egress import drive
from classrooms.models import Recording, RecordingDownload, RecordingTrack
from classrooms.pruning import prune
from classrooms.recorded import leftovers
from classrooms.recorded.downloads import remove_old
from classrooms.recorded.keeping import digest_of, stored
from classrooms.recorded.playback import playable
from classrooms.recorded.retention import sweep
from classrooms.recorded.running import Cancelled, Failed, run
from classrooms.refusals import StorageAway
from tenants.scope import every_tenant, tenant_scope

logger = logging.getLogger(__name__)

STALE = timedelta(seconds=20)  # without a sign of life: whoever made it is gone
ATTEMPTS = 3
UNSETTLED = timedelta(minutes=10)
SUFFIXES: dict[Kind, str] = {"video": ".mp4", "audio": ".m4a", "analysis": ".jpg"}
LEFT_OVER = 86_400  # seconds after which a working folder is nobody's any more


def turn(now: datetime) -> bool:
    """Do what is next; whether there was anything. Raises StorageAway: it waits, as all else would."""
    with every_tenant():
        recording = next_recording()
        download = None if recording else next_download(now)
    if recording is not None:
        with tenant_scope(recording.tenant):
            analyse(recording)
    if download is not None:
        with tenant_scope(download.tenant):
            make(download)
    return recording is not None or download is not None


def next_recording() -> Recording | None:
    """The first that is ready and of which nothing is known yet."""
    waiting = Recording.objects.there().filter(state=Recording.State.READY, analysed_at=None)
    found: Recording | None = waiting.select_related("tenant").order_by("ended_at").first()
    return found


def next_download(now: datetime) -> RecordingDownload | None:
    """The first that waits, or whose maker is gone; taken over in one step."""
    waits = Q(state=RecordingDownload.State.WAITING)
    gone = Q(state=RecordingDownload.State.RUNNING, beat_at__lt=now - STALE)
    there = RecordingDownload.objects.filter(recording__deleted_at=None)
    rows = there.filter(waits | gone).select_related("tenant", "recording")
    found: RecordingDownload | None = rows.order_by("asked_at").first()
    if found is None:
        return None
    same = RecordingDownload.objects.filter(pk=found.pk, state=found.state, attempts=found.attempts)
    if found.attempts >= ATTEMPTS:
        same.update(state=RecordingDownload.State.FAILED, error=_("Making it failed three times."))
        return None
    running = RecordingDownload.State.RUNNING
    taken = same.update(state=running, started_at=now, beat_at=now, done=0, attempts=F("attempts") + 1)
    found.attempts += 1
    return found if taken else None


def analyse(recording: Recording) -> None:
    """What cannot be found out is left out, once and for all: it plays without. Raises StorageAway."""
    tracks = playable(recording)
    try:
        with workplace(tracks, "analysis") as job:
            facts = run(job, lambda done: True)
            keep_analysis(recording, tracks, job, facts)
    except StorageAway:
        raise
    except (Failed, OSError) as error:
        logger.warning("Recording %s could not be analysed: %s", recording.public_id, error)
    Recording.objects.filter(pk=recording.pk).update(analysed_at=timezone.now())


def keep_analysis(
    recording: Recording, tracks: Sequence[RecordingTrack], job: Job, facts: dict[str, object]
) -> None:
    speech, every = facts.get("speech"), facts.get("every")
    for track in tracks:
        if isinstance(speech, dict) and track.public_id in speech:
            RecordingTrack.objects.filter(pk=track.pk).update(speech=speech[track.public_id])
    if every and Path(job.path).exists():
        name = stored(Path(job.path), storage_name(recording, job.kind))
        there = Recording.objects.filter(pk=recording.pk)
        if not there.update(storyboard=name, storyboard_every=every):
            discard.call(name)


def make(download: RecordingDownload) -> None:
    """From tracks to one file. A download whose row is gone, or was begun by somebody else, is cancelled.

    Raises StorageAway: that is none of its attempts.
    """
    mine = RecordingDownload.objects.filter(
        pk=download.pk, state=RecordingDownload.State.RUNNING, attempts=download.attempts
    )

    def beat(done: float) -> bool:
        return bool(mine.update(beat_at=timezone.now(), done=done))

    kind: Kind = "audio" if download.kind == RecordingDownload.Kind.AUDIO else "video"
    try:
        with workplace(playable(download.recording), kind) as job:
            run(job, beat)
            keep_download(download, mine, job)
    except Cancelled:
        logger.info("Making a file of recording %s was cancelled", download.recording.public_id)
    except StorageAway:
        mine.update(state=RecordingDownload.State.WAITING, attempts=download.attempts - 1)
        raise
    except (Failed, OSError) as error:
        logger.warning("A file of recording %s failed: %s", download.recording.public_id, error)
        again = download.attempts < ATTEMPTS
        state = RecordingDownload.State.WAITING if again else RecordingDownload.State.FAILED
        mine.update(state=state, error=_("Making it failed three times."))


def keep_download(download: RecordingDownload, mine: models.QuerySet[RecordingDownload], job: Job) -> None:
    """Into the storage, and gone from there where nobody wants it any more."""
    path = Path(job.path)
    facts = {"size": path.stat().st_size, "sha256": digest_of(path), "done": 1, "error": ""}
    name = stored(path, storage_name(download.recording, job.kind))
    ready = RecordingDownload.State.READY
    if not mine.update(state=ready, file=name, beat_at=timezone.now(), **facts):
        discard.call(name)


def storage_name(recording: Recording, kind: Kind) -> str:
    return f"{recording.tenant.slug}/recordings/{uuid4().hex}{SUFFIXES[kind]}"


@contextmanager
def workplace(tracks: Sequence[RecordingTrack], kind: Kind) -> Iterator[Job]:
    """A job of these tracks, whose files are at hand for as long. Raises OSError."""
    root = settings.VAR / "work"
    root.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=root) as folder:
        place = Path(folder)
        began = min((track.started_at for track in tracks if track.started_at), default=timezone.now())
        sources = [source_of(track, began, place) for track in tracks]
        yield Job(kind, str(place / f"made{SUFFIXES[kind]}"), sources)


def source_of(track: RecordingTrack, began: datetime, place: Path) -> Source:
    start, end = ((at or began) - began for at in (track.started_at, track.ended_at))
    person = track.participant.public_id if track.participant else track.name
    return Source(
        id=track.public_id,
        path=str(at_hand(track, place)),
        source=track.source,
        person=person,
        teaches=bool(track.participant and track.participant.role == "teacher"),
        start=start.total_seconds(),
        end=end.total_seconds(),
        speech=track.speech,
    )


def at_hand(track: RecordingTrack, place: Path) -> Path:
    """The file itself where it is on this machine, else a copy."""
    try:
        return Path(track.file.path)
    except NotImplementedError:
        copy = place / track.public_id
        with track.file.open("rb") as source, copy.open("wb") as target:
            shutil.copyfileobj(source, target, 1 << 20)
        return copy


def keep_house(now: datetime) -> None:
    """What has to be done from time to time."""
    sweep(now)
    with every_tenant():
        remove_old(now)
        drive_unsettled(now)
    leftovers.remove(now)
    prune(now)


def drive_unsettled(now: datetime) -> None:
    """Of all tenants: recordings that are over, and whose media server could not be asked for long."""
    finishing = Recording.objects.filter(state=Recording.State.FINISHING, ended_at__lt=now - UNSETTLED)
    for tenant_id, session_id in finishing.values_list("tenant_id", "session_id").distinct():
        drive.enqueue(tenant_id, session_id, ATTEMPTS_OF_DRIVE)


def tidy() -> None:
    """Remove what makers that were killed left behind."""
    for folder in (settings.VAR / "work").glob("*"):
        if time.time() - folder.stat().st_mtime > LEFT_OVER:
            shutil.rmtree(folder, ignore_errors=True)
