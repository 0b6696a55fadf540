import { countdown } from "../ui/times.js";
import { html, useRef, useState } from "../ui/html.js";
import { markNear } from "./moments.js";
import { Tile } from "./tile.js";
import { momentTitle, words } from "./words.js";

/** @typedef {import("./film").Film} Film @typedef {import("./moments").Moment} Moment */

const THUMB = 16; // px, as player.css has it
const REACH = 6; // px from a mark

/** The time line: a slider, the marks on it, and above it what is at the place looked at. @param {{film: Film}} props */
export function Line({ film }) {
  const line = useRef(/** @type {HTMLElement | null} */ (null));
  const [over, setOver] = useState(/** @type {number | null} */ (null));
  const [focused, setFocused] = useState(false);
  const { length, now: time } = film;
  const perPixel = length / Math.max(1, (line.current?.clientWidth ?? 1000) - THUMB);
  const timeAt = (/** @type {PointerEvent} */ event) => {
    const box = /** @type {HTMLElement} */ (line.current).getBoundingClientRect();
    return Math.min(Math.max(0, ((event.clientX - box.left - THUMB / 2) / (box.width - THUMB)) * length), length);
  };
  const onInput = (/** @type {Event} */ event) => {
    const wanted = Number(/** @type {HTMLInputElement} */ (event.target).value);
    if (over !== null) setOver(wanted);
    film.goTo(wanted);
  };
  const onClick = () => {
    const mark = over === null ? null : markNear(film.moments, over, REACH * perPixel);
    if (mark) film.goTo(mark.at);
  };
  const at = over ?? (focused ? time : null);
  const said = [words.of(countdown(Math.floor(time) * 1000), countdown(length * 1000)), film.chapter && momentTitle(film.chapter)];
  return html`
    <div ref=${line} class="player__line" dir="ltr" onPointerMove=${(/** @type {PointerEvent} */ event) => setOver(timeAt(event))} onPointerDown=${(/** @type {PointerEvent} */ event) => {
      setFocused(false);
      setOver(timeAt(event));
    }} onPointerLeave=${() => setOver(null)} onPointerCancel=${() => setOver(null)} onPointerUp=${(/** @type {PointerEvent} */ event) => event.pointerType === "touch" && setOver(null)}>
      <div class="player__rail" aria-hidden="true"><div class="player__done" style=${{ width: `${share(time, length)}%` }}></div></div>
      <input class="player__seek" type="range" min="0" max=${length} step="any" value=${time} aria-label=${words.position} aria-valuetext=${said.filter(Boolean).join(", ")} onInput=${onInput} onClick=${onClick} onFocus=${(/** @type {FocusEvent} */ event) => setFocused(/** @type {HTMLElement} */ (event.target).matches(":focus-visible"))} onKeyDown=${() => setFocused(true)} onBlur=${() => setFocused(false)} />
      <div class="player__marks" aria-hidden="true">
        ${film.moments.filter(({ kind }) => kind !== "begin").map(({ key, kind, at: since }) => html`<i key=${key} class=${`player__mark player__mark--${kind}`} style=${{ left: `${share(since, length)}%` }}></i>`)}
      </div>
      ${at !== null && html`<${Preview} film=${film} time=${at} reach=${REACH * perPixel} />`}
    </div>
  `;
}

/** @param {number} time @param {number} length */
const share = (time, length) => (time / (length || 1)) * 100;

/** @param {{film: Film, time: number, reach: number}} props */
function Preview({ film, time, reach }) {
  const mark = markNear(film.moments, time, reach);
  const moment = mark ?? film.moments.findLast(({ kind, at }) => kind !== "lost" && at <= time) ?? null;
  const shown = mark?.at ?? time;
  return html`
    <div class=${film.storyboard.ready ? "player__preview player__preview--tile" : "player__preview"} style=${{ "--at": String(shown / (film.length || 1)) }} aria-hidden="true">
      <${Tile} film=${film} time=${shown} />
      <b>${countdown(Math.floor(shown) * 1000)}</b>
      ${moment && html`<span><bdi>${momentTitle(moment)}</bdi></span>`}
    </div>
  `;
}
