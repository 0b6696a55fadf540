"""What the media server records of a class: held against what is wanted of it, taken over when it is done.

Rows say what is wanted. `drive` asks the media server what it records, and for the difference: after every
change, and whenever it tells of a new track. So a track that comes later, and everybody's after the media
server died, is recorded like the first; and what a lost word left open is settled.
"""

from __future__ import annotations

import asyncio
import json
import logging
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_tasks import task

from classrooms.hooks.events import settle
from classrooms.live.commit import after_commit
from classrooms.live.seats import find_session, people_of
from classrooms.models import ClassSession, Participant, Recording, RecordingTrack
from classrooms.recorded.keeping import keep
from tenants.models import Tenant
from tenants.scope import tenant_scope

if TYPE_CHECKING:
    from livekit.api import LiveKitAPI, ServerError
    from livekit.protocol.egress import EgressInfo

logger = logging.getLogger(__name__)

PATIENCE = 10.0  # seconds for all that is asked of the media server at once
SOON = 2.0  # seconds for how safe it is
ATTEMPTS = 6
LOOK_AGAIN = timedelta(seconds=5)  # at a recording that is over and not settled
REFUSAL_KNOWN = 70  # seconds: longer than from one attempt to the next
RECENT = 60  # seconds that a failure is told
ACTIVE, COMPLETE, LIMIT = 1, 3, 6  # livekit.protocol.egress.EgressStatus
SOUNDS = ("microphone", "screen_share_audio")
KINDS = {".webm": "webm", ".mkv": "x-matroska", ".mp4": "mp4", ".ogg": "ogg"}


def running(session: ClassSession) -> Recording | None:
    """The recording that is on or paused."""
    found: Recording | None = session.recordings.filter(ended_at=None).select_related("by__user").first()
    return found


def may_record(person: Participant, *, asks: bool) -> bool:
    """Who said no is not recorded; where the school asks, neither is a student who said nothing."""
    if person.consent is None:
        return not asks or (person.role == Participant.Role.TEACHER and not person.co_teacher)
    return person.consent


@dataclass(frozen=True)
class Told:
    """What the media server said: what it records now, what of the room it has finished and what not yet;
    whether it refused anything, and why for longer than a moment."""

    going: list[EgressInfo]
    ended: list[EgressInfo]
    unfinished: list[EgressInfo] = field(default_factory=list)
    refused: bool = False
    trouble: str = ""


@task
def drive(tenant_id: int, session_id: int, attempt: int = 1) -> None:
    """Have recorded what is to be recorded, and nothing else; tried again while that cannot be told."""
    tenant = Tenant.objects.filter(pk=tenant_id).first()
    if tenant is None:
        return
    with tenant_scope(tenant):
        session = find_session(session_id)
        if session is None:
            return
        plan = planned(session)
        try:
            told = asyncio.run(asyncio.wait_for(ask(session.room_name, tenant.slug, plan), PATIENCE))
        except Exception as error:  # whatever it is: `safety` tells the class that nothing is stored
            logger.warning("The media server was not told what to record in %s: %r", session.room_name, error)
            if attempt < ATTEMPTS or running(session):
                later(tenant_id, session_id, timedelta(seconds=2**attempt), min(attempt + 1, ATTEMPTS))
            return
        take(session, plan, told)
        cache.set(refusal_key(session.room_name), told.trouble, REFUSAL_KNOWN)
        if attempt == ATTEMPTS:
            give_up(session, told)
        if is_open(session, told, attempt):
            later(tenant_id, session_id, LOOK_AGAIN * attempt, min(attempt + 1, ATTEMPTS))


def is_open(session: ClassSession, told: Told, attempt: int) -> bool:
    """Whether something wanted is not recorded yet, or something over not settled. After the last attempt the
    jobs process looks after what is over (recorded/jobs.py)."""
    if running(session) is not None:
        return told.refused
    over = session.recordings.filter(state=Recording.State.FINISHING)
    return attempt < ATTEMPTS and bool(over.exists())


def later(tenant_id: int, session_id: int, wait: timedelta, attempt: int) -> None:
    """Of many last attempts at one class, one goes on."""
    key = f"drive-{tenant_id}-{session_id}"
    if attempt == ATTEMPTS and not cache.add(key, 1, wait.total_seconds() - 1):
        return
    if drive.get_backend().supports_defer:
        drive.using(run_after=timezone.now() + wait).enqueue(tenant_id, session_id, attempt)


