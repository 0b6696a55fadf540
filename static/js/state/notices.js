/**
 * What is shown for a moment in the header, and what screen readers are told.
 * @typedef {import("./types").State} State
 * @typedef {import("./types").Notice} Notice
 * @typedef {import("./types").Spoken} Spoken
 */

/** Told at once, over whatever is being read. */
const URGENT = ["refused", "hand_lowered", "recording", "stopped", "asked", "may_speak", "rules", "role"];

/** One at a time; several raised hands, and several files of one person, become one notice. @param {State} state @param {Notice} what @returns {State} */
export function notify(state, what) {
  const last = state.notice?.what;
  const merged =
    what.kind === "hands" && last?.kind === "hands"
      ? { ...what, names: [...last.names.filter((name) => !what.names.includes(name)), ...what.names] }
    : what.kind === "knock" && last?.kind === "knock"
      ? { ...what, people: [...last.people.filter(({ id }) => !what.people.some((each) => each.id === id)), ...what.people] }
    : what.kind === "material" && last?.kind === "material" && last.by === what.by
      ? { ...what, count: last.count + what.count }
      : what;
  const urgent = URGENT.includes(what.kind);
  return announce({ ...state, notice: { n: (state.notice?.n ?? state.spoken?.n ?? 0) + 1, what: merged } }, merged, urgent);
}

/** @param {State} state @param {Spoken} what @param {boolean} [urgent] @returns {State} */
export function announce(state, what, urgent = false) {
  return { ...state, spoken: { n: (state.spoken?.n ?? 0) + 1, urgent, what } };
}
