/**
 * Polls as steps of the state, and as questions to it.
 * @typedef {import("./types").State} State
 * @typedef {import("./types").LocalEvent} LocalEvent
 * @typedef {import("../classroom/protocol").Poll} Poll
 * @typedef {import("../classroom/protocol").ServerMessage} ServerMessage
 */
import { leads } from "./leading.js";
import { announce, notify } from "./notices.js";

/** @typedef {"polls" | "vote_noted" | "poll_started" | "poll_counted" | "poll_ended" | "poll_shown" | "poll_deleted"} Told */

/** @type {{[T in Told]: (state: State, message: Extract<ServerMessage, {type: T}>, now: number) => State}} */
export const polls = {
  polls: (state, { polls }) => ({ ...state, polls }),

  vote_noted: (state, { poll, chosen }) => change({ ...state, voting: null }, poll, (each) => ({ ...each, mine: chosen })),

  poll_started(state, { poll }) {
    const known = state.polls.some(({ id }) => id === poll.id);
    const rest = state.polls.filter(({ id }) => id !== poll.id);
    const next = { ...state, polls: [...rest, poll], pollDraft: state.pollDraft?.key === poll.key ? null : state.pollDraft };
    if (known || poll.ended_at || leads(state)) return next;
    return announce(next, { kind: "poll", question: poll.question }, true);
  },

  poll_counted: (state, { poll, counts, voters, votes }) =>
    change(state, poll, (each) => {
      const fresh = new Set(votes.map(({ participant }) => participant));
      return { ...each, counts, voters, votes: [...each.votes.filter(({ participant }) => !fresh.has(participant)), ...votes] };
    }),

  poll_ended(state, { poll, counts, voters, ended_at }) {
    const before = pollOf(state, poll);
    const voting = state.voting?.poll === poll ? null : state.voting;
    const next = change({ ...state, voting }, poll, (each) => ({ ...each, counts, voters, ended_at, mine: each.by_name ? each.mine : null }));
    if (!before || before.ended_at) return next;
    return notify(next, { kind: "poll_over", question: before.question });
  },

  poll_shown(state, { poll, by }) {
    const shown = pollOf(state, poll);
    return shown && by !== state.you.id ? notify(state, { kind: "poll_shown", question: shown.question }) : state;
  },

  poll_deleted(state, { poll }) {
    const gone = pollOf(state, poll);
    const next = { ...state, polls: state.polls.filter(({ id }) => id !== poll), voting: state.voting?.poll === poll ? null : state.voting };
    return gone && !gone.ended_at && !leads(state) ? notify(next, { kind: "poll_gone" }) : next;
  },
};

/** @typedef {"poll_draft" | "voting"} Asked */

/** @type {{[T in Asked]: (state: State, event: Extract<LocalEvent, {type: T}>, now: number) => State}} */
export const asking = {
  poll_draft: (state, { draft }) => ({ ...state, pollDraft: draft && { ...EMPTY, ...state.pollDraft, ...draft } }),
  voting: (state, { poll, chosen }) => ({ ...state, voting: { poll, chosen } }),
};

/** @type {import("./types").PollDraft} */
export const EMPTY = { key: null, question: "", choices: ["", ""], several: false, byName: false, live: false };

/** What was refused is there to be tried again. @param {State} state @param {string | null} re @returns {State} */
export function notAsked(state, re) {
  if (re === "vote") return { ...state, voting: null };
  return re === "ask_poll" && state.pollDraft ? { ...state, pollDraft: { ...state.pollDraft, key: null } } : state;
}

/** Polls as they are now, with everything there is to see. @param {State} state @param {Poll[]} polls @returns {State} */
export function withPolls(state, polls) {
  const asked = polls.some(({ key }) => key === state.pollDraft?.key);
  return { ...state, polls, pollDraft: asked ? null : state.pollDraft };
}

/** @param {Pick<State, "polls">} state */
export const running = ({ polls }) => polls.find(({ ended_at }) => ended_at === null) ?? null;

/** What this person is to answer and has not. @param {State} state */
export function unanswered(state) {
  const poll = running(state);
  return poll && !leads(state) && !poll.mine && state.voting?.poll !== poll.id ? poll : null;
}

/** Why it cannot be asked yet. @param {import("./types").PollDraft} draft @returns {"question" | "choices" | "same" | null} */
export function lacks({ question, choices }) {
  const written = choices.map((each) => each.trim()).filter(Boolean);
  if (!question.trim()) return "question";
  if (written.length < 2) return "choices";
  return new Set(written).size < written.length ? "same" : null;
}

/** @param {State} state @param {number} id */
const pollOf = ({ polls }, id) => polls.find((each) => each.id === id);

/** @param {State} state @param {number} id @param {(poll: Poll) => Poll} step @returns {State} */
const change = (state, id, step) => ({ ...state, polls: state.polls.map((each) => (each.id === id ? step(each) : each)) });
