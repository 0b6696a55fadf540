/**
 * The waiting room: as a guest in it sees it, and as those who lead do.
 * @typedef {import("./types").State} State
 * @typedef {import("../classroom/protocol").ServerMessage} ServerMessage
 * @typedef {"waiting" | "waiting_room" | "knocked" | "stopped_waiting" | "entry_granted" | "entry_denied"} Lobby
 */
import { outside } from "./local.js";
import { announce, lessen, notify } from "./notices.js";

/** @type {{[T in Lobby]: (state: State, message: Extract<ServerMessage, {type: T}>) => State}} */
export const lobby = {
  /** From inside: what is being written is kept. */
  waiting(state) {
    const waits = { phase: /** @type {const} */ ("waiting"), refusal: null, retryAt: null, removal: null, you: { ...state.you, lobby: /** @type {const} */ ("waiting") } };
    if (state.phase !== "inside") return { ...state, ...waits };
    return announce({ ...outside(state), ...waits, draft: { ...state.draft, reply: null, attached: [] } }, { kind: "sent_back" }, true);
  },

  waiting_room(state, { people }) {
    const known = new Set(state.waiting.map(({ id }) => id));
    const fresh = people.filter(({ id }) => !known.has(id)).map(({ id, name }) => ({ id, name }));
    const next = withoutKnocks({ ...state, waiting: people });
    return fresh.length ? notify(next, { kind: "knock", people: fresh }) : next;
  },

  // Who it is about is told to those who lead by `waiting_room`, and to themselves by `hello`.
  knocked: (state) => state,
  stopped_waiting: (state) => state,
  entry_granted: (state) => state,
  entry_denied: (state) => state,
};

/** A notice about somebody who waits goes with them. @param {State} state @returns {State} */
const withoutKnocks = (state) =>
  lessen(state, "knock", (what) => {
    const people = what.people.filter(({ id }) => state.waiting.some((each) => each.id === id));
    return people.length ? { ...what, people } : null;
  });

/**
 * Where a guest at the door is once the server has said so: back in the waiting room after a reload, turned away.
 * @param {State["phase"]} phase @param {State["you"]["lobby"]} place @returns {State["phase"]}
 */
export function inLobby(phase, place) {
  const asks = phase === "joining" || phase === "waiting";
  if (place === "turned_away" && asks) return "turned_away";
  return place === "waiting" && (asks || phase === "before" || phase === "turned_away") ? "waiting" : phase;
}

/** @param {State} state */
export const isInWaitingRoom = ({ phase, you }) => phase === "waiting" && you.lobby === "waiting";
