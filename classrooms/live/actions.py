"""What changes a live class: one transaction each; sockets and the media server hear of it after the commit.

Every action takes the seat it comes from and the time; all run inside the tenant's scope.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.models import Membership
from classrooms.attended.segments import Why, came, last_here, went
from classrooms.live import rules
from classrooms.live.announce import put_out
from classrooms.live.captions import captions_now, stops_reading
from classrooms.live.commit import after_commit
from classrooms.live.egress import running
from classrooms.live.leading import barred_told, pass_on_lead
from classrooms.live.limits import check_limits
from classrooms.live.lobby import Waits, knock, must_wait, step_back
from classrooms.live.log import Recorded, record
from classrooms.live.materials import materials_told
from classrooms.live.media import Pass, close_media_room, media_pass, put_out_of_media, put_out_of_media_later
from classrooms.live.messages import last_messages
from classrooms.live.people import class_rules, roster, told
from classrooms.live.polls import end_running
from classrooms.live.recording import begin_recording, recording_told, stop_recording
from classrooms.live.refusals import UnknownParticipant
from classrooms.live.replay import events_after
from classrooms.live.screens import free_screen
from classrooms.live.seats import (
    Seat,
    Visitor,
    find_session,
    people_of,
    read_session,
    read_visitor,
    sitting,
    taken,
)
from classrooms.live.standing import heads
from classrooms.live.standing import leads as may_lead
from classrooms.live.tallies import polls_told
from classrooms.models import ClassSession, Participant
from tenants.refusals import Refusal

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Entered:
    """What a person who came in is given. `missed`: the events after `since`, or None for a snapshot as of
    `seq`, which is then in `participants`, `messages` and `materials`; `earlier`: there are older messages
    than these. `polls`: as they are now, in either case. `school`: what the school has chosen."""

    you: str
    seq: int
    started_at: datetime
    media: Pass
    missed: list[Recorded] | None
    participants: list[dict[str, Any]]
    messages: list[dict[str, Any]]
    earlier: bool
    materials: list[dict[str, Any]]
    recording: dict[str, Any] | None
    consent: bool | None
    direct_calls: bool
    rules: dict[str, Any]
    lead: str | None
    barred: list[dict[str, Any]]
    school: dict[str, bool]
    polls: list[dict[str, Any]]
    captions: dict[str, bool]
    not_recorded: Refusal | None = None
    """Why a class that records by itself does not, told to the teacher who started it."""


@transaction.atomic
def enter(*, seat: Seat, since: int | None, at: datetime) -> Entered | Waits:
    """Take the seat: start the class if this is its first teacher, and record it if its course does; put out
    this person's other socket, and tell everyone of who was not here before. Who has to be let in comes as
    far as the waiting room.

    Raises NoLongerMember, LinkOver, Ended, Barred, Removed, NotOpen, NotStarted, Locked, TurnedAway,
    ClassFull, TooManyClasses.
    """
    session = read_session(seat.session_id, locked=True)
    visitor = read_visitor(session, seat, at)
    leads, known = visitor.leads, visitor.known
    opens_at = session.opens_for(leads=leads)
    waits = must_wait(session, visitor)
    rules.check_entry(
        state=session.state,
        leads=leads,
        opens_at=opens_at,
        at=at,
        zone=visitor.zone,
        locked_out=rules.is_locked_out(locked=session.locked, leads=leads, was_inside=visitor.was_inside),
        barred=bool(known and known.barred),
        removed=since is not None and bool(known and known.removed_at),
        waits=waits,
    )
    if waits and known:
        return knock(session, known, at)
    _sweep(session, at)
    starts = session.state == ClassSession.State.SCHEDULED
    check_limits(session, known, starts, at)
    if starts:
        _start(session, at)
    person = _seated(session, visitor, seat, at)
    if since is None:
        free_screen(session, person)  # a new page shares nothing yet
    if starts:
        session.lead = person
        session.save(update_fields=["lead"])
    pass_on_lead(session, at)
    records = starts and session.records_itself
    no = _record_by_itself(session, visitor.member, at) if records and visitor.member else None
    return replace(_entered(session, person, since, at), not_recorded=no)


def _start(session: ClassSession, at: datetime) -> None:
    session.state = ClassSession.State.LIVE
    session.started_at = at
    session.save(update_fields=["state", "started_at"])
    record(session, at=at, type="class_started")


def _record_by_itself(session: ClassSession, by: Membership, at: datetime) -> Refusal | None:
    """As if `by` had pressed Record. Whatever speaks against it: the class takes place."""
    try:
        begin_recording(session, by, at)
    except Refusal as no:
        logger.warning("%s is not recorded by itself: %s", session.public_id, no.code)
        return no
    return None


def _seated(session: ClassSession, visitor: Visitor, seat: Seat, at: datetime) -> Participant:
    """The visitor's participant, on this seat now. Whoever was here and has another name or role by now is
    told of anew, within the class."""
    person = visitor.known or Participant(session=session, membership=visitor.member)
    was_here, other, last_seen = bool(person.connection), person.connection, person.seen_at
    before = told(person) if was_here else None
    person.co_teacher = person.co_teacher and not visitor.leads
    person.name = visitor.name
    person.role = Participant.Role.TEACHER if person.co_teacher else visitor.usual_role
    person.connection, person.seen_at = seat.connection, at
    person.joined_at = person.joined_at or at
    if not was_here and not rules.keeps_hand(left_at=person.left_at, at=at):
        person.hand_raised_at, person.may_share = None, False
    if was_here:
        stops_reading(session, person, at)
    person.wants_captions = False
    person.left_at = person.removed_at = person.waits_since = None
    person.removal_reason, person.sent_back = "", False
    person.save()
    if was_here and other != seat.connection:
        went(person, last_seen or at, Why.MOVED)  # that socket may be gone since: what is short is closed
    came(person, at)
    if (now := told(person)) != before:
        came_in = {"participant": now}
        record(session, at=at, type="participant_joined", payload=came_in, to_hooks=not was_here)
    if was_here and other != seat.connection:
        after_commit(put_out, other)
    return person


def _entered(session: ClassSession, person: Participant, since: int | None, at: datetime) -> Entered:
    replays = since is not None and rules.can_replay(since=since, last_seq=session.last_seq)
    messages, earlier = ([], False) if replays else last_messages(session, person)
    return Entered(
        you=person.public_id,
        seq=session.last_seq,
        started_at=session.started_at or at,
        media=media_pass(session, person, at),
        missed=events_after(session, since, person) if since is not None and replays else None,
        participants=[] if replays else roster(session, at),
        messages=messages,
        earlier=earlier,
        materials=[] if replays else materials_told(session),
        recording=recording_told(running(session)),
        consent=person.consent,
        direct_calls=session.tenant.direct_calls,
        rules=class_rules(session),
        lead=session.lead.public_id if session.lead else None,
        barred=barred_told(session) if may_lead(session, person) else [],
        school=school_told(session),
        polls=polls_told(session, person),
        captions=captions_now(session, at),
    )


def school_told(session: ClassSession) -> dict[str, bool]:
    return {"private_chat": session.tenant.private_chat, "asks_consent": session.tenant.recording_consent}


@transaction.atomic
def leave(*, seat: Seat, at: datetime, lost: bool = False) -> None:
    """Free the seat, or the place in the waiting room; `lost`: without a word from the page. Nothing happens
    when there is none: left already, displaced, or class over."""
    session = find_session(seat.session_id, locked=True)
    if session and (person := sitting(session, seat)):
        _free(session, person, at, lost=lost)
    elif session and not lost:
        step_back(session, list(people_of(session).filter(**seat.owner)), at)


def _free(
    session: ClassSession, person: Participant, at: datetime, why: Why = Why.LEFT, *, lost: bool = False
) -> None:
    went(person, last_here(person, at) if why == Why.LOST else at, why)
    person.connection = ""
    person.left_at = at
    person.may_share = person.may_share and lost
    person.save(update_fields=["connection", "left_at", "may_share"])
    if not lost:
        free_screen(session, person)
    payload = {"participant": person.public_id, "why": "lost" if lost else "left"}
    record(session, at=at, type="participant_left", payload=payload)
    stops_reading(session, person, at)
    after_commit(put_out_of_media_later, session, person)


def _sweep(session: ClassSession, at: datetime) -> None:
    """Free the seats of those whose web process died."""
    for person in people_of(session).stale(at):
        _free(session, person, at, Why.LOST, lost=True)


@transaction.atomic
def raise_hand(*, seat: Seat, at: datetime) -> None:
    """Raises Ended, NotHere, NoLongerMember."""
    session = read_session(seat.session_id, locked=True)
    person = taken(session, seat)
    if person.hand_raised_at:
        return
    person.hand_raised_at = at
    person.save(update_fields=["hand_raised_at"])
    record(session, at=at, type="hand_raised", payload={"participant": person.public_id})


@transaction.atomic
def lower_hand(*, seat: Seat, participant: str | None, at: datetime) -> None:
    """Lower one's own hand or, as a teacher, that of `participant` (a public id).

    Raises Ended, NotHere, NoLongerMember, NotAllowed, UnknownParticipant.
    """
    session = read_session(seat.session_id, locked=True)
    by = taken(session, seat)
    own = participant in (None, by.public_id)
    rules.check_lowering(own=own, leads=may_lead(session, by))
    person = by if own else people_of(session).here(at).filter(public_id=participant).first()
    if person is None:
        raise UnknownParticipant
    if not person.hand_raised_at:
        return
    person.hand_raised_at = None
    person.save(update_fields=["hand_raised_at"])
    payload = {"participant": person.public_id, "by": by.public_id}
    record(session, at=at, type="hand_lowered", payload=payload, by=by)


@transaction.atomic
def end_class(*, seat: Seat, at: datetime) -> None:
    """End the class for everyone and close its media room.

    Raises Ended, NotHere, NoLongerMember, NotAllowed, OnlyTheLead.
    """
    session = read_session(seat.session_id, locked=True)
    by = taken(session, seat)
    rules.check_leading(leads=may_lead(session, by))
    rules.check_heading(heads=heads(session, by))
    _end(session, by, at)


@transaction.atomic
def end_class_for_school(*, session_id: int, at: datetime) -> None:
    """The same by nobody inside: the school is suspended, or goes. Nothing where it is not on."""
    session = find_session(session_id, locked=True)
    if session is not None and session.state == ClassSession.State.LIVE:
        _end(session, None, at)


def _end(session: ClassSession, by: Participant | None, at: datetime) -> None:
    session.state = ClassSession.State.ENDED
    session.ended_at = at
    session.save(update_fields=["state", "ended_at"])
    for person in people_of(session).exclude(connection=""):
        alive = person == by or person.is_here(at)
        went(person, at if alive else last_here(person, at), Why.OVER if alive else Why.LOST)
    people_of(session).exclude(connection="").update(connection="", left_at=at, hand_raised_at=None)
    people_of(session).exclude(waits_since=None).update(waits_since=None)
    end_running(session, at)
    stop_recording(session, at)
    record(session, at=at, type="class_ended", payload={"by": by and by.public_id}, by=by)
    after_commit(close_media_room, session)


@dataclass(frozen=True)
class Pulse:
    """What a sign of life brings back: the events after the last one known; where the person sits: on this
    seat, on another ("elsewhere"), or on none ("nowhere"); whether two alone may connect directly; whether
    captions are allowed and wanted; what the school has chosen; the rules as of event `seq`; and of somebody
    who was removed the reason, which may be empty, and whether they are barred."""

    missed: list[Recorded]
    sits: str
    direct_calls: bool
    captions: dict[str, bool]
    school: dict[str, bool]
    seq: int
    rules: dict[str, Any]
    removed: str | None = None
    barred: bool = False


def keep_alive(*, seat: Seat, after: int, at: datetime) -> Pulse:
    """Give a sign of life for a seat that is taken, and free those that gave none for too long.

    Raises NoLongerMember, LinkOver.
    """
    session = read_session(seat.session_id)
    person = read_visitor(session, seat, at).known
    connection = person.connection if person else ""
    if person and connection == seat.connection:
        people_of(session).filter(pk=person.pk, connection=connection).update(seen_at=at)
    if person and person.waits_since:
        people_of(session).filter(pk=person.pk).exclude(waits_since=None).update(waits_seen_at=at)
    if people_of(session).stale(at).exists():
        sweep(session_id=session.pk, at=at)
    sits = {seat.connection: "here", "": "nowhere"}.get(connection, "elsewhere")
    missed = events_after(session, after, person) if session.last_seq > after else []
    pulse = Pulse(
        missed=missed,
        sits=sits,
        direct_calls=session.tenant.direct_calls,
        captions=captions_now(session, at),
        school=school_told(session),
        seq=session.last_seq,
        rules=class_rules(session),
    )
    if person and person.removed_at:
        return replace(pulse, removed=person.removal_reason, barred=person.barred)
    return pulse


@transaction.atomic
def sweep(*, session_id: int, at: datetime) -> None:
    """Free the seats of those whose web process died."""
    _sweep(read_session(session_id, locked=True), at)


@transaction.atomic
def expel(*, seat: Seat, at: datetime) -> None:
    """Free the seat of a person who may no longer take part, and put them out of the media room; or out of
    the waiting room."""
    session = find_session(seat.session_id, locked=True)
    if session and (person := sitting(session, seat)):
        _free(session, person, at, Why.REMOVED)
        after_commit(put_out_of_media, session, person)
    elif session:
        step_back(session, list(people_of(session).filter(**seat.owner)), at)


def renew_media_pass(*, seat: Seat, at: datetime) -> Pass:
    """Raises Ended, NotHere, NoLongerMember."""
    session = read_session(seat.session_id)
    return media_pass(session, taken(session, seat), at)


def missed_events(*, seat: Seat, after: int) -> list[Recorded]:
    """Raises NoLongerMember."""
    session = read_session(seat.session_id)
    return events_after(session, after, people_of(session).filter(**seat.owner).first())
