"""Files from one person in a class to another: what the classroom socket passes on for them."""

import pytest

from tests.socket.test_direct import OFFER, forbid

FILES = [{"name": "cells.pdf", "size": 4_096, "kind": "application/pdf"}]


async def test_an_offer_and_its_acceptance_reach_the_other_one_and_nobody_else(
    inside, teacher, student, admin, live
):
    leading, listening, third = [await inside(who, live) for who in (teacher, student, admin)]
    await leading.send("offer_files", to=listening.id, key="t1", files=FILES)
    offered = await listening.get("files_offered")
    assert offered == {"type": "files_offered", "by": leading.id, "key": "t1", "files": FILES}
    await listening.send("settle_files", to=leading.id, key="t1", verdict="accepted")
    settled = await leading.get("files_settled")
    assert settled == {"type": "files_settled", "by": listening.id, "key": "t1", "verdict": "accepted"}
    assert not [each for each in await third.up_to_date() if each["type"].startswith("files_")]


async def test_three_and_more_may_connect_for_files_though_not_for_a_call(
    inside, teacher, student, admin, live
):
    leading, listening, _ = [await inside(who, live) for who in (teacher, student, admin)]
    await leading.send("signal", to=listening.id, call="t1-1", purpose="files", description=OFFER)
    came = await listening.get("signalled")
    assert (came["call"], came["purpose"]) == ("t1-1", "files")


@pytest.mark.parametrize(
    ("type", "content"),
    [
        ("offer_files", {"key": "t1", "files": FILES}),
        ("settle_files", {"key": "t1", "verdict": "accepted"}),
        ("signal", {"call": "t1-1", "purpose": "files", "description": OFFER}),
    ],
)
async def test_a_school_that_keeps_direct_connections_off_passes_nothing_on(
    type, content, inside, teacher, student, live
):
    leading, listening = await inside(teacher, live), await inside(student, live)
    await forbid(live)
    await leading.send(type, to=listening.id, **content)
    refused = await leading.get("refused")
    assert (refused["code"], refused["re"], refused["key"]) == ("not_direct", type, content.get("key"))
    assert "school" in refused["text"]
    assert refused["mend"]
    assert {each["type"] for each in await listening.up_to_date()} <= {"pong"}


async def test_nobody_outside_the_class_can_be_offered_anything(
    inside, page, teacher, student, outsider, live
):
    leading, waiting = await inside(teacher, live), await page(student, live)
    for to in ("0" * 32, leading.id):
        await leading.send("offer_files", to=to, key="t1", files=FILES)
        assert (await leading.get("refused"))["code"] == "unknown_participant"
    await waiting.send("offer_files", to=leading.id, key="t1", files=FILES)
    assert (await waiting.get("refused"))["code"] == "not_here"


@pytest.mark.parametrize(
    "wrong",
    [
        {"files": []},
        {"files": FILES * 21},
        {"files": [FILES[0] | {"size": -1}]},
        {"files": [FILES[0] | {"size": 2**41}]},
        {"files": [FILES[0] | {"name": ""}]},
        {"files": [FILES[0] | {"name": "../etc/passwd"}]},
        {"files": [FILES[0] | {"name": "a\nb"}]},
        {"files": [FILES[0] | {"name": "n" * 256}]},
        {"files": [FILES[0] | {"path": "/tmp"}]},
        {"key": ""},
    ],
)
async def test_an_offer_that_is_none_costs_a_refusal(wrong, inside, teacher, student, live):
    leading, listening = await inside(teacher, live), await inside(student, live)
    await leading.send("offer_files", **({"to": listening.id, "key": "t1", "files": FILES} | wrong))
    assert (await leading.get("refused"))["code"] == "malformed"


async def test_offers_have_a_pace_of_their_own(inside, teacher, student, live):
    leading, listening = await inside(teacher, live), await inside(student, live)
    for n in range(11):
        await leading.send("offer_files", to=listening.id, key=f"t{n}", files=FILES)
    refused = await leading.get("refused")
    assert (refused["code"], refused["re"]) == ("too_fast", "offer_files")
