"""Format parameters (fmtp): which payload type takes a stream, and which one a publisher had best use.

A stream may go to a receiver of a larger profile, never to one of a smaller. Levels are not compared: clients
offer 3.1 and decode more, and one weak listener must not decide for a room.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

Parameters = Mapping[str, str]
BASELINE = "42000a"  # RFC 6184 8.1: what a missing profile-level-id means
# RFC 6184 table 5: profile_idc, the bits of profile_iop that matter and what they are.
PROFILES = (
    (0x42, 0x4F, 0x40, "constrained baseline"),
    (0x4D, 0x8F, 0x80, "constrained baseline"),
    (0x58, 0xCF, 0xC0, "constrained baseline"),
    (0x42, 0x4F, 0x00, "baseline"),
    (0x58, 0xCF, 0x80, "baseline"),
    (0x4D, 0xAF, 0x00, "main"),
    (0x64, 0xFF, 0x0C, "constrained high"),
    (0x64, 0xFF, 0x00, "high"),
)
# Which receivers decode a stream of the profile, the closest first (ITU-T H.264 A.2).
DECODED_BY = {
    "constrained baseline": ("constrained baseline", "baseline", "main", "constrained high", "high"),
    "baseline": ("baseline",),
    "main": ("main", "high"),
    "constrained high": ("constrained high", "high"),
    "high": ("high",),
}


def read(line: str) -> dict[str, str]:
    """`a=1;b=2` as a mapping with lower-case names."""
    found = {}
    for item in line.split(";"):
        name, _, value = item.strip().partition("=")
        if name:
            found[name.lower()] = value.strip()
    return found


@dataclass(frozen=True)
class Rules:
    """How well a payload type serves; lower is better, None is not at all.

    `takes(receiver, stream)` for a listener, `sends(offered)` for a publisher.
    """

    takes: Callable[[Parameters, Parameters], int | None]
    sends: Callable[[Parameters], int | None]


def h264_profile(parameters: Parameters) -> str:
    """The profile's name, "" for one we do not know."""
    text = parameters.get("profile-level-id", BASELINE)
    try:
        number = int(text, 16) if len(text) == 6 else -1
    except ValueError:
        number = -1
    idc, iop = number >> 16, number >> 8 & 0xFF
    return next((name for i, mask, bits, name in PROFILES if idc == i and iop & mask == bits), "")


def _h264_takes(receiver: Parameters, stream: Parameters) -> int | None:
    decoders = DECODED_BY.get(h264_profile(stream), ())
    profile, same_mode = h264_profile(receiver), _mode(receiver) == _mode(stream)
    # RFC 6184 6.2: who agreed to single NAL units gets no others; fragments alone do not hurt the converse.
    if profile not in decoders or _mode(receiver) < _mode(stream):
        return None
    return 2 * decoders.index(profile) + (not same_mode)


def _h264_sends(offered: Parameters) -> int | None:
    profiles = tuple(DECODED_BY)
    profile = h264_profile(offered)
    if profile not in profiles or _mode(offered) > 1:
        return None
    return profiles.index(profile) + (0 if _mode(offered) == 1 else len(profiles))


def _mode(parameters: Parameters) -> int:
    text = parameters.get("packetization-mode", "0")
    return int(text) if text in ("0", "1", "2") else 2


def _same_profile(name: str) -> Rules:
    """Codecs with a profile number whose default is 0, and only that one is taken from publishers."""

    def takes(receiver: Parameters, stream: Parameters) -> int | None:
        return 0 if receiver.get(name, "0") == stream.get(name, "0") else None

    def sends(offered: Parameters) -> int | None:
        return 0 if offered.get(name, "0") == "0" else None

    return Rules(takes, sends)


ANY = Rules(lambda receiver, stream: 0, lambda offered: 0)
H264 = Rules(_h264_takes, _h264_sends)
VP9 = _same_profile("profile-id")  # RFC 9628 6
AV1 = _same_profile("profile")  # RTP Payload Format For AV1, 7.2.1
