"""Answering a client's offers.

Which track sits in which section is decided here; the words of the answer are answer.py's.
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Protocol

from livekit.protocol import rtc

from signaling.sfu import codecs
from signaling.sfu.answer import Channels, Endpoint, Nothing, Outcome, Receiving, write_description
from signaling.sfu.codecs import Match
from signaling.sfu.encoding import Encoding
from signaling.sfu.sdp import Offer, Section, parse_offer
from signaling.sfu.spec import EXTENSIONS, MID, RID, TRANSPORT_CC, ReceiveSpec

if TYPE_CHECKING:
    from signaling.sfu.plane import Plane
    from signaling.sfu.publishing import Publishing
    from signaling.sfu.transport import Transport


class Receivers(Protocol):
    """What goes into the sections in which the client receives: its Subscriptions, or Nobody."""

    def start_round(self) -> None: ...
    def end_of_section(self, mid: str) -> None: ...
    def assign(self, section: Section) -> Outcome | None: ...
    def by_mid(self) -> dict[str, str]: ...


class Nobody:
    """For a peer connection on which the client only publishes."""

    def start_round(self) -> None:
        pass

    def end_of_section(self, mid: str) -> None:
        pass

    def assign(self, section: Section) -> Outcome | None:
        return None

    def by_mid(self) -> dict[str, str]:
        return {}


class Negotiation:
    """`published` is what add_track announced, `subscribed` what waits for a free section."""

    def __init__(
        self,
        plane: Plane,
        transport: Transport,
        published: Publishing,
        subscribed: Receivers,
        most_sections: int,
    ) -> None:
        self._plane = plane
        self._transport = transport
        self._published = published
        self._subscribed = subscribed
        self._most_sections = most_sections
        self._session_id = secrets.randbits(62)
        self._version = 0
        self._ufrag = ""
        self._fingerprints: list[str] = []
        self._unclaimed: dict[str, Section] = {}  # sections that send, before their add_track came

    def answer(self, description: rtc.SessionDescription) -> rtc.SessionDescription:
        """Answer an offer; raises ValueError when it makes no sense."""
        offer = parse_offer(description.sdp, most_sections=self._most_sections)
        self._connect(offer)
        self._release(offer)
        self._subscribed.start_round()
        self._unclaimed.clear()
        self._claim_by_name(offer)
        outcomes = {section.mid: self._outcome(section) for section in offer.sections}
        self._version += 1
        text = write_description(
            offer.sections,
            outcomes,
            Endpoint(
                self._transport.ice,
                self._plane.fingerprint,
                self._plane.candidates,
                "active" if offer.setup == "passive" else "passive",
            ),
            session_id=self._session_id,
            version=self._version,
        )
        return rtc.SessionDescription(
            type="answer", sdp=text, id=description.id, mid_to_track_id=self._subscribed.by_mid()
        )

    def claim(self, encoding: Encoding) -> None:
        """An add_track that came after the offer with its section."""
        for section in list(self._unclaimed.values()):
            if section.msid and section.msid[1] == encoding.cid:
                return self._bind(section, encoding, self._unclaimed_match(section))
        same_kind = [section for section in self._unclaimed.values() if section.kind == encoding.kind]
        if len(same_kind) == 1:
            self._bind(same_kind[0], encoding, self._unclaimed_match(same_kind[0]))
        return None

    def _connect(self, offer: Offer) -> None:
        if not self._ufrag:
            self._fingerprints = offer.fingerprints
            self._transport.start(
                fingerprints=offer.fingerprints, setup=offer.setup, sctp_port=offer.sctp_port
            )
        elif offer.fingerprints != self._fingerprints:
            raise ValueError("the offer comes from another peer connection: its DTLS fingerprint changed")
        elif offer.ufrag != self._ufrag:
            self._transport.restart_ice()
        self._ufrag = offer.ufrag
        self._transport.set_extensions({u: i for u, i in offer.extensions.items() if u in EXTENSIONS})

    def _release(self, offer: Offer) -> None:
        """Let go of what the client no longer sends or receives, before sections are given out anew."""
        for section in offer.sections:
            if not section.sends:
                self._published.end_of_section(section.mid)
            if not section.receives:
                self._subscribed.end_of_section(section.mid)

    def _claim_by_name(self, offer: Offer) -> None:
        """Tracks whose msid is their cid come first, so that the guess by kind sees only what is left."""
        for section in offer.sections:
            if not section.sends or self._published.at(section.mid):
                continue
            encoding = self._published.waiting_for(section.msid[1]) if section.msid else None
            if encoding and encoding.kind == section.kind:
                self._bind(section, encoding, self._match(section, encoding))

    def _outcome(self, section: Section) -> Outcome:
        if section.kind == "application":
            return Channels() if "SCTP" in section.protocol else Nothing(None)
        if section.sends:
            return self._receiving(section)
        match = codecs.find(section.kind, section.codecs)
        nothing = Nothing(match.plain() if match else None)
        return (section.receives and self._subscribed.assign(section)) or nothing

    def _receiving(self, section: Section) -> Outcome:
        encoding = self._published.at(section.mid) or self._published.only_waiting(section.kind)
        if encoding is None:
            match = self._unclaimed_match(section)
            self._unclaimed[section.mid] = section
            return Receiving(match, _rids(section)) if match else Nothing(None)
        match = self._match(section, encoding)
        if match is None:
            return Nothing(None)
        if encoding.track is None:
            self._bind(section, encoding, match)
        publication = encoding.publication
        return Receiving(match, _rids(section), publication.info.stereo, publication.dtx)

    def _match(self, section: Section, encoding: Encoding) -> Match | None:
        """What was agreed; before that the codec the client announced if we forward it, else our first."""
        track = encoding.track
        mime = track.mime if track else encoding.wanted_mime
        match = codecs.find(section.kind, section.codecs, mime) or codecs.find(section.kind, section.codecs)
        redundant = track.spec.red_payload_type if track else not encoding.publication.info.disable_red
        return match if match is None or redundant else match.plain()

    def _unclaimed_match(self, section: Section) -> Match | None:
        match = codecs.find(section.kind, section.codecs)
        return match.plain() if match else None

    def _bind(self, section: Section, encoding: Encoding, match: Match | None) -> None:
        self._unclaimed.pop(section.mid, None)
        if match is None:
            return
        spec = receive_spec(section, match)
        encoding.bind(spec, self._transport.receive(spec))
        self._published.bound(encoding)


def receive_spec(section: Section, match: Match) -> ReceiveSpec:
    return ReceiveSpec(
        mid=section.mid,
        kind=section.kind,
        mime=match.codec.mime,
        payload_type=match.offered.payload_type,
        rtx_payload_type=match.rtx.payload_type if match.rtx else None,
        clock_rate=match.codec.clock_rate,
        rids=_rids(section),
        ssrcs=section.ssrcs,
        nack="nack" in match.feedback,
        parameters=match.offered.parameters,
        svc=match.codec.layered and not _rids(section),
        red_payload_type=match.red.payload_type if match.red else None,
        transport_cc="transport-cc" in match.feedback and TRANSPORT_CC in section.extensions,
    )


def _rids(section: Section) -> tuple[str, ...]:
    """Simulcast needs the header extensions that tell the layers apart."""
    if MID in section.extensions and RID in section.extensions:
        return tuple(section.rids)
    return ()
