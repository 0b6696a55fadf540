"""Clients with two peer connections: they offer what they publish, we offer what they receive."""

from __future__ import annotations

from typing import Any

import pytest
from livekit.protocol import models, rtc

from signaling.sfu.link import TwoConnections
from signaling.sfu.sdp import Offer, parse_offer
from tests.sfu.protocol.doubles import (
    MemoryChannel,
    MemorySocket,
    Person,
    School,
    join_request,
    offer_text,
    sections_of,
)

VIDEO, AUDIO = models.TrackType.VIDEO, models.TrackType.AUDIO


def join_old(school: School, identity: str = "old", *, auto: bool = True, connected: bool = True) -> Person:
    """Somebody with two peer connections, who has answered the first offer."""
    request = rtc.JoinRequest(connection_settings=rtc.ConnectionSettings(auto_subscribe=auto))
    socket = MemorySocket()
    participant = school.rooms.enter(school.ticket(identity, request, link=TwoConnections), socket)
    assert participant is not None
    person = Person(participant, socket)
    if connected:
        accept(person)
        subscriber(person).events.connected()
    return person


def subscriber(person: Person) -> Any:
    return person.participant.link.subscriber


def read(person: Person) -> Offer:
    return parse_offer(person.socket.last("offer").sdp)


def answer_to(offer: str, *, rejected: tuple[str, ...] = (), fingerprint: str = "sha-256 CC") -> str:
    """As a browser would: the same sections, receiving where we send."""
    lines = ["v=0"]
    for section in sections_of(offer):
        mid = section.partition("a=mid:")[2].partition("\n")[0]
        head, *rest = [
            line for line in section.splitlines() if not line.startswith(("a=cand", "a=ssrc", "a=msid"))
        ]
        if mid in rejected:
            head = " ".join([head.split(" ")[0], "0", *head.split(" ")[2:]])
        lines += [head, *rest]
    text = "\r\n".join(lines).replace("a=sendonly", "a=recvonly").replace("a=setup:actpass", "a=setup:active")
    text = text.replace("a=ice-ufrag:ufrag0", "a=ice-ufrag:theirs")
    return text.replace("a=fingerprint:sha-256 AA:BB", f"a=fingerprint:{fingerprint}") + "\r\n"


def accept(person: Person, *, number: int | None = None, **changes: Any) -> None:
    offer = person.socket.last("offer")
    text = answer_to(offer.sdp, **changes)
    number = offer.id if number is None else number
    person.say(answer=rtc.SessionDescription(type="answer", sdp=text, id=number))


def kinds_and_directions(person: Person) -> list[tuple[str, str]]:
    return [(section.kind, section.direction) for section in read(person).sections]


def test_the_first_offer_follows_the_join_and_carries_data_channels_only(school: School) -> None:
    old = join_old(school, connected=False)
    assert old.socket.kinds == ["join", "refresh_token", "offer"]
    assert old.socket.last("join").subscriber_primary
    assert [section.kind for section in read(old).sections] == ["application"]
    assert read(old).setup == "actpass"


def test_it_is_in_once_the_connection_we_offered_is_connected(school: School, teacher: Person) -> None:
    old = join_old(school, connected=False)
    old.transport.events.connected()
    assert not old.participant.active
    accept(old)
    assert subscriber(old).started == {"fingerprints": ["sha-256 CC"], "setup": "active", "sctp_port": 5000}
    subscriber(old).events.connected()
    assert old.participant.active
    assert [info.identity for info in teacher.socket.last("update").participants] == ["old"]


def test_what_is_published_already_is_in_the_first_offer(school: School, teacher: Person) -> None:
    sid = teacher.publish()
    old = join_old(school, connected=False)
    assert kinds_and_directions(old) == [("application", "sendrecv"), ("video", "sendonly")]
    offer = old.socket.last("offer")
    assert dict(offer.mid_to_track_id) == {"1": sid}
    assert f"a=msid:{teacher.sid}|{sid} {sid}\r\n" in offer.sdp


def test_nothing_is_sent_before_the_client_accepted(school: School, teacher: Person) -> None:
    teacher.publish()
    old = join_old(school, connected=False)
    (track,) = subscriber(old).sent
    old.say(
        track_setting=rtc.UpdateTrackSettings(track_sids=[teacher.socket.last("track_published").track.sid])
    )
    assert track.paused
    accept(old)
    assert not track.paused


