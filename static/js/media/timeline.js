/**
 * What the connections of this page do, kept for a supporter: states, kinds of candidates, refusals of relays, pairs when
 * one fails. No address of this person's is kept. Has to be loaded before anything makes a connection.
 * @typedef {{ms: number, what: string, detail: string}} Moment
 */

const FIRST = 120; // tell how it began
const LAST = 240; // tell how it is now; what is between them is left out
const PAIRS = 40; // as they stand at the end
const LONGEST = 400; // characters

/** @type {Moment[]} */ const moments = [];

/** @param {string} what @param {string} detail @returns {Moment} */
const moment = (what, detail) => ({ ms: Math.round(performance.now()), what, detail: detail.slice(0, LONGEST) });

/** @param {string} what @param {string} detail */
export function note(what, detail) {
  moments.push(moment(what, detail));
  if (moments.length > FIRST + LAST) moments.splice(FIRST, 1);
}

/** Everything so far, with how the pairs of all connections stand now. @returns {Promise<Moment[]>} */
export async function timeline() {
  const now = await Promise.all([...alive].map(([pc, name]) => pairs(pc, name)));
  return [...moments, ...now.flat().slice(0, PAIRS)];
}

/** @type {Map<RTCPeerConnection, string>} */ const alive = new Map();
let count = 0;
const Native = globalThis.RTCPeerConnection;

/** @param {RTCIceCandidate & {relayProtocol?: string}} candidate */
const kind = ({ type, protocol, relayProtocol }) => [type, protocol, relayProtocol && `relay by ${relayProtocol}`].filter(Boolean).join(" ");

/** @param {RTCPeerConnection} pc @param {string} name */
function watch(pc, name) {
  const on = (/** @type {string} */ event, /** @type {string} */ what, /** @type {(event: any) => string} */ detail) =>
    pc.addEventListener(event, (happened) => note(`${name}: ${what}`, detail(happened)));
  alive.set(pc, name);
  on("connectionstatechange", "state", () => pc.connectionState);
  on("iceconnectionstatechange", "ICE", () => pc.iceConnectionState);
  on("icegatheringstatechange", "gathering", () => pc.iceGatheringState);
  on("icecandidate", "candidate", ({ candidate }) => (candidate ? kind(candidate) : "no more"));
  on("icecandidateerror", "server refused", ({ errorCode, errorText, url }) => `${errorCode} ${errorText} ${url}`);
  pc.addEventListener("connectionstatechange", () => {
    if (!["connected", "disconnected", "failed"].includes(pc.connectionState)) return;
    void pairs(pc, name).then((found) => found.forEach(({ what, detail }) => note(what, detail)));
  });
}

/** @param {RTCPeerConnection} pc @param {string} name @returns {Promise<Moment[]>} */
async function pairs(pc, name) {
  const stats = await pc.getStats().catch(() => new Map());
  return [...stats.values()]
    .filter((stat) => stat.type === "candidate-pair" && (stat.state !== "frozen" || stat.requestsSent))
    .map((stat) => {
      const [local, remote] = [stats.get(stat.localCandidateId), stats.get(stat.remoteCandidateId)];
      const to = `${remote?.candidateType} ${remote?.protocol} port ${remote?.port}`;
      const counts = `${stat.requestsSent} asked, ${stat.responsesReceived} answered`;
      return moment(`${name}: pair`, `${stat.state}${stat.nominated ? ", in use" : ""}: ${local?.candidateType} → ${to}, ${counts}`);
    });
}

if (Native) {
  globalThis.RTCPeerConnection = class extends Native {
    /** @param {RTCConfiguration} [configuration] */
    constructor(configuration) {
      super(configuration);
      watch(this, `connection ${++count}`);
    }

    close() {
      super.close();
      const name = alive.get(this);
      if (name) note(`${name}: state`, "closed by the page");
      alive.delete(this);
    }
  };
}
