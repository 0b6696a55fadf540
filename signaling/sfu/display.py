"""A WHEP player: a room display, or a stock player. It cannot negotiate again: what it shows changes inside.

It has one section for sound and one for the picture. Each is fed from the track that matters most just now,
on one SSRC with its numbers going on; while nobody publishes what it can decode, it rests.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from livekit.protocol import models, rtc

from signaling.sfu import codecs
from signaling.sfu.answer import Sending
from signaling.sfu.auth import Claims, require
from signaling.sfu.codecs import Match
from signaling.sfu.encoding import match_for
from signaling.sfu.link import OneConnection
from signaling.sfu.messages import Reason
from signaling.sfu.negotiation import Negotiation, receive_spec
from signaling.sfu.participant import Participant
from signaling.sfu.publication import Publication
from signaling.sfu.refusals import BadRequest, NotAcceptable
from signaling.sfu.rooms import Rooms
from signaling.sfu.sdp import Section, parse_offer
from signaling.sfu.subscription import Subscription
from signaling.sfu.subscriptions import Subscriptions, send_spec, transport_cc
from signaling.sfu.uptrack import UpTrack
from signaling.sfu.wish import Wish

if TYPE_CHECKING:
    from signaling.sfu.downtrack import DownTrack
    from signaling.sfu.transport import Transport

Source = models.TrackSource
SCREEN = (Source.SCREEN_SHARE, Source.SCREEN_SHARE_AUDIO)
SOURCES = {"camera": (Source.CAMERA, Source.MICROPHONE), "screen": SCREEN}
LOOK_EVERY = 0.4  # seconds: who speaks?
STAYS = 2.0  # seconds a picture stays before that of another speaker takes its place


def watch(rooms: Rooms, claims: Claims, offer: str, query: dict[str, str]) -> tuple[Participant, str]:
    """The new hidden participant and the answer. `identity` and `source` narrow what is shown.

    Raises Refusal.
    """
    require(claims.grants.can_subscribe, "canSubscribe")
    only = query.get("source", "")
    if only and only not in SOURCES:
        raise BadRequest(f"The source is one of: {', '.join(SOURCES)}.")
    _check(offer)
    grants = dataclasses.replace(claims.grants, hidden=True, can_publish=False, can_publish_data=False)
    room = rooms.create(claims.grants.room)
    participant = Participant(room, dataclasses.replace(claims, grants=grants), rtc.JoinRequest(), Watching)
    participant.kind = models.ParticipantInfo.Kind.EGRESS
    assert isinstance(participant.subscriptions, Display)
    participant.subscriptions.narrow(query.get("identity", ""), SOURCES.get(only, ()))
    room.enter(participant)
    room.reconsider_all(participant)
    try:
        answer = participant.link.answer(rtc.SessionDescription(type="offer", sdp=offer))
    except ValueError as error:
        room.remove(participant, Reason.JOIN_FAILURE)
        raise BadRequest(f"The offer cannot be answered: {error}.") from error
    return participant, answer.sdp


def _check(offer: str) -> None:
    """Every section is received, and each kind has a codec of ours; else 406 rather than half an answer."""
    try:
        parsed = parse_offer(offer, most_sections=8)
    except ValueError as error:
        raise BadRequest(f"The offer cannot be read: {error}.") from error
    sections = [section for section in parsed.sections if section.kind != "application"]
    if not sections or not all(section.receives for section in sections):
        raise NotAcceptable("Every section of the offer must receive.")
    if not all(codecs.find(section.kind, section.codecs) for section in sections):
        raise NotAcceptable("The offer has no codec that this media server carries.")


@dataclass
class Slot:
    """What goes out in one section, in any of its codecs. `rest` is a track on which nothing ever comes,
    `shown` is None on it."""

    section: Section
    rest: UpTrack
    track: DownTrack
    since: float
    shown: Subscription | None = None

    @property
    def source(self) -> UpTrack:
        return self.track.source


class Display(Subscriptions):
    """All that the room lets this player have are candidates; each slot shows one of them."""

    def __init__(self, owner: Participant, transport: Transport) -> None:
        super().__init__(transport, auto=True, most_wishes=owner.room.config.limits.desires)
        self.allotments.may_pause = False
        self._owner = owner
        self._room = owner.room
        self._clock = owner.room.clock
        self._slots: dict[str, Slot] = {}  # by kind
        self._identity = ""
        self._sources: tuple[models.TrackSource, ...] = ()
        self._timer = self._clock.later(LOOK_EVERY, self._look)

    def narrow(self, identity: str, sources: tuple[models.TrackSource, ...]) -> None:
        """Only tracks of this participant, only from these sources; empty means any."""
        self._identity, self._sources = identity, sources

    # What the room calls

    def add(self, publication: Publication) -> None:
        super().add(publication)
        self._choose()

    def drop(self, sid: str) -> bool:
        """Never anything to negotiate: the section stays and shows something else."""
        self._current.pop(sid, None)
        self._choose()
        return False

    def reconsider_codec(self, sid: str) -> bool:
        self._choose()
        return False

    def tracks(self) -> Iterable[DownTrack]:
        return [slot.track for slot in self._slots.values() if slot.source is not slot.rest]

    def current(self) -> list[Subscription]:
        return [slot.shown for slot in self._slots.values() if slot.shown]

    def hopeless(self) -> list[str]:
        return []

    def requirement(self) -> None:
        return None

    def close(self) -> None:
        super().close()
        self._timer.cancel()
        for slot in self._slots.values():
            slot.track.close()

    # What the negotiation calls

    def by_mid(self) -> dict[str, str]:
        return {}

    def assign(self, section: Section) -> Sending | None:
        """The first section of each kind gets a slot; there is one offer only."""
        if section.kind in self._slots:
            return None
        match, *others = codecs.find_all(section.kind, section.codecs) or (None,)
        if match is None:
            return None
        slot = self._slots[section.kind] = self._slot(section, match)
        self._choose()
        return Sending(
            match=match,
            others=tuple(each for each in others if each),
            msid=f"{self._room.sid} {section.kind}",
            cname=slot.track.cname,
            ssrc=slot.track.ssrc,
            rtx_ssrc=slot.track.rtx_ssrc if match.rtx else None,
            transport_cc=bool(transport_cc(section, match)),
        )

    def _slot(self, section: Section, match: Match) -> Slot:
        rest = UpTrack(self._transport, receive_spec(section, match))
        track = self._transport.send(rest, send_spec(section, match))
        track.rest_on(rest)
        return Slot(section, rest, track, self._clock.now())

    # What is shown

    def _look(self) -> None:
        self._timer = self._clock.later(LOOK_EVERY, self._look)
        self._choose()

    def _choose(self) -> None:
        """The sound first: whose it is decides about the picture."""
        speaker, changed = "", False
        for kind in ("audio", "video"):
            slot = self._slots.get(kind)
            if slot is None:
                continue
            found = next(self._playable(slot, self._ranked(kind, slot, speaker)), None)
            changed |= self._show(slot, found)
            if kind == "audio" and found and found[1].speaking:
                speaker = found[0].publisher_sid
        if changed:
            self._room.bandwidth.share(self._owner)

    def _show(self, slot: Slot, found: tuple[Publication, UpTrack, Match] | None) -> bool:
        """Whether this is something else than before. What ended has gone to rest by itself already."""
        publication, source, match = found or (None, slot.rest, None)
        if source is slot.source and bool(slot.shown) == bool(publication):
            return False
        if source is not slot.source:
            slot.track.follow(source, send_spec(slot.section, match) if match else None)
            slot.since = self._clock.now()
        slot.shown = Subscription(publication, Wish(), slot.section.mid, slot.track) if publication else None
        return True

    def _playable(
        self, slot: Slot, publications: Iterable[Publication]
    ) -> Iterator[tuple[Publication, UpTrack, Match]]:
        """Those that the player can decode."""
        for publication in publications:
            for track in _tracks(publication):
                if match := match_for(track, slot.section.codecs):
                    yield publication, track, match.plain()

    def _ranked(self, kind: str, slot: Slot, speaker: str) -> list[Publication]:
        """The best first. What is shown stays, unless something better comes."""
        publications = [item.publication for item in self._current.values()]
        wanted = [each for each in publications if each.kind == kind and self._is_wanted(each)]
        settled = self._clock.now() - slot.since >= STAYS

        def rank(publication: Publication) -> tuple[bool, ...]:
            track = publication.track
            shown = slot.source in _tracks(publication)
            if kind == "audio":
                return not publication.info.muted, bool(track and track.speaking), shown
            speaks = publication.publisher_sid == speaker and settled
            return not publication.info.muted, publication.info.source in SCREEN, speaks, shown

        return sorted(wanted, key=rank, reverse=True)

    def _is_wanted(self, publication: Publication) -> bool:
        if self._sources and publication.info.source not in self._sources:
            return False
        person = self._room.participants.get(self._identity)
        return not self._identity or bool(person and person.sid == publication.publisher_sid)


def _tracks(publication: Publication) -> list[UpTrack]:
    return [encoding.track for encoding in publication.encodings if encoding.track]


class Watching(OneConnection):
    """The one connection of a player; its subscriptions are a Display."""

    def __init__(self, owner: Participant, *, auto_subscribe: bool) -> None:
        plane, limits = owner.room.plane, owner.room.config.limits
        self.publisher = self.subscriber = plane.open(owner)
        self.subscriptions = Display(owner, self.subscriber)
        self._negotiation = Negotiation(
            plane, self.publisher, owner.publishing, self.subscriptions, limits.sdp_sections
        )
