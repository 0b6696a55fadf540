"""Captions in a class: who wants some, and passing on what a speaker's browser hears. Nothing is kept."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from classrooms.live import rules
from classrooms.live.announce import tell_captions_wanted, tell_those_who_read
from classrooms.live.commit import after_commit
from classrooms.live.people import allowed, rules_of
from classrooms.live.seats import Seat, people_of, read_session, taken
from classrooms.models import ClassSession, Participant


def captions_now(session: ClassSession, at: datetime) -> dict[str, bool]:
    """Whether the school allows captions, and whether somebody who is here wants some."""
    return {"allowed": session.tenant.captions, "wanted": _is_wanted(session, at)}


@transaction.atomic
def want(*, seat: Seat, wanted: bool, at: datetime) -> None:
    """Read captions, or no longer; whoever speaks hears of it. As it is already: nothing happens.

    Raises Ended, NotHere, NoLongerMember, NoCaptions, CaptionsOff.
    """
    session = read_session(seat.session_id)
    person = taken(session, seat)
    if wanted:
        _check(session)
    if person.wants_captions == wanted:
        return
    people_of(session).filter(pk=person.pk).update(wants_captions=wanted)
    after_commit(_tell_wanted, session, at, new=seat.connection if wanted else "")


def stops_reading(session: ClassSession, person: Participant, at: datetime) -> None:
    """Whoever speaks hears of it, should `person`, who read so far, have been the last."""
    if person.wants_captions:
        after_commit(_tell_wanted, session, at)


def caption(*, seat: Seat, said: dict[str, Any], at: datetime) -> None:
    """Pass on what this person says.

    Raises Ended, NotHere, NoLongerMember, NoCaptions, CaptionsOff, MicOff.
    """
    session = read_session(seat.session_id)
    by = taken(session, seat)
    _check(session)
    rules.check_speaking(allowed(session, by))
    tell_those_who_read(session, by=by.public_id, said=said)


def _check(session: ClassSession) -> None:
    rules.check_captions(rules_of(session), school_allows=session.tenant.captions)


def _tell_wanted(session: ClassSession, at: datetime, new: str = "") -> None:
    """As it is after the commit: of two at once the later one knows of both."""
    tell_captions_wanted(session, wanted=_is_wanted(session, at), new=new)


def _is_wanted(session: ClassSession, at: datetime) -> bool:
    wants: bool = session.tenant.captions and people_of(session).here(at).filter(wants_captions=True).exists()
    return wants
