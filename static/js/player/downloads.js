/** The recording as one file: asked for, followed, fetched. A part of the player's page with a life of its own. */
import { render } from "preact";
import { size } from "../files/words.js";
import { html, useEffect, useState } from "../ui/html.js";
import { Icon } from "../ui/icon.js";
import { downloadWords as words } from "./words.js";

/**
 * @typedef {{state: "waiting" | "running" | "ready" | "failed", done: number, size: number, keptUntil: string | null, url: string | null, mayDrop: boolean}} Download
 * @typedef {Record<"video" | "audio", Download | null>} Both
 */

const LOOK = 2000; // ms, while something is being made
const RENEW = 240_000; // ms: links last five minutes

/** Draw it into `root`, whose data says where to ask. @param {HTMLElement} root */
export function offerDownloads(root) {
  render(html`<${Downloads} address=${root.dataset["address"] ?? ""} csrf=${root.dataset["csrf"] ?? ""} />`, root);
}

/** @param {{address: string, csrf: string}} props */
function Downloads({ address, csrf }) {
  const [both, setBoth] = useState(/** @type {Both | null} */ (null));
  const [trouble, setTrouble] = useState("");
  /** @param {string} path @param {string} [method] */
  const ask = async (path, method = "GET") => {
    const answer = await fetch(path, { method, headers: { "X-CSRFToken": csrf } }).catch(() => null);
    const said = await answer?.json().catch(() => null);
    if (answer?.ok) setBoth(said);
    setTrouble(answer?.ok ? "" : [said?.detail ?? words.unreachable, said?.mend].filter(Boolean).join(" "));
  };
  const busy = Object.values(both ?? {}).some((one) => one?.state === "waiting" || one?.state === "running");
  useEffect(() => void ask(address), []);
  useEffect(() => {
    const timer = setInterval(() => !document.hidden && ask(address), busy ? LOOK : RENEW);
    return () => clearInterval(timer);
  }, [busy]);
  return html`
    <div class="section-head"><h2>${words.title}</h2></div>
    <ul class="rows">
      ${both &&
      /** @type {const} */ (["video", "audio"]).map(
        (kind) => html`<${Row} key=${kind} kind=${kind} one=${both[kind]} make=${() => ask(`${address}${kind}/`, "POST")} drop=${() => ask(`${address}${kind}/`, "DELETE")} />`,
      )}
    </ul>
    <p role="status" class="downloads__trouble">${trouble}</p>
  `;
}

/** @param {{kind: "video" | "audio", one: Download | null, make: () => void, drop: () => void}} props */
function Row({ kind, one, make, drop }) {
  const name = words[kind];
  const doing = one?.state === "waiting" || one?.state === "running";
  return html`
    <li class="row row--two">
      <div class="downloads__what">
        <span>${name}</span>
        <small class="row__more">${state(kind, one)}</small>
        ${doing && html`<progress class="transfer__bar" aria-label=${words.making(name)} max="1" value=${one.state === "running" ? one.done : undefined}></progress>`}
      </div>
      <span class="actions">
        ${doing && one.mayDrop && html`<button type="button" class="button" onClick=${drop}>${words.cancel}</button>`}
        ${one?.state === "ready" && html`<a class="button" href=${one.url} download><${Icon} name="download" />${words.download}</a>`}
        ${one?.state === "ready" && one.mayDrop && html`<button type="button" class="button button--quiet icon-button tip-below" aria-label=${words.remove(name)} data-tip=${words.remove(name)} onClick=${drop}><${Icon} name="trash-2" /></button>`}
        ${(!one || one.state === "failed") && html`<button type="button" class="button" aria-label=${words.makeNamed(name)} onClick=${make}>${one ? words.again : words.make}</button>`}
      </span>
    </li>
  `;
}

/** @param {"video" | "audio"} kind @param {Download | null} one */
function state(kind, one) {
  switch (one?.state) {
    case "waiting": return words.waiting;
    case "running": return words.running(Math.floor(one.done * 100));
    case "ready": return words.ready(size(one.size), new Date(one.keptUntil ?? ""));
    case "failed": return words.failed;
    default: return words.about[kind];
  }
}
