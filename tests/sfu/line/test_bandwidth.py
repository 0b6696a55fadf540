"""What a listener behind a narrow line gets: stock livekit-client in Chromium, no simulation."""

from __future__ import annotations

import pytest

from tests.sfu.line.conftest import Client, Join

pytestmark = [pytest.mark.journey, pytest.mark.alone]
FULL, SMALL = 1280, 320
SAMPLES = 48_000  # of a second of sound
NARROW, TOO_NARROW = 300_000.0, 90_000.0  # bit/s


def best_layer(student: Client) -> float:
    return student.until(lambda: student.width() == FULL, "the best layer", 30)


def concealed(student: Client, seconds: float) -> float:
    """The share 0..1 of the next `seconds` of sound that had to be made up."""
    before = student.inbound("audio")

    def samples_since() -> float:
        return student.inbound("audio")["totalSamplesReceived"] - before["totalSamplesReceived"]

    student.until(lambda: samples_since() >= seconds * SAMPLES, f"{seconds} s of sound", 60)
    after = student.inbound("audio")
    samples = after["totalSamplesReceived"] - before["totalSamplesReceived"]
    made_up = after["concealedSamples"] - before["concealedSamples"]
    silent = after.get("silentConcealedSamples", 0) - before.get("silentConcealedSamples", 0)
    return (made_up - silent) / samples


def test_300_kbit_s_leave_the_lowest_layer_and_clean_sound_and_the_best_comes_back(join: Join) -> None:
    teacher, student = join("teacher"), join("student", bad=True)
    teacher.call("test.publish()")
    best_layer(student)
    assert student.link is not None
    student.link.down.rate = NARROW
    student.until(lambda: student.width() == SMALL, "the lowest layer", 5)
    concealed(student, 5)  # what had to be made up until the queue was gone
    assert concealed(student, 5) < 0.02
    assert student.width() == SMALL
    student.link.down.rate = None
    student.until(lambda: student.width() == FULL, "the best layer again", 10)


def test_a_line_too_narrow_for_any_picture_pauses_it_and_the_client_hears_of_both(join: Join) -> None:
    teacher, student = join("teacher"), join("student", bad=True)
    teacher.call("test.publish()")
    best_layer(student)
    assert student.link is not None
    student.link.down.rate = TOO_NARROW
    student.until(lambda: student.call("test.states").count("paused"), "the pause")
    concealed(student, 5)  # what had to be made up until the queue was gone
    assert concealed(student, 5) < 0.02
    student.link.down.rate = None
    student.until(lambda: student.call("test.states")[-1] == "active", "the stream again")
    best_layer(student)


def test_a_publisher_stops_what_nobody_wishes_for_and_starts_it_again(join: Join) -> None:
    teacher, student = join("teacher"), join("student")
    teacher.call("test.publish(false)")
    best_layer(student)
    student.call("test.quality('LOW')")
    student.until(lambda: student.width() == SMALL, "the lowest layer")
    teacher.until(lambda: sending(teacher) == {"q"}, "the upper layers stopped", 30)
    student.call("test.quality('HIGH')")
    best_layer(student)


def sending(teacher: Client) -> set[str]:
    """Rids of the layers that send something just now."""

    def sent() -> dict[str, int]:
        return {
            stat["rid"]: stat["packetsSent"] for stat in teacher.call("test.outbound()") if stat.get("rid")
        }

    before = sent()
    teacher.until(lambda: sent()["q"] > before["q"] + 10, "packets of the lowest layer")
    return {rid for rid, packets in sent().items() if packets > before.get(rid, 0)}
