"""Leading a class: what is done to its people, what they are told, who leads when the teacher is gone."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import jwt
import pytest

from accounts.models import Role
from classrooms.live import leading as by_leading
from classrooms.live.seats import Outside
from classrooms.models import Enrolment, Participant, SessionEvent
from signaling.database import in_tenant
from tenants.scope import tenant_scope
from tests.conftest import Person
from tests.socket.conftest import beat as beat_all
from tests.socket.conftest import rows, sign_of_life


@pytest.fixture
def second(person, tenant, course) -> Person:
    """Another student of the course."""
    return enrolled(person(tenant, Role.STUDENT, "Ben Second"), course)


def enrolled(somebody: Person, course) -> Person:
    with tenant_scope(course.tenant):
        Enrolment.objects.create(tenant=course.tenant, course=course, membership=somebody.member)
    return somebody


def grants(token: str, settings) -> dict:
    unchecked = {"verify_exp": False, "verify_nbf": False, "verify_iat": False}
    return jwt.decode(token, settings.MEDIA_API_SECRET, algorithms=["HS256"], options=unchecked)["video"]


async def test_who_is_let_speak_may_though_microphones_are_off_until_they_are_muted(
    inside, teacher, student, live, settings
):
    leading, listening = await inside(teacher, live), await inside(student, live)
    await leading.send("set_rules", mic=False)
    changed = await listening.get("rules_changed")
    assert (changed["rules"]["mic"], changed["rules"]["camera"], changed["by"]) == (False, True, leading.id)
    assert (
        "microphone"
        not in grants((await listening.get("media_token"))["media"]["token"], settings)["canPublishSources"]
    )
    await listening.send("raise_hand")
    await listening.get("hand_raised")
    await leading.send("let_speak", participant=listening.id)
    assert (await listening.get("may_speak"))["by"] == leading.id
    fresh = await listening.get("media_token")
    assert "microphone" in grants(fresh["media"]["token"], settings)["canPublishSources"]
    own = await rows(live, lambda: Participant.objects.get(public_id=listening.id))
    assert own.hand_raised_at is None
    await leading.send("stop", what="mic", participant=listening.id)
    await listening.get("stopped")
    fresh = await listening.get("media_token")
    assert "microphone" not in grants(fresh["media"]["token"], settings)["canPublishSources"]


async def test_somebody_who_may_send_nothing_gets_no_list_of_sources_that_would_mean_all(
    inside, teacher, student, live, settings
):
    leading = await inside(teacher, live)
    await leading.send("set_rules", mic=False, camera=False, screen=False)
    await leading.get("rules_changed")
    late = await inside(student, live)
    granted = grants(late.joined["media"]["token"], settings)
    assert (granted["canPublish"], granted["canPublishSources"]) == (False, [])


async def test_what_is_done_is_in_the_log_with_who_did_it(inside, teacher, student, live):
    leading, listening = await inside(teacher, live), await inside(student, live)
    for action, fields in (
        ("ask_to_unmute", {"participant": listening.id}),
        ("stop", {"what": "camera", "participant": listening.id}),
        ("set_rules", {"chat": False}),
        ("appoint", {"participant": listening.id, "co_teacher": True}),
        ("hand_lead", {"participant": listening.id}),
    ):
        await leading.send(action, **fields)
    await listening.get("lead_changed")
    done = ["asked_to_unmute", "stopped", "rules_changed", "role_changed", "lead_changed"]
    log = await rows(
        live, lambda: list(SessionEvent.objects.filter(type__in=done).values_list("type", "by__public_id"))
    )
    assert log == [(each, leading.id) for each in done]


async def test_all_hands_go_down_at_once(inside, teacher, student, second, live):
    leading, one, other = await inside(teacher, live), await inside(student, live), await inside(second, live)
    for each in (one, other):
        await each.send("raise_hand")
        await leading.get("hand_raised")
    await leading.send("lower_hands")
    assert (await one.get("hands_lowered"))["by"] == leading.id
    late = await leading.join()
    assert {each["hand"] for each in late["participants"]} == {None}


async def test_a_removed_person_is_told_why_and_the_others_only_that(
    inside, page, teacher, student, second, live
):
    leading, gone, other = (
        await inside(teacher, live),
        await inside(student, live),
        await inside(second, live),
    )
    await leading.send("remove", participant=gone.id, reason="Please come back tomorrow.", bar=False)
    assert await gone.get("removed") == {
        "type": "removed", "reason": "Please come back tomorrow.", "barred": False
    }  # fmt: skip
    assert (await gone.get("close"))["code"] == 4403
    left = await other.get("participant_left")
    assert (left["participant"], left["why"], left["by"]) == (gone.id, "removed", leading.id)
    assert "reason" not in left
    itself = await page(student, live)
    assert (await itself.join(since=1))["code"] == "removed"  # a page that comes back by itself
    assert (await itself.join())["type"] == "joined"  # a person who asks to


async def test_somebody_barred_has_no_way_back_until_a_teacher_admits_them(
    inside, page, teacher, student, live
):
    leading, gone = await inside(teacher, live), await inside(student, live)
    await leading.send("remove", participant=gone.id, reason="No.", bar=True)
    assert (await gone.get("removed"))["barred"]
    door = await page(student, live)
    assert (door.hello["you"]["barred"], door.hello["you"]["reason"]) == (True, "No.")
    assert (await door.join())["code"] == "barred"
    again = await leading.join()
    assert [(each["name"], each["reason"]) for each in again["barred"]] == [("Sue Student", "No.")]
    await leading.send("admit", participant=gone.id)
    assert not (await door.get("hello"))["you"]["barred"]
    assert (await door.join())["type"] == "joined"


async def test_all_who_lead_are_told_who_is_barred_and_why_and_nobody_else(
    inside, teacher, admin, student, second, live
):
    leading, helping = await inside(teacher, live), await inside(admin, live)
    gone, other = await inside(student, live), await inside(second, live)
    await leading.send("remove", participant=gone.id, reason="No.", bar=True)
    for page in (leading, helping):
        told = (await page.get("barred"))["people"]
        assert [(each["name"], each["reason"]) for each in told] == [("Sue Student", "No.")]
    await other.get("participant_left")
    assert "barred" not in [each["type"] for each in await other.up_to_date()]


async def test_who_began_to_lead_without_hearing_of_it_is_told_who_is_barred_when_they_are_back(
    inside, page, teacher, student, second, live, monkeypatch
):
    leading, helping, gone = (
        await inside(teacher, live),
        await inside(second, live),
        await inside(student, live),
    )
    await leading.send("remove", participant=gone.id, reason="No.", bar=True)
    seen = (await helping.get("participant_left"))["seq"]
    await leading.send("appoint", participant=helping.id, co_teacher=True)
    await leading.get("role_changed")
    await helping.close()
    back = await page(second, live)
    assert (await back.join(since=seen))["type"] == "resumed"
    assert [each["reason"] for each in (await back.get("barred"))["people"]] == ["No."]


async def test_who_was_removed_while_their_page_did_not_hear_of_it_is_told_by_the_next_beat(
    inside, teacher, student, live, clock
):
    await inside(teacher, live)
    gone = await inside(student, live)

    def lose() -> None:
        Participant.objects.filter(public_id=gone.id).update(
            connection="", removed_at=clock.at, removal_reason="Why", barred=True
        )

    await rows(live, lose)
    await beat_all(live)
    assert (await gone.get("removed"))["reason"] == "Why"


async def test_a_locked_class_keeps_out_who_is_new_and_nobody_who_was_inside(
    inside, page, teacher, student, second, live
):
    leading, known = await inside(teacher, live), await inside(student, live)
    door = await page(second, live)
    await leading.send("set_rules", locked=True)
    assert (await door.get("hello"))["you"]["locked_out"]
    assert (await door.join())["code"] == "locked"
    await known.close()
    await leading.get("participant_left")
    await inside(student, live)
    await leading.send("set_rules", locked=False)
    assert not (await door.get("hello"))["you"]["locked_out"]
    assert (await door.join())["type"] == "joined"


async def test_when_the_teacher_is_gone_for_20_seconds_a_co_teacher_leads(
    inside, teacher, student, second, live, clock
):
    leading, helping, other = (
        await inside(teacher, live),
        await inside(student, live),
        await inside(second, live),
    )
    assert leading.joined["lead"] == leading.id
    await leading.send("appoint", participant=helping.id, co_teacher=True)
    assert (await helping.get("role_changed"))["role"] == "teacher"
    await helping.get("barred")
    await leading.close()
    left = await other.get("participant_left")
    assert (left["participant"], left["why"]) == (leading.id, "lost")
    clock.pass_by(seconds=19)
    await beat_all(live)
    await sign_of_life(live, helping, clock.at)
    assert not [each for each in helping.keep if each["type"] == "lead_changed"]
    clock.pass_by(seconds=1)
    await beat_all(live)
    changed = await other.get("lead_changed")
    assert (changed["participant"], changed["by"]) == (helping.id, None)
    back = await inside(teacher, live)
    assert (back.joined["lead"], back.joined["participants"][0]["role"]) == (helping.id, "teacher")
    await back.send("hand_lead", participant=back.id)
    assert (await other.get("lead_changed"))["by"] == back.id


async def test_the_timer_itself_hands_the_lead_over_without_a_beat(
    inside, teacher, student, live, monkeypatch
):
    monkeypatch.setattr("signaling.classroom.times.LEAD", 0.2)
    monkeypatch.setattr("classrooms.live.rules.DESERTED", timedelta(0))
    leading, helping = await inside(teacher, live), await inside(student, live)
    await leading.send("appoint", participant=helping.id, co_teacher=True)
    await helping.get("barred")
    await leading.send("leave")
    assert (await helping.get("lead_changed"))["participant"] == helping.id


async def test_whoever_led_and_left_while_the_timer_ran_is_waited_for_and_no_longer(
    inside, teacher, student, live, clock, monkeypatch
):
    """The timer that began with the co-teacher ends while the teacher is not away for long enough yet."""
    monkeypatch.setattr("signaling.classroom.times.FIRST_BEAT", (600.0, 600.0))
    monkeypatch.setattr("signaling.classroom.times.BEAT", 600.0)
    monkeypatch.setattr("signaling.classroom.times.LEAD", 0.5)
    monkeypatch.setattr("classrooms.live.rules.DESERTED", timedelta(seconds=1))
    leading, helping = await inside(teacher, live), await inside(student, live)
    await leading.send("appoint", participant=helping.id, co_teacher=True)
    await helping.get("barred")
    await leading.send("leave")
    await helping.get("participant_left")
    clock.pass_by(seconds=0.9)
    await asyncio.sleep(0.6)
    clock.pass_by(seconds=0.1)
    assert (await helping.get("lead_changed"))["participant"] == helping.id


@pytest.mark.parametrize(
    ("step", "how"),
    [("appoint", {"co_teacher": False}), ("remove", {"reason": "", "bar": False})],
    ids=["dismissed", "removed"],
)
async def test_who_comes_after_a_lead_was_taken_from_outside_leads_and_all_are_told(
    inside, teacher, admin, student, second, live, clock, step, how
):
    """Meanwhile nobody may lead: every page and every snapshot shows the same lead."""
    leading, helping, other = [await inside(each, live) for each in (teacher, student, second)]
    await leading.send("hand_lead", participant=helping.id)
    await helping.get("barred")
    await leading.send("leave")
    await other.get("participant_left")
    outside = Outside(live.pk, teacher.member.pk, "")
    act = getattr(by_leading, step)
    await in_tenant(live.tenant, act, seat=outside, participant=helping.id, at=clock(), **how)
    assert (await other.join())["lead"] == helping.id
    assert "lead_changed" not in [each["type"] for each in await other.up_to_date()]
    coming = await inside(admin, live)
    assert coming.joined["lead"] == coming.id
    changed = await other.get("lead_changed")
    assert (changed["participant"], changed["by"]) == (coming.id, None)


async def test_who_is_removed_from_outside_hands_the_lead_to_a_teacher_inside_at_once(
    inside, teacher, admin, student, live, clock
):
    leading, helping, staying = [await inside(each, live) for each in (teacher, student, admin)]
    await leading.send("hand_lead", participant=helping.id)
    await helping.get("barred")
    await leading.send("leave")
    await staying.get("participant_left")
    outside = Outside(live.pk, teacher.member.pk, "")
    left = {"participant": helping.id, "reason": "", "bar": False}
    await in_tenant(live.tenant, by_leading.remove, seat=outside, at=clock(), **left)
    assert (await staying.get("lead_changed"))["participant"] == staying.id


async def test_a_co_teacher_who_lost_the_connection_is_one_again(inside, teacher, student, live):
    leading, helping = await inside(teacher, live), await inside(student, live)
    await leading.send("appoint", participant=helping.id, co_teacher=True)
    await helping.get("role_changed")
    await helping.close()
    again = await inside(student, live)
    own = next(each for each in again.joined["participants"] if each["id"] == again.id)
    assert (own["role"], own["co_teacher"]) == ("teacher", True)
    assert again.hello["you"]["role"] == "teacher"


async def test_two_people_connect_directly_only_while_both_may_send_everything(
    inside, teacher, student, live
):
    leading, listening = await inside(teacher, live), await inside(student, live)
    signal = {"to": leading.id, "call": "c1"}
    await listening.send("signal", **signal)
    await leading.get("signalled")
    await leading.send("set_rules", camera=False)
    await listening.get("rules_changed")
    await listening.send("signal", **signal)
    assert (await listening.get("refused"))["code"] == "not_direct"


async def test_nobody_removes_or_demotes_a_teacher_and_no_co_teacher_another(
    inside, teacher, student, second, live
):
    leading, helping, other = (
        await inside(teacher, live),
        await inside(student, live),
        await inside(second, live),
    )
    for page in (helping, other):
        await leading.send("appoint", participant=page.id, co_teacher=True)
        await page.get("barred")
    for message, whom in (("remove", leading), ("remove", other), ("remove", helping)):
        await helping.send(message, participant=whom.id)
        assert (await helping.get("refused"))["code"] == "not_allowed"
    await leading.send("appoint", participant=leading.id, co_teacher=False)
    assert (await leading.get("refused"))["code"] == "not_allowed"
    await leading.send("hand_lead", participant=helping.id)
    await helping.get("lead_changed")
    await helping.send("remove", participant=other.id)
    assert (await other.get("removed"))["barred"] is False
    await leading.send("remove", participant=helping.id)
    await helping.get("removed")
    assert (await leading.get("lead_changed", "refused"))["participant"] in (helping.id, leading.id)
    assert (await leading.join())["lead"] == leading.id