@dataclass(frozen=True)
class Plan:
    """Identities that are to be recorded now, into which recording; `others`: egresses of earlier ones, and
    those that a pause or a No has ended since."""

    recording: Recording | None
    wanted: frozenset[str]
    others: frozenset[str]


def planned(session: ClassSession) -> Plan:
    recording = running(session)
    over = ~Q(recording=recording) | Q(until__isnull=False)
    others = RecordingTrack.objects.filter(over, recording__session=session)
    names = frozenset(others.values_list("egress_id", flat=True))
    if recording is None or recording.state != Recording.State.ON:
        return Plan(recording, frozenset(), names)
    asks = session.tenant.recording_consent
    wanted = (person.public_id for person in people_of(session) if may_record(person, asks=asks))
    return Plan(recording, frozenset(wanted), names)


def take(session: ClassSession, plan: Plan, told: Told) -> None:
    """Rows for what is recorded, and the end of those that ended."""
    if plan.recording is not None:
        people = {each.public_id: each for each in people_of(session)}
        for info in told.going:
            keep_begun(plan.recording, people, info)
        end_overtaken(plan.recording, told.going)
    for info in told.ended:
        recorded(info)
    for over in session.recordings.filter(state=Recording.State.FINISHING):
        settle(over)


def end_overtaken(recording: Recording, going: list[EgressInfo]) -> None:
    """What was begun while a pause or a No was on its way: where that lies in it is not known, so nothing of
    it is kept, and it is begun anew where it is wanted again."""
    begun = recording.tracks.filter(
        egress_id__in=[info.egress_id for info in going], until=None, state=RecordingTrack.State.WRITING
    )
    same = {"state": Recording.State.ON, "changed_at": recording.changed_at}
    if Recording.objects.filter(pk=recording.pk, **same).exists():
        begun = begun.filter(participant__consent=False)
    begun.update(until=F("started_at"))


def give_up(session: ClassSession, told: Told) -> None:
    """What is over and of which the media server knows nothing will not come any more."""
    known = [info.egress_id for info in (*told.going, *told.unfinished)]
    writing = RecordingTrack.objects.filter(
        recording__session=session,
        recording__state=Recording.State.FINISHING,
        state=RecordingTrack.State.WRITING,
        written="",
    )
    lost = _("The media server knows nothing of it any more.")
    writing.exclude(egress_id__in=known).update(state=RecordingTrack.State.FAILED, error=lost)
    for over in session.recordings.filter(state=Recording.State.FINISHING):
        settle(over)


async def ask(room: str, slug: str, plan: Plan) -> Told:
    """Start and stop until what is recorded is what is wanted."""
    from livekit.api import ServerErrorCode
    from livekit.protocol.egress import ListEgressRequest, StopEgressRequest

    going: list[EgressInfo] = []
    refusals: list[ServerError] = []
    async with _server() as api:
        request = ListEgressRequest(room_name=room)
        listed = (await api.egress.list_egress(request)).items
        active = [info for info in listed if info.status <= ACTIVE]
        tracks = await _tracks(api, room)
        for info in active:
            if tracks.get(info.track.track_id) in plan.wanted and info.egress_id not in plan.others:
                going.append(info)
            else:
                await api.egress.stop_egress(StopEgressRequest(egress_id=info.egress_id))
        recorded = {info.track.track_id for info in going}
        for sid, identity in tracks.items():
            if identity in plan.wanted and sid not in recorded:
                await _begin(api, room, sid, slug, going, refusals)
        if len(going) > len(recorded):  # one that could not even be begun has ended before its row is there
            listed = (await api.egress.list_egress(request)).items
    unfinished = [info for info in listed if ACTIVE < info.status < COMPLETE]
    ended = [info for info in listed if info.status >= COMPLETE]
    lasting = [str(error.message) for error in refusals if error.code != ServerErrorCode.NOT_FOUND]
    return Told(going, ended, unfinished, bool(refusals), next(iter(lasting), ""))


