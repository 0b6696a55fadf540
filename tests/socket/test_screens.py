"""Who has the screen: teachers whenever they like, of all others one at a time; the class decides."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from accounts.models import Role
from classrooms.live.actions import sweep
from classrooms.models import ClassSession, Participant
from tests.conftest import Person
from tests.socket.conftest import Page, rows
from tests.socket.test_leading import enrolled, grants


@pytest.fixture
def second(person, tenant, course) -> Person:
    """Another student of the course."""
    return enrolled(person(tenant, Role.STUDENT, "Ben Second"), course)


async def ask(page: Page, on: bool = True) -> dict:
    await page.send("share_screen", on=on)
    return await page.get("screen_granted", "refused")


async def shares(page: Page) -> bool:
    return (await ask(page))["type"] == "screen_granted"


def sources(answer: dict, settings) -> set[str]:
    return set(grants(answer["media"]["token"], settings)["canPublishSources"])


async def presenter(live) -> str | None:
    def read() -> str | None:
        session = ClassSession.objects.select_related("presenter").get(pk=live.pk)
        return session.presenter.public_id if session.presenter else None

    return await rows(live, read)


async def test_a_student_has_the_right_to_a_screen_only_while_they_have_it(
    inside, teacher, student, live, settings
):
    await inside(teacher, live)
    listening = await inside(student, live)
    screen = {"screen_share", "screen_share_audio"}
    assert not screen & sources(listening.joined, settings)
    assert screen <= sources(await ask(listening), settings)
    assert screen <= sources(await ask(listening), settings), "asked again: as it was"
    assert not screen & sources(await ask(listening, on=False), settings)


async def test_another_student_is_refused_with_who_shares_until_that_ends(
    inside, teacher, student, second, live
):
    await inside(teacher, live)
    one, two = await inside(student, live), await inside(second, live)
    assert await shares(one)
    no = await ask(two)
    assert (no["code"], no["text"], no["mend"], no["re"]) == (
        "screen_taken",
        f"{student.member.name} shares a screen.",
        "Yours can start when it ends.",
        "share_screen",
    )
    await ask(two, on=False)
    assert await presenter(live) == one.id, "what somebody has not, they cannot give back"
    await ask(one, on=False)
    assert await shares(two)


async def test_teachers_share_beside_a_student_and_beside_each_other(
    inside, teacher, student, second, live, settings
):
    leading, one, two = [await inside(each, live) for each in (teacher, student, second)]
    await leading.send("appoint", participant=two.id, co_teacher=True)
    await leading.up_to_date()
    assert await shares(one)
    for page in (leading, two):
        assert "screen_share" in sources(await ask(page), settings)
    assert await presenter(live) == one.id


async def test_of_two_who_ask_at_the_same_moment_one_gets_it(inside, teacher, student, second, live):
    await inside(teacher, live)
    pages = [await inside(student, live), await inside(second, live)]
    granted = await asyncio.gather(*(shares(page) for page in pages))
    assert sorted(granted) == [False, True]


async def test_where_students_may_not_share_nobody_but_a_teacher_does(inside, teacher, student, live):
    leading, listening = await inside(teacher, live), await inside(student, live)
    assert await shares(listening)
    await leading.send("set_rules", screen=False)
    await leading.up_to_date()
    assert await presenter(live) is None
    assert (await ask(listening))["code"] == "screen_off"
    assert await shares(leading)


async def may_share(live, page: Page) -> bool:
    return await rows(live, lambda: Participant.objects.get(public_id=page.id).may_share)


async def test_whoever_is_given_the_screen_may_share_though_students_may_not(
    inside, teacher, student, second, live, settings
):
    leading, one, two = [await inside(each, live) for each in (teacher, student, second)]
    await leading.send("set_rules", screen=False)
    await leading.send("give_screen", participant=one.id)
    told = await one.get("may_share")
    assert (told["participant"], told["by"]) == (one.id, leading.id)
    assert "screen_share" in sources(await ask(one), settings)
    assert (await ask(two))["code"] == "screen_off"
    await ask(one, on=False)
    assert await shares(one), "until it is taken back"
    again = await inside(second, live)
    told = {each["id"]: each["may_share"] for each in again.joined["participants"]}
    assert told == {leading.id: False, one.id: True, two.id: False}


@pytest.mark.parametrize(
    "order",
    [
        {"type": "stop", "what": "screen", "participant": True},
        {"type": "stop", "what": "screen"},
        {"type": "set_rules", "screen": True},
        {"type": "send_back", "participant": True},
        {"type": "remove", "participant": True},
        {"type": "appoint", "participant": True, "co_teacher": True},
    ],
    ids=str,
)
async def test_the_teacher_takes_the_screen_back(inside, teacher, student, live, order):
    leading, listening = await inside(teacher, live), await inside(student, live)
    await leading.send("set_rules", screen=False)
    await leading.send("give_screen", participant=listening.id)
    await listening.get("may_share")
    assert await shares(listening)
    await leading.send(**order | ({"participant": listening.id} if "participant" in order else {}))
    await leading.up_to_date()
    assert not await may_share(live, listening)
    assert await presenter(live) == (listening.id if order.get("screen") else None)


async def test_whoever_is_given_the_screen_waits_for_another_student_to_end(
    inside, teacher, student, second, live
):
    leading, one, two = [await inside(each, live) for each in (teacher, student, second)]
    assert await shares(one)
    await leading.send("give_screen", participant=two.id)
    await two.get("may_share")
    assert (await ask(two))["code"] == "screen_taken"


@pytest.mark.parametrize(("away", "keeps"), [(30, True), (300, False)])
async def test_whoever_leaves_gives_up_the_screen_and_a_short_break_does_not_count(
    inside, teacher, student, live, clock, away, keeps
):
    leading, listening = await inside(teacher, live), await inside(student, live)
    await leading.send("give_screen", participant=listening.id)
    await listening.get("may_share")
    await listening.close()
    await leading.get("participant_left")
    clock.pass_by(seconds=away)
    again = await inside(student, live)
    assert await may_share(live, again) is keeps
    await again.send("leave")
    await again.up_to_date()
    assert not await may_share(live, again)


@pytest.mark.parametrize(
    "order",
    [
        {"type": "stop", "what": "screen", "participant": True},
        {"type": "stop", "what": "screen"},
        {"type": "remove", "participant": True},
        {"type": "appoint", "participant": True, "co_teacher": True},
    ],
    ids=str,
)
async def test_what_a_teacher_does_to_whoever_shares_frees_the_screen(
    inside, teacher, student, second, live, order
):
    leading, one, two = [await inside(each, live) for each in (teacher, student, second)]
    assert await shares(one)
    await leading.send(**order | ({"participant": one.id} if "participant" in order else {}))
    await leading.up_to_date()
    assert await shares(two)


async def test_whoever_leaves_or_comes_with_a_new_page_leaves_the_screen(
    inside, teacher, student, second, live
):
    await inside(teacher, live)
    one, two = await inside(student, live), await inside(second, live)
    assert await shares(one)
    await one.send("leave")
    await one.up_to_date()
    assert await shares(two)
    again = await inside(second, live)  # as after a reload
    assert await presenter(live) is None
    assert await shares(again)


async def test_a_lost_line_keeps_the_screen_for_as_long_as_what_is_shared_may_go_on(
    inside, page, teacher, student, second, live, clock
):
    await inside(teacher, live)
    one, two = await inside(student, live), await inside(second, live)
    assert await shares(one)
    await one.close()
    clock.pass_by(seconds=44)
    no = await ask(two)
    assert (no["code"], no["text"], no["mend"]) == (
        "screen_taken",
        f"{student.member.name} lost the line and may come back.",
        "Yours can start in a minute at most.",
    )
    back = await page(student, live)
    assert (await back.join(since=one.seq))["type"] == "resumed"
    assert await presenter(live) == one.id
    await back.close()
    clock.pass_by(seconds=46)
    assert await shares(two)


async def hangs(live, page: Page, clock) -> None:
    """The page's web process gives no sign of life any more."""
    long_ago = clock.at - timedelta(seconds=61)
    await rows(live, lambda: Participant.objects.filter(public_id=page.id).update(seen_at=long_ago))


