from __future__ import annotations

import tracemalloc

import pytest

from signaling.sfu.sdp import parse_offer
from signaling.sfu.spec import MID, RID
from tests.sfu.protocol.doubles import offer_text

HEAD = "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\n"
KEYS = "a=ice-ufrag:u\r\na=fingerprint:sha-256 AA:BB\r\n"


def audio(mid: str = "0", more: str = "") -> str:
    return f"m=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=mid:{mid}\r\na=rtpmap:111 opus/48000/2\r\n{more}"


def test_what_chromium_offers_when_it_joins_is_read() -> None:
    offer = parse_offer(offer_text("chromium_join"))
    assert [section.kind for section in offer.sections].count("audio") == 3
    assert [section.kind for section in offer.sections].count("video") == 3
    assert all(section.receives and not section.sends for section in offer.sections if section.codecs)
    assert offer.sctp_port == 5000
    assert offer.setup == "actpass"
    assert len(offer.ufrag) == 4
    assert offer.fingerprints[0].startswith("sha-256 ")


def test_a_simulcast_section_names_its_layers_and_no_ssrc() -> None:
    video = next(s for s in parse_offer(offer_text("chromium_publish")).sections if s.rids)
    assert video.sends
    assert video.rids == ["q", "h", "f"]
    assert video.ssrcs == ()
    assert video.msid is not None
    assert video.msid[1] == "CAMERA-VIDEO"
    assert {MID, RID} <= video.extensions.keys()
    vp8 = next(codec for codec in video.codecs if codec.name == "VP8")
    assert "nack pli" in vp8.feedback


def test_ssrcs_are_paired_with_their_retransmission() -> None:
    text = HEAD + audio(more=KEYS + "a=ssrc-group:FID 10 11\r\na=ssrc:10 cname:x\r\na=ssrc:11 cname:x\r\n")
    assert parse_offer(text).sections[0].ssrcs == ((10, 11),)


def test_what_the_session_says_once_holds_for_every_section() -> None:
    offer = parse_offer(HEAD + KEYS + "a=setup:active\r\n" + audio())
    assert (offer.ufrag, offer.setup, offer.fingerprints) == ("u", "active", ["sha-256 AA:BB"])


def test_feedback_for_every_payload_type_counts_for_each() -> None:
    text = HEAD + audio(more=KEYS + "a=rtcp-fb:* transport-cc\r\n")
    assert parse_offer(text).sections[0].codecs[0].feedback == ("transport-cc",)


def test_attributes_named_like_methods_are_just_unknown_attributes() -> None:
    text = HEAD + audio(more=KEYS + "a=finish:1\r\na=__init__:1\r\na=codecs:1\r\na=attribute:1\r\n")
    assert parse_offer(text).sections[0].mid == "0"


def test_no_offer_grows_while_it_is_read() -> None:
    everywhere = "".join(f"a=extmap:{n % 255} urn:x:{n}\r\n" for n in range(30_000))
    text = HEAD + KEYS + everywhere + "".join(audio(str(n)) for n in range(400))
    tracemalloc.start()
    parse_offer(text)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 8 * len(text)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "no sections"),
        (HEAD, "no sections"),
        (HEAD + "m=audio\r\n", "media line"),
        (HEAD + "m=image 9 X 1\r\n", "media line"),
        (HEAD + audio() + "a=ice-ufrag:u\r\n", "fingerprint"),
        (HEAD + KEYS + audio("0") + audio("0"), "mid of its own"),
        (HEAD + KEYS + audio(""), "mid of its own"),
        (HEAD + KEYS + audio("0", "a=ice-ufrag:a\r\n") + audio("1", "a=ice-ufrag:b\r\n"), "not one bundle"),
        (HEAD + KEYS + audio(more="a=rtpmap:1000 opus/48000/2\r\n"), "between 0 and 127"),
        (HEAD + KEYS + audio(more="a=rtpmap:111 opus/\r\n"), "between 0 and"),
        (HEAD + KEYS + audio(more="a=extmap:9999999999999999999999 urn:x\r\n"), "between 0 and 255"),
        (HEAD + KEYS + audio(more="a=simulcast:send a;b;c;d\r\n"), "more than 3"),
        (HEAD + KEYS + audio(more="".join(f"a=ssrc:{n} cname:x\r\n" for n in range(50))), "too many SSRCs"),
        (HEAD + KEYS + audio("x" * 300), "too long"),
        (HEAD + KEYS + "m=audio 9 UDP/TLS/RTP/SAVPF" + " 111" * 129 + "\r\na=mid:0\r\n", "128 formats"),
        (HEAD + KEYS + audio(more="a=rtcp-fb:* x\r\n" * 33), "kinds of feedback"),
        (HEAD + KEYS + "".join(audio(str(n)) for n in range(6)), "more than 5 sections"),
    ],
)
def test_an_offer_that_makes_no_sense_is_refused(text: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        parse_offer(text, most_sections=5)
