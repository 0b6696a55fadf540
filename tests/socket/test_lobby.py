"""The waiting room: guests are let in or turned away by those who lead, and learn nothing before."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from asgiref.sync import sync_to_async
from django.test import Client

from classrooms.live.rules import ASK_AGAIN
from classrooms.models import AttendanceSegment, ClassSession, Course, Participant, SessionEvent
from tests.conftest import NOON, Guest
from tests.socket.conftest import beat, rows
from tests.socket.test_guests import revoke

VEIL = ("joined", "media_token", "ice_servers", "said", "participant_joined", "material_added")


async def waiting(page, person, session):
    """The person's page, in the waiting room."""
    opened = await page(person, session)
    told = await opened.join()
    assert told["type"] == "waiting", told
    await opened.up_to_date()
    return opened


async def line(leading) -> list[str]:
    """Who waits, as the page of somebody who leads was told last."""
    await leading.up_to_date()
    told = [each for each in leading.keep if each["type"] == "waiting_room"]
    return [person["name"] for person in told[-1]["people"]] if told else []


async def line_of(leading, names: list[str]) -> list[dict]:
    while True:
        told = await leading.get("waiting_room")
        leading.keep.append(told)
        if [person["name"] for person in told["people"]] == names:
            return told["people"]


async def place(page, wanted: str | None):
    """The page's hello that says where it stands."""
    while (told := await page.get("hello"))["you"]["lobby"] != wanted:
        pass
    return told


async def in_line(page, wanted: int | None):
    """The page's hello that says so."""
    hellos = [told for told in page.keep if told["type"] == "hello" and told["you"]["place"] == wanted]
    while not hellos:
        hellos = [told for told in [await page.get("hello")] if told["you"]["place"] == wanted]
    return hellos[-1]


@pytest.fixture
def more_guests(live, make_link):
    """Two more guests by another link: `more_guests("Hal Howe", "Ida Ito")`."""

    def come(*names: str) -> list[Guest]:
        path = make_link(live, name="Friends")
        guests = [Guest(None, Client(), NOON) for _ in names]
        for each, name in zip(guests, names, strict=True):
            each.come(path, name)
        return guests

    return sync_to_async(come)


# ── waiting ──────────────────────────────────────────────────────────────────────────────────────


async def test_a_guest_waits_and_those_who_lead_are_told(inside, page, live, teacher, student, invited):
    leading, other = await inside(teacher, live), await inside(student, live)
    assert await line(leading) == []
    gwen = await waiting(page, invited, live)
    (told,) = await line_of(leading, ["Gwen Guest"])
    assert told["link"] == "Parents"
    for each in await other.up_to_date():
        assert "Gwen" not in json.dumps(each)
        assert each["type"] != "waiting_room"
    assert (await gwen.join())["type"] == "waiting", "asked again, the same place"


async def test_nothing_of_the_class_is_told_to_who_waits(inside, page, live, teacher, student, invited):
    leading = await inside(teacher, live)
    gwen = await waiting(page, invited, live)
    await inside(student, live)
    await leading.send("say", key="k", text="A secret of the class")
    await leading.up_to_date()
    for message in ("say", "raise_hand", "consent", "record", "lost_here"):
        fields = {"say": {"key": "x", "text": "hi"}, "consent": {"given": True}, "record": {"wanted": "on"}}
        await gwen.send(message, **fields.get(message, {}))
        assert (await gwen.get("refused"))["code"] == "not_here"
    await gwen.up_to_date()
    told = [gwen.hello, *gwen.keep]
    assert not [each for each in told if each["type"] in VEIL]
    text = json.dumps(told)
    for hidden in ("A secret of the class", "Sue Student", '"token"'):
        assert hidden not in text
    assert all(each["here"] == 0 and not each["names"] for each in told if each["type"] == "hello")


