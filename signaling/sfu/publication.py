"""A published track: what everybody is told about it, and the packets' side once its section is agreed."""

from __future__ import annotations

from livekit.protocol import models, rtc

from signaling.sfu.messages import new_sid
from signaling.sfu.spec import ReceiveSpec
from signaling.sfu.uptrack import UpTrack

KINDS = {models.TrackType.AUDIO: "audio", models.TrackType.VIDEO: "video"}
# As livekit-server names them: the letters are not read by anybody, the prefix is.
SID_PREFIXES = {
    models.TrackSource.CAMERA: "TR_VC",
    models.TrackSource.MICROPHONE: "TR_AM",
    models.TrackSource.SCREEN_SHARE: "TR_VS",
    models.TrackSource.SCREEN_SHARE_AUDIO: "TR_As",
}


class Publication:
    """`track` is None from add_track until an offer with the track's section was answered."""

    def __init__(self, publisher_sid: str, request: rtc.AddTrackRequest) -> None:
        self.publisher_sid = publisher_sid
        self.cid = request.cid
        self.dtx = not request.disable_dtx
        self.info = track_info(request)
        self.mid = ""
        self.track: UpTrack | None = None
        self.closed = False

    @property
    def sid(self) -> str:
        return self.info.sid

    @property
    def kind(self) -> str:
        return KINDS[self.info.type]

    @property
    def wanted_mime(self) -> str:
        """The codec the client announced, or "" when it left the choice to us."""
        for codec in self.info.codecs:
            if codec.mime_type:
                return codec.mime_type
        return ""

    def bind(self, spec: ReceiveSpec, track: UpTrack) -> None:
        """The section is agreed: packets will come."""
        self.mid = self.info.mid = spec.mid
        self.info.mime_type = spec.mime
        self.info.simulcast = len(spec.rids) > 1
        for codec in self.info.codecs:
            codec.mime_type, codec.mid = spec.mime, spec.mid
        track.muted = self.info.muted
        self.track = track

    def mute(self, muted: bool, *, by_others: bool = False) -> bool:
        """Whether this changed anything. What others muted stays silent until the publisher unmutes it."""
        if self.track:
            self.track.hold(muted and (by_others or self.track.held))
        if self.info.muted == muted:
            return False
        self.info.muted = muted
        if self.track:
            self.track.muted = muted
        return True

    def layer_for(self, width: int, height: int) -> int:
        """The smallest layer (0..2) that fills width x height pixels, the best when none does."""
        sizes = sorted((layer.width, layer.height) for layer in self.info.layers if layer.width)
        for index, (layer_width, layer_height) in enumerate(sizes):
            if layer_width >= width and layer_height >= height:
                return index
        return 2

    def close(self) -> None:
        """Idempotent; the track closes its listeners."""
        self.closed = True
        if self.track:
            self.track.close()


def track_info(request: rtc.AddTrackRequest) -> models.TrackInfo:
    info = models.TrackInfo(
        sid=new_sid(SID_PREFIXES.get(request.source, "TR_")),
        type=request.type,
        name=request.name,
        muted=request.muted,
        width=request.width,
        height=request.height,
        source=request.source,
        layers=request.layers,
        simulcast=len(request.layers) > 1,
        disable_dtx=request.disable_dtx,
        stereo=request.stereo,
        disable_red=request.disable_red,
        encryption=request.encryption,
        stream=request.stream,
        audio_features=request.audio_features,
        backup_codec_policy=request.backup_codec_policy,
    )
    for codec in list(request.simulcast_codecs)[:1]:
        info.codecs.append(
            models.SimulcastCodecInfo(
                mime_type=full_mime(KINDS[request.type], codec.codec),
                cid=codec.cid or request.cid,
                layers=codec.layers or request.layers,
            )
        )
    return info


def full_mime(kind: str, name: str) -> str:
    """`vp8` as clients announce it -> `video/vp8`."""
    return name if "/" in name or not name else f"{kind}/{name}"
