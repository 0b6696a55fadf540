"""Recording a class: what the teacher wants, who agreed, and what the media server makes of it.

Rows say what is wanted. `drive` holds them against what the media server records, and asks it for the
difference: after every change here, and whenever the media server tells of a new track. So a track that comes
later, and everybody's after the media server died, is recorded like the first.
"""

from __future__ import annotations

import asyncio
import json
import logging
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from django_tasks import task

from classrooms.live import rules
from classrooms.live.commit import after_commit
from classrooms.live.log import iso
from classrooms.live.log import record as log_event
from classrooms.live.seats import Seat, find_session, people_of, read_session, taken
from classrooms.models import ClassSession, Participant, Recording, RecordingTrack
from tenants.models import Tenant
from tenants.scope import tenant_scope

if TYPE_CHECKING:
    from livekit.api import LiveKitAPI
    from livekit.protocol.egress import EgressInfo

logger = logging.getLogger(__name__)

PATIENCE = 10.0  # seconds for all that is asked of the media server at once
SOON = 2.0  # seconds for how safe it is
ACTIVE, COMPLETE, LIMIT = 1, 3, 6  # livekit.protocol.egress.EgressStatus
SCREEN, SOUNDS = "screen_share", ("microphone", "screen_share_audio")


# ── what is wanted ───────────────────────────────────────────────────────────────────────────────


def running(session: ClassSession) -> Recording | None:
    """The recording that is on or paused."""
    found: Recording | None = session.recordings.filter(ended_at=None).select_related("by__user").first()
    return found


def recording_told(recording: Recording | None) -> dict[str, Any] | None:
    """As the sockets tell of it: plain JSON in the shape of the socket's schema."""
    if recording is None:
        return None
    return {
        "state": recording.state,
        "since": iso(recording.changed_at),
        "started_at": iso(recording.started_at),
        "by": recording.by.name if recording.by else "",
    }


@transaction.atomic
def record(*, seat: Seat, wanted: str, at: datetime) -> None:
    """Record (`on`), pause (`paused`) or stop (`off`). As it is already: nothing happens.

    Raises Ended, NotHere, NoLongerMember, NotAllowed.
    """
    session = read_session(seat.session_id, locked=True)
    by = taken(session, seat)
    rules.check_leading(leads=session.led_by(by.membership))
    recording = running(session)
    if wanted == "off":
        stop_recording(session, at)
    elif recording is None and wanted == "on":
        recording = Recording.objects.create(
            tenant=session.tenant, session=session, by=by.membership, started_at=at, changed_at=at
        )
        _changed(session, recording, at)
    elif recording is not None and recording.state != wanted:
        recording.state, recording.changed_at = wanted, at
        recording.save(update_fields=["state", "changed_at"])
        _changed(session, recording, at)


def stop_recording(session: ClassSession, at: datetime) -> None:
    """If there is one. `session` must be locked by the caller's transaction."""
    recording = running(session)
    if recording is None:
        return
    recording.state, recording.changed_at, recording.ended_at = Recording.State.FINISHING, at, at
    recording.save(update_fields=["state", "changed_at", "ended_at"])
    _changed(session, None, at)


def _changed(session: ClassSession, recording: Recording | None, at: datetime) -> None:
    log_event(session, at=at, type="recording_changed", payload={"recording": recording_told(recording)})
    after_commit(drive.enqueue, session.tenant_id, session.pk)


@transaction.atomic
def consent(*, seat: Seat, given: bool, at: datetime) -> None:
    """Whether this person is recorded from now on. Raises Ended, NotHere, NoLongerMember."""
    session = read_session(seat.session_id, locked=True)
    person = taken(session, seat)
    if person.consent is not given:
        person.consent = given
        person.save(update_fields=["consent"])
        after_commit(drive.enqueue, session.tenant_id, session.pk)


def may_record(person: Participant, *, asks: bool) -> bool:
    """Who said no is not recorded; where the school asks, neither is a student who said nothing."""
    if person.consent is None:
        return not asks or person.role == Participant.Role.TEACHER
    return person.consent


# ── what the media server does ───────────────────────────────────────────────────────────────────


@task
def drive(tenant_id: int, session_id: int) -> None:
    """Have recorded what is to be recorded, and nothing else."""
    tenant = Tenant.objects.filter(pk=tenant_id).first()
    if tenant is None:
        return
    with tenant_scope(tenant):
        session = find_session(session_id)
        recording = running(session) if session else None
        if session is None:
            return
        on = recording is not None and recording.state == Recording.State.ON
        asks = tenant.recording_consent
        people = {each.public_id: each for each in people_of(session)}
        wanted = {name for name, person in people.items() if on and may_record(person, asks=asks)}
        try:
            going = asyncio.run(asyncio.wait_for(_drive(session.room_name, tenant.slug, wanted), PATIENCE))
        except Exception as error:  # whatever it is: `safety` tells the class that nothing is stored
            logger.warning("The media server was not told what to record in %s: %r", session.room_name, error)
            return
        if recording is not None:
            for info in going:
                keep_begun(recording, people, info)
        for over in session.recordings.filter(state=Recording.State.FINISHING):
            settle(over)