async def test_the_time_in_the_waiting_room_is_no_attendance(inside, page, live, teacher, invited, clock):
    leading = await inside(teacher, live)
    gwen = await waiting(page, invited, live)
    for _ in range(6):
        clock.pass_by(seconds=50)
        await beat(live)
        await gwen.up_to_date()
        await leading.up_to_date()
    await leading.send("let_in")
    await place(gwen, "let_in")
    await gwen.join()
    clock.pass_by(minutes=2)
    await gwen.send("leave")
    await gwen.get("hello")

    def spans():
        of_gwen = AttendanceSegment.objects.filter(participant__public_id=gwen.id)
        return [each.ended_at - each.began_at for each in of_gwen]

    assert await rows(live, spans) == [timedelta(minutes=2)]


async def test_a_lost_connection_keeps_the_place_in_line(
    inside, page, live, teacher, invited, more_guests, clock
):
    (hal,) = await more_guests("Hal Howe")
    leading = await inside(teacher, live)
    gwen = await waiting(page, invited, live)
    clock.pass_by(seconds=5)
    await waiting(page, hal, live)
    await gwen.close()
    clock.pass_by(seconds=5)
    again = await page(invited, live)
    assert again.hello["you"]["lobby"] == "waiting"
    told = await again.join()
    assert told["since"] == "2026-11-25T12:00:00Z"
    assert await line(leading) == ["Gwen Guest", "Hal Howe"]


async def test_whoever_shut_the_page_is_taken_off_the_line_and_back_on_it(
    inside, page, live, teacher, invited, clock
):
    leading = await inside(teacher, live)
    gwen = await waiting(page, invited, live)
    await gwen.close()
    await leading.up_to_date()
    clock.pass_by(seconds=59)
    await beat(live)
    assert await line(leading) == ["Gwen Guest"]
    clock.pass_by(seconds=2)
    await beat(live)
    await line_of(leading, [])
    await waiting(page, invited, live)
    await line_of(leading, ["Gwen Guest"])


async def test_who_waits_is_told_their_place_in_line_as_it_changes(
    inside, page, live, teacher, invited, more_guests, clock
):
    hal, ida = await more_guests("Hal Howe", "Ida Ito")
    leading = await inside(teacher, live)
    pages = []
    for each in (invited, hal, ida):
        pages.append(await waiting(page, each, live))
        clock.pass_by(seconds=1)
    gwen, hal_waits, ida_waits = pages
    again = await page(ida, live)
    assert again.hello["you"]["place"] == 3, "a reload keeps it"
    await gwen.send("leave")
    assert (await in_line(gwen, None))["you"]["lobby"] is None
    await in_line(ida_waits, 2)
    await in_line(hal_waits, 1)
    (first, _) = await line_of(leading, ["Hal Howe", "Ida Ito"])
    await leading.send("let_in", participant=first["id"])
    await in_line(ida_waits, 1)
    await in_line(hal_waits, None)


async def test_whoever_shut_the_page_is_ahead_of_nobody(
    inside, page, live, teacher, invited, more_guests, clock
):
    (hal,) = await more_guests("Hal Howe")
    gwen = await waiting(page, invited, live)
    clock.pass_by(seconds=5)
    hal_waits = await waiting(page, hal, live)
    await gwen.close()
    for _ in range(3):
        clock.pass_by(seconds=25)
        await beat(live)
        await hal_waits.up_to_date()
    await in_line(hal_waits, 1)


async def test_signs_of_life_keep_somebody_in_line(inside, page, live, teacher, invited, clock):
    leading = await inside(teacher, live)
    gwen = await waiting(page, invited, live)
    for _ in range(4):
        clock.pass_by(seconds=40)
        await beat(live)
        await gwen.up_to_date()
        await leading.up_to_date()
    assert await line(leading) == ["Gwen Guest"]


