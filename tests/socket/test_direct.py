"""Direct connections over the classroom socket: who may signal to whom, and that nobody else hears of it."""

from datetime import timedelta

import pytest

from classrooms.models import ClassSession, Course
from tenants.scope import tenant_scope
from tests.socket.conftest import beat, rows

OFFER = {"type": "offer", "sdp": "v=0\r\n"}
CANDIDATE = {"candidate": "candidate:1 1 udp 1 192.0.2.7 4000 typ host", "sdpMid": "0"}


async def forbid(session):
    def off():
        session.tenant.direct_calls = False
        session.tenant.save()

    await rows(session, off)


async def test_who_comes_in_is_told_whether_two_may_connect_directly(inside, teacher, student, live):
    assert (await inside(teacher, live)).joined["direct_calls"]
    await forbid(live)
    assert not (await inside(student, live)).joined["direct_calls"]


async def test_an_offer_its_answer_and_candidates_reach_the_other_as_they_are(inside, teacher, student, live):
    leading, listening = await inside(teacher, live), await inside(student, live)
    await leading.send("signal", to=listening.id, call="c1", description=OFFER, candidates=[CANDIDATE])
    came = await listening.get("signalled")
    assert came == {
        "type": "signalled",
        "by": leading.id,
        "call": "c1",
        "purpose": "call",
        "description": OFFER,
        "candidates": [CANDIDATE | {"sdpMLineIndex": None, "usernameFragment": None}],
    }
    await listening.send("signal", to=leading.id, call="c1", description={"type": "answer", "sdp": "v=0\r\n"})
    assert (await leading.get("signalled"))["description"]["type"] == "answer"


async def test_a_third_person_in_the_class_ends_it(inside, teacher, student, admin, live):
    leading, listening = await inside(teacher, live), await inside(student, live)
    third = await inside(admin, live)
    await leading.send("signal", to=listening.id, call="c1", description=OFFER)
    refused = await leading.get("refused")
    assert (refused["code"], refused["re"]) == ("not_direct", "signal")
    assert not [each for each in await listening.up_to_date() if each["type"] == "signalled"]
    await third.close()
    await leading.get("participant_left")
    await leading.send("signal", to=listening.id, call="c2", description=OFFER)
    assert (await listening.get("signalled"))["call"] == "c2"


async def test_a_school_that_switches_it_off_ends_it_for_those_who_are_inside(inside, teacher, student, live):
    leading, listening = await inside(teacher, live), await inside(student, live)
    await forbid(live)
    await leading.send("signal", to=listening.id, call="c1", description=OFFER)
    assert (await leading.get("refused"))["code"] == "not_direct"
    leading.keep.clear()
    await beat(live)
    assert not (await leading.get("direct_calls"))["allowed"]


async def test_what_a_school_chooses_reaches_those_who_are_inside_by_the_next_beat(
    inside, student, teacher, live
):
    leading, listening = await inside(teacher, live), await inside(student, live)

    def choose():
        live.tenant.private_chat, live.tenant.recording_consent = False, True
        live.tenant.save()

    await rows(live, choose)
    await beat(live)
    for each in (leading, listening):
        told = await each.get("school_changed")
        assert (told["private_chat"], told["asks_consent"]) == (False, True)
    await beat(live)
    assert not [each for each in await listening.up_to_date() if each["type"] == "school_changed"]


@pytest.fixture
def lives(live, make_session, outsider):
    """Classes that are on beside `live`, by whose they are, with the one who teaches there."""
    with tenant_scope(outsider.member.tenant):
        course = Course.objects.create(tenant=outsider.member.tenant, title="Chemistry")
        times = {"starts_at": live.starts_at, "ends_at": live.ends_at}
        foreign = ClassSession.objects.create(
            tenant=course.tenant, course=course, teacher=outsider.member, title="Salts", **times
        )
    return {"another class": make_session(starts=timedelta(minutes=-5)), "another school": foreign}


@pytest.mark.parametrize("whose", ["another class", "another school"])
async def test_nobody_in_another_class_can_be_reached(
    whose, inside, teacher, student, admin, outsider, live, lives
):
    leading, _ = await inside(teacher, live), await inside(student, live)
    elsewhere = await inside(outsider if whose == "another school" else admin, lives[whose])
    await leading.send("signal", to=elsewhere.id, call="c1", description=OFFER)
    assert (await leading.get("refused"))["code"] == "unknown_participant"
    assert not [each for each in await elsewhere.up_to_date() if each["type"] == "signalled"]


async def test_nobody_reaches_themselves_or_nobody(inside, teacher, student, live):
    leading, _ = await inside(teacher, live), await inside(student, live)
    for to in (leading.id, "0" * 32):
        await leading.send("signal", to=to, call="c1", description=OFFER)
        assert (await leading.get("refused"))["code"] == "unknown_participant"


async def test_who_waits_at_the_door_can_neither_signal_nor_be_reached(inside, page, teacher, student, live):
    leading, waiting = await inside(teacher, live), await page(student, live)
    await waiting.send("signal", to=leading.id, call="c1", description=OFFER)
    assert (await waiting.get("refused"))["code"] == "not_here"


@pytest.mark.parametrize(
    "wrong",
    [
        {"to": "x"},
        {"call": ""},
        {"purpose": "spam"},
        {"description": {"type": "rollback", "sdp": ""}},
        {"description": {"type": "offer", "sdp": "v" * 24_001}},
        {"candidates": [CANDIDATE] * 33},
        {"candidates": [CANDIDATE | {"candidate": "c" * 1_001}]},
        {"candidates": [CANDIDATE | {"secret": "x"}]},
    ],
)
async def test_a_signal_that_is_none_costs_a_refusal(wrong, inside, teacher, student, live):
    leading, listening = await inside(teacher, live), await inside(student, live)
    await leading.send("signal", **({"to": listening.id, "call": "c1"} | wrong))
    assert (await leading.get("refused"))["code"] == "malformed"
