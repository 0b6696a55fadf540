"""One codec of a published track: announced, bound to a section, received. A track may have a second one.

A publisher of AV1, VP9 or H.264 names a codec that everybody can decode; it is published too, on a section
of its own, as soon as somebody needs it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from signaling.sfu import codecs
from signaling.sfu.codecs import Match, OfferedCodec, Stream
from signaling.sfu.spec import ReceiveSpec
from signaling.sfu.uptrack import UpTrack

if TYPE_CHECKING:
    from signaling.sfu.publication import Publication


class Encoding:
    """`cid` is the client's name for it, `wanted_mime` the codec it announced ("" leaves the choice to us).

    `track` is None until an offer with its section was answered.
    """

    def __init__(self, publication: Publication, cid: str, wanted_mime: str) -> None:
        self.publication = publication
        self.cid = cid
        self.wanted_mime = wanted_mime
        self.mid = ""
        self.track: UpTrack | None = None

    @property
    def kind(self) -> str:
        return self.publication.kind

    @property
    def mime(self) -> str:
        """The codec that comes, or is announced."""
        return self.track.mime if self.track else self.wanted_mime

    def bind(self, spec: ReceiveSpec, track: UpTrack) -> None:
        """The section is agreed: packets will come."""
        self.mid = spec.mid
        self.track = track
        track.muted = self.publication.info.muted
        track.hold(self.publication.held)
        self.publication.bound(self)

    def match(self, offered: Iterable[OfferedCodec]) -> Match | None:
        """How a listener with these payload types would take it; None when it cannot."""
        return match_for(self.track, offered) if self.track else None

    def close(self) -> None:
        """Idempotent; the track closes its listeners."""
        if self.track:
            self.track.close()


def match_for(track: UpTrack, offered: Iterable[OfferedCodec]) -> Match | None:
    """With redundancy only if its blocks, which name payload types, can be passed on as they are."""
    spec = track.spec
    match = codecs.find_for(Stream(spec.mime, spec.parameters), offered)
    if match is None or (spec.red_payload_type and match.offered.payload_type == spec.payload_type):
        return match
    return match.plain()
