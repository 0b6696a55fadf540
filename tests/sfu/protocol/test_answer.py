from __future__ import annotations

import re

import pytest
from livekit.protocol import models, rtc

from signaling.sfu.answer import Channels, Endpoint, Nothing, write_description
from signaling.sfu.sdp import parse_offer
from signaling.sfu.spec import TRANSPORT_CC, Candidate, IceCredentials
from tests.sfu.protocol.doubles import Person, School, offer_text, sections_of


def section(sdp: str, mid: str) -> list[str]:
    return next(part for part in sections_of(sdp) if f"a=mid:{mid}\n" in part).splitlines()


def mid_of(kind: str, *, sends: bool = False) -> str:
    name = "chromium_publish" if sends else "chromium_join"
    offered = parse_offer(offer_text(name)).sections
    return next(item.mid for item in offered if item.kind == kind and item.sends == sends)


def test_the_answer_to_a_join_keeps_every_section_in_its_place(teacher: Person) -> None:
    answer = teacher.socket.last("answer")
    offered = parse_offer(offer_text("chromium_join")).sections
    parts = list(sections_of(answer.sdp))
    assert answer.type == "answer"
    assert answer.id == 1
    assert [part.split()[0] for part in parts] == [f"m={item.kind}" for item in offered]
    assert f"a=group:BUNDLE {' '.join(item.mid for item in offered)}" in answer.sdp
    assert "a=ice-lite\r\n" in answer.sdp
    assert "a=extmap-allow-mixed\r\n" in answer.sdp


def test_every_section_says_where_we_are_on_both_internet_protocols(teacher: Person) -> None:
    for part in sections_of(teacher.socket.last("answer").sdp):
        assert "c=IN IP4 192.0.2.7\n" in part
        assert "192.0.2.7 7882 typ host\n" in part
        assert "2001:db8::7 7882 typ host\n" in part
        assert "a=ice-ufrag:ufrag0\n" in part
        assert "a=ice-pwd:password0\n" in part
        assert "a=fingerprint:sha-256 AA:BB\n" in part
        assert "a=setup:passive\n" in part
        assert "a=end-of-candidates\n" in part


def test_tcp_candidates_are_passive_and_come_after_every_udp_one() -> None:
    found = [Candidate("192.0.2.7", 7882, 4), Candidate("192.0.2.7", 7881, 4, "tcp")]
    lines = [line for line in text_with(found).splitlines() if line.startswith("a=candidate")]
    assert lines[1].endswith(" 192.0.2.7 7881 typ host tcptype passive")
    assert [line.split()[2] for line in lines[:2]] == ["udp", "tcp"]
    assert int(lines[0].split()[3]) > int(lines[1].split()[3])
    assert int(lines[1].split()[3]) == 90 << 24 | (4 << 13 | 8190) << 8 | 255  # RFC 6544 4.2


def test_an_answer_without_a_candidate_is_still_an_answer() -> None:
    text = text_with([])
    assert "c=IN IP4 0.0.0.0\r\n" in text
    assert "m=application 9 " in text
    assert "a=candidate" not in text


def text_with(candidates: list[Candidate]) -> str:
    sections = parse_offer(offer_text("chromium_join")).sections
    outcomes = {item.mid: Channels() if item.kind == "application" else Nothing(None) for item in sections}
    endpoint = Endpoint(IceCredentials("ufrag", "password"), "sha-256 AA", candidates)
    return write_description(sections, outcomes, endpoint, session_id=1, version=1)


def test_sections_nobody_needs_yet_are_inactive(teacher: Person) -> None:
    sdp = teacher.socket.last("answer").sdp
    assert sdp.count("a=inactive\r\n") == 6
    assert "m=application 7882 UDP/DTLS/SCTP webrtc-datachannel\r\n" in sdp


def test_a_published_simulcast_track_is_accepted_with_its_layers(teacher: Person) -> None:
    teacher.publish()
    lines = section(teacher.socket.last("answer").sdp, mid_of("video", sends=True))
    assert lines[0] == "m=video 7882 UDP/TLS/RTP/SAVPF 96 97"
    assert {"a=recvonly", "a=rid:q recv", "a=rid:h recv", "a=rid:f recv"} <= set(lines)
    assert "a=simulcast:recv q;h;f" in lines
    assert {"a=rtcp-fb:96 nack", "a=rtcp-fb:96 nack pli", "a=rtcp-fb:96 transport-cc"} <= set(lines)
    assert "a=fmtp:97 apt=96" in lines
    assert not [line for line in lines if "goog-remb" in line or "dependency-descriptor" in line]
    assert [line for line in lines if line.endswith("repaired-rtp-stream-id")]


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({}, "minptime=10;useinbandfec=1;usedtx=1"),
        ({"disable_dtx": True}, "minptime=10;useinbandfec=1"),
        ({"stereo": True}, "minptime=10;useinbandfec=1;usedtx=1;stereo=1"),
    ],
)
def test_a_microphone_is_asked_for_what_the_client_announced(
    teacher: Person, asked: dict[str, bool], expected: str
) -> None:
    teacher.publish("CAMERA-AUDIO", models.TrackType.AUDIO, **asked)
    lines = section(teacher.socket.last("answer").sdp, mid_of("audio", sends=True))
    assert f"a=fmtp:111 {expected}" in lines
    assert lines[0] == "m=audio 7882 UDP/TLS/RTP/SAVPF 63 111"
    assert {"a=rtpmap:63 red/48000/2", "a=fmtp:63 111/111"} <= set(lines)


