"""People who were in a class, and what is told of it afterwards."""

from __future__ import annotations

import csv
from datetime import timedelta

from classrooms.models import AttendanceSegment, Participant
from tenants.scope import tenant_scope

MINUTE = timedelta(minutes=1)


def was_there(session, person, *spans, name=""):
    """From so many minutes after the planned start to so many; an end of None: still here."""
    with tenant_scope(session.tenant):
        who = Participant.objects.create(
            session=session,
            membership=person.member,
            name=name or person.member.name,
            connection="socket" if spans[-1][1] is None else "",
            seen_at=session.starts_at + 45 * MINUTE,
        )
        for begin, end in spans:
            who.segments.create(
                began_at=session.starts_at + begin * MINUTE,
                ended_at=None if end is None else session.starts_at + end * MINUTE,
                why="" if end is None else AttendanceSegment.Why.LEFT,
            )
    return who


def page(person, session):
    answer = person.get(f"/c/{session.public_id}/attendance/")
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def table(person, path):
    answer = person.get(path)
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    return list(csv.reader(answer.content.decode("utf-8-sig").splitlines()))
