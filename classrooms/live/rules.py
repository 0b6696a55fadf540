"""What is decided about a live class, as plain functions: no database, no clock, no sockets."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from classrooms.live.refusals import Ended, NoFiles, NotAllowed, NotDirect, NotHere, NotOpen, NotStarted

HAND_SURVIVES = timedelta(minutes=2)
MOST_REPLAYED = 500
MOST_HISTORY = 200


def check_entry(*, state: str, leads: bool, opens_at: datetime, at: datetime, zone: ZoneInfo) -> None:
    """Whether a person may come in now. Raises Ended, NotOpen (told in `zone`) or NotStarted.

    `state` is scheduled, live or ended; `leads`: may start the class by coming in; `opens_at`: when this
    person may enter.
    """
    if state == "ended":
        raise Ended
    if at < opens_at:
        raise NotOpen(opens_at, zone)
    if state == "scheduled" and not leads:
        raise NotStarted


def check_inside(*, state: str, here: bool) -> None:
    """Whether a person may take part. Raises Ended or NotHere."""
    if state == "ended":
        raise Ended
    if not here:
        raise NotHere


def check_leading(*, leads: bool) -> None:
    """Raises NotAllowed."""
    if not leads:
        raise NotAllowed


def check_lowering(*, own: bool, leads: bool) -> None:
    """Whose hand may be lowered: one's own, and a teacher anyone's. Raises NotAllowed."""
    if not own:
        check_leading(leads=leads)


def check_direct(*, allowed: bool, for_call: bool, here: int, recorded: bool) -> None:
    """Whether two people may connect directly: their school allows it, and, for a call, they are alone here
    and not recorded. Raises NotDirect, NoFiles."""
    if for_call and (not allowed or here != 2 or recorded):
        raise NotDirect
    if not allowed:
        raise NoFiles


def keeps_hand(*, left_at: datetime | None, at: datetime) -> bool:
    """Whether a raised hand outlives an absence: a short one, such as a reload, costs no place in line."""
    return left_at is not None and at - left_at <= HAND_SURVIVES


def can_replay(*, since: int | None, last_seq: int) -> bool:
    """Whether a page that has seen `since` gets what it missed rather than a snapshot."""
    return since is not None and 0 <= last_seq - since <= MOST_REPLAYED
