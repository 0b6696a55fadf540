"""Captions over the classroom socket: who makes them, who gets them, and that they are kept nowhere."""

import asyncio
import json
from datetime import timedelta

import pytest
from asgiref.sync import sync_to_async
from channels.layers import get_channel_layer
from django.db import transaction

from classrooms.live import captions
from classrooms.live.announce import Letter, collect, group_name, readers_of
from classrooms.live.seats import Seat
from classrooms.models import Participant, SessionEvent
from signaling import limits
from signaling.classroom import times
from tests.conftest import NOON
from tests.socket.conftest import beat, rows

HI = {"line": 1, "text": "Good morning", "final": True, "language": "en-GB"}
TOLD = ("subtitle", "captioning_now", "captions_changed")


def told(page, *types):
    return [each for each in page.keep if each["type"] in (types or TOLD)]


async def reader(page):
    """A page that reads captions from now on."""
    await page.send("want_captions", wanted=True)
    await page.get("captions_changed")
    return page


@pytest.fixture(autouse=True)
def only_at_once(monkeypatch):
    """No sign of life but those that a test asks for: what is to be told at once is not told by one."""
    monkeypatch.setattr(times, "FIRST_BEAT", (600.0, 600.0))


@pytest.fixture
async def three(inside, teacher, student, admin, live):
    """One who speaks, one who reads captions, one who does not."""
    leading, listening, other = [await inside(each, live) for each in (teacher, student, admin)]
    assert leading.joined["captions"] == {"allowed": True, "wanted": False}
    await reader(listening)
    assert (await leading.get("captions_changed"))["captions"]["wanted"] is True
    await other.up_to_date()
    return leading, listening, other


async def test_what_is_said_reaches_those_who_read_and_nobody_else(three):
    leading, listening, other = three
    await leading.send("caption", **HI | {"text": " Good ", "final": False})
    await leading.send("caption", **HI)
    first, second = await listening.get("subtitle"), await listening.get("subtitle")
    assert first == HI | {"type": "subtitle", "by": leading.id, "text": "Good", "final": False}
    assert second == HI | {"type": "subtitle", "by": leading.id}
    for page in (leading, other):
        page.keep.clear()
        await page.up_to_date()
        assert not told(page, "subtitle")


async def test_who_wants_captions_hears_the_first_that_is_said_once_the_speaker_knows(three, monkeypatch):
    leading, listening, other = three
    await listening.send("want_captions", wanted=False)
    await leading.get("captions_changed")
    layer = get_channel_layer()
    add = layer.group_add

    async def as_if_far_away(group: str, channel: str) -> None:
        await asyncio.sleep(0.3)
        await add(group, channel)

    monkeypatch.setattr(layer, "group_add", as_if_far_away)
    await other.send("want_captions", wanted=True)
    assert (await leading.get("captions_changed"))["captions"]["wanted"] is True
    await leading.send("caption", **HI)
    assert (await other.get("subtitle"))["text"] == "Good morning"


async def test_whoever_is_refused_captions_does_not_listen_to_them(three, live):
    leading, _, other = three
    await leading.send("set_rules", captions=False)
    await other.get("rules_changed")
    await other.send("want_captions", wanted=True)
    assert (await other.get("refused"))["code"] == "captions_off"
    readers = readers_of(group_name(live.tenant.slug, live.public_id))
    assert len(get_channel_layer().groups[readers]) == 1


async def test_who_stops_reading_hears_no_more_and_the_speaker_is_told(three):
    leading, listening, _ = three
    await listening.send("want_captions", wanted=False)
    assert (await leading.get("captions_changed"))["captions"]["wanted"] is False
    await listening.up_to_date()
    listening.keep.clear()
    await leading.send("caption", **HI)
    await leading.up_to_date()
    await listening.up_to_date()
    assert not told(listening, "subtitle")


async def test_one_of_two_readers_who_stops_changes_nothing_for_the_speaker(three):
    leading, listening, other = three
    await other.send("want_captions", wanted=True)
    await other.up_to_date()
    await listening.send("want_captions", wanted=False)
    await listening.up_to_date()
    leading.keep.clear()
    await leading.up_to_date()
    assert not told(leading, "captions_changed")
    await leading.send("caption", **HI)
    assert (await other.get("subtitle"))["text"] == "Good morning"