async def _tracks(api: LiveKitAPI, room: str) -> dict[str, str]:
    """Who publishes what: identities by track; nothing of a room that is closed."""
    from livekit.api import ServerError, ServerErrorCode
    from livekit.protocol.room import ListParticipantsRequest

    try:
        people = (await api.room.list_participants(ListParticipantsRequest(room=room))).participants
    except ServerError as error:
        if error.code != ServerErrorCode.NOT_FOUND:
            raise
        return {}
    return {track.sid: person.identity for person in people for track in person.tracks}


async def _begin(
    api: LiveKitAPI, room: str, sid: str, slug: str, going: list[EgressInfo], refusals: list[ServerError]
) -> None:
    """Refused: the track has just gone, or is not agreed yet (NOT_FOUND), or cannot be recorded."""
    from livekit.api import ServerError
    from livekit.protocol.egress import DirectFileOutput, TrackEgressRequest

    file = DirectFileOutput(filepath=f"{slug}/recordings/{uuid4().hex}")
    try:
        request = TrackEgressRequest(room_name=room, track_id=sid, file=file)
        going.append(await api.egress.start_track_egress(request))
    except ServerError as error:
        logger.warning("%s is not recorded: %s", sid, error.message)
        refusals.append(error)


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


def recorded(info: EgressInfo) -> None:
    """The media server has finished a track. One that no recording of ours asked for is left alone."""
    slug = info.room_name.partition(".")[0]
    tenant = Tenant.objects.filter(slug=slug).first()
    if tenant is None:
        return
    with tenant_scope(tenant), transaction.atomic():
        track = RecordingTrack.objects.filter(egress_id=info.egress_id).select_for_update().first()
        if track is None or track.written or track.state == RecordingTrack.State.EMPTY:
            return
        _describe(track, info)
        track.save()
        if track.recording.ended_at is None and info.status != COMPLETE:  # the class goes on, and it with it
            after_commit(later, tenant.pk, track.recording.session_id, LOOK_AGAIN, 1)
        if track.written:
            after_commit(keep.enqueue, tenant.pk, track.pk)
        else:
            settle(track.recording)


def _describe(track: RecordingTrack, info: EgressInfo) -> None:
    facts, file = details(info), info.file_results[0] if info.file_results else info.file
    track.error = info.error[:200]
    if info.status not in (COMPLETE, LIMIT):
        track.state = RecordingTrack.State.FAILED
        return
    if not file.filename:
        track.state = RecordingTrack.State.EMPTY
        return
    family = "audio" if track.source in SOUNDS else "video"
    track.state = RecordingTrack.State.WRITING  # a failed one may have been finished after all
    track.written = file.filename
    track.kind = f"{family}/{KINDS.get(Path(file.filename).suffix, 'octet-stream')}"
    track.started_at, track.ended_at = moment(file.started_at), moment(file.ended_at)
    track.size, track.sha256 = file.size, str(facts.get("sha256", ""))
    track.width, track.height = int(facts.get("width", 0)), int(facts.get("height", 0))


TROUBLES = {
    "no_answer": gettext_lazy("The media server does not answer: nothing is recorded just now."),
    "nothing": gettext_lazy("Nothing is recorded just now."),
}


@dataclass(frozen=True)
class Safe:
    """Seconds that are stored, None where nothing of the kind is recorded; why it is at risk, or None: one of
    TROUBLES, or what the media server says."""

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
        return Safe(None, None, "no_answer")
    safe = safe_of(list(listed.items), timezone.now())
    return replace(safe, trouble=safe.trouble or await cache.aget(refusal_key(room)) or None)


def refusal_key(room: str) -> str:
    return f"recording-refused-{room}"


def safe_of(infos: list[EgressInfo], now: datetime) -> Safe:
    active = [info for info in infos if info.status <= ACTIVE]
    seconds: dict[bool, list[int]] = {True: [], False: []}
    for info in active:
        seconds[details(info).get("source") in SOUNDS].append(round(info.file.duration / 1e9))
    nothing = None if active else "nothing"
    trouble = next((info.error for info in reversed(infos) if is_told(info, now)), nothing)
    return Safe(max(seconds[True], default=None), max(seconds[False], default=None), trouble)


def is_told(info: EgressInfo, now: datetime) -> bool:
    """Whether its trouble is one of now: of what is recorded, or of what ended a short while ago."""
    recent = info.status <= ACTIVE or info.ended_at / 1e9 > now.timestamp() - RECENT
    return bool(info.error) and info.status != COMPLETE and recent
