/**
 * Whether this device keeps up with the pictures that come: plain arithmetic on the browser's own counts.
 * @typedef {object} Counts of all pictures of others since they began
 * @property {Map<string, {received: number, dropped: number}>} streams frames, by stream
 * @property {number} decoding seconds spent on it
 * @property {number} packets that came
 * @property {number} lost packets that did not
 * @typedef {{seconds: number, blocked: number, cores: number}} Span `blocked`: for how many of them the page could do nothing
 */

const BLOCKED = 0.3; // of the time
const DROPPED = 0.2; // of the frames
const DECODING = 0.75; // of all cores
const FEW = 10; // frames; of fewer nothing can be said
const LOSSY = 0.02; // of the packets: then frames are missing for the line's sake

/** @param {Iterable<Iterable<[string, any]> | undefined>} reports @returns {Counts} */
export function counted(reports) {
  const all = new Map([...reports].flatMap((report) => [...(report ?? [])]));
  const inbound = [...all].filter(([, stat]) => stat.type === "inbound-rtp" && stat.kind === "video");
  const sum = (/** @type {string} */ name) => inbound.reduce((total, [, stat]) => total + (stat[name] ?? 0), 0);
  return {
    streams: new Map(inbound.map(([id, stat]) => [id, { received: stat.framesReceived ?? 0, dropped: stat.framesDropped ?? 0 }])),
    decoding: sum("totalDecodeTime"),
    packets: sum("packetsReceived"),
    lost: sum("packetsLost"),
  };
}

/** How many pictures moved between two counts. @param {Counts} before @param {Counts} now */
export const moving = (before, now) => [...now.streams].filter(([id, { received }]) => received > (before.streams.get(id)?.received ?? received)).length;

/** @param {Counts} before @param {Counts} now @param {Span} span @returns {boolean} */
export function isStrained(before, now, { seconds, blocked, cores }) {
  if (blocked >= BLOCKED * seconds) return true;
  if (now.decoding - before.decoding >= DECODING * cores * seconds) return true;
  const { received, dropped } = frames(before, now);
  const lost = now.lost - before.lost;
  const lossy = lost > LOSSY * (now.packets - before.packets + lost);
  return received >= FEW && !lossy && dropped >= DROPPED * received;
}

/** Of streams that were there before. @param {Counts} before @param {Counts} now */
function frames(before, now) {
  const both = [...now.streams].flatMap(([id, stream]) => {
    const past = before.streams.get(id);
    return past ? [{ received: stream.received - past.received, dropped: stream.dropped - past.dropped }] : [];
  });
  const sum = (/** @type {"received" | "dropped"} */ name) => both.reduce((total, each) => total + each[name], 0);
  return { received: sum("received"), dropped: sum("dropped") };
}