async def test_a_reader_who_leaves_is_told_to_the_speaker_at_once(three):
    leading, listening, _ = three
    await listening.close()
    assert (await leading.get("captions_changed"))["captions"] == {"allowed": True, "wanted": False}


async def test_a_reader_who_is_removed_is_told_to_the_speaker_at_once(three):
    leading, listening, _ = three
    await leading.send("remove", participant=listening.id)
    assert (await leading.get("captions_changed"))["captions"] == {"allowed": True, "wanted": False}


async def test_a_reader_who_moves_to_another_tab_is_told_to_the_speaker_at_once(three, inside, student, live):
    leading = three[0]
    second = await inside(student, live)
    assert (await leading.get("captions_changed"))["captions"] == {"allowed": True, "wanted": False}
    await second.send("want_captions", wanted=True)
    assert (await leading.get("captions_changed"))["captions"] == {"allowed": True, "wanted": True}


async def test_who_asks_again_for_what_they_have_asks_nobody(three):
    leading, listening, _ = three
    await leading.send("captioning", state="on")
    await listening.get("captioning_now")
    await listening.send("want_captions", wanted=True)
    await listening.up_to_date()
    await leading.up_to_date()
    await listening.up_to_date()
    assert not told(listening, "captioning_now")


async def test_of_two_changes_at_once_both_are_told_as_they_are_in_the_end(three, live):
    _, listening, other = three

    def at_once() -> list[Letter]:
        letters: list[Letter] = []
        with collect(letters), transaction.atomic():
            captions.want(seat=seat_of(listening), wanted=False, at=NOON)
            captions.want(seat=seat_of(other), wanted=True, at=NOON)
        return letters

    def seat_of(page):
        person = Participant.objects.get(public_id=page.id)
        return Seat(live.pk, person.membership_id, person.connection)

    letters = await rows(live, at_once)
    assert [each.message["wanted"] for each in letters] == [True, True]


async def test_who_comes_later_is_told_that_captions_are_wanted(three, inside, person, tenant, live):
    late = await inside(await sync_to_async(person)(tenant, "admin", "Late Riser"), live)
    assert late.joined["captions"] == {"allowed": True, "wanted": True}


async def test_who_comes_back_has_to_ask_again(three, page, student, live):
    leading, listening, _ = three
    await listening.close()
    again = await page(student, live)
    back = await again.join(since=listening.seq)
    assert (back["type"], back["captions"]["wanted"]) == ("resumed", False)
    await leading.send("caption", **HI)
    await leading.up_to_date()
    await again.up_to_date()
    assert not told(again, "subtitle")
    await reader(again)
    await leading.send("caption", **HI)
    assert (await again.get("subtitle"))["by"] == leading.id


async def test_a_page_that_joins_again_on_its_open_socket_has_to_ask_again_too(three):
    leading, listening, _ = three
    assert (await listening.join(since=listening.seq))["captions"]["wanted"] is False
    assert (await leading.get("captions_changed"))["captions"]["wanted"] is False
    await leading.send("caption", **HI)
    await leading.up_to_date()
    await listening.up_to_date()
    assert not told(listening, "subtitle")


async def test_captions_are_written_down_nowhere(three, live):
    leading, listening, _ = three
    before = await rows(live, lambda: SessionEvent.objects.count())
    await leading.send("caption", **HI)
    await listening.get("subtitle")
    assert await rows(live, lambda: SessionEvent.objects.count()) == before


async def test_who_cannot_be_captioned_is_told_to_those_who_read_now_and_later(three):
    leading, listening, other = three
    await leading.send("captioning", state="unable")
    assert (await listening.get("captioning_now")) == {
        "type": "captioning_now",
        "by": leading.id,
        "state": "unable",
    }
    await other.up_to_date()
    assert not told(other, "captioning_now")
    await other.send("want_captions", wanted=True)
    assert (await other.get("captioning_now"))["state"] == "unable"
    await leading.send("captioning", state="off")
    assert (await other.get("captioning_now"))["state"] == "off"


