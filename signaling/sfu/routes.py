"""Which track a packet belongs to: by SSRC, and for an unknown SSRC by MID and RID (RFC 8843 9.2, RFC 8852).

Everything here is bounded: a transport has at most 8 media SSRCs (camera and screen with their layers, two
sounds) with one RTX SSRC each, and the decryption state of SSRCs that belong nowhere (never bound, or
unpublished and perhaps published again) is kept for the last 32.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass

from signaling.sfu.layers import Layer
from signaling.sfu.rtp import ExtensionIds, Packet
from signaling.sfu.uptrack import UpTrack

MOST_SSRCS = 8
MOST_UNBOUND = 32
MOST_RETIRED = 1024


@dataclass(frozen=True)
class Route:
    track: UpTrack
    layer: Layer
    rtx: bool


class Routes:
    """One transport's table. `released` collects SSRCs whose decryption state can be freed."""

    def __init__(self) -> None:
        self.released: list[int] = []
        self._by_ssrc: dict[int, Route] = {}
        self._tracks: dict[str, UpTrack] = {}  # by MID
        self._unbound: deque[int] = deque()
        self._retired: dict[int, None] = {}

    def __iter__(self) -> Iterator[UpTrack]:
        return iter(tuple(self._tracks.values()))

    def __len__(self) -> int:
        return len(self._tracks)

    def add(self, track: UpTrack) -> None:
        """Know the track by its MID and by the SSRCs its offer named."""
        self._tracks[track.mid] = track
        for layer, (ssrc, rtx_ssrc) in zip(track.layers, track.spec.ssrcs, strict=False):
            self._bind(ssrc, Route(track, layer, rtx=False))
            if rtx_ssrc is not None:
                self._bind(rtx_ssrc, Route(track, layer, rtx=True))

    def remove(self, track: UpTrack) -> None:
        if self._tracks.get(track.mid) is track:
            del self._tracks[track.mid]
        for ssrc in [ssrc for ssrc, route in self._by_ssrc.items() if route.track is track]:
            del self._by_ssrc[ssrc]
            self._unbind(ssrc)

    def find(self, ssrc: int) -> Route | None:
        return self._by_ssrc.get(ssrc)

    def heard(self, ssrc: int) -> None:
        """A control packet came from `ssrc`."""
        if ssrc not in self._by_ssrc:
            self._unbind(ssrc)

    def refuses(self, ssrc: int) -> bool:
        """Whether another SSRC took this one's place: not even worth decrypting."""
        return ssrc in self._retired

    def bind(self, packet: Packet, ids: ExtensionIds) -> Route | str:
        """Find the track of an unknown SSRC by the packet's extensions; else the reason to drop it."""
        extensions = packet.extensions
        track = self._tracks.get(_text(extensions.get(ids.mid)))
        if track is None:
            self._unbind(packet.ssrc)
            return "unroutable"
        repaired = extensions.get(ids.repaired_rid)
        rid = _text(extensions.get(ids.rid) if repaired is None else repaired)
        spec = track.spec
        rtx = packet.payload_type == spec.rtx_payload_type
        layer = next((layer for layer in track.layers if layer.rid == rid or len(track.layers) == 1), None)
        if layer is None or not (rtx or packet.payload_type in (spec.payload_type, spec.red_payload_type)):
            self._unbind(packet.ssrc)
            return "unroutable"
        route = Route(track, layer, rtx)
        if not self._bind(packet.ssrc, route):
            return "ssrc_limit"
        return route

    def _bind(self, ssrc: int, route: Route) -> bool:
        layer = route.layer
        before = layer.rtx_ssrc if route.rtx else layer.ssrc
        if before is None and sum(r.rtx == route.rtx for r in self._by_ssrc.values()) >= MOST_SSRCS:
            self._unbind(ssrc)
            return False
        if before is not None and before != ssrc:
            self._retire(before)
        if ssrc in self._unbound:
            self._unbound.remove(ssrc)
        self._retired.pop(ssrc, None)
        self._by_ssrc[ssrc] = route
        if route.rtx:
            layer.rtx_ssrc = ssrc
        else:
            layer.bind(ssrc)
        return True

    def _retire(self, ssrc: int) -> None:
        self._by_ssrc.pop(ssrc, None)
        self.released.append(ssrc)
        self._retired[ssrc] = None
        if len(self._retired) > MOST_RETIRED:
            del self._retired[next(iter(self._retired))]

    def _unbind(self, ssrc: int) -> None:
        if ssrc not in self._unbound:
            self._unbound.append(ssrc)
        if len(self._unbound) > MOST_UNBOUND:
            self.released.append(self._unbound.popleft())


def _text(value: bytes | None) -> str:
    return value.decode("ascii", "replace") if value else ""
