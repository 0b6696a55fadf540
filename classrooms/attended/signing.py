"""Signing the attendance of a class off, taking that back, and whether it still says what was signed."""

from __future__ import annotations

import json
from datetime import datetime
from hashlib import sha256
from typing import TypedDict

from django.db import transaction

from accounts.audit import note
from accounts.entries import Deed
from accounts.models import Membership
from classrooms.attended.sheet import GuestRow, Row, Sheet, sheet
from classrooms.models import AttendanceSignOff, ClassSession
from classrooms.refusals import ClassNotOver, NotYourAttendance


@transaction.atomic
def sign_off(*, session: ClassSession, by: Membership, at: datetime) -> AttendanceSignOff:
    """Put `by`'s name under the attendance as it is now; the first of two teachers' stays.

    Raises NotYourAttendance, ClassNotOver.
    """
    check_leads(session, by)
    if session.state != ClassSession.State.ENDED:
        raise ClassNotOver
    signed, is_new = AttendanceSignOff.objects.get_or_create(
        session=session,
        defaults={
            "tenant": session.tenant,
            "by": by,
            "name": by.name,
            "at": at,
            "digest": digest(sheet(session, at)),
        },
    )
    if is_new:
        note(deed=Deed.ATTENDANCE_SIGNED, by=by, tenant=by.tenant, on=session)
    return signed


@transaction.atomic
def take_back(*, session: ClassSession, by: Membership) -> None:
    """Anybody who leads the class may; nothing happens where nobody signed. Raises NotYourAttendance."""
    check_leads(session, by)
    gone, _rows = AttendanceSignOff.objects.filter(session=session).delete()
    if gone:
        note(deed=Deed.ATTENDANCE_REOPENED, by=by, tenant=by.tenant, on=session)


def check_leads(session: ClassSession, by: Membership) -> None:
    if not session.led_by(by):
        raise NotYourAttendance


class Signing(TypedDict):
    """`changed`: the sheet says something else than what was signed."""

    signed: AttendanceSignOff | None
    changed: bool


def signing_told(found: Sheet) -> Signing:
    """Who stands for a sheet, and whether it still is what they signed."""
    signed = AttendanceSignOff.objects.filter(session=found.session).select_related("by").first()
    return {"signed": signed, "changed": signed is not None and digest(found) != signed.digest}


def digest(found: Sheet) -> str:
    """Of who is listed as what, and when each was there. Names are no part of it: people marry."""
    groups: dict[str, list[Row] | list[GuestRow]] = {
        "course": list(found.rows),
        "visitors": list(found.visitors),
        "guests": list(found.guests),
    }
    said = sorted(
        (group, row.who.public_id, row.teaches, stays_of(row))
        for group, rows in groups.items()
        for row in rows
    )
    return sha256(json.dumps(said).encode()).hexdigest()


def stays_of(row: Row | GuestRow) -> list[list[str]]:
    stays = row.presence.stays if row.presence else ()
    return [[begin.isoformat(), end.isoformat()] for begin, end in stays]
