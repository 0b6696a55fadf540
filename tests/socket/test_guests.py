"""Guests on the classroom socket: in by their link, for one class, as long as it holds."""

from __future__ import annotations

from datetime import timedelta

import jwt
import pytest
from asgiref.sync import sync_to_async
from django.test import Client

from classrooms.guests.actions import revoke_link
from classrooms.guests.passes import cookie_name
from classrooms.live.actions import missed_events
from classrooms.live.seats import Seat
from classrooms.models import AttendanceSegment, GuestLink, Material, Participant
from tenants.models import Tenant
from tests.conftest import Guest
from tests.socket.conftest import Page, beat, rows, wire

ENDED = "The link by which you came has ended, or was withdrawn."


@pytest.fixture(autouse=True)
def straight_in(live) -> None:
    """The school lets guests in without a waiting room, which is test_lobby.py's."""
    Tenant.objects.update(guests_wait=False)


async def turned_away(person, path, clock) -> bool:
    accepted, code = await Page(wire(person, path, clock)).open()
    return not accepted and code == 4404


async def revoke(session, teacher) -> None:
    def act() -> None:
        link = GuestLink.objects.select_related("course", "session", "tenant").get()
        revoke_link(link=link, by=teacher.member, at=teacher.now)

    await rows(session, act)


async def test_a_guest_is_in_the_class_under_the_name_given(inside, live, teacher, student, invited):
    leading, other = await inside(teacher, live), await inside(student, live)
    gwen = await inside(invited, live)
    assert gwen.hello["you"]["role"] == "guest"
    for page in (leading, other):
        while (told := (await page.get("participant_joined"))["participant"])["role"] != "guest":
            pass
        assert (told["name"], told["role"], told["id"]) == ("Gwen Guest", "guest", gwen.id)
    claims = jwt.decode(gwen.joined["media"]["token"], options={"verify_signature": False})
    assert claims["sub"] == gwen.id
    assert claims["name"] == "Gwen Guest"
    await gwen.send("say", key="k", text="Good morning")
    said = (await leading.get("said"))["message"]
    assert (said["name"], said["role"]) == ("Gwen Guest", "guest")


async def test_a_guest_is_the_same_person_after_a_reconnect(inside, live, teacher, invited):
    await inside(teacher, live)
    first = await inside(invited, live)
    second = await inside(invited, live)
    assert second.id == first.id
    assert (await first.get("moved", "close"))["type"] == "moved"


async def test_the_rules_for_students_are_for_guests_too(inside, live, teacher, invited):
    leading = await inside(teacher, live)
    gwen = await inside(invited, live)
    await leading.send("set_rules", mic=False, chat=False)
    await gwen.get("rules_changed")
    token = (await gwen.get("media_token"))["media"]["token"]
    claims = jwt.decode(token, options={"verify_signature": False})
    assert "microphone" not in claims["video"]["canPublishSources"]
    await gwen.send("say", key="k", text="Hello")
    assert (await gwen.get("refused"))["code"] == "chat_off"


async def test_muting_all_students_mutes_guests_who_were_let_speak(inside, live, teacher, invited):
    leading = await inside(teacher, live)
    gwen = await inside(invited, live)
    await leading.send("let_speak", participant=gwen.id)
    await leading.send("stop", what="mic")
    await leading.up_to_date()
    assert not await rows(live, lambda: Participant.objects.get(public_id=gwen.id).may_speak)


@pytest.mark.parametrize("message", ["appoint", "hand_lead"])
async def test_a_guest_never_leads(inside, live, teacher, invited, message):
    leading = await inside(teacher, live)
    gwen = await inside(invited, live)
    more = {"co_teacher": True} if message == "appoint" else {}
    await leading.send(message, participant=gwen.id, **more)
    refused = await leading.get("refused")
    assert (refused["code"], refused["re"]) == ("not_allowed", message)
    assert await rows(live, lambda: Participant.objects.get(public_id=gwen.id).role) == "guest"


async def test_nobody_comes_before_the_teacher(page, live, teacher, inside, invited):
    gwen = await page(invited, live)
    assert (await gwen.join())["code"] == "not_started"
    await inside(teacher, live)
    assert (await gwen.join())["type"] == "joined"


async def test_a_locked_class_is_closed_to_a_guest_who_has_only_given_a_name(
    page, live, teacher, inside, invited
):
    leading = await inside(teacher, live)
    await leading.send("set_rules", locked=True)
    await leading.up_to_date()
    gwen = await page(invited, live)
    assert gwen.hello["you"]["locked_out"]
    assert (await gwen.join())["code"] == "locked"


async def test_the_time_of_a_guest_is_attendance(inside, live, teacher, invited, clock):
    await inside(teacher, live)
    gwen = await inside(invited, live)
    clock.pass_by(minutes=3)
    await gwen.send("leave")
    await gwen.get("hello")

    def spans():
        return [
            each.ended_at - each.began_at
            for each in AttendanceSegment.objects.filter(participant__public_id=gwen.id)
        ]

    assert await rows(live, spans) == [timedelta(minutes=3)]


