"""The classroom socket of somebody who came by a join link: into that one class, while the visit lasts."""

from __future__ import annotations

from dataclasses import asdict
from datetime import timedelta

import pytest

from accounts.sessions import HOST
from classrooms.joining import VISIT, Visit
from tests.conftest import NOON
from tests.socket.conftest import beat, rows


@pytest.fixture
def visitor(live, person, tenant, student):
    """Sue Student's second browser, which is signed in nowhere."""
    browser = type(student.browser)()
    kept = browser.session
    until = (NOON + timedelta(hours=1)).timestamp()
    kept[HOST] = student.host
    kept[VISIT] = asdict(Visit(tenant.pk, student.member.pk, live.public_id, until))
    kept.save()
    browser.cookies["sessionid"] = kept.session_key
    return type(student)(student.member, browser, NOON)


async def test_a_visitor_is_in_the_class_as_the_person_the_link_was_for(inside, teacher, visitor, live):
    await inside(teacher, live)
    page = await inside(visitor, live)
    me = next(each for each in page.joined["participants"] if each["id"] == page.id)
    assert (me["name"], me["role"]) == ("Sue Student", "student")
    await beat(live)
    assert not [each for each in await page.up_to_date() if each["type"] == "close"]


async def test_another_class_turns_a_visitor_away(page, visitor, live, make_session):
    other = await rows(live, lambda: make_session("Enzymes", starts=timedelta(minutes=-5)))
    assert (await page(visitor, other)).hello == {"type": "close", "code": 4401}


async def test_the_socket_closes_when_the_visit_is_over(inside, teacher, visitor, live, clock):
    await inside(teacher, live)
    page = await inside(visitor, live)
    clock.pass_by(hours=1)
    await beat(live)
    assert (await page.get("close"))["code"] == 4401


async def test_the_socket_closes_when_the_person_is_deactivated(inside, teacher, visitor, live):
    await inside(teacher, live)
    page = await inside(visitor, live)

    def deactivate():
        visitor.member.is_active = False
        visitor.member.save()

    await rows(live, deactivate)
    await beat(live)
    assert (await page.get("close"))["code"] in (4401, 4403)
