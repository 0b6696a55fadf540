from __future__ import annotations

import pytest
from livekit.protocol import models

from tests.sfu.protocol.doubles import MemoryChannel, Person, School

Kind = models.DataPacket.Kind
LABELS = {"_reliable": Kind.RELIABLE, "_lossy": Kind.LOSSY}


def packet(payload: bytes = b"hello", **more: object) -> models.DataPacket:
    return models.DataPacket(user=models.UserPacket(payload=payload, topic="chat"), **more)


def heard(channel: MemoryChannel) -> list[models.DataPacket]:
    return [models.DataPacket.FromString(data) for data in channel.sent]


@pytest.mark.parametrize("label", LABELS)
def test_a_packet_reaches_everybody_else_in_the_room(
    school: School, teacher: Person, student: Person, admin: Person, outsider: Person, label: str
) -> None:
    mine = teacher.open(label)
    others = [person.open(label) for person in (student, admin)]
    foreign = outsider.open(label)
    mine.say(packet().SerializeToString())
    for channel in others:
        (got,) = heard(channel)
        assert (got.user.payload, got.user.topic, got.kind) == (b"hello", "chat", LABELS[label])
    assert mine.sent == []
    assert foreign.sent == []


def test_nobody_speaks_in_another_name(teacher: Person, student: Person) -> None:
    to, said = student.open("_reliable"), packet(participant_identity="admin", participant_sid="PA_admin")
    said.user.participant_identity = "admin"
    teacher.open("_reliable").say(said.SerializeToString())
    (got,) = heard(to)
    assert (got.participant_identity, got.participant_sid) == ("teacher", teacher.sid)
    assert (got.user.participant_identity, got.user.participant_sid) == ("teacher", teacher.sid)


@pytest.mark.parametrize(
    "addressed",
    [
        packet(destination_identities=["admin"]),
        models.DataPacket(user=models.UserPacket(payload=b"x", destination_identities=["admin"])),
    ],
)
def test_a_packet_for_one_reaches_that_one_alone(
    teacher: Person, student: Person, admin: Person, addressed: models.DataPacket
) -> None:
    to_student, to_admin = student.open("_reliable"), admin.open("_reliable")
    teacher.open("_reliable").say(addressed.SerializeToString())
    assert len(to_admin.sent) == 1
    assert to_student.sent == []


def test_what_this_engine_does_not_know_is_passed_on_unchanged(teacher: Person, student: Person) -> None:
    to = student.open("_reliable")
    said = models.DataPacket(rpc_request=models.RpcRequest(id="1", method="quiz"), sequence=4)
    teacher.open("_reliable").say(said.SerializeToString())
    (got,) = heard(to)
    assert (got.rpc_request, got.sequence) == (said.rpc_request, 4)


def test_a_packet_sent_again_after_a_resume_is_passed_on_once(teacher: Person, student: Person) -> None:
    to, mine = student.open("_reliable"), teacher.open("_reliable")
    for sequence in (1, 2, 2, 1, 3):
        mine.say(packet(sequence=sequence).SerializeToString())
    assert [got.sequence for got in heard(to)] == [1, 2, 3]


@pytest.mark.parametrize(
    ("message", "reason"),
    [(b"x" * 70_000, "data_size"), ("text", "data_size"), (b"\xff\xff\xff", "data_malformed")],
)
def test_a_packet_beyond_reason_is_dropped_and_counted(
    school: School, teacher: Person, student: Person, message: bytes | str, reason: str
) -> None:
    to = student.open("_reliable")
    teacher.open("_reliable").say(message)
    assert to.sent == []
    assert school.plane.drops == {reason: 1}


def test_somebody_who_may_not_send_data_is_not_heard(school: School, teacher: Person) -> None:
    to = teacher.open("_reliable")
    school.join("student", video={"canPublishData": False}).open("_reliable").say(
        packet().SerializeToString()
    )
    assert to.sent == []
    assert school.plane.drops["data_not_allowed"] == 1


def test_a_flood_of_packets_is_thinned(school: School, teacher: Person, student: Person) -> None:
    to, mine = student.open("_lossy"), teacher.open("_lossy")
    for _ in range(1500):
        mine.say(packet().SerializeToString())
    assert len(to.sent) == 1000
    assert school.plane.drops["data_rate"] == 500


def test_a_listener_who_is_behind_misses_lossy_packets_and_gets_reliable_ones(
    school: School, teacher: Person, student: Person
) -> None:
    channels = {label: student.open(label) for label in LABELS}
    for label, channel in channels.items():
        channel.bufferedAmount = 65 * 1024
        teacher.open(label).say(packet().SerializeToString())
    assert channels["_lossy"].sent == []
    assert len(channels["_reliable"].sent) == 1
    assert school.plane.drops["data_lossy_full"] == 1


def test_a_listener_who_takes_nothing_any_more_starts_afresh(teacher: Person, student: Person) -> None:
    student.open("_reliable").bufferedAmount = 5 * 1024 * 1024
    teacher.open("_reliable").say(packet().SerializeToString())
    assert student.participant.gone
    assert student.socket.last("leave").can_reconnect
    assert not teacher.participant.gone


def test_other_channels_are_left_alone(teacher: Person, student: Person) -> None:
    to, strange = student.open("_reliable"), MemoryChannel("pubraw")
    teacher.participant.data_channel(strange)  # type: ignore[arg-type]
    assert strange._handlers == {}
    assert to.sent == []