def test_a_microphone_without_redundancy_is_asked_for_plain_opus(teacher: Person) -> None:
    teacher.publish("CAMERA-AUDIO", models.TrackType.AUDIO, disable_red=True)
    lines = section(teacher.socket.last("answer").sdp, mid_of("audio", sends=True))
    assert lines[0] == "m=audio 7882 UDP/TLS/RTP/SAVPF 111"
    assert not [line for line in lines if "red/" in line]


def test_a_subscribed_track_names_its_publisher_and_its_ssrcs(
    school: School, teacher: Person, student: Person
) -> None:
    sid = teacher.publish()
    school.settle()
    answer = student.offer(offer_text("chromium_join"), 2)
    down = student.transport.sent[-1]
    mid = next(mid for mid, track in answer.mid_to_track_id.items() if track == sid)
    lines = section(answer.sdp, mid)
    assert "a=sendonly" in lines
    assert f"a=msid:{teacher.sid}|{sid} {sid}" in lines
    assert f"a=ssrc-group:FID {down.ssrc} {down.rtx_ssrc}" in lines
    assert f"a=ssrc:{down.ssrc} cname:cname" in lines
    assert "a=rtcp-fb:96 transport-cc" in lines
    assert f"a=extmap:{down.spec.transport_cc} {TRANSPORT_CC}" in lines
    # Chromium models later sections on this one: see answer.py.
    assert [line for line in lines if line.endswith(":rtp-stream-id")]
    assert (down.spec.mid, down.spec.payload_type, down.spec.rtx_payload_type) == (mid, 96, 97)


def test_a_section_without_a_codec_of_ours_is_refused_and_leaves_the_bundle(teacher: Person) -> None:
    text = re.sub(r"(VP8|H264|VP9|AV1)/90000", "VP7/90000", offer_text("chromium_join"))
    answer = teacher.offer(text, 2)
    refused = section(answer.sdp, mid_of("video"))
    assert refused[0].startswith("m=video 0 ")
    group = next(line for line in answer.sdp.splitlines() if line.startswith("a=group:BUNDLE "))
    assert mid_of("video") not in group.split()
    assert mid_of("audio") in group.split()


def test_versions_rise_and_the_session_stays_the_same(teacher: Person) -> None:
    first, second = (
        teacher.offer(offer_text("chromium_join"), n).sdp.splitlines()[1].split()[1:3] for n in (2, 3)
    )
    assert first[0] == second[0]
    assert int(second[1]) == int(first[1]) + 1


def test_new_ice_credentials_are_given_when_the_client_restarts_ice(teacher: Person) -> None:
    before = parse_offer(offer_text("chromium_join")).ufrag
    answer = teacher.offer(offer_text("chromium_join").replace(f"ufrag:{before}", "ufrag:fresh"), 2)
    assert teacher.transport.restarts == 1
    assert "a=ice-ufrag:ufrag1\r\n" in answer.sdp
    assert "ufrag0" not in answer.sdp


def test_an_offer_of_another_peer_connection_sends_the_client_to_join_anew(teacher: Person) -> None:
    text = offer_text("chromium_join")
    digest = parse_offer(text).fingerprints[0]
    teacher.say(offer=rtc.SessionDescription(type="offer", sdp=text.replace(digest, "sha-256 00:11"), id=2))
    assert teacher.socket.last("leave").action == rtc.LeaveRequest.Action.RECONNECT
    assert teacher.participant.gone


def test_packets_that_are_repeated_octet_for_octet_carry_no_transport_wide_number(
    school: School, teacher: Person, student: Person
) -> None:
    teacher.publish()
    school.settle()
    answer = student.offer(offer_text("chromium_join").replace("rtx/90000", "other/90000"), 2)
    down = student.transport.sent[-1]
    assert (down.spec.rtx_payload_type, down.spec.transport_cc) == (None, 0)
    assert "a=rtcp-fb:96 transport-cc" not in section(answer.sdp, down.spec.mid)