async def test_a_web_process_that_hangs_costs_the_screen_no_sooner_than_a_lost_line(
    inside, page, teacher, student, second, live, clock
):
    await inside(teacher, live)
    one, two = await inside(student, live), await inside(second, live)
    assert await shares(one)
    await hangs(live, one, clock)
    assert (await ask(two))["code"] == "screen_taken"
    await rows(live, lambda: sweep(session_id=live.pk, at=clock.at))
    assert (await ask(two))["code"] == "screen_taken"
    back = await page(student, live)
    assert (await back.join(since=one.seq))["type"] == "resumed"
    assert await presenter(live) == one.id, "what it shares goes on, so it has the screen"
    await hangs(live, one, clock)
    await rows(live, lambda: sweep(session_id=live.pk, at=clock.at))
    clock.pass_by(seconds=46)
    assert await shares(two)


async def test_all_screens_are_stopped_also_of_who_has_just_lost_the_line(
    inside, teacher, student, second, live
):
    leading, one, two = [await inside(each, live) for each in (teacher, student, second)]
    assert await shares(one)
    await one.close()
    await leading.get("participant_left")
    await leading.send("stop", what="screen")
    await leading.up_to_date()
    assert await presenter(live) is None
    assert await shares(two)


async def test_from_outside_the_class_nobody_takes_its_screen(page, inside, teacher, student, live):
    await inside(teacher, live)
    door = await page(student, live)
    assert (await ask(door))["code"] == "not_here"
