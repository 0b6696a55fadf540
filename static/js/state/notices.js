/**
 * What is shown for a moment in the header, and what screen readers are told.
 * @typedef {import("./types").State} State
 * @typedef {import("./types").Notice} Notice
 * @typedef {import("./types").Spoken} Spoken
 */

/** Told at once, over whatever is being read. */
const URGENT = ["refused", "hand_lowered", "recording", "stopped", "asked", "may_speak", "may_share", "rules", "role", "sent_back"];

/** One at a time; several of a kind become one notice. Hands and knocks are told along with those that follow. @param {State} state @param {Notice} what @returns {State} */
export function notify(state, what) {
  const merged = along(state.notice?.what, what);
  const noticed = state.noticed + 1;
  const next = { ...state, noticed, notice: { n: noticed, what: merged } };
  if (what.kind === "hands" || what.kind === "knock") return gather(next, what);
  return announce(next, merged, URGENT.includes(what.kind));
}

/**
 * @template {Spoken} What
 * @param {Spoken | undefined} last @param {What} what @returns {What} what happened, with the last of its kind in it
 */
function along(last, what) {
  if (what.kind === "hands" && last?.kind === "hands") return { ...what, names: [...without(last.names, what.names), ...what.names] };
  if (what.kind === "knock" && last?.kind === "knock") return { ...what, people: [...last.people.filter(({ id }) => !what.people.some((each) => each.id === id)), ...what.people] };
  if (what.kind === "chat" && last?.kind === "chat") return { ...what, count: last.count + what.count };
  if (what.kind === "material" && last?.kind === "material" && last.by === what.by) return { ...what, count: last.count + what.count };
  if (what.kind === "people" && last?.kind === "people")
    return {
      ...what,
      joined: [...without(last.joined, what.left), ...without(what.joined, last.left)],
      left: [...without(last.left, what.joined), ...without(what.left, last.joined)],
    };
  return what;
}

/** @param {string[]} names @param {string[]} others */
const without = (names, others) => names.filter((name) => !others.includes(name));

/** To be told to screen readers in a while, with what follows of its kind (ui/live.js). @param {State} state @param {import("./types").Gathering} what @returns {State} */
export const gather = (state, what) => ({ ...state, gathered: { ...state.gathered, [what.kind]: along(state.gathered[what.kind], what) } });

/**
 * What is shown, and is to be told, of a kind has become less, or null: nothing.
 * @template {"hands" | "knock"} Kind
 * @param {State} state @param {Kind} kind @param {(what: Extract<Notice, {kind: Kind}>) => Extract<Notice, {kind: Kind}> | null} step @returns {State}
 */
export function lessen(state, kind, step) {
  const { [kind]: waiting, ...others } = state.gathered;
  const left = waiting && step(/** @type {any} */ (waiting));
  const next = { ...state, gathered: left ? { ...others, [kind]: left } : others };
  if (state.notice?.what.kind !== kind) return next;
  const what = step(/** @type {any} */ (state.notice.what));
  return { ...next, notice: what && { ...state.notice, what } };
}

/** @param {State} state @param {Spoken} what @param {boolean} [urgent] @returns {State} */
export function announce(state, what, urgent = false) {
  return { ...state, spoken: { n: (state.spoken?.n ?? 0) + 1, urgent, what } };
}