async def test_whoever_leaves_the_line_is_gone_from_it(inside, page, live, teacher, invited):
    leading = await inside(teacher, live)
    gwen = await waiting(page, invited, live)
    await line_of(leading, ["Gwen Guest"])
    await gwen.send("leave")
    await line_of(leading, [])
    assert await rows(live, lambda: Participant.objects.get(name="Gwen Guest").waits_since) is None


async def test_who_waits_is_told_to_a_teacher_who_comes_later_and_comes_back(
    inside, page, live, teacher, admin, invited
):
    gwen = await waiting(page, invited, live)  # before the class has begun
    leading = await inside(teacher, live)
    assert await line(leading) == ["Gwen Guest"]
    await leading.close()
    back = await page(teacher, live)
    assert (await back.join(since=leading.seq))["type"] == "resumed"
    assert await line(back) == ["Gwen Guest"]
    second = await inside(admin, live)
    assert await line(second) == ["Gwen Guest"]
    assert not [each for each in await gwen.up_to_date() if each["type"] == "waiting_room"]


async def test_a_new_co_teacher_learns_who_waits(inside, page, live, teacher, student, invited):
    leading, sue = await inside(teacher, live), await inside(student, live)
    await waiting(page, invited, live)
    await leading.send("appoint", participant=sue.id, co_teacher=True)
    await line_of(sue, ["Gwen Guest"])


async def test_a_co_teacher_appointed_again_learns_again_who_waits(
    inside, page, live, teacher, student, invited
):
    leading, sue = await inside(teacher, live), await inside(student, live)
    await waiting(page, invited, live)
    for _ in range(2):
        await leading.send("appoint", participant=sue.id, co_teacher=True)
        await line_of(sue, ["Gwen Guest"])
        await leading.send("appoint", participant=sue.id, co_teacher=False)
        await sue.get("role_changed")


async def test_a_teacher_who_joins_again_learns_again_who_waits(inside, page, live, teacher, invited):
    leading = await inside(teacher, live)
    await waiting(page, invited, live)
    await line_of(leading, ["Gwen Guest"])
    await leading.send("leave")
    await leading.get("hello")
    await leading.join()
    await line_of(leading, ["Gwen Guest"])


# ── letting in ───────────────────────────────────────────────────────────────────────────────────


async def test_whoever_is_let_in_comes_in(inside, page, live, teacher, invited):
    leading = await inside(teacher, live)
    gwen = await waiting(page, invited, live)
    (told,) = await line_of(leading, ["Gwen Guest"])
    await leading.send("let_in", participant=told["id"])
    await place(gwen, "let_in")
    await line_of(leading, [])
    joined = await gwen.join()
    assert joined["type"] == "joined"
    assert joined["media"]["token"]
    assert gwen.id == told["id"]


async def test_all_are_let_in_at_once(inside, page, live, teacher, invited, more_guests):
    others = await more_guests("Hal Howe", "Ida Ito")
    leading = await inside(teacher, live)
    pages = [await waiting(page, each, live) for each in (invited, *others)]
    await leading.send("let_in")
    for each in pages:
        await place(each, "let_in")
        assert (await each.join())["type"] == "joined"
    assert await line(leading) == []


async def test_whoever_was_let_in_need_not_wait_again(inside, page, live, teacher, invited):
    leading = await inside(teacher, live)
    gwen = await waiting(page, invited, live)
    await leading.send("let_in")
    await place(gwen, "let_in")
    await gwen.join()
    await gwen.close()
    again = await page(invited, live)
    assert (await again.join())["type"] == "joined"


async def test_whoever_is_let_in_comes_into_a_locked_class(inside, page, live, teacher, invited):
    leading = await inside(teacher, live)
    gwen = await waiting(page, invited, live)
    await leading.send("set_rules", locked=True)
    await leading.send("let_in")
    await place(gwen, "let_in")
    assert (await gwen.join())["type"] == "joined"


