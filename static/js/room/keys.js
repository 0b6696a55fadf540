/**
 * Listening for the room's keys (shortcuts.js).
 * @typedef {import("../ui/act").Act} Act
 * @typedef {import("../state/types").State} State
 */
import { keyChoices } from "./keychoices.js";
import { isLetter, isPressed, SHORTCUTS } from "./shortcuts.js";
import { onSpace } from "./talk.js";

const REGIONS = [".room__header", ".stage", ".panel", ".bar"];
const FIELDS = "input, textarea, select, [contenteditable]";
const TAKES_LETTERS = `${FIELDS}, dialog, [role=menu], [role=listbox]`;

/**
 * @param {() => {state: State, act: Act, float: () => void}} now @param {() => HTMLElement | null} room @param {() => void} help
 * @returns {() => void} stops listening
 */
export function onKeys(now, room, help) {
  const tips = (/** @type {boolean} */ off) => document.documentElement.classList.toggle("tips-off", off);
  const pressed = (/** @type {KeyboardEvent} */ event) => {
    if (event.key === "Escape") tips(true);
    const wanted = meant(event, now().state);
    wanted?.press?.({ ...now(), help });
    if (wanted || regions(event, room())) event.preventDefault();
  };
  const moved = () => tips(false);
  const silent = onSpace(now, () => keyChoices.value.on);
  document.addEventListener("keydown", pressed);
  document.addEventListener("focusin", moved);
  document.addEventListener("pointerover", moved);
  return () => {
    silent();
    document.removeEventListener("keydown", pressed);
    document.removeEventListener("focusin", moved);
    document.removeEventListener("pointerover", moved);
  };
}

/** The help is there with all other keys off: it is where they are turned on. @param {KeyboardEvent} event @param {State} state */
function meant(event, state) {
  const { on, letters } = keyChoices.value;
  return SHORTCUTS.find((shortcut) => {
    if (!on && shortcut.name !== "help") return false;
    if (shortcut.works && !shortcut.works(state)) return false;
    const combined = isPressed(shortcut, event) && (shortcut.typing || !within(FIELDS));
    return combined || (letters && isLetter(shortcut, event) && !within(TAKES_LETTERS));
  });
}

/** @param {string} places */
const within = (places) => Boolean(document.activeElement?.closest(places));

/** F6 goes to the next region, Shift+F6 back. @param {KeyboardEvent} event @param {HTMLElement | null} room @returns {boolean} */
function regions(event, room) {
  if (event.key !== "F6" || !room || !keyChoices.value.on) return false;
  const all = REGIONS.flatMap((each) => /** @type {HTMLElement[]} */ ([...room.querySelectorAll(each)]));
  const at = all.findIndex((region) => region.contains(document.activeElement));
  const next = all[(at + (event.shiftKey ? -1 : 1) + all.length) % all.length];
  if (!next) return false;
  const inside = next.querySelector("button[tabindex='0'], textarea, button:not([tabindex='-1']), a[href]");
  const target = next.matches(".stage") ? next : inside ?? next;
  /** @type {HTMLElement} */ (target).focus();
  return true;
}
