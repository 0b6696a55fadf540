"""Who is here: second tabs, two at once, processes that died."""

import asyncio
from contextlib import suppress

from channels.layers import get_channel_layer

from classrooms.models import Participant, SessionEvent
from signaling.ears import ears
from signaling.watch import media_watch
from tests.socket.conftest import PATIENCE, beat, rows, sign_of_life


async def events(session) -> list[str]:
    return await rows(session, lambda: list(SessionEvent.objects.values_list("type", flat=True)))


async def test_a_second_tab_puts_out_the_first_and_nobody_else_notices(inside, page, teacher, student, live):
    leading, first = await inside(teacher, live), await inside(student, live)
    second = await page(student, live)
    assert second.hello["you"]["elsewhere"]
    assert (await second.join())["you"] == first.id
    assert (await first.get("moved", "close"))["type"] == "moved"
    assert await first.next() == {"type": "close", "code": 4409}
    assert [each["type"] for each in await leading.up_to_date()] == ["participant_joined"]
    here = await rows(live, lambda: Participant.objects.exclude(connection="").count())
    assert here == 2


async def test_who_opens_a_second_tab_with_another_name_has_it_on_every_page(inside, teacher, student, live):
    leading, first = await inside(teacher, live), await inside(student, live)
    await leading.get("participant_joined")
    user = student.member.user
    await rows(live, lambda: type(user).objects.filter(pk=user.pk).update(name="Sue Renamed"))
    second = await inside(student, live)
    told = (await leading.get("participant_joined"))["participant"]
    assert (told["id"], told["name"]) == (first.id, "Sue Renamed")
    assert told in second.joined["participants"]


async def test_a_student_who_runs_the_school_by_now_is_a_teacher_on_every_page(
    inside, teacher, student, live
):
    leading, first = await inside(teacher, live), await inside(student, live)
    await leading.get("participant_joined")
    member = student.member
    await rows(live, lambda: type(member).objects.filter(pk=member.pk).update(role="admin"))
    second = await inside(student, live)
    told = (await leading.get("participant_joined"))["participant"]
    assert (told["id"], told["role"], told["co_teacher"]) == (first.id, "teacher", False)
    assert told in second.joined["participants"]


async def test_the_displaced_tab_can_take_the_class_back(inside, student, teacher, live):
    await inside(teacher, live)
    first = await inside(student, live)
    second = await inside(student, live)
    await first.get("close")
    third = await inside(student, live)
    await second.get("moved")
    assert first.id == second.id == third.id


async def test_a_tab_at_the_door_learns_that_another_came_in_and_left(inside, page, student, teacher, live):
    await inside(teacher, live)
    inner = await inside(student, live)
    door = await page(student, live)
    await inner.send("leave")
    assert not (await door.get("hello"))["you"]["elsewhere"]


async def test_two_who_join_at_once_both_get_in_and_see_each_other(
    page, inside, teacher, student, admin, live
):
    await inside(teacher, live)
    one, two = await page(student, live), await page(admin, live)
    await asyncio.gather(one.join(), two.join())
    for each in (one, two):
        await each.up_to_date()
    assert {one.seq, two.seq} == {4}
    joined = await rows(live, lambda: list(SessionEvent.objects.values_list("seq", "type")))
    assert sorted(joined) == [
        (1, "class_started"),
        *((seq, "participant_joined") for seq in (2, 3, 4)),
    ]


async def test_two_tabs_that_join_at_once_end_with_one_inside(page, inside, teacher, student, live):
    leading = await inside(teacher, live)
    tabs = [await page(student, live) for _ in range(2)]
    for tab in tabs:
        await tab.send("join")
    ends = [(await tab.get("moved", "joined")) for tab in tabs]
    assert [each["type"] for each in ends] == ["joined", "joined"]
    await beat(live)
    leftover = [await tab.up_to_date() for tab in tabs if not await put_out(tab)]
    assert len(leftover) == 1
    assert [each["type"] for each in await leading.up_to_date()] == ["participant_joined"]
    assert await rows(live, lambda: Participant.objects.filter(membership=student.member).count()) == 1


async def put_out(tab) -> bool:
    await tab.send("ping", n=1)
    return (await tab.get("pong", "moved"))["type"] == "moved"


async def test_two_teachers_who_start_at_once_start_one_class(page, teacher, admin, live):
    pages = [await page(teacher, live), await page(admin, live)]
    await asyncio.gather(*(each.join() for each in pages))
    assert sorted(await events(live)) == ["class_started", "participant_joined", "participant_joined"]


