"""A published track: what everybody is told about it, and the packets' side once its section is agreed."""

from __future__ import annotations

from collections.abc import Callable

from livekit.protocol import models, rtc

from signaling.sfu.announcement import MOST_FEATURES
from signaling.sfu.codecs import RED
from signaling.sfu.encoding import Encoding
from signaling.sfu.messages import new_sid
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
    """`primary` is what was announced; `backup` comes when a listener needs the codec `backup_mime`."""

    def __init__(
        self,
        publisher_sid: str,
        request: rtc.AddTrackRequest,
        ask_for_backup: Callable[[Publication], None] = lambda publication: None,
    ) -> None:
        self.publisher_sid = publisher_sid
        self.dtx = not request.disable_dtx
        self.info = track_info(request)
        first, second = announced_codecs(request)
        self.primary = Encoding(self, request.cid, first)
        self.backup: Encoding | None = None
        self.backup_mime = second
        self.backup_wanted = False
        self._ask_for_backup = ask_for_backup
        self.held = False  # others muted it, and its publisher has not unmuted it since
        self.closed = False

    @property
    def sid(self) -> str:
        return self.info.sid

    @property
    def kind(self) -> str:
        return KINDS[self.info.type]

    @property
    def cid(self) -> str:
        return self.primary.cid

    @property
    def track(self) -> UpTrack | None:
        return self.primary.track

    @property
    def encodings(self) -> list[Encoding]:
        """The primary and, once it is announced, the backup."""
        return [self.primary, self.backup] if self.backup else [self.primary]

    def want_backup(self) -> None:
        """Somebody can decode the second codec alone: its publisher is told, once."""
        if not self.backup_wanted:
            self.backup_wanted = True
            self._ask_for_backup(self)

    def announce_backup(self, request: rtc.AddTrackRequest) -> Encoding:
        """The publisher begins to send the second codec."""
        if self.backup is None:
            self.backup = Encoding(self, request.cid, self.backup_mime)
            self.info.codecs.append(
                models.SimulcastCodecInfo(
                    mime_type=self.backup_mime, cid=request.cid, layers=request.layers or self.info.layers
                )
            )
        return self.backup

    def end_backup(self) -> None:
        """Its section stopped sending; it may be announced again."""
        if self.backup:
            self.backup.close()
            self.backup, self.backup_wanted = None, False
            del self.info.codecs[1:]

    def bound(self, encoding: Encoding) -> None:
        """One of the encodings has its section: what everybody is told of it."""
        track = encoding.track
        if track is None:
            return
        spec = track.spec
        mime = RED if spec.red_payload_type else spec.mime
        for codec in self.info.codecs:
            if codec.cid == encoding.cid:
                codec.mime_type, codec.mid = mime, spec.mid
        if encoding is self.primary:
            self.info.mid, self.info.mime_type = spec.mid, mime
            self.info.simulcast = len(spec.rids) > 1

    def mute(self, muted: bool, *, by_others: bool = False) -> bool:
        """Whether this changed anything. What others muted stays silent until the publisher unmutes it."""
        changes = self.info.muted != muted
        self.held = muted and (by_others or self.held)
        self.info.muted = muted
        for encoding in self.encodings:
            if encoding.track:
                encoding.track.hold(self.held)
                encoding.track.muted = muted
        return changes

    def close(self) -> None:
        """Idempotent; the tracks close their listeners."""
        self.closed = True
        for encoding in self.encodings:
            encoding.close()


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
        audio_features=list(request.audio_features)[:MOST_FEATURES],
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


def announced_codecs(request: rtc.AddTrackRequest) -> tuple[str, str]:
    """The codec of the track, "" when the client left the choice to us, and of its backup, "" without one."""
    first, second, *_ = [*(codec.codec for codec in request.simulcast_codecs), "", ""]
    kind = KINDS[request.type]
    return full_mime(kind, first), full_mime(kind, second)


def full_mime(kind: str, name: str) -> str:
    """`vp8` as clients announce it -> `video/vp8`."""
    return name if "/" in name or not name else f"{kind}/{name}"
