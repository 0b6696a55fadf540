"""Reading an offer (RFC 8866, RFC 8829): only what an answering SFU needs, nothing of it trusted.

aiortc's own SDP drops rid, simulcast and extmap lines, hence this one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from signaling.sfu.codecs import OfferedCodec
from signaling.sfu.spec import EXTENSIONS

DIRECTIONS = frozenset(("sendrecv", "sendonly", "recvonly", "inactive"))
KINDS = frozenset(("audio", "video", "application"))
LONGEST_VALUE = 256  # characters of a mid, ufrag, msid or rid
MOST_RIDS = 3
MOST_FORMATS = 128  # there are no more payload types
MOST_FEEDBACK = 32  # kinds of feedback for one payload type


@dataclass
class Section:
    """One m-section. `extensions` is URI to id of those the plane reads.

    `ssrcs` is (media SSRC, its RTX SSRC or None).
    """

    kind: str
    port: int
    protocol: str
    formats: list[str]
    mid: str = ""
    direction: str = "sendrecv"
    ufrag: str = ""
    setup: str = ""
    fingerprints: list[str] = field(default_factory=list)
    codecs: list[OfferedCodec] = field(default_factory=list)
    extensions: dict[str, int] = field(default_factory=dict)
    msid: tuple[str, str] | None = None
    rids: list[str] = field(default_factory=list)
    ssrcs: tuple[tuple[int, int | None], ...] = ()
    sctp_port: int | None = None
    bundle_only: bool = False

    @property
    def rejected(self) -> bool:
        """The offerer took this section out of use (RFC 8843 7.3.1 keeps bundle-only apart, port 0 too)."""
        return self.port == 0 and not self.bundle_only

    @property
    def sends(self) -> bool:
        return not self.rejected and self.direction in ("sendonly", "sendrecv")

    @property
    def receives(self) -> bool:
        return not self.rejected and self.direction in ("recvonly", "sendrecv")


@dataclass(frozen=True)
class Offer:
    """A parsed offer; sections in their order."""

    sections: tuple[Section, ...]

    @property
    def ufrag(self) -> str:
        return next((section.ufrag for section in self.sections if section.ufrag), "")

    @property
    def setup(self) -> str:
        return next((section.setup for section in self.sections if section.setup), "actpass")

    @property
    def fingerprints(self) -> list[str]:
        return next((section.fingerprints for section in self.sections if section.fingerprints), [])

    @property
    def sctp_port(self) -> int | None:
        return next((section.sctp_port for section in self.sections if section.sctp_port), None)

    @property
    def extensions(self) -> dict[str, int]:
        """One map for the bundle (RFC 8843 9.1: an id means the same everywhere)."""
        merged: dict[str, int] = {}
        for section in self.sections:
            merged.update(section.extensions)
        return merged


class _Reading:
    """Attributes of one section, or of the session, while its lines are read."""

    def __init__(self, section: Section) -> None:
        self.section = section
        self.maps: dict[int, tuple[str, int, int]] = {}
        self.parameters: dict[int, str] = {}
        self.feedback: dict[int, list[str]] = {}
        self.ssrcs: list[int] = []
        self.pairs: dict[int, int] = {}
        self.simulcast: list[str] = []

    def attribute(self, name: str, value: str) -> None:
        if name in DIRECTIONS:
            self.section.direction = name
            return
        read = READERS.get(name)
        if read is not None:
            read(self, value)

    def finish(self, session: Section) -> Section:
        """The section with everything in place; `session` lends what was said once for all."""
        section = self.section
        section.ufrag = section.ufrag or session.ufrag
        section.setup = section.setup or session.setup
        section.fingerprints = section.fingerprints or session.fingerprints
        section.extensions = {**session.extensions, **section.extensions}
        section.codecs = list(self._codecs())
        section.rids = [rid for rid in self.simulcast if rid in section.rids]
        repairs = set(self.pairs.values())
        section.ssrcs = tuple((ssrc, self.pairs.get(ssrc)) for ssrc in self.ssrcs if ssrc not in repairs)
        return section

    def _codecs(self) -> Iterator[OfferedCodec]:
        everywhere = self.feedback.get(-1, [])
        for text in self.section.formats:
            payload_type = int(text) if text.isdigit() else -1
            if payload_type not in self.maps:
                continue
            name, clock_rate, channels = self.maps[payload_type]
            yield OfferedCodec(
                payload_type,
                name,
                clock_rate,
                channels,
                self.parameters.get(payload_type, ""),
                tuple(self.feedback.get(payload_type, []) + everywhere),
            )

    def read_mid(self, value: str) -> None:
        self.section.mid = _token(value)

    def read_ufrag(self, value: str) -> None:
        self.section.ufrag = _token(value)

    def read_setup(self, value: str) -> None:
        self.section.setup = value

    def read_bundle_only(self, value: str) -> None:
        self.section.bundle_only = True

    def read_fingerprint(self, value: str) -> None:
        algorithm, _, digest = value.partition(" ")
        if not digest:
            raise ValueError("a fingerprint has no digest")
        self.section.fingerprints.append(f"{algorithm} {digest.strip()}")

    def read_sctp_port(self, value: str) -> None:
        self.section.sctp_port = _number(value, 65535)

    def read_rtpmap(self, value: str) -> None:
        payload_type, _, encoding = value.partition(" ")
        name, clock_rate, *channels = encoding.strip().split("/")
        known = (name, _number(clock_rate, 1_000_000), _number(channels[0], 8) if channels else 1)
        self.maps[_number(payload_type, 127)] = known

    def read_fmtp(self, value: str) -> None:
        payload_type, _, parameters = value.partition(" ")
        self.parameters[_number(payload_type, 127)] = parameters.strip()

    def read_feedback(self, value: str) -> None:
        payload_type, _, name = value.partition(" ")
        number = -1 if payload_type == "*" else _number(payload_type, 127)
        names = self.feedback.setdefault(number, [])
        if len(names) >= MOST_FEEDBACK:
            raise ValueError("a section asks for too many kinds of feedback")
        names.append(name.strip())

    def read_extension(self, value: str) -> None:
        number, _, rest = value.partition(" ")
        uri = rest.split(" ", 1)[0]
        known = _number(number.partition("/")[0], 255)
        if uri in EXTENSIONS:  # every section inherits the session's: what nobody reads would multiply
            self.section.extensions[uri] = known

    def read_msid(self, value: str) -> None:
        stream, _, track = value.partition(" ")
        self.section.msid = (_token(stream), _token(track or stream))

    def read_rid(self, value: str) -> None:
        rid, direction, *_ = [*value.split(" "), ""]
        if direction == "send":
            self.section.rids.append(_token(rid))

    def read_simulcast(self, value: str) -> None:
        words = value.split(" ")
        if "send" not in words[:-1]:
            return
        streams = words[words.index("send") + 1].split(";")
        rids = [stream.split(",")[0].lstrip("~") for stream in streams]
        if len(rids) > MOST_RIDS:
            raise ValueError(f"more than {MOST_RIDS} simulcast layers")
        self.simulcast = rids

    def read_ssrc(self, value: str) -> None:
        number = _number(value.partition(" ")[0], 0xFFFFFFFF)
        if number not in self.ssrcs:
            if len(self.ssrcs) >= 2 * MOST_RIDS:
                raise ValueError("a section names too many SSRCs")
            self.ssrcs.append(number)

    def read_ssrc_group(self, value: str) -> None:
        semantics, *numbers = value.split()
        if semantics == "FID" and len(numbers) == 2:
            self.pairs[_number(numbers[0], 0xFFFFFFFF)] = _number(numbers[1], 0xFFFFFFFF)


READERS: dict[str, Callable[[_Reading, str], None]] = {
    "mid": _Reading.read_mid,
    "ice-ufrag": _Reading.read_ufrag,
    "setup": _Reading.read_setup,
    "bundle-only": _Reading.read_bundle_only,
    "fingerprint": _Reading.read_fingerprint,
    "sctp-port": _Reading.read_sctp_port,
    "rtpmap": _Reading.read_rtpmap,
    "fmtp": _Reading.read_fmtp,
    "rtcp-fb": _Reading.read_feedback,
    "extmap": _Reading.read_extension,
    "msid": _Reading.read_msid,
    "rid": _Reading.read_rid,
    "simulcast": _Reading.read_simulcast,
    "ssrc": _Reading.read_ssrc,
    "ssrc-group": _Reading.read_ssrc_group,
}


def parse_offer(text: str, *, most_sections: int = 450) -> Offer:
    """Read an offer; raises ValueError with what is wrong with it."""
    session = _Reading(Section("session", 9, "", []))
    readings: list[_Reading] = []
    reading = session
    for line in text.splitlines():
        kind, _, value = line.partition("=")
        if kind == "m":
            reading = _Reading(_media_line(value))
            readings.append(reading)
            if len(readings) > most_sections:
                raise ValueError(f"the offer has more than {most_sections} sections")
        elif kind == "a":
            name, _, rest = value.partition(":")
            reading.attribute(name, rest.strip())
    sections = tuple(reading.finish(session.section) for reading in readings)
    _check(sections)
    return Offer(sections)


def _media_line(value: str) -> Section:
    parts = value.split()
    if len(parts) < 4 or parts[0] not in KINDS:
        raise ValueError("the offer has a media line that is neither audio, video nor application")
    if len(parts) - 3 > MOST_FORMATS:
        raise ValueError(f"a section of the offer has more than {MOST_FORMATS} formats")
    return Section(parts[0], _number(parts[1].partition("/")[0], 65535), parts[2], parts[3:])


def _check(sections: tuple[Section, ...]) -> None:
    if not sections:
        raise ValueError("the offer has no sections")
    mids = [section.mid for section in sections]
    if not all(mids) or len(set(mids)) != len(mids):
        raise ValueError("every section of the offer needs a mid of its own")
    live = [section for section in sections if not section.rejected]
    if not any(section.ufrag for section in live) or not any(section.fingerprints for section in live):
        raise ValueError("the offer has no ICE user fragment or no DTLS fingerprint")
    if len({section.ufrag for section in live if section.ufrag}) > 1:
        raise ValueError("the offer is not one bundle: its sections have different ICE user fragments")


def _number(text: str, most: int) -> int:
    if not (text.isascii() and text.isdigit()) or int(text) > most:
        raise ValueError(f"a number in the offer is not between 0 and {most}")
    return int(text)


def _token(text: str) -> str:
    if len(text) > LONGEST_VALUE or not text.isprintable():
        raise ValueError("a name in the offer is too long or not printable")
    return text
