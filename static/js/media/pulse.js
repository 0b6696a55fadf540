/**
 * Whether anything still arrives from the media server. Its connection counts as broken only after many seconds, and
 * sound and video can run on while its socket is broken: so the packets themselves are watched.
 * @typedef {import("livekit-client").RemoteParticipant} RemoteParticipant
 * @typedef {{at: number, bytes: number, grewAt: number}} Beat when looked (ms), bytes so far, when they last grew
 */

import { pathOf } from "./path.js";

const EVERY = 500;
const GAP = 1500; // ms; a living server reports once a second even where nobody speaks
const ASLEEP = 4000; // ms; looked at later than this, the page itself was held up: nothing can be said

export class Pulse {
  /**
   * @param {() => Iterable<RemoteParticipant>} peers
   * @param {{silent: (since: number | null) => void, path: (path: import("../state/types").Path) => void}} tell only of changes
   */
  constructor(peers, tell) {
    this.peers = peers;
    this.tell = tell;
    /** @type {any} */ this.timer = null;
  }

  /** Looks twice a second until `stop`. */
  start() {
    this.stop();
    /** @type {Beat | null} */ let beat = null;
    /** @type {import("../state/types").Path | null} */ let path = null;
    let silent = false;
    let looking = false;
    const timer = setInterval(async () => {
      if (looking) return;
      looking = true;
      const reports = await reportsOf(this.peers()).catch(() => []);
      looking = false;
      if (this.timer !== timer) return;
      const now = reports.length ? pathOf(reports[0] ?? []) : null;
      if (now && (now.relayed !== path?.relayed || now.tcp !== path.tcp)) this.tell.path((path = now));
      beat = next(beat, reports.length ? total(reports) : null, Date.now());
      const since = silentSince(beat);
      if (silent === (since !== null)) return;
      silent = since !== null;
      this.tell.silent(since);
    }, EVERY);
    this.timer = timer;
  }

  stop() {
    clearInterval(this.timer);
    this.timer = null;
  }
}

/** @param {Beat | null} beat @param {number | null} bytes null: nothing should flow @param {number} at @returns {Beat | null} */
export function next(beat, bytes, at) {
  if (bytes === null) return null;
  if (!beat || bytes !== beat.bytes || at - beat.at > ASLEEP) return { at, bytes, grewAt: at };
  return { ...beat, at };
}

/** When the silence began, once it is one. @param {Beat | null} beat @returns {number | null} */
export const silentSince = (beat) => (beat && beat.at - beat.grewAt >= GAP ? beat.grewAt : null);

/**
 * Of the connections of all tracks that should flow, the server's reports with them: somebody else's frozen line is not
 * ours.
 * @param {Iterable<RemoteParticipant>} peers
 */
async function reportsOf(peers) {
  const tracks = [...peers]
    .flatMap((peer) => [...peer.trackPublications.values()])
    .filter((each) => !each.isMuted && each.isEnabled && each.track);
  return Promise.all(tracks.map((each) => each.track?.getRTCStatsReport()));
}

/** Of transports, each once; of streams in browsers that do not tell of transports. @param {(Iterable<[string, any]> | undefined)[]} reports */
export function total(reports) {
  const stats = new Map(reports.flatMap((report) => [...(report ?? [])]));
  const bytes = (/** @type {string} */ type) => [...stats.values()].filter((stat) => stat.type === type).map((stat) => stat.bytesReceived ?? 0);
  const transports = bytes("transport");
  return (transports.length ? transports : bytes("inbound-rtp")).reduce((sum, each) => sum + each, 0);
}
