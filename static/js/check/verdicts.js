/**
 * From what the probes found to what a person reads: a verdict, why, and the mend. Pure.
 * @typedef {import("./probes").Reach} Reach
 * @typedef {"good" | "warn" | "bad" | "unknown"} Verdict
 * @typedef {"browser" | "microphone" | "camera" | "speaker" | "secure" | "udp" | "tcp" | "relay_udp" | "relay_tcp" | "relay_tls" | "line"} What
 * @typedef {{what: What, verdict: Verdict, words: string, mend?: string, figures?: Record<string, number | string | null>}} Finding
 */
import { words } from "./words.js";

const QUIET = 0.01; // of full scale; a room is louder
const SLOW_RTT = 300; // ms
const LOSSY = 0.05;
const NARROW = 300_000; // bit/s; below it there is sound and no picture
const TIGHT = 1_000_000; // bit/s

/** @param {ReturnType<typeof import("./probes").browser>} found @returns {Finding} */
export function browser({ webrtc, devices, codec }) {
  if (!webrtc || !codec) return { what: "browser", verdict: "bad", words: words.browserOld, mend: words.browserMend };
  if (!devices) return { what: "browser", verdict: "warn", words: words.browserInsecure, mend: words.browserInsecureMend };
  return { what: "browser", verdict: "good", words: words.browserGood };
}

/** @param {"microphone" | "camera"} what @param {string | null} cause the name of a DOMException @param {number | null} [level] loudest, 0–1 @returns {Finding} */
export function device(what, cause, level = null) {
  const said = words.devices[what];
  if (cause === "NotAllowedError") return { what, verdict: "warn", words: said.blocked, mend: words.allow(said.name) };
  if (cause === "NotFoundError") return { what, verdict: "warn", words: said.missing, mend: said.missingMend };
  if (cause) return { what, verdict: "warn", words: said.busy, mend: said.busyMend, figures: { cause } };
  if (level !== null && level < QUIET) return { what, verdict: "warn", words: said.silent, mend: said.silentMend, figures: { level } };
  return { what, verdict: "good", words: said.good, figures: level === null ? {} : { level: rounded(level, 3) } };
}

/** @param {boolean | null} heard null: not said @returns {Finding} */
export function speaker(heard) {
  if (heard === null) return { what: "speaker", verdict: "unknown", words: words.speakerUnknown };
  if (heard) return { what: "speaker", verdict: "good", words: words.speakerGood };
  return { what: "speaker", verdict: "warn", words: words.speakerSilent, mend: words.speakerMend };
}

/**
 * Ways to the media server are judged together: one is enough, and what is missing matters by what is there.
 * @param {{secure: Reach, udp: Reach, tcp: Reach, relays: {kind: "relay_udp" | "relay_tcp" | "relay_tls", reach: Reach}[]}} found @returns {Finding[]}
 */
export function ways({ secure, udp, tcp, relays }) {
  if (secure.cause === "HTTP 404") return [{ what: "secure", verdict: "unknown", words: words.elsewhere, figures: { cause: secure.cause } }];
  const any = udp.ok || tcp.ok || relays.some(({ reach }) => reach.ok);
  const none = /** @type {Verdict} */ (any ? "warn" : "bad");
  return [
    judged("secure", secure, secure.ok ? "good" : "bad", words.secure),
    judged("udp", udp, udp.ok ? "good" : none, any ? words.udp : { ...words.udp, bad: words.noWay, mend: words.noWayMend }),
    judged("tcp", tcp, tcp.ok || udp.ok ? "good" : none, tcp.ok ? words.tcp : { ...words.tcp, good: words.tcpUnneeded }),
    ...relays.map(({ kind, reach }) => {
      const said = words[kind];
      return judged(kind, reach, reach.ok ? "good" : udp.ok || tcp.ok ? "good" : none, reach.ok ? said : { ...said, good: said.unneeded });
    }),
  ];
}

/** @param {What} what @param {Reach} reach @param {Verdict} verdict @param {{good: string, bad: string, mend: string}} said @returns {Finding} */
function judged(what, { ms, cause }, verdict, said) {
  const figures = { ...(ms !== null && { ms: Math.round(ms) }), ...(cause && { cause }) };
  return verdict === "good" ? { what, verdict, words: said.good, figures } : { what, verdict, words: said.bad, mend: said.mend, figures };
}

/** @param {import("./probes").Line | null} found null: there was no way @returns {Finding} */
export function line(found) {
  if (!found) return { what: "line", verdict: "unknown", words: words.lineUnknown };
  const { rtt, lossUp, lossDown, up, down } = found;
  const loss = Math.max(lossUp ?? 0, lossDown ?? 0);
  const narrowest = Math.min(up ?? Infinity, down ?? Infinity);
  const figures = {
    rtt: rtt === null ? null : Math.round(rtt),
    loss: rounded(loss, 3),
    up: up === null ? null : Math.round(up),
    down: down === null ? null : Math.round(down),
  };
  const measured = words.lineMeasured({ rtt, loss, up, down });
  const bad = (/** @type {string} */ why, /** @type {Verdict} */ verdict) => ({ what: /** @type {const} */ ("line"), verdict, words: `${why} ${measured}`, mend: words.lineMend, figures });
  if (narrowest < NARROW) return bad(words.lineNarrow, "bad");
  if (loss > LOSSY) return bad(words.lineLossy, "warn");
  if (narrowest < TIGHT) return bad(words.lineTight, "warn");
  if (rtt !== null && rtt > SLOW_RTT) return bad(words.lineSlow, "warn");
  return { what: "line", verdict: "good", words: `${words.lineGood} ${measured}`, figures };
}

/** The worst that is known. @param {Finding[]} findings @returns {"good" | "warn" | "bad"} */
export function worst(findings) {
  if (findings.some(({ verdict }) => verdict === "bad")) return "bad";
  return findings.some(({ verdict }) => verdict === "warn") ? "warn" : "good";
}

/** What keeps somebody out of a class, of what the ways say. @param {Finding[]} findings @returns {Finding | null} */
export const cause = (findings) => findings.find(({ verdict }) => verdict === "bad") ?? findings.find(({ verdict }) => verdict === "warn") ?? null;

/** @param {number} value @param {number} digits */
const rounded = (value, digits) => Number(value.toFixed(digits));
