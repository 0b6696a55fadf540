"""How many people and classes a school may have at once, and what ends when the school decides so."""

from __future__ import annotations

from asgiref.sync import sync_to_async

from accounts.models import Role
from classrooms.live.actions import end_class_for_school
from classrooms.live.departures import change_place
from classrooms.models import AttendanceSegment, ClassSession
from tenants.models import Tenant
from tests.socket.conftest import rows


def limit(session, **most):
    return rows(session, lambda: Tenant.objects.filter(pk=session.tenant_id).update(**most))


async def test_a_full_school_keeps_people_at_the_door_until_somebody_leaves(
    page, inside, teacher, student, live
):
    await limit(live, people_most=1)
    leading = await inside(teacher, live)
    door = await page(student, live)
    refused = await door.join()
    assert (refused["code"], refused["retry_at"]) == ("class_full", "2026-11-25T12:00:10Z")
    assert refused["text"] == "All 1 places of the school are taken."
    await leading.send("leave")
    await leading.get("hello")
    assert (await door.join())["type"] == "joined"


async def test_the_places_are_counted_over_all_classes_and_not_over_schools(
    page, inside, teacher, student, admin, outsider, live, make_session
):
    await limit(live, people_most=1)
    await inside(teacher, live)
    other = await sync_to_async(make_session)(title="Enzymes", teacher=admin.member)
    await rows(live, lambda: ClassSession.objects.filter(pk=other.pk).update(starts_at=live.starts_at))
    assert (await (await page(admin, other)).join())["code"] == "class_full"


async def test_whoever_is_inside_may_move_to_another_tab_when_all_places_are_taken(
    page, inside, teacher, live
):
    await limit(live, people_most=1)
    await inside(teacher, live)
    assert (await (await page(teacher, live)).join())["type"] == "joined"


async def test_one_class_more_than_the_school_may_have_waits_for_another_to_end(
    page, inside, teacher, admin, live, make_session
):
    await limit(live, classes_most=1)
    leading = await inside(teacher, live)
    other = await sync_to_async(make_session)(title="Enzymes", teacher=admin.member)
    await rows(live, lambda: ClassSession.objects.filter(pk=other.pk).update(starts_at=live.starts_at))
    door = await page(admin, other)
    refused = await door.join()
    assert refused["code"] == "too_many_classes"
    assert refused["text"] == "The school may have 1 class at once, and that many are on."
    assert refused["mend"]
    await leading.send("end_class")
    await leading.get("class_ended")
    assert (await door.join())["type"] == "joined"


async def test_a_class_that_is_on_goes_on_under_a_limit_that_came_later(page, inside, teacher, student, live):
    await inside(teacher, live)
    await limit(live, classes_most=1)
    assert (await (await page(student, live)).join())["type"] == "joined"


async def test_the_school_ends_a_class_for_everyone(inside, teacher, student, live, clock):
    leading, listening = await inside(teacher, live), await inside(student, live)
    await rows(live, lambda: end_class_for_school(session_id=live.pk, at=clock()))
    for page in (leading, listening):
        assert (await page.get("class_ended"))["by"] is None
    assert (await rows(live, lambda: ClassSession.objects.get(pk=live.pk).state)) == "ended"
    assert await rows(live, lambda: not AttendanceSegment.objects.open().exists())


async def test_whoever_is_deactivated_is_out_of_the_class_at_once(
    inside, teacher, student, admin, live, clock
):
    leading, listening = await inside(teacher, live), await inside(student, live)
    change = {"member": student.member, "by": admin.member, "role": Role.STUDENT, "is_active": False}
    await rows(live, lambda: change_place(**change, at=clock()))
    assert (await leading.get("participant_left"))["participant"] == listening.id
    assert (await listening.get("refused"))["code"] == "no_longer_member"
    assert (await listening.get("close"))["code"] == 4403
