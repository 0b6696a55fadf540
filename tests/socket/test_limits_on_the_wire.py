"""Size, pace and form of what a page sends: refused in words, and nothing else breaks."""

import json

import pytest
from django.db import OperationalError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from signaling import limits, schema
from signaling.classroom.asked import ACTIONS, read
from signaling.refusals import Malformed
from tests.socket.conftest import rows


@pytest.mark.parametrize(
    "text",
    [
        "{",
        "null",
        "[]",
        '"join"',
        '{"type":"dance"}',
        '{"type":"join","since":-1}',
        '{"type":"say"}',
        "\ud800",
    ],
)
async def test_a_malformed_message_is_refused_and_closes_nothing(inside, teacher, live, text):
    leading = await inside(teacher, live)
    await leading.send_text(text)
    refused = await leading.get("refused")
    assert (refused["code"], refused["re"]) == ("malformed", None)
    assert await leading.up_to_date() == []


async def test_bytes_are_malformed(inside, teacher, live):
    leading = await inside(teacher, live)
    await leading.socket.send_input({"type": "websocket.receive", "bytes": b'{"type":"leave"}'})
    assert (await leading.get("refused"))["code"] == "malformed"


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
    max_leaves=8,
)
names = st.sampled_from(
    ["join", "leave", "say", "raise_hand", "lower_hand", "end_class", "ping", "hello", "x"]
)
fields = st.sampled_from(["since", "key", "text", "participant", "n", "seen", "seq", "more"])
like_messages = st.builds(
    lambda name, more: {**more, "type": name}, names, st.dictionaries(fields, json_values, max_size=3)
)


@given(json_values.map(json.dumps) | like_messages.map(json.dumps) | st.text(max_size=60))
@settings(max_examples=400)
def test_whatever_is_sent_is_a_message_or_malformed(text):
    try:
        message = read(text)
    except Malformed:
        return
    assert json.loads(text)["type"] == message.type


async def test_a_socket_survives_a_shower_of_nonsense(inside, teacher, student, live, clock):
    leading, listening = await inside(teacher, live), await inside(student, live)
    await leading.get("participant_joined")

    @given(like_messages.filter(lambda m: m["type"] not in ("leave", "end_class")))
    @settings(max_examples=60, suppress_health_check=list(HealthCheck), database=None)
    def collect(message):
        shower.append(json.dumps(message))

    shower: list[str] = []
    collect()
    for text in shower:
        clock.pass_by(seconds=1)
        await leading.send_text(text)
        await leading.up_to_date()
    assert all(each["type"] not in ("close", "moved") for each in leading.keep)
    await leading.send("say", key="after-all", text="still here")
    while (await listening.get("said"))["message"]["key"] != "after-all":
        pass


async def test_a_message_too_large_is_refused_and_closes_nothing(inside, teacher, live):
    leading = await inside(teacher, live)
    await leading.send("say", key="k", text="x" * limits.MOST_BYTES)
    assert (await leading.get("refused"))["code"] == "too_large"
    await leading.send("say", key="k", text="x" * 2_001)
    assert (await leading.get("refused"))["code"] == "malformed"
    await leading.send("say", key="k", text="x" * 2_000)
    assert (await leading.get("said"))["message"]["text"] == "x" * 2_000


async def test_chat_that_is_too_fast_is_refused_with_the_time_to_try_again(inside, teacher, live, clock):
    leading = await inside(teacher, live)
    for n in range(11):
        await leading.send("say", key=f"k-{n}", text="hurry")
    refused = await leading.get("refused")
    assert (refused["code"], refused["key"]) == ("too_fast", "k-10")
    assert refused["retry_at"] == "2026-11-25T12:00:00.500000Z"
    clock.pass_by(seconds=1)
    await leading.send("say", key="k-10", text="hurry")
    while (await leading.get("said"))["message"]["key"] != "k-10":
        pass


async def test_a_flood_is_refused_and_then_cut_off_for_everyones_sake(inside, teacher, student, live):
    leading, flooding = await inside(teacher, live), await inside(student, live)
    for n in range(120):
        await flooding.send("ping", n=n)
    assert (await flooding.get("refused"))["code"] == "too_fast"
    assert await flooding.get("close") == {"type": "close", "code": 4429}
    assert (await leading.get("participant_left"))["participant"] == flooding.id
    assert (await inside(student, live)).id == flooding.id


async def test_a_page_that_never_says_what_it_has_seen_is_cut_off_and_can_resume(
    inside, page, teacher, student, live, clock, monkeypatch
):
    leading, stuck = await inside(teacher, live), await inside(student, live)
    limit = 5_000
    monkeypatch.setattr(limits.Backlog, "is_half_full", property(lambda self: self.bytes > limit // 2))
    monkeypatch.setattr(limits.Backlog, "is_full", property(lambda self: self.bytes > limit))
    for n in range(4):
        await leading.send("say", key=f"k-{n}", text="x" * 1_500)
        said = await leading.get("said")
        await leading.send("ping", n=n, seen=said["seq"])
        await leading.get("pong")
    assert (await stuck.get("close"))["code"] == 4408
    back = await page(student, live)
    assert (await back.join(since=stuck.seq))["type"] == "resumed"


async def test_snapshots_and_repeated_lines_fill_the_backlog_too(inside, teacher, student, live, monkeypatch):
    leading = await inside(teacher, live)
    monkeypatch.setattr(limits.Backlog, "is_full", property(lambda self: self.bytes > 10_000))
    await leading.send("say", key="k", text="x" * 1_500)
    await leading.get("said")
    greedy = await inside(student, live)
    for _ in range(9):
        await greedy.send("join")
    assert (await greedy.get("close"))["code"] == 4408
    for _ in range(9):
        await leading.send("say", key="k", text="x" * 1_500)
    assert (await leading.get("close"))["code"] == 4408


async def test_snapshots_asked_for_again_and_again_are_refused(inside, teacher, live):
    leading = await inside(teacher, live)
    for _ in range(10):
        await leading.send("join")
    refused = await leading.get("refused")
    assert (refused["code"], refused["re"]) == ("too_fast", "join")
    assert await leading.up_to_date() == []


async def test_a_database_that_fails_is_told_and_the_socket_lives_on(
    inside, teacher, live, monkeypatch, caplog
):
    leading = await inside(teacher, live)

    def broken(**_):
        raise OperationalError("database is away")

    with monkeypatch.context() as patch:
        patch.setitem(ACTIONS, schema.RaiseHand, broken)
        await leading.send("raise_hand")
        assert (await leading.get("refused"))["code"] == "failed"
    assert "database is away" in caplog.text
    await leading.send("raise_hand")
    await leading.get("hand_raised")


async def test_a_bug_is_logged_and_closes_only_the_one_socket(
    inside, teacher, student, live, monkeypatch, caplog
):
    leading, unlucky = await inside(teacher, live), await inside(student, live)

    def bug(**_):
        raise ZeroDivisionError

    with monkeypatch.context() as patch:
        patch.setitem(ACTIONS, schema.RaiseHand, bug)
        await unlucky.send("raise_hand")
        assert (await unlucky.get("close"))["code"] == 1011
    assert "ZeroDivisionError" in caplog.text
    assert (await leading.get("participant_left"))["participant"] == unlucky.id
    assert await rows(live, lambda: live.participants.count()) == 2