async def test_a_removed_guest_has_to_be_let_in_again(inside, page, live, teacher, invited):
    leading = await inside(teacher, live)
    await leading.send("set_rules", waiting_room=False)
    gwen = await inside(invited, live)
    await leading.send("remove", participant=gwen.id, reason="", bar=False)
    await gwen.get("removed")
    again = await waiting(page, invited, live)
    await leading.send("let_in")
    await place(again, "let_in")
    assert (await again.join())["type"] == "joined"


async def sent_back(inside, live, leading, somebody):
    """The page of `somebody`, who was inside, in the waiting room now."""
    opened = await inside(somebody, live)
    await leading.send("send_back", participant=opened.id)
    assert (await place(opened, "waiting"))["you"]["sent_back"]
    await opened.get("waiting")
    return opened


async def test_whoever_is_sent_back_waits_until_they_are_let_in(
    inside, page, live, teacher, student, invited
):
    leading = await inside(teacher, live)
    gwen = await waiting(page, invited, live)
    sue = await sent_back(inside, live, leading, student)
    people = await line_of(leading, ["Gwen Guest", "Sue Student"])
    assert [each["link"] for each in people] == ["Parents", ""]
    left = next(each for each in leading.keep if each["type"] == "participant_left")
    assert (left["participant"], left["why"], left["by"]) == (sue.id, "sent_back", leading.id)
    assert (await sue.join())["type"] == "waiting", "asking again is no way in"
    await sue.send("say", key="k", text="Let me in")
    assert (await sue.get("refused"))["code"] == "not_here"
    await leading.send("let_in", participant=sue.id)
    assert not (await place(sue, "let_in"))["you"]["sent_back"]
    assert (await sue.join())["type"] == "joined"
    await line_of(leading, ["Gwen Guest"])
    assert await gwen.up_to_date() is not None


async def test_whoever_is_sent_back_hears_nothing_of_the_class(inside, live, teacher, student):
    leading = await inside(teacher, live)
    sue = await sent_back(inside, live, leading, student)
    sue.keep.clear()
    await leading.send("say", key="k", text="Now the answers")
    await leading.up_to_date()
    told = await sue.up_to_date()
    assert not [each for each in told if each["type"] in VEIL]
    assert sue.hello["you"]["name"] not in json.dumps([each.get("names") for each in told])


async def test_another_page_is_no_way_past_the_waiting_room(inside, page, live, teacher, student):
    leading = await inside(teacher, live)
    sue = await sent_back(inside, live, leading, student)
    await sue.close()
    again = await page(student, live)
    assert again.hello["you"]["sent_back"]
    assert again.hello["names"] == [], "who is here is not shown"
    assert (await again.join())["type"] == "waiting"
    assert (await again.join(since=sue.seq))["type"] == "waiting"


async def test_whoever_is_sent_back_may_be_turned_away(inside, live, teacher, student, clock):
    leading = await inside(teacher, live)
    sue = await sent_back(inside, live, leading, student)
    await leading.send("turn_away", participant=sue.id, reason="Later")
    assert (await place(sue, "turned_away"))["you"]["reason"] == "Later"
    assert (await sue.join())["code"] == "turned_away"
    clock.pass_by(seconds=ASK_AGAIN.total_seconds())
    assert (await sue.join())["type"] == "waiting"


async def test_a_guest_is_sent_back_also_where_nobody_waits(inside, live, teacher, invited):
    leading = await inside(teacher, live)
    await leading.send("set_rules", waiting_room=False)
    await leading.up_to_date()
    gwen = await sent_back(inside, live, leading, invited)
    assert (await gwen.join())["type"] == "waiting"
    await leading.send("let_in")
    await place(gwen, "let_in")
    assert (await gwen.join())["type"] == "joined"


