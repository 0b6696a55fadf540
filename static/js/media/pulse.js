/**
 * Whether sound and video still arrive while the media server cannot be reached: the server may be gone with its
 * socket, or only the socket is broken and media runs on.
 * @typedef {import("livekit-client").RemoteParticipant} RemoteParticipant
 */

const EVERY = 1000;

export class Pulse {
  /** @param {() => Iterable<RemoteParticipant>} peers @param {(flows: boolean) => void} tell */
  constructor(peers, tell) {
    this.peers = peers;
    this.tell = tell;
    /** @type {any} */ this.timer = null;
  }

  /** Looks every second until `stop`. */
  start() {
    this.stop();
    let before = -1;
    this.timer = setInterval(async () => {
      const bytes = await received(this.peers());
      if (bytes !== null && before >= 0 && this.timer) this.tell(bytes > before);
      before = bytes ?? -1;
    }, EVERY);
  }

  stop() {
    clearInterval(this.timer);
    this.timer = null;
  }
}

/** Bytes of all tracks that should flow; null without one. @param {Iterable<RemoteParticipant>} peers */
async function received(peers) {
  const tracks = [...peers].flatMap((peer) => [...peer.trackPublications.values()]).filter((each) => !each.isMuted && each.track);
  if (!tracks.length) return null;
  const reports = await Promise.all(tracks.map((each) => each.track?.getRTCStatsReport()));
  let bytes = 0;
  for (const report of reports)
    report?.forEach((/** @type {any} */ stat) => {
      if (stat.type === "inbound-rtp") bytes += stat.bytesReceived;
    });
  return bytes;
}
