/**
 * What the connections of this page do, kept for a supporter: states, kinds of candidates, refusals of relays, pairs when
 * one fails. No address of this person's is kept. Has to be loaded before anything makes a connection.
 * @typedef {{ms: number, what: string, detail: string}} Moment
 */

const MOST = 400; // the first ones tell how it began, so the later ones are left out
const LONGEST = 400; // characters

/** @type {Moment[]} */ const moments = [];

/** @param {string} what @param {string} detail */
export function note(what, detail = "") {
  if (moments.length < MOST) moments.push({ ms: Math.round(performance.now()), what, detail: detail.slice(0, LONGEST) });
}

/** Everything so far, with how the pairs of all connections stand now. @returns {Promise<Moment[]>} */
export async function timeline() {
  await Promise.all([...alive].map(([pc, name]) => pairs(pc, name)));
  return [...moments];
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
    if (["connected", "disconnected", "failed"].includes(pc.connectionState)) void pairs(pc, name);
  });
}

/** @param {RTCPeerConnection} pc @param {string} name */
async function pairs(pc, name) {
  const stats = await pc.getStats().catch(() => new Map());
  for (const stat of stats.values()) {
    if (stat.type !== "candidate-pair" || (stat.state === "frozen" && !stat.requestsSent)) continue;
    const [local, remote] = [stats.get(stat.localCandidateId), stats.get(stat.remoteCandidateId)];
    const to = `${remote?.candidateType} ${remote?.protocol} port ${remote?.port}`;
    const counts = `${stat.requestsSent} asked, ${stat.responsesReceived} answered`;
    note(`${name}: pair`, `${stat.state}${stat.nominated ? ", in use" : ""}: ${local?.candidateType} → ${to}, ${counts}`);
  }
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
