"""Writing descriptions: one ICE-lite address for all sections. An answer keeps those of the offer.

Each section gets one outcome: we receive a published track, we send a subscribed one, the data channels,
or nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from signaling.sfu.codecs import Match
from signaling.sfu.sdp import Section
from signaling.sfu.spec import DEPENDENCY, EXTENSIONS, Candidate, IceCredentials

MAX_MESSAGE_SIZE = 262_144  # bytes, of one data channel message (RFC 8841 6)
NOWHERE = Candidate("0.0.0.0", 9, 4)  # noqa: S104 (RFC 8840 4.1.1: the address of a description without one)


@dataclass(frozen=True)
class Nothing:
    """Inactive. Without a codec both sides know the section is refused (port 0)."""

    match: Match | None


@dataclass(frozen=True)
class Receiving:
    """The client publishes here. `rids` is empty when it is not simulcast."""

    match: Match
    rids: tuple[str, ...] = ()
    stereo: bool = False
    dtx: bool = True


@dataclass(frozen=True)
class Sending:
    """A subscribed track goes out here; `msid` is "<publisher sid>|<track sid> <track sid>".

    `others` are further codecs that may take the place of the first without another offer.
    """

    match: Match
    msid: str
    cname: str
    ssrc: int
    rtx_ssrc: int | None
    transport_cc: bool = False
    others: tuple[Match, ...] = ()


@dataclass(frozen=True)
class Channels:
    """The data channels' section."""


Outcome = Nothing | Receiving | Sending | Channels


@dataclass(frozen=True)
class Endpoint:
    """What every section says about us; `setup` is "actpass" in an offer of ours."""

    ice: IceCredentials
    fingerprint: str
    candidates: Sequence[Candidate]
    setup: str = "passive"


def write_description(
    sections: Sequence[Section],
    outcomes: Mapping[str, Outcome],
    endpoint: Endpoint,
    *,
    session_id: int,
    version: int,
) -> str:
    """The text of an answer or an offer; `outcomes` holds one entry for each mid."""
    used = [section for section in sections if not _refused(section, outcomes[section.mid])]
    lines = [
        "v=0",
        f"o=- {session_id} {version} IN IP4 0.0.0.0",
        "s=-",
        "t=0 0",
        "a=ice-lite",
        "a=group:BUNDLE " + " ".join(section.mid for section in used),
        "a=extmap-allow-mixed",
        "a=msid-semantic: WMS *",
    ]
    for section in sections:
        lines += _section(section, outcomes[section.mid], endpoint)
    return "\r\n".join(lines) + "\r\n"


def _refused(section: Section, outcome: Outcome) -> bool:
    return section.rejected or (isinstance(outcome, Nothing) and outcome.match is None)


def _section(section: Section, outcome: Outcome, endpoint: Endpoint) -> Iterator[str]:
    if _refused(section, outcome):
        yield f"m={section.kind} 0 {section.protocol} {' '.join(section.formats)}"
        yield "c=IN IP4 0.0.0.0"
        yield f"a=mid:{section.mid}"
        yield "a=inactive"
        return
    first = endpoint.candidates[0] if endpoint.candidates else NOWHERE
    yield f"m={section.kind} {first.port} {section.protocol} {_formats(outcome)}"
    yield f"c=IN IP{first.family} {first.ip}"
    yield from _transport(section, endpoint)
    if isinstance(outcome, Channels):
        yield "a=sctp-port:5000"
        yield f"a=max-message-size:{MAX_MESSAGE_SIZE}"
    else:
        yield from _media(section, outcome)


def _formats(outcome: Outcome) -> str:
    if isinstance(outcome, Channels):
        return "webrtc-datachannel"
    match = outcome.match
    assert match is not None  # a section without a codec was refused above
    # The first is what a client sends.
    entries = [entry for each in _matches(outcome, match) for entry in (each.red, each.offered, each.rtx)]
    return " ".join(str(entry.payload_type) for entry in entries if entry)


def _matches(outcome: Outcome, first: Match) -> tuple[Match, ...]:
    return (first, *outcome.others) if isinstance(outcome, Sending) else (first,)


def _transport(section: Section, endpoint: Endpoint) -> Iterator[str]:
    yield from candidate_lines(endpoint.candidates)
    yield f"a=ice-ufrag:{endpoint.ice.ufrag}"
    yield f"a=ice-pwd:{endpoint.ice.pwd}"
    yield f"a=fingerprint:{endpoint.fingerprint}"
    yield f"a=setup:{endpoint.setup}"
    yield f"a=mid:{section.mid}"


