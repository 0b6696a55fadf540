"""Offering a client what it receives, on a peer connection of its own; one offer at a time.

Which track sits in which section is decided as for an answer (subscriptions.py), in sections of our making.
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from livekit.protocol import rtc

from signaling.sfu import codecs
from signaling.sfu.answer import Channels, Endpoint, Nothing, Outcome, write_description
from signaling.sfu.codecs import OfferedCodec
from signaling.sfu.sdp import Offer, Section, parse_offer
from signaling.sfu.spec import EXTENSIONS, REPAIRED_RID, RID

if TYPE_CHECKING:
    from signaling.sfu.plane import Plane
    from signaling.sfu.subscriptions import Subscriptions
    from signaling.sfu.transport import Transport

FIRST_PAYLOAD_TYPE = 96
RTP, SCTP = "UDP/TLS/RTP/SAVPF", "UDP/DTLS/SCTP"


class Offering:
    """`outstanding` while the client has not answered the last offer."""

    def __init__(
        self, plane: Plane, transport: Transport, subscribed: Subscriptions, most_sections: int
    ) -> None:
        self.outstanding = False
        self._plane = plane
        self._transport = transport
        self._subscribed = subscribed
        self._most_sections = most_sections
        self._sections = [Section("application", 9, SCTP, ["webrtc-datachannel"], mid="0")]
        self._mids = 0  # the last one given out
        self._session_id = secrets.randbits(62)
        self._number = 0
        self._fingerprints: list[str] = []
        self._refused: set[str] = set()  # codecs, by mime

    def due(self) -> bool:
        """Whether the last offer is no longer right, and a new one would be better."""
        wanted = self._subscribed.requirement()
        if wanted is None:
            return False
        missing = wanted.num_audios + wanted.num_videos
        return missing == 0 or len(self._sections) < self._most_sections

    def offer(self) -> rtc.SessionDescription:
        """A new offer of everything subscribed to; an earlier one that was not answered is forgotten."""
        self._grow()
        self._subscribed.start_round()
        outcomes = {section.mid: self._outcome(section) for section in self._sections}
        self._number += 1
        self.outstanding = True
        text = write_description(
            self._sections,
            outcomes,
            Endpoint(self._transport.ice, self._plane.fingerprint, self._plane.candidates, "actpass"),
            session_id=self._session_id,
            version=self._number,
        )
        return rtc.SessionDescription(
            type="offer", sdp=text, id=self._number, mid_to_track_id=self._subscribed.by_mid()
        )

    def accept(self, description: rtc.SessionDescription) -> None:
        """The client's answer; raises ValueError when it makes no sense. Old clients do not number theirs."""
        if not self.outstanding or description.id not in (0, self._number):
            return  # to an offer that was given up
        answer = parse_offer(description.sdp, most_sections=self._most_sections)  # an answer reads the same
        self._connect(answer)
        self._refuse(answer)
        self.outstanding = False
        self._subscribed.release()

    def _grow(self) -> None:
        """Sections for what waits without one, within the limit."""
        wanted = self._subscribed.requirement()
        if wanted is None:
            return
        for kind, count in (("audio", wanted.num_audios), ("video", wanted.num_videos)):
            for _ in range(min(count, self._most_sections - len(self._sections))):
                self._sections.append(self._section(kind))

    def _section(self, kind: str) -> Section:
        self._mids += 1
        extensions = {
            uri: number + 1 for number, uri in enumerate(EXTENSIONS) if uri not in (RID, REPAIRED_RID)
        }
        section = Section(kind, 9, RTP, [], mid=str(self._mids), extensions=extensions)
        self._list_codecs(section)
        return section

    def _list_codecs(self, section: Section) -> None:
        """All that may go out in it: which one does is known when a track does."""
        section.codecs = [
            entry
            for mime, entries in OFFERED.items()
            if mime.startswith(section.kind) and mime not in self._refused
            for entry in entries
        ]
        section.formats = [str(entry.payload_type) for entry in section.codecs]

    def _outcome(self, section: Section) -> Outcome:
        if section.kind == "application":
            return Channels()
        return self._subscribed.assign(section) or Nothing(codecs.find(section.kind, section.codecs))

    def _connect(self, answer: Offer) -> None:
        if not self._fingerprints:
            self._fingerprints = answer.fingerprints
            self._transport.start(
                fingerprints=answer.fingerprints, setup=answer.setup, sctp_port=answer.sctp_port
            )
        elif answer.fingerprints != self._fingerprints:
            raise ValueError("the answer comes from another peer connection: its DTLS fingerprint changed")
        self._transport.set_extensions(answer.extensions)

    def _refuse(self, answer: Offer) -> None:
        """What the client cannot take is not sent. What it rejects gets a new mid (RFC 8829 5.2.2)."""
        agreed = {section.mid: section for section in answer.sections}
        for index, section in enumerate(self._sections):
            theirs = agreed.get(section.mid)
            if theirs is None:
                raise ValueError("the answer has not the sections of the offer")
            if section.kind == "application":
                continue
            if not theirs.receives and (mime := self._subscribed.refuse(section.mid)):
                self._refused.add(mime)
            if theirs.rejected:
                self._sections[index] = self._section(section.kind)
        for section in self._sections:
            self._list_codecs(section)


def _offered() -> dict[str, list[OfferedCodec]]:
    """By mime: every codec we forward and its repeats, under payload types of ours.

    Redundant audio is left out: who takes it cannot be known before the answer.
    """
    offered = {}
    for index, codec in enumerate(codecs.TABLE):
        number, rate = FIRST_PAYLOAD_TYPE + 2 * index, codec.clock_rate
        plain = OfferedCodec(number, codec.name, rate, codec.channels, codec.parameters, codec.feedback)
        rtx = OfferedCodec(number + 1, "rtx", rate, parameters=f"apt={number}")
        offered[codec.mime] = [plain, rtx] if "nack" in codec.feedback else [plain]
    return offered


OFFERED = _offered()
