"""A recording that goes on, watched from its beginning: files of what there is so far.

The media server makes them when somebody watches (`Egress/SoFar`), says so (`egress_updated`), and they are
kept until the track is over, or a longer one comes.
"""

from __future__ import annotations

import asyncio
import json
import logging
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.cache import cache
from django_tasks import task

from classrooms.discarding import discard
from classrooms.live.commit import after_commit
from classrooms.live.egress import KINDS, SOUNDS
from classrooms.models import Recording, RecordingTrack
from classrooms.recorded.keeping import stored
from tenants.models import Tenant
from tenants.scope import tenant_scope

if TYPE_CHECKING:
    from livekit.protocol.egress import EgressInfo

logger = logging.getLogger(__name__)

PAUSE = 10  # seconds between two askings of one recording, whoever asks
PATIENCE = 5.0  # seconds for the media server


def ask_so_far(recording: Recording) -> None:
    """Have files made of what there is. Nothing happens for one that is over, or was asked for just now."""
    key = f"so-far-{recording.tenant_id}-{recording.public_id}"
    if recording.ended_at is not None or not cache.add(key, 1, PAUSE):
        return
    writing = recording.tracks.filter(state=RecordingTrack.State.WRITING, written="", until=None)
    asyncio.run(_ask(list(writing.values_list("egress_id", flat=True))))


async def _ask(egress_ids: list[str]) -> None:
    """A media server that cannot, a LiveKit cluster say, is not asked to: it can be watched afterwards."""
    import aiohttp  # slow to import, as what comes with it
    from livekit.api import AccessToken, VideoGrants

    token = AccessToken(settings.MEDIA_API_KEY, settings.MEDIA_API_SECRET)
    headers = {"Authorization": f"Bearer {token.with_grants(VideoGrants(room_record=True)).to_jwt()}"}
    address = f"{settings.MEDIA_API_URL.replace('ws', 'http', 1)}/twirp/livekit.Egress/SoFar"
    try:
        async with asyncio.timeout(PATIENCE), aiohttp.ClientSession(headers=headers) as session:
            for egress_id in egress_ids:
                async with session.post(address, json={"egress_id": egress_id}) as answer:
                    if answer.status != 200:
                        logger.info("%s is not there so far: %s", egress_id, await answer.text())
    except (OSError, TimeoutError, aiohttp.ClientError) as error:
        logger.warning("The media server was not asked for what there is so far: %r", error)


def recorded_so_far(info: EgressInfo) -> None:
    """The media server has made one."""
    made = told(info)
    tenant = Tenant.objects.filter(slug=info.room_name.partition(".")[0]).first()
    if made is None or tenant is None:
        return
    with tenant_scope(tenant):
        track = RecordingTrack.objects.filter(
            egress_id=info.egress_id, state=RecordingTrack.State.WRITING, written=""
        ).first()
        if track is not None:
            after_commit(keep_so_far.enqueue, tenant.pk, track.pk, made)


def told(info: EgressInfo) -> dict[str, Any] | None:
    try:
        made = json.loads(info.details or "{}").get("so_far")
    except (ValueError, AttributeError):
        return None
    return made if isinstance(made, dict) and isinstance(made.get("path"), str) else None


@task
def keep_so_far(tenant_id: int, track_id: int, made: dict[str, Any]) -> None:
    """Into the storage, in place of the one before; nothing of a track that a pause has ended since."""
    tenant = Tenant.objects.get(pk=tenant_id)
    with tenant_scope(tenant):
        states = {"state": RecordingTrack.State.WRITING, "until": None}
        writing = RecordingTrack.objects.filter(pk=track_id, **states)
        track = writing.first()
        source = settings.RECORDINGS_DIR / made["path"]
        if track is None:
            source.unlink(missing_ok=True)
        if track is None or not source.is_file():
            return
        family = "audio" if track.source in SOUNDS else "video"
        before = track.so_far.name
        kept = writing.filter(so_far=before).update(
            so_far=(name := stored(source, f"{tenant.slug}/recordings/{source.name}")),
            so_far_until=datetime.fromtimestamp(made["ended"], UTC),
            started_at=datetime.fromtimestamp(made["started"], UTC),
            kind=f"{family}/{KINDS.get(Path(name).suffix, 'octet-stream')}",
            width=made.get("width", 0),
            height=made.get("height", 0),
        )
        gone = before if kept else name
        if gone:
            discard.call(gone)
