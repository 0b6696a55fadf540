"""Recording a class: what the teacher wants, and who agreed. What comes of it is egress.py's."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.models import Membership
from classrooms.live import rules
from classrooms.live.commit import after_commit
from classrooms.live.egress import drive, running
from classrooms.live.log import iso
from classrooms.live.log import record as log_event
from classrooms.live.seats import Seat, read_session, taken
from classrooms.live.standing import leads
from classrooms.models import ClassSession, Recording
from classrooms.storage import check_room_to_begin


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


def is_recorded(session: ClassSession, *, is_on: bool | None = None) -> bool:
    """What is told to whoever has not entered yet: it is being recorded, or will be from its start. `is_on`:
    a recording is on or paused, where that is known."""
    if session.state == ClassSession.State.SCHEDULED:
        return session.records_itself
    return running(session) is not None if is_on is None else is_on


@transaction.atomic
def record(*, seat: Seat, wanted: str, at: datetime) -> None:
    """Record (`on`), pause (`paused`) or stop (`off`). As it is already: nothing happens.

    Raises Ended, NotHere, NoLongerMember, NotAllowed, and, to begin with, StorageFull.
    """
    session = read_session(seat.session_id, locked=True)
    by = taken(session, seat)
    rules.check_leading(leads=leads(session, by))
    recording = running(session)
    if wanted == "off":
        stop_recording(session, at)
    elif recording is None and wanted == "on":
        assert by.membership is not None, "a guest leads no class"
        begin_recording(session, by.membership, at)
    elif recording is not None and recording.state != wanted:
        recording.state, recording.changed_at = wanted, at
        recording.save(update_fields=["state", "changed_at"])
        recording.end_tracks(at)
        _changed(session, recording, at)


def begin_recording(session: ClassSession, by: Membership, at: datetime) -> None:
    """`session` must be locked by the caller's transaction, and have none that is on. Raises StorageFull."""
    check_room_to_begin(session.tenant)
    recording = Recording.objects.create(
        tenant=session.tenant, session=session, by=by, started_at=at, changed_at=at
    )
    _changed(session, recording, at)


def stop_recording(session: ClassSession, at: datetime) -> None:
    """If there is one. `session` must be locked by the caller's transaction."""
    recording = running(session)
    if recording is None:
        return
    recording.state, recording.changed_at, recording.ended_at = Recording.State.FINISHING, at, at
    recording.save(update_fields=["state", "changed_at", "ended_at"])
    recording.end_tracks(at)
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
        recording = running(session)
        if recording is not None and not given:
            recording.end_tracks(at, of=person)
        after_commit(drive.enqueue, session.tenant_id, session.pk)
