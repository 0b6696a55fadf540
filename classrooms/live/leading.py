"""What those who lead a class do to its people: mute, ask, let speak, rules, the lock, removing, co-teachers.

Every step is one transaction, is written to the log with who took it, and reaches the media server at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from classrooms.live import rules
from classrooms.live.announce import have_look, put_away
from classrooms.live.commit import after_commit
from classrooms.live.holding import ENDED, MUTED, give, heard, order_for
from classrooms.live.lobby import grant, knock
from classrooms.live.log import iso, record
from classrooms.live.people import class_rules
from classrooms.live.refusals import UnknownParticipant
from classrooms.live.screens import free_screen
from classrooms.live.seats import Seat, people_of, read_session, taken
from classrooms.live.standing import by_right, heads, leads
from classrooms.live.unseating import unseat
from classrooms.models import ClassSession, Participant

FIELDS = {
    "mic": "students_mic",
    "camera": "students_camera",
    "screen": "students_screen",
    "chat": "students_chat",
    "private_chat": "students_private_chat",
    "locked": "locked",
    "waiting_room": "guests_wait",
    "captions": "captions",
}
GIVEN = {"mic": "may_speak", "screen": "may_share"}  # to somebody, whatever the rules say


@transaction.atomic
def stop(*, seat: Seat, what: str, participant: str | None, at: datetime) -> None:
    """End somebody's sound, camera or shared screen (`what`: mic, camera, screen); None: that of all
    students. They may begin again, as the rules of the class allow; who was let speak, or given the
    screen, no longer is.

    Raises Ended, NotHere, NoLongerMember, NotAllowed, UnknownParticipant.
    """
    session, by = _leading(seat)
    if participant is None:
        people = list(heard(session, at).exclude(role=Participant.Role.TEACHER).exclude(pk=by.pk))
    else:
        people = [_somebody(session, participant, at)]
    if what in GIVEN:
        _take_back(people, GIVEN[what])
    if what == "screen":
        free_screen(session, *people)
    payload = {"what": what, "participant": participant, "by": by.public_id}
    record(session, at=at, type="stopped", payload=payload, by=by)
    _hold(session, people, mute=MUTED[what], end=ENDED[what])


@transaction.atomic
def ask_to_unmute(*, seat: Seat, participant: str, at: datetime) -> None:
    """Raises Ended, NotHere, NoLongerMember, NotAllowed, UnknownParticipant."""
    session, by = _leading(seat)
    person = _somebody(session, participant, at)
    payload = {"participant": person.public_id, "by": by.public_id}
    record(session, at=at, type="asked_to_unmute", payload=payload, by=by)


@transaction.atomic
def lower_hands(*, seat: Seat, at: datetime) -> None:
    """All of them. Raises Ended, NotHere, NoLongerMember, NotAllowed."""
    session, by = _leading(seat)
    if people_of(session).exclude(hand_raised_at=None).update(hand_raised_at=None):
        record(session, at=at, type="hands_lowered", payload={"by": by.public_id}, by=by)


@transaction.atomic
def let_speak(*, seat: Seat, participant: str, at: datetime) -> None:
    """Lower somebody's hand and give them the word: until they are muted they may use the microphone, also
    while students may not. Raises Ended, NotHere, NoLongerMember, NotAllowed, UnknownParticipant."""
    session, by = _leading(seat)
    person = _somebody(session, participant, at)
    person.hand_raised_at, person.may_speak = None, True
    person.save(update_fields=["hand_raised_at", "may_speak"])
    payload = {"participant": person.public_id, "by": by.public_id}
    record(session, at=at, type="may_speak", payload=payload, by=by)
    _hold(session, [person])


@transaction.atomic
def give_screen(*, seat: Seat, participant: str, at: datetime) -> None:
    """Ask somebody to share their screen. They may from now on, also while students may not: until they leave
    or somebody who leads stops it. Whoever shares already goes on. Raises Ended, NotHere, NoLongerMember,
    NotAllowed, UnknownParticipant."""
    session, by = _leading(seat)
    person = _somebody(session, participant, at)
    person.may_share = True
    person.save(update_fields=["may_share"])
    payload = {"participant": person.public_id, "by": by.public_id}
    record(session, at=at, type="may_share", payload=payload, by=by)


@transaction.atomic
def set_rules(*, seat: Seat, changes: Mapping[str, bool], at: datetime) -> None:
    """What students may do, whether guests wait and whether the class is locked; `changes` has the names of
    FIELDS. As it is already: nothing happens. Without a waiting room any more, whoever is in it comes in.
    Raises Ended, NotHere, NoLongerMember, NotAllowed."""
    session, by = _leading(seat)
    now = class_rules(session)
    new = {FIELDS[name]: value for name, value in changes.items() if now[name] != value}
    if not new:
        return
    for name, value in new.items():
        setattr(session, name, value)
    changed = list(new)
    session.save(update_fields=changed)
    if new.get("students_screen") is False and session.presenter:
        free_screen(session, session.presenter)
    for what, given in GIVEN.items():
        if FIELDS[what] in changed:
            people_of(session).filter(**{given: True}).update(**{given: False})
    payload = {"rules": class_rules(session), "by": by.public_id}
    record(session, at=at, type="rules_changed", payload=payload, by=by)
    if new.get("guests_wait") is False:
        grant(session, list(people_of(session).waiting(at)), by, at)
    if {"students_mic", "students_camera", "students_screen"} & set(changed):
        _hold(session, heard(session, at))


@transaction.atomic
def remove(*, seat: Seat, participant: str, reason: str, bar: bool, at: datetime) -> None:
    """Put somebody out; `bar`: with no way back into this class, until they are admitted again.

    Raises Ended, NotHere, NoLongerMember, NotAllowed, OnlyTheLead, NotThem, UnknownParticipant.
    """
    session, by = _leading(seat)
    person = _somebody(session, participant, at)
    rules.check_removing(
        own=person.pk == by.pk, by_right=by_right(session, person), co_teacher=person.co_teacher,
        heads=heads(session, by),
    )  # fmt: skip
    connection = person.connection
    person.removed_at, person.removal_reason, person.barred = at, reason, bar
    unseat(session, person, by, at, why="removed", barred=bar)
    after_commit(put_away, connection, reason=reason, barred=bar)
    if session.lead_id == person.pk:
        _take_lead(session, by, at)


@transaction.atomic
def send_back(*, seat: Seat, participant: str, at: datetime) -> None:
    """Send somebody to the waiting room, last in line: they come in again once they are let in, also where
    nobody else waits.

    Raises Ended, NotHere, NoLongerMember, NotAllowed, NotThem, UnknownParticipant.
    """
    session, by = _leading(seat)
    person = _somebody(session, participant, at)
    rules.check_sending_back(leads=leads(session, person))
    connection = person.connection
    person.sent_back = True
    unseat(session, person, by, at, why="sent_back")
    knock(session, person, at)
    after_commit(have_look, connection)


@transaction.atomic
def admit(*, seat: Seat, participant: str, at: datetime) -> None:
    """Let somebody who was barred come in again. Raises Ended, NotHere, NoLongerMember, NotAllowed,
    OnlyTheLead, UnknownParticipant."""
    session, by = _leading(seat)
    rules.check_heading(heads=heads(session, by))
    person = people_of(session).filter(public_id=participant, barred=True).first()
    if person is None:
        raise UnknownParticipant
    person.barred, person.removed_at, person.removal_reason = False, None, ""
    person.save(update_fields=["barred", "removed_at", "removal_reason"])
    payload = {"participant": person.public_id, "by": by.public_id}
    record(session, at=at, type="admitted", payload=payload, by=by)


@transaction.atomic
def appoint(*, seat: Seat, participant: str, co_teacher: bool, at: datetime) -> None:
    """Make somebody a co-teacher of this class, or no longer. As it is already: nothing happens.

    Raises Ended, NotHere, NoLongerMember, NotAllowed, OnlyTheLead, NotThem, NotAGuest, UnknownParticipant.
    """
    session, by = _leading(seat)
    rules.check_heading(heads=heads(session, by))
    person = _somebody(session, participant, at)
    rules.check_appointing(by_right=by_right(session, person), guest=person.is_guest)
    if person.co_teacher == co_teacher:
        return
    _appoint(session, person, co_teacher, by, at)
    if session.lead_id == person.pk:
        _take_lead(session, by, at)


@transaction.atomic
def hand_lead(*, seat: Seat, participant: str, at: datetime) -> None:
    """Let somebody lead the class; who was a student becomes a co-teacher. Oneself: take the lead back.

    Raises Ended, NotHere, NoLongerMember, NotAllowed, OnlyTheLead, NotAGuest, UnknownParticipant.
    """
    session, by = _leading(seat)
    rules.check_heading(heads=heads(session, by))
    person = _somebody(session, participant, at)
    if session.lead_id == person.pk:
        return
    if not leads(session, person):
        rules.check_appointing(by_right=False, guest=person.is_guest)
        _appoint(session, person, True, by, at)
    _lead(session, person, by, at)


@transaction.atomic
def take_over(*, session_id: int, at: datetime) -> timedelta | None:
    """If whoever leads the class has been away for long: the next one who may leads it from now on.

    How long to wait before asking again, where they have not been away for long enough yet.
    """
    session = read_session(session_id, locked=True)
    return pass_on_lead(session, at) if session.state == ClassSession.State.LIVE else None


def pass_on_lead(session: ClassSession, at: datetime) -> timedelta | None:
    """The same inside a transaction that has `session` locked. Whoever was dismissed or removed is not waited
    for."""
    if (lead := session.lead) and lead.role == Participant.Role.TEACHER and lead.removed_at is None:
        if lead.is_here(at) or lead.left_at is None:
            return None
        if patience := rules.patience_left(left_at=lead.left_at, at=at):
            return patience
    here = people_of(session).here(at).filter(role=Participant.Role.TEACHER).select_related("membership")
    next_one = here.order_by("co_teacher", "joined_at", "pk").first()
    if next_one:
        _lead(session, next_one, None, at)
    return None


def barred_people(*, seat: Seat) -> list[dict[str, Any]]:
    """For those who lead: who has no way back. Raises Ended, NotHere, NoLongerMember."""
    session = read_session(seat.session_id)
    person = taken(session, seat)
    return barred_told(session) if leads(session, person) else []


def barred_told(session: ClassSession) -> list[dict[str, Any]]:
    people = people_of(session).filter(barred=True).select_related("membership").order_by("removed_at")
    return [
        {
            "id": person.public_id,
            "name": person.name,
            "hue": person.hue,
            "reason": person.removal_reason,
            "at": iso(person.removed_at) if person.removed_at else None,
        }
        for person in people
    ]


def _leading(seat: Seat) -> tuple[ClassSession, Participant]:
    """The class, locked, and whoever sits there. Raises Ended, NotHere, NoLongerMember, NotAllowed."""
    session = read_session(seat.session_id, locked=True)
    by = taken(session, seat)
    rules.check_leading(leads=leads(session, by))
    return session, by


def _somebody(session: ClassSession, public_id: str, at: datetime) -> Participant:
    people = people_of(session).here(at).select_related("membership__user")
    person: Participant | None = people.filter(public_id=public_id).first()
    if person is None:
        raise UnknownParticipant
    return person


def _take_back(people: Iterable[Participant], given: str) -> None:
    for person in people:
        if getattr(person, given):
            setattr(person, given, False)
            person.save(update_fields=[given])


def _appoint(
    session: ClassSession, person: Participant, co_teacher: bool, by: Participant, at: datetime
) -> None:
    person.co_teacher, person.may_speak, person.may_share = co_teacher, False, False
    person.role = Participant.Role.TEACHER if co_teacher else Participant.Role.STUDENT
    person.hand_raised_at = None
    person.save(update_fields=["co_teacher", "may_speak", "may_share", "role", "hand_raised_at"])
    free_screen(session, person)
    payload = {"participant": person.public_id, "role": person.role, "by": by.public_id}
    record(session, at=at, type="role_changed", payload=payload, by=by)
    _hold(session, [person])


def _lead(session: ClassSession, person: Participant, by: Participant | None, at: datetime) -> None:
    session.lead = person
    session.save(update_fields=["lead"])
    payload = {"participant": person.public_id, "by": by.public_id if by else None}
    record(session, at=at, type="lead_changed", payload=payload, by=by)


def _take_lead(session: ClassSession, by: Participant, at: datetime) -> None:
    """From somebody who may lead no longer. Who is not in the class cannot: then the next teacher there does,
    or who comes first."""
    if by.is_here(at):
        _lead(session, by, by, at)
    else:
        pass_on_lead(session, at)


def _hold(session: ClassSession, people: Iterable[Participant], **more: Iterable[str]) -> None:
    after_commit(give, order_for(session, people, **more))