def settle(recording: Recording) -> None:
    """It is ready as soon as it is over and nothing of it is being written any more."""
    writing = recording.tracks.filter(state=RecordingTrack.State.WRITING)
    if recording.state == Recording.State.FINISHING and not writing.exists():
        Recording.objects.filter(pk=recording.pk).update(state=Recording.State.READY)


async def _drive(room: str, slug: str, wanted: set[str]) -> list[EgressInfo]:
    """Start and stop until the recorded tracks are those of `wanted` identities; answers what is recorded."""
    from livekit.protocol.egress import ListEgressRequest, StopEgressRequest
    from livekit.protocol.room import ListParticipantsRequest

    going = []
    async with _server() as api:
        egresses = await api.egress.list_egress(ListEgressRequest(room_name=room, active=True))
        recorded = {info.track.track_id: info for info in egresses.items}
        people = (await api.room.list_participants(ListParticipantsRequest(room=room))).participants
        tracks = {track.sid: person.identity for person in people for track in person.tracks}
        for sid, info in recorded.items():
            if tracks.get(sid) in wanted:
                going.append(info)
            else:
                await api.egress.stop_egress(StopEgressRequest(egress_id=info.egress_id))
        for sid, identity in tracks.items():
            if identity in wanted and sid not in recorded:
                going += await _begin(api, room, sid, slug)
    return going


async def _begin(api: LiveKitAPI, room: str, sid: str, slug: str) -> list[EgressInfo]:
    """None when the track has just gone, or cannot be recorded."""
    from livekit.api import ServerError
    from livekit.protocol.egress import DirectFileOutput, TrackEgressRequest

    file = DirectFileOutput(filepath=f"{slug}/recordings/{uuid4().hex}")
    try:
        return [
            await api.egress.start_track_egress(TrackEgressRequest(room_name=room, track_id=sid, file=file))
        ]
    except ServerError as error:
        logger.warning("%s is not recorded: %s", sid, error.message)
        return []


def _server() -> LiveKitAPI:
    from livekit.api import LiveKitAPI  # slow to import

    return LiveKitAPI(settings.MEDIA_API_URL, settings.MEDIA_API_KEY, settings.MEDIA_API_SECRET)


def keep_begun(recording: Recording, people: dict[str, Participant], info: EgressInfo) -> None:
    facts = details(info)
    person = people.get(facts.get("identity", ""))
    RecordingTrack.objects.get_or_create(
        egress_id=info.egress_id,
        defaults={
            "tenant": recording.tenant,
            "recording": recording,
            "participant": person,
            "name": person.name if person else "",
            "source": facts.get("source", ""),
            "track_sid": info.track.track_id,
            "started_at": moment(info.started_at),
        },
    )


def details(info: EgressInfo) -> dict[str, Any]:
    """What our engine says beyond LiveKit's messages; nothing of another one."""
    try:
        facts = json.loads(info.details or "{}")
    except ValueError:
        return {}
    return facts if isinstance(facts, dict) else {}


def moment(nanoseconds: int) -> datetime:
    return datetime.fromtimestamp(nanoseconds / 1e9, UTC)


# ── how safe it is ───────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Safe:
    """Seconds that are stored, None where nothing of the kind is recorded; why it is at risk, or None."""

    sound: int | None
    screen: int | None
    trouble: str | None


async def safety(room: str) -> Safe:
    """What the media server has on its disk of a class that is being recorded."""
    from livekit.protocol.egress import ListEgressRequest

    try:
        async with asyncio.timeout(SOON), _server() as api:
            listed = await api.egress.list_egress(ListEgressRequest(room_name=room))
    except Exception as error:
        logger.info("The media server does not say how safe %s is: %r", room, error)
        return Safe(None, None, _("The media server does not answer: nothing is recorded just now."))
    return safe_of(list(listed.items))


def safe_of(infos: list[EgressInfo]) -> Safe:
    active = [info for info in infos if info.status <= ACTIVE]
    seconds: dict[bool, list[int]] = {True: [], False: []}
    for info in active:
        seconds[details(info).get("source") in SOUNDS].append(round(info.file.duration / 1e9))
    failed = [info.error for info in infos if info.error and info.status != COMPLETE]
    trouble = failed[-1] if failed else None if active else _("Nothing is recorded just now.")
    return Safe(max(seconds[True], default=None), max(seconds[False], default=None), trouble)
