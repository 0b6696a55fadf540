/**
 * Shared screens: which one is large, and whether one's own may begin.
 * @typedef {import("./types").State} State
 */
import { leads } from "./leading.js";
import { screens } from "./views.js";

const PIN = "screen:";

/** What is pinned when a screen is, and not its owner's camera. @param {string} id of a participant */
export const screenPin = (id) => `${PIN}${id}`;

/** Whose screen is pinned, while it is shared. @param {State} state @returns {string | null} */
export function pinnedScreen(state) {
  const id = state.pinned?.startsWith(PIN) ? state.pinned.slice(PIN.length) : null;
  return id !== null && screens(state).includes(id) ? id : null;
}

/** Whose screen is large, of several: the pinned one, else the newest of a teacher, else the newest. @param {State} state @returns {string | null} */
export function mainScreen(state) {
  const all = screens(state);
  return pinnedScreen(state) ?? all.findLast((id) => state.people[id]?.role === "teacher") ?? all.at(-1) ?? null;
}

/** Who keeps this person from sharing: of students and guests one at a time does. @param {State} state @returns {import("./types").Person | null} */
export function presenter(state) {
  if (leads(state)) return null;
  const id = screens(state).find((each) => each !== state.you.id && state.people[each]?.role !== "teacher");
  return (id !== undefined && state.people[id]) || null;
}
