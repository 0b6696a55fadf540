/** The player: the page's only wiring. */
import { render } from "preact";
import { countdown, tellTimesIn } from "../text.js";
import { html, useEffect, useRef, useState } from "../ui/html.js";
import { drawFrom, Icon } from "../ui/icon.js";
import { offerDownloads } from "./downloads.js";
import { Players } from "./sync.js";
import { arranged, classTime, isSound, lengthOf, marks, playing, stretches, viewTime } from "./timeline.js";
import { Watching } from "./watching.js";
import { words } from "./words.js";

/** @typedef {import("./timeline").Track} Track @typedef {import("./timeline").Line} Line */

const root = /** @type {HTMLElement} */ (document.getElementById("player"));
/** @type {{recording: {id: string, startedAt: string, tracks: Track[], chat: Line[]}, timeZone: string, csrf: string, urls: {fresh: string, seen: string}}} */
const page = JSON.parse(document.getElementById("player-data")?.textContent ?? "{}");
drawFrom(root.dataset["sprite"] ?? "");
tellTimesIn(page.timeZone);

const SPEEDS = [0.5, 0.75, 1, 1.25, 1.5, 1.75, 2, 2.5, 3];
const STEP = 10; // seconds
const KEPT = `recording-${page.recording.id}`;
const REMEMBER = 5000; // ms

const all = stretches(page.recording.tracks);
const length = lengthOf(all);
const changed = { tell: () => {} };
let gone = false;
let renewing = false;

const players = new Players(page.recording.tracks, { changed: () => changed.tell(), renew });

/** Links last some minutes; a page stays open for longer. */
async function renew() {
  if (renewing || gone) return;
  renewing = true;
  const answer = await fetch(page.urls.fresh).catch(() => null);
  if (answer?.ok) players.renewed((await answer.json()).tracks);
  else gone = answer !== null && answer.status < 500;
  setTimeout(() => (renewing = false), 1000);
  changed.tell();
}

const watching = new Watching(page.urls.seen, page.csrf);

const now = () => viewTime(all, players.at);

/** @param {number} time of the viewer's */
const goTo = (time) => players.seek(classTime(all, Math.min(Math.max(0, time), Math.max(0, length - 0.05))));

function turn() {
  if (now() >= length - 0.2) goTo(0);
  players.plays = !players.plays;
  players.look();
}

/** @param {number} by */
function faster(by) {
  const index = SPEEDS.indexOf(players.speed) + by;
  players.speed = SPEEDS[Math.min(Math.max(0, index), SPEEDS.length - 1)] ?? 1;
  players.look();
}

function jumpOverBreaks() {
  const at = players.at;
  if (!players.plays) return;
  if (now() >= length - 0.05) players.plays = false;
  else if (!all.some(({ from, to }) => from <= at && at < to)) players.seek((all.find(({ from }) => from > at) ?? { from: at }).from);
}

function Player() {
  const [, redraw] = useState(0);
  const stage = useRef(/** @type {HTMLElement | null} */ (null));
  useEffect(() => {
    changed.tell = () => {
      jumpOverBreaks();
      watching.tick(now(), players.plays && !players.waits);
      redraw((count) => count + 1);
    };
    const keys = (/** @type {KeyboardEvent} */ event) => onKey(event, stage.current);
    document.addEventListener("keydown", keys);
    return () => document.removeEventListener("keydown", keys);
  }, []);
  const { main, others } = arranged(playing(page.recording.tracks, players.at));
  return html`
    <div class="player" ref=${stage}>
      <div class="player__stage" role="group" aria-label=${words.stage}>
        ${page.recording.tracks.map((track) => html`<${Media} key=${track.id} track=${track} place=${track === main ? "main" : others.includes(track) ? "beside" : "away"} />`)}
        ${!main && html`<p class="player__nothing">${gone ? words.gone : words.soundOnly}</p>`}
        ${players.waits && html`<span class="player__waits"><span class="spinner"></span><span class="visually-hidden">${words.loading}</span></span>`}
      </div>
      <${Controls} stage=${stage} />
      <${Chat} />
    </div>
    <p class="player__keys">${words.keys}</p>
  `;
}

/** Every track has its element from the beginning, so that nothing is loaded anew. @param {{track: Track, place: string}} props */
function Media({ track, place }) {
  const bind = useRef((/** @type {HTMLMediaElement | null} */ element) => players.bind(track, element));
  if (isSound(track)) return html`<audio ref=${bind.current}></audio>`;
  const name = track.source === "screen_share" ? words.screenOf(track.name) : track.name;
  return html`
    <figure class=${`player__picture player__picture--${place}`}>
      <video ref=${bind.current} muted playsinline></video>
      <figcaption class="plate"><bdi>${name}</bdi></figcaption>
    </figure>
  `;
}