def candidate_lines(candidates: Sequence[Candidate]) -> Iterator[str]:
    """All there will ever be."""
    for number, candidate in enumerate(candidates):
        yield f"a=candidate:{number + 1} 1 {_candidate(candidate, number)}"
    yield "a=end-of-candidates"


def _candidate(candidate: Candidate, number: int) -> str:
    """Protocol, priority and place; the order of the list is the local preference."""
    if candidate.protocol == "tcp":
        # RFC 6544 4.2: below every UDP candidate; the direction preference of a passive host candidate is 4.
        priority = (90 << 24) | (4 << 21) | ((8191 - number) << 8) | 255
        return f"tcp {priority} {candidate.ip} {candidate.port} typ host tcptype passive"
    # RFC 8445 5.1.2.1: type preference 126 for a host.
    priority = (126 << 24) | ((65535 - number) << 8) | 255
    return f"udp {priority} {candidate.ip} {candidate.port} typ host"


def _media(section: Section, outcome: Nothing | Receiving | Sending) -> Iterator[str]:
    match = outcome.match
    assert match is not None
    yield "a=rtcp-mux"
    yield "a=rtcp-rsize"
    yield f"a={_direction(outcome)}"
    for uri, number in section.extensions.items():
        # Chromium models its next section on an agreed one: without the layers' extensions accepted in every
        # section, received ones too, a later simulcast track (a screen) cannot be offered at all.
        if uri in EXTENSIONS and not (uri == DEPENDENCY and _says_all(outcome)):
            yield f"a=extmap:{number} {uri}"
    for each in _matches(outcome, match):
        yield from _codec(each, outcome)
    if isinstance(outcome, Receiving):
        yield from _layers(outcome.rids)
    elif isinstance(outcome, Sending):
        yield from _streams(outcome)


def _says_all(outcome: Nothing | Receiving | Sending) -> bool:
    """VP8 tells its layers in its own descriptor: a second one would only make packets larger."""
    return isinstance(outcome, Receiving) and outcome.match.codec.name == "VP8"


def _direction(outcome: Nothing | Receiving | Sending) -> str:
    match outcome:
        case Receiving():
            return "recvonly"
        case Sending():
            return "sendonly"
        case Nothing():
            return "inactive"


def _codec(match: Match, outcome: Nothing | Receiving | Sending) -> Iterator[str]:
    entry, channels = match.offered, f"/{match.codec.channels}" if match.codec.channels > 1 else ""
    yield f"a=rtpmap:{entry.payload_type} {match.codec.name}/{match.codec.clock_rate}{channels}"
    for name in match.feedback:
        if name != "transport-cc" or not isinstance(outcome, Sending) or outcome.transport_cc:
            yield f"a=rtcp-fb:{entry.payload_type} {name}"
    if parameters := _parameters(match, outcome):
        yield f"a=fmtp:{entry.payload_type} {parameters}"
    if match.red:
        yield f"a=rtpmap:{match.red.payload_type} red/{match.codec.clock_rate}{channels}"
        yield f"a=fmtp:{match.red.payload_type} {match.red.parameters}"
    if match.rtx:
        yield f"a=rtpmap:{match.rtx.payload_type} rtx/{match.codec.clock_rate}"
        yield f"a=fmtp:{match.rtx.payload_type} apt={entry.payload_type}"


def _parameters(match: Match, outcome: Nothing | Receiving | Sending) -> str:
    """RFC 7587 7: what we ask of an Opus encoder; a codec without own rules gets its offer back."""
    parameters = [item.strip() for item in match.offered.parameters.split(";") if item.strip()]
    if match.codec.name == "opus" and isinstance(outcome, Receiving):
        parameters = [item for item in parameters if item.partition("=")[0] not in ("usedtx", "stereo")]
        parameters += ["usedtx=1"] if outcome.dtx else []
        parameters += ["stereo=1"] if outcome.stereo else []
    return ";".join(parameters)


def _layers(rids: tuple[str, ...]) -> Iterator[str]:
    for rid in rids:
        yield f"a=rid:{rid} recv"
    if rids:
        yield "a=simulcast:recv " + ";".join(rids)


def _streams(outcome: Sending) -> Iterator[str]:
    yield f"a=msid:{outcome.msid}"
    numbers = [number for number in (outcome.ssrc, outcome.rtx_ssrc) if number is not None]
    if len(numbers) == 2:
        yield f"a=ssrc-group:FID {numbers[0]} {numbers[1]}"
    for number in numbers:
        yield f"a=ssrc:{number} cname:{outcome.cname}"
        yield f"a=ssrc:{number} msid:{outcome.msid}"
