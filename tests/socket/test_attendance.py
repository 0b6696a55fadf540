"""What real sockets leave behind of who was in a class."""

from __future__ import annotations

from classrooms.models import AttendanceSegment
from tests.conftest import NOON
from tests.socket.conftest import beat, rows, sign_of_life
from tests.socket.test_presence import died


async def segments(live, person):
    """(from, to, why) in seconds."""

    def read():
        found = AttendanceSegment.objects.filter(participant__membership=person.member)
        return [(seconds(row.began_at), seconds(row.ended_at), row.why) for row in found]

    return await rows(live, read)


def seconds(at):
    return None if at is None else (at - NOON).total_seconds()


async def test_a_socket_that_closes_ends_its_segment_and_a_new_one_begins_another(
    inside, teacher, student, live, clock
):
    await inside(teacher, live)
    page = await inside(student, live)
    clock.pass_by(seconds=30)
    await page.close()
    assert await segments(live, student) == [(0, 30, "left")]
    clock.pass_by(seconds=10)
    await inside(student, live)
    assert await segments(live, student) == [(0, 30, "left"), (40, None, "")]


async def test_of_a_process_that_died_counts_the_last_beat(inside, teacher, student, live, clock):
    leading, lost = await inside(teacher, live), await inside(student, live)
    clock.pass_by(seconds=20)
    await beat(live)
    await sign_of_life(live, lost, clock.at)
    await sign_of_life(live, leading, clock.at)
    await died(lost)
    for _ in range(2):
        clock.pass_by(seconds=30)
        await beat(live)
        await sign_of_life(live, leading, clock.at)
    assert await segments(live, student) == [(0, 20, "lost")]
    assert await segments(live, teacher) == [(0, None, "")]


async def test_the_second_tab_takes_over_and_the_end_closes_it(inside, teacher, student, live, clock):
    leading, first = await inside(teacher, live), await inside(student, live)
    clock.pass_by(seconds=15)
    await inside(student, live)
    await first.get("moved")
    assert await segments(live, student) == [(0, 0, "moved"), (15, None, "")]
    clock.pass_by(seconds=15)
    await leading.send("end_class")
    await leading.get("class_ended")
    assert await segments(live, student) == [(0, 0, "moved"), (15, 30, "over")]
    assert await segments(live, teacher) == [(0, 30, "over")]
