/** The probes of the ways to the media server, one after the other, for the check before class and for trouble in it. */
import * as probes from "./probes.js";
import * as verdicts from "./verdicts.js";
import { words } from "./words.js";

/** @typedef {import("./probes").Probes} Probes @typedef {import("./verdicts").Finding} Finding */

/**
 * @param {string} url @param {string} csrf @param {unknown} [body] @returns {Promise<any>} rejects with the server's words
 */
export async function post(url, csrf, body) {
  const headers = { "X-CSRFToken": csrf, ...(body !== undefined && { "Content-Type": "application/json" }) };
  const answer = await fetch(url, { method: "POST", headers, ...(body !== undefined && { body: JSON.stringify(body) }) });
  if (answer.redirected) throw new Error(words.signedOut);
  const said = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Error([said.text, said.mend].filter(Boolean).join(" ") || `HTTP ${answer.status}`);
  return said;
}

/** @param {Probes} given @param {(what: import("./verdicts").What) => void} [doing] @returns {Promise<Finding[]>} */
export async function tryWays(given, doing = () => {}) {
  doing("secure");
  const secure = await probes.secure(given);
  doing("udp");
  const udp = await probes.reach(given, { over: "udp" });
  doing("tcp");
  const tcp = await probes.reach(given, { over: "tcp" });
  /** One of a kind is enough. @type {Map<"relay_udp" | "relay_tcp" | "relay_tls", import("./probes").Reach>} */ const reached = new Map();
  for (const { kind, server } of probes.relays(given.servers)) {
    doing(kind);
    if (!reached.get(kind)?.ok) reached.set(kind, await probes.reach(given, { relay: server }));
  }
  const relays = [...reached].map(([kind, reach]) => ({ kind, reach }));
  return verdicts.ways({ secure, udp, tcp, relays });
}

/** As the server takes it: without the mend. @param {Finding} finding */
export const asSent = ({ what, verdict, words: said, figures = {} }) => ({ what, verdict, words: said, figures });
