"""The SDP light clients write and the little of it they read."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bench.dtls import fingerprint
from bench.light import LightClient, Remote
from bench.streams import LEVEL_ID, MID_ID, REPAIRED_ID, RID_ID, TRANSPORT_CC_ID, Outgoing

AUDIO, VIDEO, RTX = 111, 96, 97
EXTENSIONS = {
    MID_ID: "urn:ietf:params:rtp-hdrext:sdes:mid",
    TRANSPORT_CC_ID: "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01",
}
LAYERS = {
    RID_ID: "urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id",
    REPAIRED_ID: "urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id",
}
LEVEL = "urn:ietf:params:rtp-hdrext:ssrc-audio-level"


@dataclass(frozen=True)
class Section:
    """One media section of an offer. `streams` (several: simulcast) and `track` only where we send."""

    kind: str
    mid: str
    streams: tuple[Outgoing, ...] = ()
    track: str = ""


def offer(client: LightClient, sections: list[Section]) -> str:
    """An offer as a browser makes it: one bundle, rtcp-mux, sendonly or recvonly sections."""
    mids = " ".join(section.mid for section in sections)
    body = "".join(describe(client, section) for section in sections)
    return head(mids) + body


def head(mids: str) -> str:
    return (
        "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n"
        f"a=group:BUNDLE {mids}\r\na=extmap-allow-mixed\r\na=msid-semantic: WMS *\r\n"
    )


def transport(client: LightClient, setup: str) -> list[str]:
    return [
        f"c=IN IP4 127.0.0.1\r\na=rtcp:{client.port} IN IP4 127.0.0.1",
        f"a=candidate:1 1 udp 2130706431 127.0.0.1 {client.port} typ host",
        f"a=ice-ufrag:{client.ufrag}",
        f"a=ice-pwd:{client.password}",
        f"a=fingerprint:sha-256 {fingerprint()}",
        f"a=setup:{setup}",
    ]


def describe(client: LightClient, section: Section) -> str:
    audio = section.kind == "audio"
    types = f"{AUDIO}" if audio else f"{VIDEO} {RTX}"
    extensions = EXTENSIONS | ({LEVEL_ID: LEVEL} if audio else LAYERS)
    lines = [f"m={section.kind} {client.port} UDP/TLS/RTP/SAVPF {types}", *transport(client, "actpass")]
    lines += [f"a=mid:{section.mid}", *(f"a=extmap:{id} {uri}" for id, uri in extensions.items())]
    lines += ["a=sendonly" if section.streams else "a=recvonly", "a=rtcp-mux", "a=rtcp-rsize"]
    lines += codec(audio) + sources(client, section)
    return "\r\n".join(lines) + "\r\n"


def codec(audio: bool) -> list[str]:
    if audio:
        return [
            f"a=rtpmap:{AUDIO} opus/48000/2",
            f"a=rtcp-fb:{AUDIO} transport-cc",
            f"a=fmtp:{AUDIO} minptime=10;useinbandfec=1",
        ]
    feedback = [f"a=rtcp-fb:{VIDEO} {what}" for what in ("transport-cc", "ccm fir", "nack", "nack pli")]
    again = [f"a=rtpmap:{RTX} rtx/90000", f"a=fmtp:{RTX} apt={VIDEO}"]
    return [f"a=rtpmap:{VIDEO} VP8/90000", *feedback, *again]


def sources(client: LightClient, section: Section) -> list[str]:
    if not section.streams:
        return []
    lines = [f"a=msid:{client.ufrag} {section.track}"]
    if len(section.streams) > 1:  # simulcast: told apart by RID, no SSRCs (RFC 8853)
        rids = [stream.rid for stream in section.streams]
        return [*lines, *(f"a=rid:{rid} send" for rid in rids), f"a=simulcast:send {';'.join(rids)}"]
    (stream,) = section.streams
    if stream.rtx_ssrc:
        lines.append(f"a=ssrc-group:FID {stream.ssrc} {stream.rtx_ssrc}")
    ssrcs = [ssrc for ssrc in (stream.ssrc, stream.rtx_ssrc) if ssrc]
    lines += [f"a=ssrc:{ssrc} cname:{client.ufrag}" for ssrc in ssrcs]
    lines += [f"a=ssrc:{ssrc} msid:{client.ufrag} {section.track}" for ssrc in ssrcs]
    return lines


def answer(client: LightClient, offered: str) -> str:
    """Accept every section of a sending server's offer as it stands, receiving."""
    media = re.split(r"\r?\n(?=m=)", offered.strip())[1:]
    mids = " ".join(re.search(r"^a=mid:(\S+)", section, re.M)[1] for section in media)
    body = []
    for section in media:
        lines = [section.splitlines()[0], *transport(client, "active")]
        kept = r"^a=(mid|rtpmap|fmtp|rtcp-fb|extmap):.*$"
        lines += [match[0].strip() for match in re.finditer(kept, section, re.M)]
        body.append("\r\n".join([*lines, "a=recvonly", "a=rtcp-mux", "a=rtcp-rsize"]) + "\r\n")
    return head(mids) + "".join(body)


def remote(text: str) -> Remote:
    """Where the server is and how it proves itself. Raises ValueError where its SDP lacks one."""

    def find(pattern: str) -> str:
        if match := re.search(pattern, text, re.M | re.I):
            return match[1]
        raise ValueError(f"no {pattern} in the server's SDP:\n{text}")

    hosts = re.findall(r"^a=candidate:\S+ 1 udp \d+ (\d+\.\d+\.\d+\.\d+) (\d+) typ host", text, re.M | re.I)
    if not hosts:
        raise ValueError(f"no IPv4 host candidate in the server's SDP:\n{text}")
    local = [host for host in hosts if host[0].startswith("127.")] or hosts
    return Remote(
        address=(local[0][0], int(local[0][1])),
        ufrag=find(r"^a=ice-ufrag:(\S+)"),
        password=find(r"^a=ice-pwd:(\S+)"),
        fingerprint=find(r"^a=fingerprint:sha-256 (\S+)"),
        active=find(r"^a=setup:(\w+)") == "active",
    )


def rtx_types(text: str) -> frozenset[int]:
    """Payload types that carry retransmissions."""
    return frozenset(int(number) for number in re.findall(r"^a=rtpmap:(\d+) rtx/", text, re.M | re.I))
