/**
 * The room's keys as a table. `keys` are written as on most keyboards: "Ctrl+D" is ⌘D on a Mac, "Ctrl+Alt+H" is ⌃⌘H.
 * @typedef {import("../ui/act").Act} Act
 * @typedef {import("../state/types").State} State
 * @typedef {"you" | "class" | "window"} Group
 * @typedef {"mic" | "camera" | "talk" | "hand" | "share" | "chat" | "people" | "captions" | "mark" | "regions" | "layout" | "float" | "full" | "close" | "help"} Name
 * @typedef {object} Shortcut
 * @property {Name} name
 * @property {Group} group
 * @property {string} [keys]
 * @property {string} [letter] does the same alone, where letters are on
 * @property {boolean} [typing] works in a text field too
 * @property {(state: State) => boolean} [works]
 * @property {(parts: {state: State, act: Act, float: () => void, help: () => void}) => void} [press] none: it is listened for elsewhere
 */
import { areShown } from "../state/captions.js";
import { leads, may } from "../state/leading.js";
import { LAYOUTS, layoutNow } from "../state/seats.js";
import { canMark } from "../state/views.js";
import { canFloat } from "./floats.js";
import { canShare } from "./share.js";

const MAC = /mac|iphone|ipad/i.test(globalThis.navigator?.platform ?? "");

/** @param {"chat" | "people"} wanted @returns {Shortcut["press"]} */
const panel = (wanted) => ({ state, act }) => act.openPanel(state.panel === wanted ? null : wanted);

/** @type {Shortcut[]} */
export const SHORTCUTS = [
  { name: "mic", group: "you", keys: "Ctrl+D", letter: "M", typing: true, press: ({ act }) => act.toggle("mic") },
  { name: "camera", group: "you", keys: "Ctrl+E", letter: "V", typing: true, press: ({ act }) => act.toggle("camera") },
  { name: "talk", group: "you", keys: "Space" },
  { name: "hand", group: "you", keys: "Ctrl+Alt+H", letter: "H", works: (state) => !leads(state), press: ({ act }) => act.hand() },
  { name: "share", group: "you", letter: "S", works: (state) => canShare() && may(state, "screen"), press: ({ act }) => act.share() },
  { name: "chat", group: "class", keys: "Ctrl+Alt+C", letter: "C", press: panel("chat") },
  { name: "people", group: "class", keys: "Ctrl+Alt+P", letter: "P", press: panel("people") },
  { name: "captions", group: "class", keys: "Ctrl+Alt+U", letter: "U", press: ({ state, act }) => act.caption({ on: !areShown(state) }) },
  { name: "mark", group: "class", keys: "Ctrl+Alt+M", works: (state) => leads(state) && canMark(state), press: ({ act }) => act.markMoment("", 0) },
  { name: "regions", group: "window", keys: "F6" },
  { name: "layout", group: "window", letter: "L", works: ({ people }) => Object.keys(people).length > 2, press: ({ state, act }) => act.arrange(nextLayout(state)) },
  { name: "float", group: "window", keys: "Ctrl+Alt+W", letter: "W", works: canFloat, press: ({ float }) => float() },
  { name: "full", group: "window", letter: "F", works: () => document.fullscreenEnabled, press: fullScreen },
  { name: "close", group: "window", keys: "Escape" },
  { name: "help", group: "window", keys: "Ctrl+/", typing: true, press: ({ help }) => help() },
];

/** @param {State} state */
const nextLayout = (state) => LAYOUTS[(LAYOUTS.indexOf(layoutNow(state)) + 1) % LAYOUTS.length] ?? "auto";

/** The whole screen for the class, or no longer. */
export function fullScreen() {
  void (document.fullscreenElement ? document.exitFullscreen() : document.documentElement.requestFullscreen());
}

/** @param {Shortcut} shortcut @param {KeyboardEvent} event */
export function isPressed({ keys, typing }, event) {
  if (!keys?.startsWith("Ctrl+") || event.repeat) return false;
  const key = keys.at(-1) ?? "";
  if (!keys.startsWith("Ctrl+Alt+")) {
    const command = MAC ? event.metaKey && !event.ctrlKey : event.ctrlKey && !event.metaKey;
    const shifted = event.shiftKey && key !== "/"; // on some keyboards / is on a shifted key
    return command && !event.altKey && !shifted && event.key.toLowerCase() === key.toLowerCase() && Boolean(typing);
  }
  const second = MAC ? event.metaKey : event.altKey;
  return event.ctrlKey && second && !event.getModifierState("AltGraph") && event.code === `Key${key}`;
}

/** @param {Shortcut} shortcut @param {KeyboardEvent} event */
export const isLetter = ({ letter }, event) =>
  Boolean(letter) && !event.repeat && !event.ctrlKey && !event.metaKey && !event.altKey && event.key.toUpperCase() === letter;

/** As they stand on this keyboard. @param {string} keys @param {Record<string, string>} names "Ctrl" in the reader's language */
export function written(keys, names) {
  if (MAC) return keys.replace("Ctrl+Alt+", "⌃⌘").replace("Ctrl+", "⌘");
  return keys.split("+").map((key) => names[key] ?? key).join("+");
}

/** For `aria-keyshortcuts`. @param {string} keys */
export const spoken = (keys) => (MAC ? keys.replace("Ctrl+Alt", "Control+Meta").replace("Ctrl", "Meta") : keys.replace("Ctrl", "Control"));
