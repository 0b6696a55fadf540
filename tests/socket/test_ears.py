"""What a class is told goes straight to sockets that are idle, and to all others in their turn."""

from __future__ import annotations

from typing import Any

import pytest

from signaling.classroom import times
from signaling.classroom.told import Told
from signaling.ears import Ear, Ears, at_once


@pytest.fixture
def straight(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Of each message to the class, in order, whether a socket took it at once. None is busy with a sign of
    life."""
    taken: list[bool] = []
    hear = Told.overhear

    def overhear(socket: Told, message: dict[str, Any]) -> bool:
        taken.append(hear(socket, message))
        return taken[-1]

    monkeypatch.setattr(Told, "overhear", overhear)
    monkeypatch.setattr(times, "FIRST_BEAT", (600.0, 600.0))
    return taken


async def test_whoever_is_idle_hears_a_message_without_a_queue_and_its_writer_in_its_turn(
    inside, teacher, student, live, straight
):
    leading, listening = await inside(teacher, live), await inside(student, live)
    await leading.get("participant_joined")
    straight.clear()
    for number in range(3):
        await leading.send("say", key=f"{number}", text=f"line {number}")
        for each in (leading, listening):
            assert (await each.get("said"))["message"]["text"] == f"line {number}"
    assert straight == [True] * 3, "the writer is busy with writing, and is not asked"


async def test_what_has_consequences_is_handled_in_its_turn(inside, teacher, student, live, straight):
    leading, listening = await inside(teacher, live), await inside(student, live)
    await leading.get("participant_joined")
    straight.clear()
    await leading.send("set_rules", chat=False)
    await listening.get("rules_changed")
    await leading.send("say", key="a", text="after that")
    assert (await listening.get("said"))["message"]["text"] == "after that"
    assert straight[0] is False


async def test_of_a_private_line_nobody_else_hears_more_than_its_number(
    inside, teacher, student, admin, live, straight
):
    leading, listening, other = [await inside(each, live) for each in (teacher, student, admin)]
    for page in (leading, listening):
        await page.up_to_date()
    straight.clear()
    await leading.send("say", key="a", text="only you", to=listening.id)
    assert (await listening.get("said"))["message"]["text"] == "only you"
    assert (await other.next())["type"] == "withheld"
    assert straight == [False, True], "the reader waits for the line itself"
    await leading.send("say", key="b", text="everyone")
    for page in (listening, other):
        assert (await page.get("said"))["message"]["text"] == "everyone"


def heard(ears: Ears, *messages: str) -> list[bool]:
    return [ears.heard("a", {"type": each}) for each in messages]


def test_behind_a_message_that_waits_or_is_under_way_all_others_wait_too():
    ears, ear = Ears(), Ear(lambda message: True)
    assert heard(ears, "nobody listens") == [False]
    ears.open("a", ear)
    assert heard(ears, "x") == [True]
    ears.queued("a")
    assert heard(ears, "x") == [False]
    ear.waiting -= 1
    assert heard(ears, "x") == [True]
    ears.close("a")
    assert heard(ears, "x") == [False]


def test_a_socket_that_fails_keeps_no_other_from_hearing(caplog):
    ears = Ears()
    ears.open("a", Ear(lambda message: 1 / 0 > 0))
    assert heard(ears, "x") == [False]
    assert "A socket did not hear x" in caplog.text


def test_sending_that_would_wait_is_no_sending_at_once():
    async def waits() -> None:
        await Waiting()

    with pytest.raises(RuntimeError):
        at_once(waits())


class Waiting:
    def __await__(self) -> Any:
        yield
