"""A class over its socket: coming in, chat, hands, the end."""

from tests.socket.conftest import rows


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
    assert [each["name"] for each in joined["participants"]] == ["Tom Teacher"]
    assert joined["participants"][0]["role"] == "teacher"
    hello = await waiting.get("hello")
    assert hello["session"]["state"] == "live"
    joined = await waiting.join()
    assert [each["name"] for each in joined["participants"]] == ["Tom Teacher", "Sue Student"]
    arrived = await leading.get("participant_joined")
    assert arrived["participant"]["id"] == waiting.id
    assert (await rows(live, lambda: type(live).objects.get().state)) == "live"
