"""Which payload type takes a stream: profiles, modes, redundancy, and in what order codecs are chosen."""

from __future__ import annotations

import pytest

from signaling.sfu import codecs, formats
from signaling.sfu.codecs import OfferedCodec, Stream
from signaling.sfu.sdp import parse_offer
from tests.sfu.protocol.doubles import offer_text


def h264(level: str, mode: int | None = 1) -> str:
    packets = "" if mode is None else f"packetization-mode={mode};"
    return f"level-asymmetry-allowed=1;{packets}profile-level-id={level}"


def offered(*parameters: str, name: str = "H264") -> list[OfferedCodec]:
    return [OfferedCodec(100 + i, name, 90000, 1, line) for i, line in enumerate(parameters)]


@pytest.mark.parametrize(
    ("level", "profile"),
    [
        ("42e01f", "constrained baseline"),
        ("42C01F", "constrained baseline"),
        ("4d801f", "constrained baseline"),
        ("58d01f", "constrained baseline"),
        ("58001f", ""),
        ("42001f", "baseline"),
        ("4d001f", "main"),
        ("64001f", "high"),
        ("640c1f", "constrained high"),
        ("f4001f", ""),
        ("zz001f", ""),
        ("42", ""),
    ],
)
def test_a_profile_is_known_by_its_bits(level: str, profile: str) -> None:
    assert formats.h264_profile(formats.read(h264(level))) == profile


@pytest.mark.parametrize(
    ("stream", "receivers", "taken"),
    [
        pytest.param(h264("42e01f"), [h264("42001f"), h264("42e034")], 101, id="the same profile first"),
        pytest.param(h264("42e01f"), [h264("4d001f")], 100, id="a larger profile decodes it"),
        pytest.param(h264("640c1f"), [h264("42e01f"), h264("64001f")], 101, id="a smaller one does not"),
        pytest.param(h264("42e01f"), [h264("42e01f", 0)], None, id="mode 1 to who knows single units only"),
        pytest.param(h264("42e01f", 0), [h264("42e01f", 1)], 100, id="mode 0 to who knows both"),
        pytest.param(
            h264("42e01f", 0), [h264("42e01f", 1), h264("42e01f", None)], 101, id="the same mode first"
        ),
        pytest.param(h264("f4001f"), [h264("f4001f")], None, id="a profile nobody knows"),
        pytest.param("", [h264("42000a", 0)], 100, id="what nothing at all means"),
    ],
)
def test_a_listener_takes_what_it_can_decode(stream: str, receivers: list[str], taken: int | None) -> None:
    match = codecs.find_for(Stream("video/H264", stream), offered(*receivers))
    assert (match.offered.payload_type if match else None) == taken


@pytest.mark.parametrize(
    ("lines", "taken"),
    [
        ([h264("42001f"), h264("42e01f", 0), h264("42e01f")], 102),
        ([h264("64001f"), h264("42001f")], 101),
        ([h264("42e01f", 0), h264("64001f")], 101),
        ([h264("42e01f", 2)], None),
    ],
)
def test_a_publisher_is_asked_for_what_most_can_decode(lines: list[str], taken: int | None) -> None:
    match = codecs.find("video", offered(*lines))
    assert (match.offered.payload_type if match else None) == taken


@pytest.mark.parametrize(("name", "parameter"), [("VP9", "profile-id"), ("AV1", "profile")])
def test_profiles_of_vp9_and_av1_must_agree_and_publishers_send_the_first(name: str, parameter: str) -> None:
    entries = offered(f"{parameter}=2", "", name=name)
    match = codecs.find("video", entries)
    assert match is not None
    assert match.offered.payload_type == 101
    for profile, taken in (("0", 101), ("2", 100), ("1", None)):
        found = codecs.find_for(Stream(f"video/{name}", f"{parameter}={profile}"), entries)
        assert (found.offered.payload_type if found else None) == taken


@pytest.fixture
def chromium() -> list[OfferedCodec]:
    offer = parse_offer(offer_text("chromium_publish"))
    return next(section.codecs for section in offer.sections if section.kind == "video")


@pytest.mark.parametrize(
    ("mime", "parameters"),
    [
        ("video/VP8", ""),
        ("video/h264", "level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f"),
        ("video/VP9", "profile-id=0"),
        ("video/av1", "level-idx=5;profile=0;tier=0"),
    ],
)
def test_chromium_publishes_and_receives_every_codec(
    chromium: list[OfferedCodec], mime: str, parameters: str
) -> None:
    match = codecs.find("video", chromium, mime)
    assert match is not None
    assert match.offered.parameters == parameters
    assert match.rtx is not None
    assert match.rtx.apt == match.offered.payload_type
    assert codecs.find_for(Stream(mime, parameters), chromium) == match


def test_without_a_wish_everybody_publishes_what_everybody_can_decode(chromium: list[OfferedCodec]) -> None:
    match = codecs.find("video", chromium)
    assert match is not None
    assert match.codec.name == "VP8"


def test_redundant_packets_have_to_hold_the_payload_type_they_go_with() -> None:
    opus = [OfferedCodec(111, "opus", 48000, 2), OfferedCodec(109, "opus", 48000, 2)]
    red = [OfferedCodec(63, "red", 48000, 2, "111/111"), OfferedCodec(64, "red", 48000, 1, "109/109")]
    first, second = (codecs.find("audio", [entry, *red]) for entry in opus)
    assert first is not None
    assert second is not None
    assert (first.red, second.red) == (red[0], None)
    assert first.plain().red is None