async def test_a_join_repeated_on_the_same_socket_is_a_fresh_snapshot(inside, teacher, live):
    leading = await inside(teacher, live)
    again = await leading.join()
    assert (again["type"], again["seq"], again["you"]) == ("joined", 2, leading.id)
    assert await leading.up_to_date() == []


async def died(page) -> None:
    """The web process of this page is gone, without a word."""
    page.socket.future.cancel()
    with suppress(asyncio.CancelledError):
        await page.socket.future


async def test_those_whose_process_died_are_swept_by_whoever_is_left(inside, teacher, student, live, clock):
    leading, lost = await inside(teacher, live), await inside(student, live)
    await died(lost)
    clock.pass_by(seconds=59)
    await beat(live)
    await sign_of_life(live, leading, clock.at)
    await leading.up_to_date()
    assert all(each["type"] != "participant_left" for each in leading.keep)
    clock.pass_by(seconds=2)
    await beat(live)
    assert (await leading.get("participant_left"))["participant"] == lost.id


async def test_the_first_to_come_sweeps_a_class_whose_process_died(
    inside, page, teacher, student, live, clock
):
    leading, lost = await inside(teacher, live), await inside(student, live)
    await died(leading)
    await died(lost)
    clock.pass_by(seconds=61)
    door = await page(teacher, live)
    assert (door.hello["here"], door.hello["you"]["elsewhere"]) == (0, False)
    joined = await door.join()
    assert [each["name"] for each in joined["participants"]] == ["Tom Teacher"]
    assert (await events(live)).count("participant_left") == 2


async def test_a_page_that_was_swept_though_alive_comes_back_by_itself(inside, teacher, student, live, clock):
    leading, held_up = await inside(teacher, live), await inside(student, live)
    await leading.get("participant_joined")
    await rows(live, lambda: Participant.objects.filter(public_id=held_up.id).update(connection=""))
    await beat(live)
    resumed = await held_up.get("resumed")
    assert resumed["you"] == held_up.id
    assert (await leading.get("participant_joined"))["participant"]["id"] == held_up.id


async def test_a_lost_notice_of_moving_is_made_good_at_the_next_beat(inside, teacher, student, live):
    await inside(teacher, live)
    first = await inside(student, live)
    await rows(live, lambda: Participant.objects.filter(public_id=first.id).update(connection="elsewhere"))
    await beat(live)
    await first.get("moved")
    assert (await first.next())["code"] == 4409


async def test_a_beat_is_a_sign_of_life(inside, teacher, live, clock):
    leading = await inside(teacher, live)
    clock.pass_by(seconds=30)
    await beat(live)
    await sign_of_life(live, leading, clock.at)
    own = await rows(live, lambda: Participant.objects.get())
    clock.pass_by(seconds=59)
    assert own.is_here(clock.at)
    clock.pass_by(seconds=1)
    assert not own.is_here(clock.at)


async def test_the_group_of_a_class_carries_tenant_and_session_and_empties(inside, teacher, live):
    leading = await inside(teacher, live)
    layer = get_channel_layer()
    assert list(layer.groups) == [f"classroom.demo.{live.public_id}"]
    await leading.close()
    assert layer.groups == {}


async def test_a_socket_that_the_server_cancels_leaves_nothing_behind(inside, teacher, student, live):
    staying, cancelled = await inside(teacher, live), await inside(student, live)
    await cancelled.send("want_captions", wanted=True)
    await cancelled.get("captions_changed")
    await died(cancelled)
    groups = get_channel_layer().groups
    assert list(groups) == [f"classroom.demo.{live.public_id}"]
    assert next(iter(groups.values())).keys() == ears.by_channel.keys() == media_watch._listeners.keys()
    assert len(ears.by_channel) == 1
    await staying.up_to_date()


async def test_a_socket_that_disconnects_while_its_groups_cannot_be_left_ends_all_the_same(
    inside, teacher, student, live, monkeypatch
):
    staying, leaving = await inside(teacher, live), await inside(student, live)

    async def away(group: str, channel: str) -> None:
        raise ConnectionError("Redis is away")

    monkeypatch.setattr(get_channel_layer(), "group_discard", away)
    await leaving.socket.send_input({"type": "websocket.disconnect", "code": 1001})
    done, _ = await asyncio.wait([leaving.socket.future], timeout=PATIENCE)
    assert done
    assert (await staying.get("participant_left"))["participant"] == leaving.id
