/**
 * Who sits where in the grid, and who has the stage.
 * @typedef {import("./types").State} State
 * @typedef {import("./types").Person} Person
 */
import { mainScreen, pinOf } from "./screens.js";
import { screens, seated, tracksOf } from "./views.js";

const CROWD = 25; // people; above, the speaker has the stage by itself
const GUESTS = 2; // seats of the first page that go to who spoke last

/** In the order of the menu. */
export const LAYOUTS = /** @type {const} */ (["auto", "speaker", "grid"]);

/** How people are arranged just now: below three there is nothing to choose. @param {State} state @returns {State["layout"]} */
export const layoutNow = ({ layout, people }) => (Object.keys(people).length < 3 ? "auto" : layout);

/** Whose picture is large: who was pinned, else who speaks where that is wanted. Null: nobody's. @param {State} state */
export function focus(state) {
  const pin = pinOf(state);
  if (pin?.kind === "camera") return pin.id;
  const layout = layoutNow(state);
  const speaker = layout === "speaker" || (layout === "auto" && Object.keys(state.people).length > CROWD);
  return speaker && !screens(state).length ? speakerOf(state) : null;
}

/** Who spoke last, else whoever teaches; never oneself. @param {State} state */
export function speakerOf({ recent, people, you, lead }) {
  const others = Object.values(people).filter(({ id }) => id !== you.id);
  const spoke = recent.find((id) => id !== you.id && people[id]);
  return spoke ?? others.find(({ id }) => id === lead)?.id ?? others.find(({ role }) => role === "teacher")?.id ?? others[0]?.id ?? null;
}

/** What is shown where there is room for one picture: a screen, else who is pinned, else who speaks. @param {State} state @returns {{kind: "screen" | "camera", id: string} | null} */
export function mainPicture(state) {
  const screen = mainScreen(state);
  if (screen !== null) return { kind: "screen", id: screen };
  const id = pinOf(state)?.id ?? speakerOf(state) ?? state.you.id;
  return id === null ? null : { kind: "camera", id };
}

/** Everybody in the order of their seats; in a crowd those whose cameras are on, if there are any. @param {State} state @returns {Person[]} */
export function inGrid(state) {
  const all = seated(state);
  if (all.length <= CROWD) return all;
  const seen = all.filter(({ id }) => id === state.you.id || (tracksOf(state, id).camera && !tracksOf(state, id).camera?.muted));
  return seen.length > 1 ? seen : all;
}

/**
 * Pages of the grid. The last two seats of the first belong to who spoke last; whoever had them sits further back.
 * @param {Person[]} people @param {number} most on a page @param {string[]} guests who has those seats, by id @returns {Person[][]}
 */
export function paged(people, most, guests) {
  if (people.length <= most) return [people];
  const kept = people.slice(0, most - GUESTS);
  const own = people.slice(most - GUESTS, most);
  const come = guests.flatMap((id) => people.slice(most).find((person) => person.id === id) ?? []).slice(0, GUESTS);
  const first = [...kept, ...own.slice(0, GUESTS - come.length), ...come];
  const rest = people.filter((person) => !first.includes(person));
  return [first, ...Array.from({ length: Math.ceil(rest.length / most) }, (_, page) => rest.slice(page * most, (page + 1) * most))];
}

/** Who spoke last of those who have no seat on the first page by themselves. @param {State} state @param {Person[]} people @param {number} most @returns {string[]} */
export function guestsNow({ recent }, people, most) {
  const back = new Set(people.slice(most).map(({ id }) => id));
  return recent.filter((id) => back.has(id)).slice(0, GUESTS);
}