/** @param {{stage: import("preact").RefObject<HTMLElement>}} props */
function Controls({ stage }) {
  const time = now();
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    const link = new URL(location.href);
    link.searchParams.set("t", String(Math.floor(time)));
    await navigator.clipboard.writeText(link.href);
    setCopied(true);
    setTimeout(() => setCopied(false), 2000);
  };
  return html`
    <div class="player__controls" role="group">
      <div class="player__line">
        <input class="player__seek" type="range" min="0" max=${length} step="0.1" value=${time} aria-label=${words.position} aria-valuetext=${words.of(countdown(time * 1000), countdown(length * 1000))} onInput=${(/** @type {Event} */ event) => goTo(Number(/** @type {HTMLInputElement} */ (event.target).value))} />
        ${marks(page.recording.tracks, all).map((mark) => html`<${Mark} mark=${mark} />`)}
      </div>
      <${Press} icon=${players.plays ? "pause" : "play"} word=${players.plays ? words.pause : words.play} look="primary" act=${turn} />
      <${Press} icon="rotate-ccw" word=${words.back} act=${() => goTo(time - STEP)} />
      <${Press} icon="rotate-cw" word=${words.forth} act=${() => goTo(time + STEP)} />
      <span class="player__time"><bdi>${words.of(countdown(Math.floor(time) * 1000), countdown(Math.floor(length) * 1000))}</bdi></span>
      <label class="player__speed"><span class="visually-hidden">${words.speed}</span>
        <select class="input" value=${String(players.speed)} onChange=${(/** @type {Event} */ event) => (players.speed = Number(/** @type {HTMLSelectElement} */ (event.target).value))}>
          ${SPEEDS.map((speed) => html`<option value=${String(speed)} selected=${speed === players.speed}>${words.times(speed)}</option>`)}
        </select>
      </label>
      <label class="player__volume"><${Icon} name="volume-2" /><span class="visually-hidden">${words.volume}</span>
        <input type="range" min="0" max="1" step="0.05" value=${players.volume} onInput=${(/** @type {Event} */ event) => (players.volume = Number(/** @type {HTMLInputElement} */ (event.target).value))} />
      </label>
      <${Press} icon=${copied ? "check" : "link"} word=${copied ? words.copied : words.link} act=${copy} />
      <${Press} icon="maximize" word=${words.fullScreen} act=${() => fill(stage.current)} />
      <span class="visually-hidden" role="status">${copied ? words.copied : ""}</span>
    </div>
  `;
}

/** @param {{icon: string, word: string, look?: string, act: () => void}} props */
const Press = ({ icon, word, look = "quiet", act }) => html`<button type="button" class=${`button button--${look} icon-button`} aria-label=${word} data-tip=${word} onClick=${act}><${Icon} name=${icon} /></button>`;

/** @param {{mark: {at: number, kind: string, name: string}}} props */
const Mark = ({ mark: { at, kind, name } }) => {
  const word = kind === "screen" ? words.screenMark(name) : words.breakMark;
  return html`<button type="button" class=${`player__mark player__mark--${kind}`} style=${{ insetInlineStart: `${(at / (length || 1)) * 100}%` }} aria-label=${word} data-tip=${word} onClick=${() => goTo(at)}></button>`;
};

/** What had been written by now. */
function Chat() {
  const said = page.recording.chat.filter(({ at }) => at <= players.at);
  const list = useRef(/** @type {HTMLElement | null} */ (null));
  useEffect(() => list.current?.scrollTo({ top: list.current.scrollHeight }), [said.length]);
  return html`
    <section class="player__chat card" aria-label=${words.chat}>
      <h2>${words.chat}</h2>
      <div ref=${list} class="player__said" tabindex="0" role="log" aria-label=${words.chat}>
        ${!page.recording.chat.length && html`<p class="quiet">${words.chatEmpty}</p>`}
        ${said.map(
          ({ at, name, text }) => html`<p key=${`${at}${text}`}><button type="button" class="as-link" onClick=${() => goTo(viewTime(all, at))}>${countdown(viewTime(all, at) * 1000)}</button> <b><bdi>${name}</bdi></b> <bdi>${text}</bdi></p>`,
        )}
      </div>
    </section>
  `;
}

/** @param {HTMLElement | null} stage */
const fill = (stage) => void (document.fullscreenElement ? document.exitFullscreen() : stage?.requestFullscreen());

/** @param {KeyboardEvent} event @param {HTMLElement | null} stage */
function onKey(event, stage) {
  const target = /** @type {HTMLElement} */ (event.target);
  if (event.ctrlKey || event.metaKey || event.altKey || target.closest("input, select, textarea")) return;
  const pressed = target.closest("button, a");
  /** @type {Record<string, () => void>} */
  const acts = {
    ArrowLeft: () => goTo(now() - STEP / 2),
    ArrowRight: () => goTo(now() + STEP / 2),
    j: () => goTo(now() - STEP),
    l: () => goTo(now() + STEP),
    k: turn,
    "<": () => faster(-1),
    ">": () => faster(1),
    f: () => fill(stage),
    ...(!pressed && { " ": turn }),
  };
  const act = acts[event.key];
  if (!act) return;
  event.preventDefault();
  act();
}

function remember() {
  try {
    localStorage.setItem(KEPT, String(now()));
  } catch {
    // no storage, nothing remembered
  }
}

function begin() {
  const asked = new URL(location.href).searchParams.get("t");
  const kept = Number(localStorage.getItem(KEPT) ?? 0);
  goTo(asked === null ? (kept < length - 5 ? kept : 0) : Number(asked) || 0);
}

const downloads = document.getElementById("downloads");
if (downloads) offerDownloads(downloads);
render(html`<${Player} />`, root);
begin();
setInterval(() => players.plays && remember(), REMEMBER);
addEventListener("pagehide", remember);
addEventListener("pagehide", () => watching.send());
