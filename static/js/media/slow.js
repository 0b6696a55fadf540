/**
 * Ways to the media server for networks that block UDP, or lose most of it: relays over TCP and TLS, and where there is
 * none the media server's own TCP port. Browsers cannot be told to leave UDP out, so it is taken out of the answers.
 * @typedef {RTCConfiguration & {withoutUdp?: boolean}} Ways
 */

const OVER_TCP = /^turns:|[?&]transport=tcp/;
const UDP_CANDIDATE = /^(a=)?candidate:\S+ \d+ udp /i; // RFC 8839 5.1

/** @param {RTCIceServer[]} servers @returns {Ways} */
export function slowWays(servers) {
  const relays = servers
    .map((server) => ({ ...server, urls: [server.urls].flat().filter((url) => OVER_TCP.test(url)) }))
    .filter(({ urls }) => urls.length);
  return relays.length ? { iceServers: relays, iceTransportPolicy: "relay" } : { withoutUdp: true };
}

/** @param {string} sdp */
export const withoutUdp = (sdp) =>
  sdp
    .split("\r\n")
    .filter((line) => !UDP_CANDIDATE.test(line))
    .join("\r\n");

/** The UDP port in what a media server offers or answers; browsers are no ICE-lite. @param {string} sdp @returns {number | null} */
export function udpPortIn(sdp) {
  const port = /^a=ice-lite\r?$/m.test(sdp) && /^a=candidate:\S+ \d+ udp \d+ \S+ (\d+) typ host/im.exec(sdp)?.[1];
  return port ? Number(port) : null;
}

/** Of the media server that this page has last heard of. @type {number | null} */ let known = null;
export const serversUdpPort = () => known;

const Native = globalThis.RTCPeerConnection;

if (Native) {
  globalThis.RTCPeerConnection = class extends Native {
    /** @param {Ways} [ways] */
    constructor(ways) {
      super(ways);
      this.withoutUdp = Boolean(ways?.withoutUdp);
    }

    /** @param {RTCSessionDescriptionInit} description */
    setRemoteDescription({ type, sdp = "" }) {
      known = udpPortIn(sdp) ?? known;
      return super.setRemoteDescription({ type, sdp: this.withoutUdp ? withoutUdp(sdp) : sdp });
    }

    /** @param {RTCIceCandidateInit | null} [candidate] */
    async addIceCandidate(candidate) {
      if (this.withoutUdp && UDP_CANDIDATE.test(candidate?.candidate ?? "")) return;
      return super.addIceCandidate(candidate);
    }
  };
}
