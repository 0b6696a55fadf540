"""The classroom socket across the border of two schools: every message, with ids of the other's class."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import Any

import pytest
from asgiref.sync import sync_to_async

from classrooms.models import ClassSession
from tests.access.crossing import ids_of
from tests.access.schools import School, founded
from tests.access.sums import sum_of
from tests.conftest import Guest, Person
from tests.socket.conftest import Clock, Page, cast, clock, inside, invited, live, page, wire
from tests.socket.test_matrix import TABLE, type_of

__all__ = ["cast", "clock", "inside", "invited", "live", "page"]

LAST = ("join", "leave", "end_class")


@pytest.fixture
def theirs(cast: None, storage: None) -> School:
    return founded("other", "qz9other")


@pytest.fixture
def of_theirs(theirs: School) -> Any:
    """What messages are made of (tests/socket/test_matrix.py): people, messages, a poll of their class."""
    them = SimpleNamespace(id=theirs.student_here.public_id)
    others = {"teacher": theirs.teacher_here.public_id, "banished": theirs.barred.public_id}
    case = SimpleNamespace(locked=False)
    return SimpleNamespace(
        case=case, target=them, other=them, own=1, others=2, poll=3, knocker=them.id, **others
    )


@pytest.mark.parametrize("role", ["teacher", "student", "guest"])
async def test_no_message_reaches_or_tells_of_the_other_class(
    role: str,
    theirs: School,
    of_theirs: Any,
    inside: Any,
    page: Any,
    live: ClassSession,
    clock: Clock,
    teacher: Person,
    student: Person,
    invited: Guest,
) -> None:
    before, ids = await sync_to_async(sum_of)(theirs), set(await sync_to_async(ids_of)(theirs))
    leading = await inside(teacher, live)
    asking = leading
    if role == "student":
        asking = await inside(student, live)
    elif role == "guest":
        asking = await page(invited, live)
        assert (await asking.join())["type"] == "waiting"
        await leading.send("let_in")
        await leading.up_to_date()
        assert (await asking.join())["type"] in ("joined", "resumed")
    for message in (each for each in TABLE if each not in LAST):
        fields = TABLE[message][0](of_theirs)
        await asking.send(type_of(message), **fields)
        told = json.dumps(await asking.up_to_date())
        assert theirs.mark not in told, message
        assert not [each for each in ids if each in told and each not in json.dumps(fields)], message
        assert await sync_to_async(sum_of)(theirs) == before, message
        clock.pass_by(seconds=1)


@pytest.mark.parametrize("host", ["demo.localhost", "other.localhost"])
@pytest.mark.parametrize("role", ["teacher", "guest"])
async def test_nobody_of_another_school_opens_their_class(
    host: str, role: str, theirs: School, teacher: Person, invited: Guest, live: ClassSession, clock: Clock
) -> None:
    """With their own cookies, at their own host or at that of the class."""
    who: Any = teacher if role == "teacher" else invited
    path = f"/ws/sessions/{theirs.live.public_id}/" + ("guest/" if role == "guest" else "")
    opened = Page(wire(who, path, clock, host=host, origin=f"http://{host}"))
    if (await opened.open())[0]:
        assert (await opened.next())["type"] == "close"
