"""A class over its socket: coming in, chat, hands, leaving, the end."""

from datetime import timedelta

import pytest
from asgiref.sync import sync_to_async

from classrooms.models import ClassSession, Participant, SessionEvent
from tests.socket.conftest import beat, rows


async def test_a_page_at_the_door_is_greeted_with_what_is_there_to_know(page, student, live, clock):
    door = await page(student, live)
    assert door.hello == {
        "type": "hello",
        "now": "2026-11-25T12:00:00Z",
        "session": {
            "id": live.public_id,
            "title": "Cell division",
            "course": "Biology 9b",
            "teacher": "Tom Teacher",
            "state": "scheduled",
            "starts_at": "2026-11-25T11:55:00Z",
            "opens_at": "2026-11-25T11:45:00Z",
            "ends_at": "2026-11-25T12:40:00Z",
        },
        "you": {
            "name": "Sue Student",
            "role": "student",
            "hue": student.member.hue,
            "elsewhere": False,
            "locked_out": False,
            "barred": False,
            "reason": "",
            "lobby": None,
            "place": None,
            "sent_back": False,
        },
        "here": 0,
        "names": [],
    }


async def test_the_first_teacher_starts_the_class_and_the_student_follows(page, teacher, student, live):
    waiting = await page(student, live)
    assert (await waiting.join())["code"] == "not_started"
    leading = await page(teacher, live)
    joined = await leading.join()
    assert joined["seq"] == 2  # class_started, participant_joined
    assert joined["started_at"] == "2026-11-25T12:00:00Z"
    assert [(each["name"], each["role"]) for each in joined["participants"]] == [("Tom Teacher", "teacher")]
    assert (await waiting.get("hello"))["session"]["state"] == "live"
    joined = await waiting.join()
    assert [each["name"] for each in joined["participants"]] == ["Tom Teacher", "Sue Student"]
    assert (await leading.get("participant_joined"))["participant"]["id"] == waiting.id
    assert (await rows(live, lambda: ClassSession.objects.get().state)) == "live"


async def test_a_page_before_its_time_is_told_when_to_try_again(page, teacher, student, make_session, clock):
    session = await sync_to_async(make_session)(starts=timedelta(minutes=30))
    early = await page(student, session)
    refused = await early.join()
    assert (refused["code"], refused["retry_at"]) == ("not_open", "2026-11-25T12:20:00Z")
    assert refused["text"] == "This class opens at 13:20."  # Berlin
    assert refused["mend"]
    assert (await (await page(teacher, session)).join())["retry_at"] == "2026-11-25T12:15:00Z"
    clock.pass_by(minutes=15)
    leading = await page(teacher, session)
    assert (await leading.join())["type"] == "joined"
    clock.pass_by(minutes=5)
    assert (await early.join())["type"] == "joined"


async def test_the_door_tells_who_is_here_and_follows_what_changes(page, inside, teacher, student, live):
    await inside(teacher, live)
    door = await page(student, live)
    assert (door.hello["here"], door.hello["names"]) == (1, ["Tom Teacher"])
    assert (await door.join())["type"] == "joined"
    await door.send("leave")
    assert (await door.get("hello"))["here"] == 1


async def test_the_door_follows_a_class_that_is_moved_or_renamed(page, student, live):
    door = await page(student, live)
    await rows(live, lambda: ClassSession.objects.update(title="Enzymes"))
    await beat(live)
    assert (await door.get("hello"))["session"]["title"] == "Enzymes"


async def test_changes_at_the_door_are_told_together(
    page, inside, teacher, admin, student, live, monkeypatch
):
    monkeypatch.setattr("signaling.classroom.times.HELLO", 2.0)  # two people have come by then on any machine
    door = await page(student, live)
    await inside(teacher, live)
    await inside(admin, live)
    assert (await door.get("hello"))["session"]["state"] == "live"
    assert (await door.get("hello"))["names"] == ["Tom Teacher", "Ann Admin"]


