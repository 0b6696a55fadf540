"""Recordings as one file: asked for, followed, cancelled, fetched. Making them is jobs.py's."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.core import signing
from django.db import transaction
from django.urls import reverse

from accounts.models import Membership
from classrooms.models import ClassSession, Recording, RecordingDownload
from classrooms.recorded.playback import LINK_LASTS, may_still_watch
from classrooms.refusals import NoDownloads, NotRecordedYet, NotYourDownload
from classrooms.storage import check_room_to_begin

SALT = "classrooms.downloads"
KEPT = timedelta(days=14)  # then it can be made anew


def may_download(session: ClassSession, member: Membership) -> bool:
    """Who leads the class; whoever may watch it, where the school allows it."""
    return session.tenant.recording_downloads or session.led_by(member)


@transaction.atomic
def ask_download(*, recording: Recording, kind: str, by: Membership, now: datetime) -> RecordingDownload:
    """Have it made, unless it is there or being made. One that failed is tried again.

    Raises NoDownloads, NotRecordedYet, StorageFull.
    """
    check_may(recording, by)
    if recording.state != Recording.State.READY:
        raise NotRecordedYet
    known = RecordingDownload.objects.filter(recording=recording, kind=kind)
    if not known.exclude(state=RecordingDownload.State.FAILED).exists():
        check_room_to_begin(recording.tenant)
    asked: RecordingDownload
    asked, made = RecordingDownload.objects.get_or_create(
        recording=recording, kind=kind, defaults={"tenant": recording.tenant, "by": by, "asked_at": now}
    )
    if not made and asked.state == RecordingDownload.State.FAILED:
        asked.state, asked.attempts, asked.error, asked.asked_at = asked.State.WAITING, 0, "", now
        asked.save(update_fields=["state", "attempts", "error", "asked_at"])
    return asked


@transaction.atomic
def drop_download(*, recording: Recording, kind: str, by: Membership) -> None:
    """Cancel it, or delete what was made: whoever asked for it, or leads the class. Nothing happens where
    there is none. Raises NoDownloads, NotYourDownload."""
    check_may(recording, by)
    for download in RecordingDownload.objects.filter(recording=recording, kind=kind):
        if not may_drop(download, by):
            raise NotYourDownload
        download.delete()


def may_drop(download: RecordingDownload, member: Membership) -> bool:
    session: ClassSession = download.recording.session
    return download.by_id == member.pk or session.led_by(member)


def may_still_download(recording: Recording, member: Membership) -> bool:
    """Asked while a file is on its way (playback.may_still_watch)."""
    return may_still_watch(recording, member) and may_download(recording.session, member)


def check_may(recording: Recording, member: Membership) -> None:
    if not may_download(recording.session, member):
        raise NoDownloads


def downloads_told(recording: Recording, member: Membership) -> dict[str, Any]:
    """What there is of both kinds, for the page."""
    known = {download.kind: download for download in recording.downloads.all()}
    return {kind: _told(known.get(kind), member) for kind in RecordingDownload.Kind.values}


def _told(download: RecordingDownload | None, member: Membership) -> dict[str, Any] | None:
    if download is None:
        return None
    ready = download.state == RecordingDownload.State.READY
    until = download.beat_at + KEPT if ready and download.beat_at else None
    return {
        "state": download.state,
        "done": round(download.done, 3),
        "size": download.size,
        "keptUntil": until.isoformat() if until else None,
        "url": download_link(download, member) if ready else None,
        "mayDrop": may_drop(download, member),
    }


def download_link(download: RecordingDownload, member: Membership) -> str:
    """For `member` alone, for five minutes."""
    ticket = signing.dumps([download.tenant_id, member.pk, download.public_id], salt=SALT, compress=True)
    return reverse("recorded-download", args=[download.public_id, ticket])


def linked_download(public_id: str, ticket: str, member: Membership) -> RecordingDownload | None:
    """The file, if the link is this person's, not too old, and they may (still) have it."""
    try:
        signed = signing.loads(ticket, salt=SALT, max_age=LINK_LASTS)
    except signing.BadSignature:
        return None
    if signed != [member.tenant_id, member.pk, public_id]:
        return None
    visible = Recording.objects.there().filter(session__in=ClassSession.objects.visible_to(member))
    found: RecordingDownload | None = (
        RecordingDownload.objects.select_related("recording__session__tenant")
        .filter(public_id=public_id, state=RecordingDownload.State.READY, recording__in=visible)
        .first()
    )
    return found if found and may_download(found.recording.session, member) else None


def remove_old(now: datetime) -> None:
    """Of all tenants: what was made long ago."""
    for download in RecordingDownload.objects.filter(
        state=RecordingDownload.State.READY, beat_at__lt=now - KEPT
    ):
        download.delete()
