"""Connection quality: what it follows, and how it is graded."""

from __future__ import annotations

import pytest
from livekit.protocol import models

from signaling.sfu.quality import grade
from signaling.sfu.transport import smoothed
from tests.sfu.protocol.doubles import Person, School, offer_text


def test_connection_quality_follows_the_loss(school: School, teacher: Person, student: Person) -> None:
    teacher.publish()
    teacher.transport.received[0].fraction_lost = 0.2
    school.clock.pass_(5.1)
    told = {u.participant_sid: u.quality for u in student.socket.last("connection_quality").updates}
    assert told[teacher.sid] == models.ConnectionQuality.POOR
    assert told[student.sid] == models.ConnectionQuality.EXCELLENT


@pytest.mark.parametrize(
    ("rests", "told"),
    [
        (None, models.ConnectionQuality.POOR),
        ("loss", models.ConnectionQuality.EXCELLENT),
        ("paused", models.ConnectionQuality.EXCELLENT),
        ("muted", models.ConnectionQuality.EXCELLENT),
    ],
)
def test_connection_quality_recovers_within_ten_seconds_of_the_loss(
    school: School, teacher: Person, student: Person, rests: str | None, told: int
) -> None:
    teacher.publish()
    school.settle()
    student.offer(offer_text("chromium_join"), 2)
    down = student.transport.sent[0]
    down.stats.fraction_lost = 0.5
    school.clock.pass_(5.1)
    assert quality_of(student) == models.ConnectionQuality.POOR
    if rests == "loss":
        down.stats.fraction_lost = 0.0
    elif rests == "paused":
        down.paused = True
    elif rests == "muted":
        down.source.muted = True
    school.clock.pass_(10.0)
    assert quality_of(student) == told


def quality_of(person: Person) -> int:
    told = {u.participant_sid: u.quality for u in person.socket.last("connection_quality").updates}
    return told[person.sid]


@pytest.mark.parametrize(
    ("loss", "rtt", "quality"),
    [
        (0.0, 0.0, models.ConnectionQuality.EXCELLENT),
        (0.02, 0.6, models.ConnectionQuality.EXCELLENT),
        (0.03, 0.1, models.ConnectionQuality.GOOD),
        (0.09, 0.1, models.ConnectionQuality.POOR),
        (0.0, 0.7, models.ConnectionQuality.POOR),
    ],
)
def test_quality_is_graded_by_loss_and_round_trip(loss: float, rtt: float, quality: int) -> None:
    assert grade(loss, rtt) == quality


@pytest.mark.parametrize(
    ("measured", "ends"),
    [
        ([0.05], 0.05),
        ([0.05, 0.1], 0.06),
        ([0.05, 7.0, 6.0, 5.0, 0.05], 0.05),  # reports that lay unread for seconds, then a fresh one
        ([0.3, 0.2], 0.2),
    ],
)
def test_a_round_trip_read_late_is_forgotten_with_the_next_one(measured: list[float], ends: float) -> None:
    rtt: float | None = None
    for each in measured:
        rtt = smoothed(rtt, each)
    assert rtt == pytest.approx(ends)