async def test_a_beat_sends_back_whom_the_word_of_it_did_not_reach(
    inside, live, teacher, student, monkeypatch
):
    leading, sue = await inside(teacher, live), await inside(student, live)
    monkeypatch.setattr("classrooms.live.leading.have_look", lambda connection: None)
    await leading.send("send_back", participant=sue.id)
    await leading.get("participant_left")
    await beat(live)
    await place(sue, "waiting")


async def test_nobody_who_leads_is_sent_back(inside, live, teacher, admin, student):
    leading, other, sue = [await inside(each, live) for each in (teacher, admin, student)]
    await leading.send("appoint", participant=sue.id, co_teacher=True)
    for each in (leading, other, sue):
        await leading.send("send_back", participant=each.id)
        assert (await leading.get("refused"))["text"].startswith("That cannot be done to this person")


async def test_being_sent_back_ends_the_time_in_class(inside, live, teacher, student):
    leading = await inside(teacher, live)
    sue = await sent_back(inside, live, leading, student)

    def stay():
        return AttendanceSegment.objects.get(participant__public_id=sue.id)

    assert (await rows(live, stay)).why == AttendanceSegment.Why.REMOVED


async def test_two_who_lead_at_once_do_it_once(inside, page, live, teacher, admin, invited):
    first, second = await inside(teacher, live), await inside(admin, live)
    gwen = await waiting(page, invited, live)
    (told,) = await line_of(first, ["Gwen Guest"])
    await first.send("let_in", participant=told["id"])
    await second.send("let_in", participant=told["id"])
    await second.send("turn_away", participant=told["id"], reason="No")
    await second.send("let_in")
    for each in (first, second):
        assert not [no for no in await each.up_to_date() if no["type"] == "refused"]
    await place(gwen, "let_in")
    assert (await gwen.join())["type"] == "joined"

    def told_of():
        kinds = ("knocked", "entry_granted", "entry_denied")
        return list(SessionEvent.objects.filter(type__in=kinds).values_list("type", flat=True))

    assert await rows(live, told_of) == ["knocked", "entry_granted"]


# ── turning away ─────────────────────────────────────────────────────────────────────────────────


async def test_whoever_is_turned_away_is_told_the_word_and_may_ask_again(
    inside, page, live, teacher, student, invited, clock
):
    leading, other = await inside(teacher, live), await inside(student, live)
    gwen = await waiting(page, invited, live)
    (told,) = await line_of(leading, ["Gwen Guest"])
    await leading.send("turn_away", participant=told["id"], reason="Next week, please")
    hello = await place(gwen, "turned_away")
    assert hello["you"]["reason"] == "Next week, please"
    await line_of(leading, [])
    assert "Next week" not in json.dumps(await other.up_to_date())
    refused = await gwen.join()
    assert refused["code"] == "turned_away"
    assert refused["retry_at"] == "2026-11-25T12:00:30Z"
    clock.pass_by(seconds=ASK_AGAIN.total_seconds())
    assert (await gwen.join())["type"] == "waiting"
    await line_of(leading, ["Gwen Guest"])


async def test_the_log_says_who_did_it(inside, page, live, teacher, invited):
    leading = await inside(teacher, live)
    await waiting(page, invited, live)
    (told,) = await line_of(leading, ["Gwen Guest"])
    await leading.send("turn_away", participant=told["id"])
    await leading.get("entry_denied")

    def entry():
        event = SessionEvent.objects.select_related("by").get(type="entry_denied")
        return event.by.name, event.payload["participant"]

    assert await rows(live, entry) == ("Tom Teacher", told["id"])


@pytest.mark.parametrize("message", ["let_in", "turn_away"])
async def test_only_those_who_lead_decide(inside, page, live, teacher, student, invited, message):
    leading, other = await inside(teacher, live), await inside(student, live)
    gwen = await waiting(page, invited, live)
    (told,) = await line_of(leading, ["Gwen Guest"])
    await other.send(message, participant=told["id"])
    assert (await other.get("refused"))["code"] == "not_allowed"
    await gwen.send(message, participant=told["id"])
    assert (await gwen.get("refused"))["code"] == "not_here"
    assert await line(leading) == ["Gwen Guest"]