async def test_a_school_that_forbids_them_ends_them_for_those_who_are_inside(three, live):
    leading, listening, _ = three
    await rows(live, lambda: type(live.tenant).objects.filter(pk=live.tenant_id).update(captions=False))
    await leading.send("caption", **HI)
    assert (await leading.get("refused"))["code"] == "no_captions"
    await beat(live)
    assert (await leading.get("captions_changed"))["captions"]["allowed"] is False
    assert not told(listening, "subtitle")


async def test_the_teacher_turns_them_off_for_everybody(three):
    leading, listening, _ = three
    await leading.send("set_rules", captions=False)
    assert (await listening.get("rules_changed"))["rules"]["captions"] is False
    for page, message in ((leading, {"type": "caption", **HI}), (listening, {"type": "want_captions"})):
        fields = {key: value for key, value in message.items() if key != "type"} or {"wanted": True}
        await page.send(message["type"], **fields)
        assert (await page.get("refused"))["code"] == "captions_off"


async def test_a_student_speaks_while_the_rules_let_them_and_not_a_word_longer(three):
    leading, listening, other = three
    await other.send("want_captions", wanted=True)
    await other.up_to_date()
    await listening.send("caption", **HI)
    assert (await other.get("subtitle"))["by"] == listening.id
    await leading.send("set_rules", mic=False)
    await listening.get("rules_changed")
    await listening.send("caption", **HI)
    refused = await listening.get("refused")
    assert (refused["code"], refused["re"]) == ("mic_off", "caption")
    await leading.send("let_speak", participant=listening.id)
    await listening.get("may_speak")
    await listening.send("caption", **HI)
    while (await other.get("subtitle"))["by"] != listening.id:
        pass


async def test_another_class_of_the_school_hears_nothing(three, inside, admin, make_session, live):
    leading, listening, _ = three
    other = await sync_to_async(make_session)(title="Enzymes", starts=timedelta(minutes=-5))
    elsewhere = await reader(await inside(admin, other))
    await leading.send("caption", **HI)
    await listening.get("subtitle")
    await elsewhere.up_to_date()
    assert not told(elsewhere, "subtitle")


async def test_too_fast_what_is_not_final_is_dropped_first_and_what_is_final_refused_at_last(three):
    leading, listening, _ = three
    for n in range(20):
        await leading.send("caption", line=1, text=f"word {n}")
    assert await leading.up_to_date() == []
    await listening.up_to_date()
    assert len(told(listening, "subtitle")) == 8
    listening.keep.clear()
    for line in range(1, 5):
        await leading.send("caption", **HI | {"line": line})
    assert await leading.up_to_date() == []
    await listening.up_to_date()
    assert [each["line"] for each in told(listening, "subtitle")] == [1, 2, 3, 4]
    await leading.send("caption", **HI)
    assert (await leading.get("refused"))["code"] == "too_fast"


async def test_a_page_that_hardly_follows_gets_what_is_final_alone(three, monkeypatch):
    leading, listening, _ = three
    monkeypatch.setattr(limits.Backlog, "is_half_full", property(lambda self: True))
    await leading.send("caption", **HI | {"final": False})
    await leading.send("caption", **HI)
    assert (await listening.get("subtitle"))["final"] is True


async def test_a_page_that_says_what_it_has_seen_gets_two_mib_of_captions(three, live, clock):
    """Each 64 KiB, as our own page does (tests/js/unit/socket.js), though nothing of it has a number."""
    leading, listening, _ = three
    group = readers_of(group_name(live.tenant.slug, live.public_id))
    said = {"line": 1, "text": "x" * 500, "final": False, "language": "en"}
    came = 0
    while came < 2 * 1024 * 1024:
        for _ in range(100):
            await get_channel_layer().group_send(
                group, {"type": "session.subtitle", "by": leading.id, "said": said}
            )
        for _ in range(100):
            came += len(json.dumps(await listening.get("subtitle")))
        clock.pass_by(seconds=1)
        await listening.send("ping", n=1, seen=listening.seq)
        await listening.get("pong")


async def test_the_wish_belongs_to_one_participant(three, live):
    wanting = await rows(live, lambda: list(Participant.objects.filter(wants_captions=True)))
    assert [each.public_id for each in wanting] == [three[1].id]