def test_a_wish_said_before_the_answer_holds_after_it(school: School, teacher: Person) -> None:
    sid = teacher.publish()
    old = join_old(school, connected=False)
    old.say(track_setting=rtc.UpdateTrackSettings(track_sids=[sid], disabled=True))
    accept(old)
    assert subscriber(old).sent[0].paused


def test_one_offer_at_a_time_and_the_next_one_has_all_that_came_meanwhile(
    school: School, teacher: Person
) -> None:
    old = join_old(school)
    first = teacher.publish()
    school.settle()
    assert list(old.socket.last("offer").mid_to_track_id.values()) == [first]
    teacher.publish("CAMERA-AUDIO", AUDIO)
    school.settle()
    assert len(old.socket.all("offer")) == 2
    accept(old)
    school.settle()
    assert len(old.socket.all("offer")) == 3
    assert kinds_and_directions(old)[1:] == [("video", "sendonly"), ("audio", "sendonly")]
    accept(old)
    school.settle()
    assert len(old.socket.all("offer")) == 3


def test_a_section_is_used_again_after_a_track_ended(school: School, teacher: Person) -> None:
    old = join_old(school)
    sid = teacher.publish()
    school.settle()
    accept(old)
    old.say(subscription=rtc.UpdateSubscription(track_sids=[sid], subscribe=False))
    school.settle()
    assert kinds_and_directions(old)[1:] == [("video", "inactive")]
    accept(old)
    old.say(subscription=rtc.UpdateSubscription(track_sids=[sid], subscribe=True))
    school.settle()
    assert kinds_and_directions(old)[1:] == [("video", "sendonly")]
    accept(old)
    ssrcs = {track.ssrc for track in subscriber(old).sent}
    assert len(ssrcs) == 2, "an SSRC is never used twice"


def test_a_section_rests_for_one_offer_between_two_tracks(school: School, teacher: Person) -> None:
    sid = teacher.publish()
    old = join_old(school)
    for subscribe in (False, True):
        old.say(subscription=rtc.UpdateSubscription(track_sids=[sid], subscribe=subscribe))
    school.settle()
    assert kinds_and_directions(old)[1:] == [("video", "inactive")]
    accept(old)
    school.settle()
    assert kinds_and_directions(old)[1:] == [("video", "sendonly")]


def test_without_auto_subscribe_each_track_is_asked_for(school: School, teacher: Person) -> None:
    sid = teacher.publish()
    old = join_old(school, auto=False)
    assert kinds_and_directions(old)[1:] == []
    old.say(subscription=rtc.UpdateSubscription(track_sids=[sid], subscribe=True))
    school.settle()
    assert dict(old.socket.last("offer").mid_to_track_id) == {"1": sid}


def test_a_track_the_client_rejects_is_told_as_failed_and_its_mid_never_used_again(
    school: School, teacher: Person
) -> None:
    sid = teacher.publish()
    old = join_old(school, connected=False)
    accept(old, rejected=("1",))
    school.settle()
    accept(old)
    assert old.socket.last("subscription_response").track_sid == sid
    assert old.socket.last("subscription_response").err == models.SubscriptionError.SE_CODEC_UNSUPPORTED
    assert all(track.closed for track in subscriber(old).sent)
    teacher.publish("CAMERA-AUDIO", AUDIO)
    school.settle()
    assert [section.mid for section in read(old).sections] == ["0", "2", "3"]


def test_it_publishes_on_its_own_offers_and_receives_nothing_there(school: School, teacher: Person) -> None:
    teacher.publish()
    old = join_old(school)
    sid = old.publish()
    answer = parse_offer(old.socket.last("answer").sdp)
    assert {section.direction for section in answer.sections if section.kind == "video"} == {
        "recvonly",
        "inactive",
    }
    assert [item.sid for item in old.participant.publishing] == [sid]
    assert len(old.transport.received) == 1
    assert old.transport.sent == []
    school.settle()
    assert "media_sections_requirement" not in old.socket.kinds


