"""What one participant receives: wished, allowed, given a section, forwarded."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from livekit.protocol import rtc

from signaling.sfu import codecs
from signaling.sfu.allotments import Allotments
from signaling.sfu.answer import Sending
from signaling.sfu.encoding import match_for
from signaling.sfu.publication import Publication
from signaling.sfu.spec import DEPENDENCY, TRANSPORT_CC, SendSpec
from signaling.sfu.subscription import Subscription
from signaling.sfu.wish import Wish

if TYPE_CHECKING:
    from signaling.sfu.costs import Costs
    from signaling.sfu.downtrack import DownTrack
    from signaling.sfu.sdp import Section
    from signaling.sfu.transport import Transport
    from signaling.sfu.uptrack import UpTrack


class Subscriptions:
    """All of one participant. Pure bookkeeping: the caller decides when to negotiate.

    `hold`: packets that overtake the client's acceptance would go astray, so they wait for `release`.
    """

    def __init__(self, transport: Transport, *, auto: bool, most_wishes: int, hold: bool = False) -> None:
        self.allotments = Allotments(transport.downlink)
        self._transport = transport
        self._auto = auto
        self._hold = hold
        self._most = most_wishes
        self._asked: dict[str, bool] = {}
        self._wishes: dict[str, Wish] = {}
        self._current: dict[str, Subscription] = {}
        self._stale: dict[str, str] = {}  # mid to kind: the last answer still sends what has ended
        self._resting: set[str] = set()  # mids that have to be inactive once
        self._free: dict[str, int] = {"audio": 0, "video": 0}  # sections the last answer left empty

    def by_mid(self) -> dict[str, str]:
        """What the client needs to know which track came in which section."""
        return {item.mid: sid for sid, item in self._current.items() if item.mid}

    def hopeless(self) -> list[str]:
        """Sids of tracks this client cannot decode, and will not get in another codec either."""
        return [
            sid for sid, item in self._current.items() if item.hopeless and not item.publication.backup_wanted
        ]

    def tracks(self) -> Iterable[DownTrack]:
        return [item.track for item in self._current.values() if item.track]

    def wants(self, sid: str) -> bool:
        return self._asked.get(sid, self._auto)

    def has(self, sid: str) -> bool:
        return sid in self._current

    def ask(self, sid: str, subscribe: bool) -> None:
        if sid in self._asked or len(self._asked) < self._most:
            self._asked[sid] = subscribe

    def wish(self, sid: str, wish: Wish) -> None:
        if sid in self._wishes or len(self._wishes) < self._most:
            self._wishes[sid] = wish
        if item := self._current.get(sid):
            item.wish = wish
            item.apply()

    def disable(self, sid: str) -> None:
        """Pause without another word on quality (sync_state after a resume)."""
        self.wish(sid, replace(self._wishes.get(sid, Wish()), disabled=True))

    def allot(self, costs: Costs, speaking: Container[str]) -> list[Subscription]:
        """Share the listener's bandwidth out anew; answers the tracks that are paused now or no longer."""
        return self.allotments.share(self.current(), costs, speaking)

    def current(self) -> list[Subscription]:
        """What is (to be) sent."""
        return list(self._current.values())

    def starved(self) -> list[Subscription]:
        """What is paused for want of bandwidth."""
        return [item for item in self.current() if item.starved]

    def wanted_layers(self) -> Iterator[tuple[str, UpTrack, int | None]]:
        """Sid, source and the best layer wished for (None: none at all) of every video track that is sent."""
        for item in self.current():
            if item.track is not None and item.publication.kind == "video":
                source = item.track.source
                yield (
                    item.publication.sid,
                    source,
                    None if item.wish.off else item.wish.layer(item.publication, source),
                )

    def add(self, publication: Publication) -> None:
        if publication.sid not in self._current:
            wish = self._wishes.get(publication.sid, Wish())
            self._current[publication.sid] = Subscription(publication, wish)

    def drop(self, sid: str) -> bool:
        """Whether there was something to drop."""
        item = self._current.pop(sid, None)
        if item is None:
            return False
        if item.track:
            item.track.close()
        if item.mid:
            self._stale[item.mid] = item.publication.kind
            self._resting.add(item.mid)
        return True

    def forget(self, sid: str) -> None:
        """The track is gone for good: nothing asked about it matters any more."""
        self._asked.pop(sid, None)
        self._wishes.pop(sid, None)

    def reconsider_codec(self, sid: str) -> bool:
        """One of the track's codecs began or ended; whether that matters here."""
        item = self._current.get(sid)
        if item is None:
            return False
        ended = item.track is not None and item.track.closed
        if ended:
            if item.mid:
                self._stale[item.mid] = item.publication.kind
            self._unassign(item)
        mattered, item.hopeless = ended or item.hopeless, False
        return mattered

    def end_of_section(self, mid: str) -> None:
        """The client no longer receives there; the track waits for another section."""
        self._stale.pop(mid, None)
        self._resting.discard(mid)
        for item in self._current.values():
            if item.mid == mid:
                self._unassign(item)

    def start_round(self) -> None:
        """A new offer is about to be answered: its sections are counted afresh."""
        self._free = {"audio": 0, "video": 0}

    def assign(self, section: Section) -> Sending | None:
        """The track that goes out in this section, or None when nobody waits for it."""
        self._stale.pop(section.mid, None)
        item = None if self._rests(section.mid) else self._at(section.mid) or self._waiting_for(section)
        if item is None:
            self._free[section.kind] += 1
            return None
        source = item.track.source if item.track else self._source(item.publication, section)
        match = match_for(source, section.codecs) if source else None
        if source is None or match is None:  # only a client that changed its mind about codecs gets here
            self._unassign(item)
            return None
        track = item.track or self._send(item, section, source, match)
        publication = item.publication
        return Sending(
            match=match,
            msid=f"{publication.publisher_sid}|{publication.sid} {publication.sid}",
            cname=track.cname,
            ssrc=track.ssrc,
            rtx_ssrc=track.rtx_ssrc if match.rtx else None,
            transport_cc=bool(transport_cc(section, match)),
        )

    def release(self) -> None:
        """The client accepted our offer: what was held begins."""
        for item in self._current.values():
            if item.held and item.track:
                item.held = False
                item.apply()

    def refuse(self, mid: str) -> str:
        """The client does not take what we offered in this section; its codec, "" when there was none."""
        item = self._at(mid)
        if item is None or item.track is None:
            return ""
        mime = item.track.source.mime
        self._unassign(item)
        self._free[item.publication.kind] += 1
        return mime

    def requirement(self) -> rtc.MediaSectionsRequirement | None:
        """What to ask the client for, None when the last answer is still right."""
        short = {kind: -free for kind, free in self._free.items()}
        for kind in self._stale.values():
            short[kind] -= 1
        waiting = [item for item in self._current.values() if not (item.mid or item.hopeless)]
        for item in waiting:
            short[item.publication.kind] += 1
        if not (waiting or self._stale):
            return None
        return rtc.MediaSectionsRequirement(
            num_audios=max(0, short["audio"]), num_videos=max(0, short["video"])
        )

    def close(self) -> None:
        for item in self._current.values():
            if item.track:
                item.track.close()
        self._current.clear()

    def _rests(self, mid: str) -> bool:
        """Once after its track ended: browsers tell of a new track only where none was sent before."""
        rests = mid in self._resting
        self._resting.discard(mid)
        return rests

    def _at(self, mid: str) -> Subscription | None:
        return next((item for item in self._current.values() if item.mid == mid), None)

    def _waiting_for(self, section: Section) -> Subscription | None:
        for item in self._current.values():
            publication = item.publication
            if item.mid or publication.kind != section.kind or publication.track is None:
                continue
            if self._source(publication, section):
                return item
            item.hopeless = True
            if codecs.find(section.kind, section.codecs, publication.backup_mime or "none"):
                publication.want_backup()
        return None

    def _source(self, publication: Publication, section: Section) -> UpTrack | None:
        """The first of its encodings that the section can take."""
        for encoding in publication.encodings:
            if encoding.match(section.codecs):
                return encoding.track
        return None

    def _send(self, item: Subscription, section: Section, source: UpTrack, match: codecs.Match) -> DownTrack:
        item.mid = section.mid
        item.track = self._transport.send(source, send_spec(section, match))
        item.held = self._hold
        item.apply()
        return item.track

    def _unassign(self, item: Subscription) -> None:
        if item.track:
            item.track.close()
        item.track, item.mid, item.held = None, "", False
        item.grant, item.starved = None, False


def send_spec(section: Section, match: codecs.Match) -> SendSpec:
    """What the packet plane has to know of a section in which a track goes out."""
    return SendSpec(
        section.mid,
        match.offered.payload_type,
        match.rtx.payload_type if match.rtx else None,
        transport_cc(section, match),
        match.red.payload_type if match.red else None,
        section.extensions.get(DEPENDENCY, 0) if match.codec.described else 0,
    )


def transport_cc(section: Section, match: codecs.Match) -> int:
    """The id of the transport-wide number, 0 where the client does not want it or it cannot be had.

    A repeat without RTX has to be the same octets again, which a packet with such a number cannot be.
    """
    repeats_plainly = "nack" in match.feedback and match.rtx is None
    if "transport-cc" not in match.feedback or repeats_plainly:
        return 0
    return section.extensions.get(TRANSPORT_CC, 0)
