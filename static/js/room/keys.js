import { canMark } from "./marks.js";

/**
 * The room's keys. Ctrl is ⌘ on a Mac for the two that work while typing.
 * @typedef {import("../ui/act").Act} Act
 * @typedef {import("../state/types").State} State
 */

const MAC = /mac|iphone|ipad/i.test(globalThis.navigator?.platform ?? "");
const REGIONS = [".room__header", ".stage", ".panel", ".bar"];

/** @param {() => {state: State, act: Act}} now @param {() => HTMLElement | null} room @returns {() => void} stops listening */
export function onKeys(now, room) {
  const tips = (/** @type {boolean} */ off) => document.documentElement.classList.toggle("tips-off", off);
  const pressed = (/** @type {KeyboardEvent} */ event) => {
    if (event.key === "Escape") tips(true);
    const done = always(event, now()) || outsideFields(event, now()) || regions(event, room());
    if (done) event.preventDefault();
  };
  const moved = () => tips(false);
  document.addEventListener("keydown", pressed);
  document.addEventListener("focusin", moved);
  document.addEventListener("pointerover", moved);
  return () => {
    document.removeEventListener("keydown", pressed);
    document.removeEventListener("focusin", moved);
    document.removeEventListener("pointerover", moved);
  };
}

/** @param {KeyboardEvent} event @param {{act: Act}} parts @returns {boolean} */
function always(event, { act }) {
  const command = MAC ? event.metaKey && !event.ctrlKey : event.ctrlKey && !event.metaKey;
  if (!command || event.altKey || event.shiftKey || event.repeat) return false;
  const device = /** @type {const} */ ({ d: "mic", e: "camera" })[/** @type {"d" | "e"} */ (event.key.toLowerCase())];
  if (device) act.toggle(device);
  return Boolean(device);
}

/** @param {KeyboardEvent} event @param {{state: State, act: Act}} parts @returns {boolean} */
function outsideFields(event, { state, act }) {
  const second = MAC ? event.metaKey : event.altKey;
  const altGraph = event.getModifierState("AltGraph");
  if (!event.ctrlKey || !second || altGraph || event.repeat || writing()) return false;
  const panel = (/** @type {"chat" | "people"} */ wanted) => act.openPanel(state.panel === wanted ? null : wanted);
  switch (event.code) {
    case "KeyH": if (state.you.role !== "teacher") act.hand(); return true;
    case "KeyM": if (state.you.role === "teacher" && canMark(state)) act.markMoment("", 0); return true;
    case "KeyC": panel("chat"); return true;
    case "KeyP": panel("people"); return true;
    default: return false;
  }
}

const writing = () => Boolean(document.activeElement?.closest("input, textarea, select, [contenteditable]"));

/** F6 goes to the next region, Shift+F6 back. @param {KeyboardEvent} event @param {HTMLElement | null} room @returns {boolean} */
function regions(event, room) {
  if (event.key !== "F6" || !room) return false;
  const all = REGIONS.flatMap((each) => /** @type {HTMLElement[]} */ ([...room.querySelectorAll(each)]));
  const at = all.findIndex((region) => region.contains(document.activeElement));
  const next = all[(at + (event.shiftKey ? -1 : 1) + all.length) % all.length];
  if (!next) return false;
  const inside = next.querySelector("button[tabindex='0'], textarea, button:not([tabindex='-1']), a[href]");
  const target = next.matches(".stage") ? next : inside ?? next;
  /** @type {HTMLElement} */ (target).focus();
  return true;
}
