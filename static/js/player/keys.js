import { html, useState } from "../ui/html.js";
import { STEP } from "./film.js";
import { keep, kept } from "./memory.js";
import { words } from "./words.js";

/** @typedef {import("./film").Film} Film */

const LETTERS = "letters"; // whether single letters and signs are keys

/** @param {Film} film @param {() => void} fill @returns {() => void} stops listening */
export function onKeys(film, fill) {
  const pressed = (/** @type {KeyboardEvent} */ event) => {
    const act = wanted(event, film, fill);
    if (!act) return;
    event.preventDefault();
    act();
  };
  document.addEventListener("keydown", pressed);
  return () => document.removeEventListener("keydown", pressed);
}

/** @param {KeyboardEvent} event @param {Film} film @param {() => void} fill @returns {(() => void) | undefined} */
function wanted(event, film, fill) {
  const target = /** @type {HTMLElement} */ (event.target);
  const slides = target.matches(".player__seek");
  if (event.ctrlKey || event.metaKey || event.altKey || (!slides && target.closest("input, select, textarea, [role=tab], dialog"))) return undefined;
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  const far = !target.closest(".player__panel") && ends(film)[key];
  const single = kept(LETTERS) !== "off" && (letters(film, fill)[key] ?? digit(film, key));
  const space = key === " " && !target.closest("button, a, summary") && (() => film.turn());
  return arrows(film)[key] || far || space || single || undefined;
}

/** @param {Film} film @returns {Record<string, () => void>} */
const arrows = (film) => ({
  ArrowLeft: () => film.goTo(film.now - STEP / 2),
  ArrowRight: () => film.goTo(film.now + STEP / 2),
});

/** @param {Film} film @returns {Record<string, () => void>} */
const ends = (film) => ({ Home: () => film.goTo(0), End: () => film.goTo(film.length) });

/** @param {Film} film @param {() => void} fill @returns {Record<string, () => void>} */
const letters = (film, fill) => ({
  j: () => film.goTo(film.now - STEP),
  l: () => film.goTo(film.now + STEP),
  k: () => film.turn(),
  n: () => film.step(1),
  b: () => film.step(-1),
  c: () => film.caption(film.subtitles.language === null ? (film.subtitles.read?.language ?? null) : null),
  m: () => film.mute(),
  p: () => film.pinNext(),
  f: fill,
  "<": () => film.faster(-1),
  ">": () => film.faster(1),
});

/** Tenths of the whole. @param {Film} film @param {string} key */
const digit = (film, key) => (/^[0-9]$/.test(key) ? () => film.goTo((film.length * Number(key)) / 10) : undefined);

/** The choice to have those that stray fingers press, and how it is turned. @returns {[boolean, () => void]} */
export function useLetters() {
  const [on, setOn] = useState(kept(LETTERS) !== "off");
  const turn = () => {
    keep(LETTERS, on ? "off" : "on");
    setOn(!on);
  };
  return [on, turn];
}

/** All keys, and a switch for those that stray fingers press. */
export function Keys() {
  const [on, turn] = useLetters();
  return html`
    <details class="player__keys">
      <summary>${words.keys}</summary>
      <dl>${words.keyList.map(([keys, does]) => html`<div key=${does}><dt>${keys?.split(" ").map((key) => html`<kbd key=${key}>${key}</kbd>`)}</dt><dd>${does}</dd></div>`)}</dl>
      <label class="player__letters"><input type="checkbox" checked=${on} onChange=${turn} />${words.letters}</label>
    </details>
  `;
}
