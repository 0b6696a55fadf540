"""One participant's transport: ICE, DTLS, SRTP, SCTP and the tracks over them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from signaling.sfu.downtrack import DownTrack
from signaling.sfu.spec import IceCredentials, ReceiveSpec, SendSpec
from signaling.sfu.uptrack import UpTrack


class Transport:
    ice: IceCredentials  # the newest
    rtt: float | None  # seconds, from receiver reports
    remote: tuple[str, int] | None  # where media is sent
    estimate: float | None  # bit/s the peer can take (its REMB), None until told
    cname: str  # one for all that this participant publishes
    closed: bool

    def restart_ice(self) -> IceCredentials:
        """New credentials; older ones stay valid."""
        raise NotImplementedError

    def start(self, *, fingerprints: Sequence[str], setup: str, sctp_port: int | None) -> None:
        """Idempotent. `setup` is the remote a=setup: "active" or "actpass" makes us passive."""
        raise NotImplementedError

    def set_extensions(self, ids: Mapping[str, int]) -> None:
        """URI -> id, one map for the bundle."""
        raise NotImplementedError

    def receive(self, spec: ReceiveSpec) -> UpTrack:
        raise NotImplementedError

    def send(self, source: UpTrack, spec: SendSpec) -> DownTrack:
        """Starts by itself at the next key frame (video) or packet (audio)."""
        raise NotImplementedError

    def close(self, reason: str = "closed") -> None:
        """Idempotent. Closes every UpTrack and DownTrack of this transport."""
        raise NotImplementedError