async def test_what_is_said_reaches_everyone_and_whoever_comes_later(
    inside, page, teacher, student, live, clock
):
    leading, listening = await inside(teacher, live), await inside(student, live)
    await leading.send("say", key="k-1", text="  Good morning <b>all</b>\n")
    for each in (leading, listening):
        said = await each.get("said")
        assert said["message"] == {
            "id": said["seq"],
            "key": "k-1",
            "participant": leading.id,
            "name": "Tom Teacher",
            "role": "teacher",
            "hue": teacher.member.hue,
            "text": "Good morning <b>all</b>",
            "at": "2026-11-25T12:00:00Z",
            "to": None,
            "reply": None,
            "files": [],
            "reactions": [],
            "edited_at": None,
            "deleted": None,
        }
    await listening.close()
    late = await inside(student, live)
    assert [each["text"] for each in late.joined["messages"]] == ["Good morning <b>all</b>"]


async def test_a_late_joiner_gets_the_last_200_lines_oldest_first(inside, teacher, student, live, clock):
    leading = await inside(teacher, live)
    for n in range(205):
        await leading.send("say", key=f"k-{n}", text=str(n))
        await leading.get("said")
        clock.pass_by(seconds=1)
    late = await inside(student, live)
    assert [each["text"] for each in late.joined["messages"]] == [str(n) for n in range(5, 205)]


async def test_a_line_sent_twice_is_written_once_and_settled_both_times(inside, teacher, student, live):
    leading, listening = await inside(teacher, live), await inside(student, live)
    await leading.send("say", key="k", text="once")
    first = await leading.get("said")
    await leading.send("say", key="k", text="once")
    assert await leading.get("said") == first
    await listening.send("say", key="k", text="the same key of another person")
    assert (await leading.get("said"))["seq"] == first["seq"] + 1
    assert [each["type"] for each in await listening.up_to_date()] == ["said", "said"]


async def test_hands_go_up_and_down(inside, teacher, student, live, clock):
    leading, asking = await inside(teacher, live), await inside(student, live)
    await asking.send("raise_hand")
    raised = await leading.get("hand_raised")
    assert (raised["participant"], raised["at"]) == (asking.id, "2026-11-25T12:00:00Z")
    await asking.send("raise_hand")
    await asking.send("lower_hand")
    lowered = await leading.get("hand_lowered")
    assert (lowered["participant"], lowered["by"]) == (asking.id, asking.id)
    await asking.send("lower_hand")
    await asking.send("raise_hand")
    await leading.get("hand_raised")
    await leading.send("lower_hand", participant=asking.id)
    lowered = await asking.get("hand_lowered")
    while lowered["by"] != leading.id:
        lowered = await asking.get("hand_lowered")
    assert lowered["participant"] == asking.id


async def test_a_hand_that_is_up_is_seen_by_whoever_comes_later(inside, teacher, student, live):
    asking = await inside(teacher, live)
    await asking.send("raise_hand")
    await asking.get("hand_raised")
    late = await inside(student, live)
    assert [each["hand"] for each in late.joined["participants"]] == ["2026-11-25T12:00:00Z", None]


@pytest.mark.parametrize(("away", "kept"), [(30, True), (300, False)])
async def test_a_reload_costs_no_place_in_line_a_long_absence_does(
    inside, teacher, student, live, clock, away, kept
):
    await inside(teacher, live)
    asking = await inside(student, live)
    await asking.send("raise_hand")
    await asking.get("hand_raised")
    await asking.close()
    clock.pass_by(seconds=away)
    back = await inside(student, live)
    own = next(each for each in back.joined["participants"] if each["id"] == back.id)
    assert (own["hand"] is not None) is kept
    assert back.id == asking.id
    assert own["joined_at"] == "2026-11-25T12:00:00Z"


@pytest.mark.parametrize(
    ("by", "message", "code"),
    [
        ("student", {"type": "lower_hand", "participant": "teacher"}, "not_allowed"),
        ("teacher", {"type": "lower_hand", "participant": "0" * 32}, "unknown_participant"),
        ("student", {"type": "end_class"}, "not_allowed"),
    ],
)
async def test_what_a_person_may_not_do_is_refused_and_changes_nothing(
    inside, teacher, student, live, by, message, code
):
    people = {"teacher": await inside(teacher, live), "student": await inside(student, live)}
    if message.get("participant") == "teacher":
        message = message | {"participant": people["teacher"].id}
    await people[by].send(**message)
    refused = await people[by].get("refused")
    assert (refused["code"], refused["re"]) == (code, message["type"])
    assert refused["text"].endswith(".")
    await people["teacher"].up_to_date()
    assert [each["type"] for each in people["teacher"].keep] == ["participant_joined"]


