"""No event is lost or doubled: over a lost connection, a lossy layer, and the moment of joining."""

import asyncio

import pytest
from channels.layers import get_channel_layer
from django.db import OperationalError

from classrooms.live import actions, chat, log
from classrooms.models import SessionEvent
from tests.socket.conftest import beat, rows


async def test_who_comes_back_gets_what_was_missed_in_order(inside, page, teacher, student, live):
    leading, away = await inside(teacher, live), await inside(student, live)
    since = away.seq
    await away.close()
    for n in range(3):
        await leading.send("say", key=f"k-{n}", text=str(n))
    await leading.get("said")
    back = await page(student, live)
    resumed = await back.join(since=since)
    assert (resumed["type"], resumed["seq"], resumed["you"]) == ("resumed", since, away.id)
    assert resumed["media"]["token"]
    missed = await back.up_to_date()
    kinds = [each["type"] for each in missed]
    assert kinds == ["participant_left", "said", "said", "said", "participant_joined", "rules"]
    assert [each["message"]["text"] for each in missed if each["type"] == "said"] == ["0", "1", "2"]


async def test_who_missed_nothing_resumes_with_nothing_but_the_own_return(
    inside, page, student, teacher, live
):
    await inside(teacher, live)
    first = await inside(student, live)
    second = await page(student, live)
    resumed = await second.join(since=first.seq)
    assert (resumed["type"], resumed["seq"]) == ("resumed", first.seq)
    assert [each["type"] for each in await second.up_to_date()] == ["rules"]


@pytest.mark.parametrize("since", [2_000_000, 99])
async def test_a_number_that_was_never_given_gets_a_snapshot(page, teacher, live, since):
    leading = await page(teacher, live)
    assert (await leading.join(since=since))["type"] == "joined"


async def test_too_much_missed_is_a_snapshot(inside, page, teacher, student, live, clock):
    leading = await inside(teacher, live)

    def long_talk():
        rows_ = [
            SessionEvent(
                tenant=live.tenant, session=live, seq=seq, type="class_started", payload={}, at=clock.at
            )
            for seq in range(3, 600)
        ]
        SessionEvent.objects.bulk_create(rows_)
        type(live).objects.update(last_seq=599)

    await rows(live, long_talk)
    await leading.close()
    late = await page(student, live)
    joined = await late.join(since=2)
    assert (joined["type"], joined["seq"]) == ("joined", 601)  # the teacher left, the student joined


async def test_an_event_the_layer_lost_is_fetched_when_the_next_one_comes(
    inside, teacher, student, live, monkeypatch
):
    leading, listening = await inside(teacher, live), await inside(student, live)
    layer = get_channel_layer()
    send, lost = layer.group_send, []

    async def lossy(group, message):
        if not lost and "said" in message["event"]:
            lost.append(message)
        else:
            await send(group, message)

    monkeypatch.setattr(layer, "group_send", lossy)
    await leading.send("say", key="lost", text="lost")
    await leading.send("say", key="found", text="found")
    for each in (leading, listening):
        assert (await each.get("said"))["message"]["text"] == "lost"
        assert (await each.get("said"))["message"]["text"] == "found"
    assert lost


async def test_the_last_event_lost_is_fetched_at_the_next_beat(inside, teacher, student, live, monkeypatch):
    leading, listening = await inside(teacher, live), await inside(student, live)

    async def deaf(group, message):
        raise ConnectionError("the layer is away")

    with monkeypatch.context() as patch:
        patch.setattr(get_channel_layer(), "group_send", deaf)
        await leading.send("say", key="k", text="does anyone hear me?")
        assert all(each["type"] != "said" for each in await leading.up_to_date())
    await beat(live)
    assert (await listening.get("said"))["message"]["key"] == "k"
    assert (await leading.get("said"))["message"]["key"] == "k"


async def test_events_announced_out_of_order_are_told_in_order(inside, teacher, student, live, monkeypatch):
    leading, listening = await inside(teacher, live), await inside(student, live)
    layer = get_channel_layer()
    send, held = layer.group_send, []

    async def swapped(group, message):
        held.append((group, message))
        if len(held) == 2:
            for each in reversed(held):
                await send(*each)

    monkeypatch.setattr(layer, "group_send", swapped)
    await leading.send("say", key="a", text="first")
    await leading.send("say", key="b", text="second")
    for each in (leading, listening):
        assert [(await each.get("said"))["message"]["key"] for _ in range(2)] == ["a", "b"]


async def test_a_repeated_announcement_is_told_once(inside, teacher, live, monkeypatch):
    leading = await inside(teacher, live)
    layer = get_channel_layer()
    send = layer.group_send

    async def twice(group, message):
        await send(group, message)
        await send(group, message)

    monkeypatch.setattr(layer, "group_send", twice)
    await leading.send("raise_hand")
    await leading.get("hand_raised")
    await leading.send("lower_hand")
    await leading.get("hand_lowered")
    assert leading.keep == []


async def test_joining_amid_a_busy_chat_loses_and_doubles_nothing(
    inside, page, teacher, student, live, clock
):
    leading = await inside(teacher, live)

    async def talk():
        for n in range(40):
            clock.pass_by(seconds=1)
            await leading.send("say", key=f"k-{n}", text=str(n))
            await leading.get("said")

    async def come_and_go():
        seen = set()
        while len(seen) < 40:
            visitor = await page(student, live)
            joined = await visitor.join()
            seen = {each["key"] for each in joined["messages"]}
            seen |= {each["message"]["key"] for each in await visitor.up_to_date() if each["type"] == "said"}
            assert seen == {f"k-{n}" for n in range(len(seen))}
            await visitor.close()

    await asyncio.gather(talk(), come_and_go())


async def test_a_rolled_back_action_announces_nothing_and_uses_no_number(inside, teacher, live, monkeypatch):
    leading = await inside(teacher, live)

    def fails(*args, **kwargs):
        log.record(*args, **kwargs)
        raise OperationalError("the disk is full")

    with monkeypatch.context() as patch:
        patch.setattr(chat, "record", fails)
        await leading.send("say", key="k", text="in vain")
        assert (await leading.get("refused"))["code"] == "failed"
    await leading.send("say", key="k", text="at last")
    said = await leading.get("said")
    assert (said["seq"], said["message"]["text"]) == (3, "at last")


async def test_a_side_effect_that_fails_takes_nothing_with_it(inside, teacher, live, monkeypatch, caplog):
    leading = await inside(teacher, live)

    def close_media_room(session):
        raise ZeroDivisionError

    monkeypatch.setattr(actions, "close_media_room", close_media_room)
    await leading.send("end_class")
    assert (await leading.get("class_ended"))["seq"] == 3
    await leading.up_to_date()
    assert "close_media_room failed after the commit" in caplog.text