async def test_what_is_private_to_one_guest_stays_from_another(inside, live, teacher, invited, make_link):
    leading = await inside(teacher, live)
    hal = Guest(None, Client(), invited.now)
    await sync_to_async(lambda: hal.come(make_link(live), "Hal Howe"))()
    gwen, other = await inside(invited, live), await inside(hal, live)
    await leading.send("say", key="p", text="For Gwen alone", to=gwen.id)
    assert (await gwen.get("said"))["message"]["text"] == "For Gwen alone"
    await other.get("withheld")

    def missed_by(page):
        person = Participant.objects.get(public_id=page.id)
        seat = Seat(live.pk, None, person.connection, person.pk)
        return "For Gwen alone" in str(missed_events(seat=seat, after=0))

    assert await rows(live, lambda: missed_by(gwen))
    assert not await rows(live, lambda: missed_by(other))


async def test_a_guest_brings_no_files_into_the_chat(inside, live, teacher, invited):
    """Nor takes one whose bringer is gone, and who was nobody's guest."""
    await inside(teacher, live)

    def orphan() -> str:
        material = Material(tenant=live.tenant, session=live, by=None, name="a", size=1, added_at=teacher.now)
        material.file.name = "none"
        material.save()
        return material.public_id

    gwen = await inside(invited, live)
    await gwen.send("say", key="f", text="", files=[await rows(live, orphan)])
    assert (await gwen.get("refused"))["re"] == "say"


# ── the end of a link ────────────────────────────────────────────────────────────────────────────


async def test_a_withdrawn_link_puts_out_whoever_came_by_it_at_once(inside, live, teacher, student, invited):
    leading, other = await inside(teacher, live), await inside(student, live)
    gwen = await inside(invited, live)
    await revoke(live, teacher)
    assert (await gwen.get("refused", "close"))["text"] == ENDED
    assert (await gwen.get("close"))["code"] == 4403
    for page in (leading, other):
        left = await page.get("participant_left")
        assert (left["participant"], left["why"]) == (gwen.id, "removed")
        assert not any(each["type"] == "close" for each in await page.up_to_date())


async def test_whoever_waits_at_the_door_is_turned_away_too(page, live, teacher, invited):
    gwen = await page(invited, live)
    await revoke(live, teacher)
    assert (await gwen.get("refused", "close"))["text"] == ENDED
    assert (await gwen.get("close"))["code"] == 4403


async def test_nothing_is_done_for_a_guest_whose_link_was_withdrawn_a_moment_ago(
    inside, live, teacher, invited
):
    await inside(teacher, live)
    gwen = await inside(invited, live)
    await rows(live, lambda: GuestLink.objects.update(revoked_at=teacher.now))  # nobody was told yet
    await gwen.send("say", key="k", text="Still here")
    assert (await gwen.get("refused"))["text"] == ENDED
    assert (await gwen.get("close"))["code"] == 4403


@pytest.mark.parametrize("how", ["expired", "revoked", "forbidden"])
async def test_an_open_socket_finds_out_within_its_next_sign_of_life(
    inside, live, teacher, invited, clock, how
):
    leading = await inside(teacher, live)
    gwen = await inside(invited, live)

    def end() -> None:
        if how == "expired":
            GuestLink.objects.update(expires_at=clock.at)
        elif how == "revoked":
            GuestLink.objects.update(revoked_at=clock.at)
        else:
            Tenant.objects.update(guests=False)

    await rows(live, end)
    await beat(live)
    assert (await gwen.get("refused", "close"))["code"] == "no_longer_member"
    assert (await gwen.get("close"))["code"] == 4403
    assert (await leading.get("participant_left"))["participant"] == gwen.id


async def test_a_socket_of_a_link_that_is_over_is_told_so_and_closed(live, teacher, invited, clock, page):
    await rows(live, lambda: GuestLink.objects.update(revoked_at=teacher.now))
    gwen = await page(invited, live)
    assert (gwen.hello["type"], gwen.hello["text"]) == ("refused", ENDED)
    assert (await gwen.get("close"))["code"] == 4403


async def test_a_barred_guest_has_no_way_back_and_others_of_the_link_do(
    inside, page, live, teacher, invited, make_link
):
    leading = await inside(teacher, live)
    gwen = await inside(invited, live)
    await leading.send("remove", participant=gwen.id, bar=True, reason="")
    await gwen.get("removed")
    assert (await gwen.get("close"))["code"] == 4403
    again = await page(invited, live)
    assert again.hello["you"]["barred"]
    assert (await again.join())["code"] == "barred"


# ── doors ────────────────────────────────────────────────────────────────────────────────────────


async def test_without_a_pass_there_is_no_class(live, guest, student, outsider, clock, page):
    path = f"/ws/sessions/{live.public_id}/guest/"
    for person in (guest, student, outsider):
        assert await turned_away(person, path, clock)


async def test_a_pass_opens_no_other_class_and_no_members_socket(live, make_session, invited, clock, page):
    other = await sync_to_async(make_session)("Enzymes")
    cookies = invited.browser.cookies
    cookies[cookie_name(other.public_id)] = cookies[cookie_name(live.public_id)].value
    assert await turned_away(invited, f"/ws/sessions/{other.public_id}/guest/", clock)
    socket = Page(wire(invited, f"/ws/sessions/{live.public_id}/", clock))
    assert (await socket.open())[0]
    assert (await socket.next()) == {"type": "close", "code": 4401}


async def test_a_pass_opens_nothing_at_another_school(live, invited, other_tenant, clock, page):
    browser = Client()
    name = cookie_name(live.public_id)
    browser.cookies[name] = invited.browser.cookies[name].value
    there = Guest(None, browser, invited.now, "other")
    assert await turned_away(there, f"/ws/sessions/{live.public_id}/guest/", clock)