@pytest.mark.parametrize("message", ["let_in", "turn_away"])
async def test_nobody_of_another_class_is_decided_on(inside, live, teacher, message):
    leading = await inside(teacher, live)
    await leading.send(message, participant="0" * 32)
    assert (await leading.get("refused"))["code"] == "unknown_participant"


# ── where there is none, and its end ─────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("of_school", "of_course", "own", "waits"),
    [
        (True, None, None, True),
        (False, None, None, False),
        (True, False, None, False),
        (False, True, None, True),
        (False, False, True, True),
        (True, True, False, False),
    ],
)
async def test_the_class_has_its_say_then_the_course_then_the_school(
    inside, page, live, teacher, invited, of_school, of_course, own, waits
):
    def choose() -> None:
        live.tenant.guests_wait = of_school
        live.tenant.save()
        Course.objects.update(guests_wait=of_course)
        ClassSession.objects.update(guests_wait=own)

    await rows(live, choose)
    leading = await inside(teacher, live)
    assert leading.joined["rules"]["waiting_room"] is waits
    gwen = await page(invited, live)
    assert (await gwen.join())["type"] == ("waiting" if waits else "joined")


async def test_another_waiting_room_of_the_school_reaches_pages_by_the_next_beat_and_after_a_break(
    inside, page, live, teacher, student
):
    leading, listening = await inside(teacher, live), await inside(student, live)
    await leading.send("set_rules", chat=False)
    await listening.get("rules_changed")
    await listening.close()
    before = leading.joined["rules"] | {"chat": False}

    def choose() -> None:
        live.tenant.guests_wait = not before["waiting_room"]
        live.tenant.save()

    await rows(live, choose)
    now = before | {"waiting_room": not before["waiting_room"]}
    back = await page(student, live)
    await back.join(since=1)
    assert [each["rules"] for each in await back.up_to_date() if "rules" in each] == [before, now]
    await beat(live)
    assert (await leading.get("rules"))["rules"] == now
    await beat(live)
    assert not [each for each in await leading.up_to_date() if each["type"] == "rules"]
    assert not [each for each in await back.up_to_date() if each["type"] == "rules"]


async def test_whoever_waits_comes_in_when_the_waiting_room_is_closed(inside, page, live, teacher, invited):
    leading = await inside(teacher, live)
    gwen = await waiting(page, invited, live)
    await leading.send("set_rules", waiting_room=False)
    assert (await leading.get("rules_changed"))["rules"]["waiting_room"] is False
    await place(gwen, "let_in")
    assert (await gwen.join())["type"] == "joined"
    assert await line(leading) == []


async def test_a_withdrawn_link_empties_the_line(inside, page, live, teacher, invited):
    leading = await inside(teacher, live)
    gwen = await waiting(page, invited, live)
    await line_of(leading, ["Gwen Guest"])
    await revoke(live, teacher)
    assert (await gwen.get("close"))["code"] == 4403
    await line_of(leading, [])


async def test_the_end_of_the_class_is_the_end_of_waiting(inside, page, live, teacher, invited):
    leading = await inside(teacher, live)
    gwen = await waiting(page, invited, live)
    await leading.send("end_class")
    while (await gwen.get("hello"))["session"]["state"] != "ended":
        pass
    assert (await gwen.join())["code"] == "ended"
    assert not await rows(live, lambda: Participant.objects.exclude(waits_since=None).exists())


async def test_people_of_the_course_never_wait_for_more_than_the_teacher(
    inside, page, live, teacher, student
):
    sue = await page(student, live)
    assert (await sue.join())["code"] == "not_started"
    await inside(teacher, live)
    while (await sue.get("hello"))["session"]["state"] != "live":
        pass
    assert (await sue.join())["type"] == "joined"
