/**
 * Shared screens: which one is large, and whether one's own may begin.
 * @typedef {import("./types").State} State
 */
import { leads } from "./leading.js";
import { screens } from "./views.js";

const PIN = "screen:";
const KEPT = 45_000; // ms; so long the class keeps the screen for whoever lost the line

/** What is pinned when a screen is, and not its owner's camera. @param {string} id of a participant */
export const screenPin = (id) => `${PIN}${id}`;

/** What is pinned, while it is there: a screen that is shared, or somebody in the class. @param {State} state @returns {{kind: "screen" | "camera", id: string} | null} */
export function pinOf(state) {
  const { pinned, people } = state;
  if (pinned === null) return null;
  if (!pinned.startsWith(PIN)) return people[pinned] ? { kind: "camera", id: pinned } : null;
  const id = pinned.slice(PIN.length);
  return screens(state).includes(id) ? { kind: "screen", id } : null;
}

/** Whose screen is pinned, while it is shared. @param {State} state @returns {string | null} */
export function pinnedScreen(state) {
  const pin = pinOf(state);
  return pin?.kind === "screen" ? pin.id : null;
}

/** Whose screen is large, of several: the pinned one, else the newest of a teacher, else the newest. @param {State} state @returns {string | null} */
export function mainScreen(state) {
  const all = screens(state);
  return pinnedScreen(state) ?? all.findLast((id) => state.people[id]?.role === "teacher") ?? all.at(-1) ?? null;
}

/**
 * Who keeps this person from sharing: of students and guests one at a time does, for a while also with a lost line.
 * @param {State} state @param {number} now @returns {{name: string, lost: boolean} | null}
 */
export function presenter(state, now) {
  if (leads(state)) return null;
  const id = screens(state).find((each) => each !== state.you.id && state.people[each]?.role !== "teacher");
  const person = id === undefined ? undefined : state.people[id];
  if (person) return { name: person.name, lost: false };
  const { presenterGone: gone } = state;
  return gone && now - gone.at < KEPT ? { name: gone.name, lost: true } : null;
}

/** Whether somebody who loses the line keeps the screen. @param {State} state @param {import("./types").Person} person */
export const presents = (state, { id, role }) => role !== "teacher" && screens(state).includes(id);