def test_data_comes_on_its_channels_and_goes_on_ours(school: School, teacher: Person) -> None:
    old = join_old(school)
    theirs, teachers = MemoryChannel("_reliable"), teacher.open("_reliable")
    old.transport.events.data_channel(theirs)
    theirs.say(models.DataPacket(user=models.UserPacket(payload=b"up")).SerializeToString())
    assert models.DataPacket.FromString(teachers.sent[0]).user.payload == b"up"
    teachers.say(models.DataPacket(user=models.UserPacket(payload=b"down")).SerializeToString())
    assert theirs.sent == []
    assert models.DataPacket.FromString(subscriber(old).channels["_reliable"].sent[0]).user.payload == b"down"
    assert set(subscriber(old).channels) == {"_reliable", "_lossy"}


def come_back(school: School, person: Person, link: type = TwoConnections) -> Person:
    person.participant.detach(person.socket)
    request = rtc.JoinRequest(reconnect=True, participant_sid=person.sid)
    socket = MemorySocket()
    school.rooms.enter(school.ticket(person.participant.identity, request, link=link), socket)
    return Person(person.participant, socket)


def test_a_resume_offers_anew_with_other_credentials(school: School, teacher: Person) -> None:
    old = join_old(school)
    teacher.publish()
    school.settle()
    before = read(old)
    again = come_back(school, old)
    assert again.socket.kinds[0] == "reconnect"
    assert read(again).ufrag != before.ufrag
    assert len(read(again).sections) == 2
    old_number, new_number = old.socket.last("offer").id, again.socket.last("offer").id
    accept(again, number=old_number)
    assert subscriber(again).sent[0].paused, "an answer to the lost offer counts for nothing"
    accept(again, number=new_number)
    assert not subscriber(again).sent[0].paused


def test_nobody_resumes_with_another_number_of_connections(school: School) -> None:
    old = join_old(school)
    again = come_back(school, old, join_request and school.ticket("x").link)
    assert again.socket.kinds == ["leave"]


def test_the_oldest_clients_do_not_number_their_answers(school: School, teacher: Person) -> None:
    teacher.publish()
    old = join_old(school, connected=False)
    accept(old, number=0)
    assert not subscriber(old).sent[0].paused


def test_an_answer_from_another_connection_ends_that_client_alone(school: School, teacher: Person) -> None:
    old = join_old(school)
    teacher.publish()
    school.settle()
    accept(old, fingerprint="sha-256 DD")
    assert old.participant.gone
    assert not teacher.participant.gone


@pytest.mark.parametrize("text", ["", "v=0\r\n", "m=audio 9 x 0\r\n"])
def test_an_answer_that_makes_no_sense_ends_that_client_alone(
    school: School, teacher: Person, text: str
) -> None:
    old = join_old(school, connected=False)
    old.say(answer=rtc.SessionDescription(type="answer", sdp=text, id=old.socket.last("offer").id))
    assert old.socket.last("leave").reason == models.DisconnectReason.STATE_MISMATCH
    assert not teacher.participant.gone


def test_an_answer_nobody_asked_for_is_left_alone(school: School) -> None:
    old = join_old(school)
    accept(old)
    accept(old)
    assert not old.participant.gone


def test_an_answer_of_somebody_with_one_connection_is_a_mistake(teacher: Person) -> None:
    teacher.say(answer=rtc.SessionDescription(type="answer", sdp=offer_text("chromium_join"), id=1))
    assert teacher.participant.gone


def test_the_connection_it_publishes_on_learns_the_round_trip_from_the_other(school: School) -> None:
    old = join_old(school)
    assert old.transport.partner is subscriber(old)


def test_both_transports_end_with_the_participant(school: School) -> None:
    old = join_old(school)
    old.say(leave=rtc.LeaveRequest())
    assert old.transport.closed
    assert subscriber(old).closed


@pytest.mark.parametrize("which", ["publisher", "subscriber"])
def test_either_transport_that_fails_makes_it_join_anew(school: School, which: str) -> None:
    old = join_old(school)
    getattr(old.participant.link, which).events.closed("consent expired")
    assert old.socket.last("leave").action == rtc.LeaveRequest.Action.RECONNECT
    assert old.participant.gone
