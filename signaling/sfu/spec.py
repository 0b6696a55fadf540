"""What the packet plane and the protocol say to each other: values and one protocol class, no behaviour."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from aiortc import RTCDataChannel

    from signaling.sfu.uptrack import UpTrack

MID = "urn:ietf:params:rtp-hdrext:sdes:mid"
RID = "urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id"
REPAIRED_RID = "urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id"
AUDIO_LEVEL = "urn:ietf:params:rtp-hdrext:ssrc-audio-level"
TRANSPORT_CC = "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01"
DEPENDENCY = "https://aomediacodec.github.io/av1-rtp-spec/#dependency-descriptor-rtp-header-extension"
EXTENSIONS = (MID, RID, REPAIRED_RID, AUDIO_LEVEL, TRANSPORT_CC, DEPENDENCY)
"""The header extensions the plane reads; an answer may accept these and no others."""


@dataclass(frozen=True)
class Candidate:
    """A host candidate for the SDP: `family` is 4 or 6, `protocol` "udp" or "tcp" (passive)."""

    ip: str
    port: int
    family: int
    protocol: str = "udp"


@dataclass(frozen=True)
class IceCredentials:
    """What goes to `a=ice-ufrag` and `a=ice-pwd`."""

    ufrag: str
    pwd: str


@dataclass(frozen=True)
class ReceiveSpec:
    """One published track as the answer accepted it.

    `rids` is empty when the track is not simulcast. `ssrcs` holds (media SSRC, its RTX SSRC or None) where
    the offer named them, and is empty when streams are bound by MID and RID. `mime` is like "video/VP8".
    """

    mid: str
    kind: str
    mime: str
    payload_type: int
    rtx_payload_type: int | None
    clock_rate: int
    rids: tuple[str, ...] = ()
    ssrcs: tuple[tuple[int, int | None], ...] = ()
    nack: bool = False
    transport_cc: bool = False
    parameters: str = ""  # the fmtp line
    red_payload_type: int | None = None  # RFC 2198, around packets of `payload_type`
    svc: bool = False
    """One SSRC carries all spatial layers: a listener's layer is a limit, not another SSRC."""


@dataclass(frozen=True)
class SendSpec:
    """One m-section that carries a subscribed track to a listener; payload types are the listener's own."""

    mid: str
    payload_type: int
    rtx_payload_type: int | None
    transport_cc: int = 0
    """The id under which its packets carry transport-wide numbers; 0 when not negotiated."""
    red_payload_type: int | None = None
    forwarded: int = 0
    """The id of the dependency descriptor, which is forwarded; 0 when not wanted."""


class TransportEvents(Protocol):
    """What a transport tells its owner; always from the loop, never from inside the packet path."""

    def connected(self) -> None:
        """DTLS is done: SRTP keys are in place and SCTP has started."""

    def closed(self, reason: str) -> None:
        """Once, whoever closed it; nothing follows."""

    def data_channel(self, channel: RTCDataChannel) -> None:
        """The peer opened a data channel."""

    def media_started(self, track: UpTrack) -> None:
        """The first packet of a published track arrived."""

    def reached(self, stage: str) -> None:
        """A stage of the join (stages.py); the same one may come again."""