@pytest.mark.parametrize(
    "message",
    [
        {"type": "say", "key": "k", "text": "hi"},
        {"type": "raise_hand"},
        {"type": "lower_hand"},
        {"type": "end_class"},
    ],
    ids=lambda message: message["type"],
)
async def test_only_those_inside_take_part(page, inside, teacher, student, live, message):
    await inside(teacher, live)
    door = await page(student, live)
    await door.send(**message)
    refused = await door.get("refused")
    assert (refused["code"], refused["re"], refused["key"]) == (
        "not_here",
        message["type"],
        message.get("key"),
    )


async def test_who_leaves_is_gone_for_everyone_and_may_come_back(inside, teacher, student, live):
    leading, going = await inside(teacher, live), await inside(student, live)
    await going.send("leave")
    assert (await going.get("hello"))["names"] == ["Tom Teacher"]
    assert (await leading.get("participant_left"))["participant"] == going.id
    await going.send("leave")
    await going.send("say", key="k", text="still there?")
    assert (await going.get("refused"))["code"] == "not_here"
    assert (await going.join())["type"] == "joined"


async def test_a_closed_page_has_left(inside, teacher, student, live, clock):
    leading, going = await inside(teacher, live), await inside(student, live)
    await going.close()
    assert (await leading.get("participant_left"))["participant"] == going.id
    gone = await rows(live, lambda: Participant.objects.get(public_id=going.id))
    assert (gone.connection, gone.left_at) == ("", clock.at)


async def test_the_end_is_told_to_all_and_everything_is_refused_from_then_on(
    page, inside, teacher, student, admin, live, clock
):
    leading, listening, door = (
        await inside(teacher, live),
        await inside(student, live),
        await page(admin, live),
    )
    clock.pass_by(minutes=40)
    await leading.send("end_class")
    for each in (leading, listening):
        assert (await each.get("class_ended"))["by"] == leading.id
    hello = await door.get("hello")
    assert (hello["session"]["state"], hello["here"]) == ("ended", 0)
    for message in (
        {"type": "join"},
        {"type": "join", "since": 3},
        {"type": "say", "key": "k", "text": "one more thing"},
        {"type": "raise_hand"},
        {"type": "lower_hand"},
        {"type": "end_class"},
    ):
        for each in (leading, listening, door):
            await each.send(**message)
            assert (await each.get("refused"))["code"] == "ended"
    assert await listening.up_to_date() == []
    session = await rows(live, lambda: ClassSession.objects.get())
    assert (session.state, session.ended_at) == ("ended", clock.at)
    left = await rows(live, lambda: set(Participant.objects.values_list("connection", "left_at")))
    assert left == {("", clock.at)}


async def test_a_class_that_is_over_greets_with_its_end(page, inside, teacher, student, live):
    leading = await inside(teacher, live)
    await leading.send("end_class")
    await leading.get("class_ended")
    late = await page(student, live)
    assert late.hello["session"]["state"] == "ended"
    assert (await late.join())["code"] == "ended"


async def test_everything_that_happened_is_numbered_without_gaps(inside, teacher, student, live):
    leading, listening = await inside(teacher, live), await inside(student, live)
    await listening.send("raise_hand")
    await leading.send("say", key="k", text="yes?")
    await listening.send("leave")
    await leading.get("participant_left")
    await leading.send("end_class")
    await leading.get("class_ended")
    log = await rows(live, lambda: list(SessionEvent.objects.values_list("seq", "type")))
    kinds = (
        "class_started participant_joined participant_joined hand_raised said participant_left class_ended"
    )
    assert sorted(kind for _, kind in log) == sorted(kinds.split())
    assert [seq for seq, _ in log] == list(range(1, 8))
