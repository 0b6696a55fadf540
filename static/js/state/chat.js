/**
 * The chat as steps of the state: what the socket tells of it, and what is being written here.
 * @typedef {import("./types").State} State
 * @typedef {import("./types").Draft} Draft
 * @typedef {import("./types").LocalEvent} LocalEvent
 * @typedef {import("../classroom/protocol").ChatMessage} ChatMessage
 * @typedef {import("../classroom/protocol").ServerMessage} ServerMessage
 */
import { leads, may } from "./leading.js";
import { gather, notify } from "./notices.js";

/** @type {Draft} */
export const NOTHING = { text: "", to: null, reply: null, edit: null, attached: [] };

/** After a change of a message: nothing, to the same readers, and the files that were chosen before. @param {Draft} draft @returns {Draft} */
export const emptied = ({ to, attached }) => ({ ...NOTHING, to, attached });

const QUOTED = 140; // characters, as the server cuts them
export const CHANGES = ["edit_message", "delete_message", "react_to"];

/** @typedef {"said" | "withheld" | "message_edited" | "message_deleted" | "reacted" | "earlier" | "reactions"} Told */

/** @type {{[T in Told]: (state: State, message: Extract<ServerMessage, {type: T}>, now: number) => State}} */
export const chat = {
  withheld: (state) => state,

  said(state, { message }) {
    if (state.messages.some((each) => each.id === message.id)) return state;
    const own = message.participant === state.you.id;
    const said = {
      ...state,
      messages: [...state.messages, message],
      unsent: own ? state.unsent.filter((each) => each.key !== message.key) : state.unsent,
    };
    if (own || state.panel === "chat") return said;
    const unread = state.unread + 1;
    if (message.to) return notify({ ...said, unread }, { kind: "whisper", name: message.name });
    return gather({ ...said, unread }, { kind: "chat", name: message.name, count: 1 });
  },

  message_edited(state, { message: id, text, edited_at }) {
    const { [id]: _, ...saving } = state.saving;
    const edited = change({ ...state, saving }, id, (message) => (message.deleted ? message : { ...message, text, edited_at }));
    return requote(edited, id, { text: [...text].slice(0, QUOTED).join(""), deleted: false });
  },

  message_deleted(state, { message: id, deleted }) {
    const { draft } = state;
    const gone = change(state, id, (message) => ({ ...message, text: "", files: [], reactions: [], reply: null, edited_at: null, deleted }));
    const kept = draft.edit === id ? emptied(draft) : draft.reply === id ? { ...draft, reply: null } : draft;
    return requote({ ...gone, draft: kept }, id, { text: "", deleted: true });
  },

  reacted(state, { message: id, emoji, participant, on, count, names }) {
    return change(state, id, (message) => {
      if (message.deleted) return message;
      const before = message.reactions.find((each) => each.emoji === emoji);
      const mine = participant === state.you.id ? on : (before?.mine ?? false);
      const now = { emoji, count, names, mine };
      const others = message.reactions.filter((each) => each !== before && each.count > 0);
      if (!count) return { ...message, reactions: others };
      return { ...message, reactions: before ? message.reactions.map((each) => (each === before ? now : each)) : [...others, now] };
    });
  },

  earlier(state, { messages, more }) {
    const known = new Set(state.messages.map(({ id }) => id));
    const all = [...messages.filter(({ id }) => !known.has(id)), ...state.messages];
    return { ...state, messages: all, earlier: more, earlierAsked: false };
  },

  reactions(state, { reactions }, now) {
    const started = reactions.map((each, index) => ({ ...each, n: state.reacted + index + 1, at: now }));
    return { ...state, reactions: [...state.reactions, ...started].slice(-50), reacted: state.reacted + started.length };
  },
};

/** @typedef {"typed" | "typed_again" | "files_there" | "unsaid" | "draft" | "saving" | "earlier_asked" | "reactions_over"} Written */

/** @type {{[T in Written]: (state: State, event: Extract<LocalEvent, {type: T}>, now: number) => State}} */
export const writing = {
  typed: (state, { key, text, to = null, reply = null, uploads = null }, now) => ({
    ...state,
    unsent: [...state.unsent, { key, text, to, reply, files: [], uploads, at: now, refusal: null }],
  }),
  files_there(state, { key }) {
    const files = uploadsOf(state, keysOf(state, key)).flatMap(({ material }) => material ?? []);
    const unsent = state.unsent.map((each) => (each.key === key ? { ...each, files, uploads: null } : each));
    return { ...state, unsent, uploads: withoutThose(state, key) };
  },
  unsaid: (state, { key }) => ({ ...state, unsent: state.unsent.filter((each) => each.key !== key), uploads: withoutThose(state, key) }),
  typed_again: (state, { key }) => ({
    ...state,
    unsent: state.unsent.map((each) => (each.key === key ? { ...each, refusal: null } : each)),
  }),
  draft: (state, { draft }) => ({ ...state, draft: { ...state.draft, ...draft } }),
  saving: (state, { message, text }) => ({ ...state, saving: { ...state.saving, [message]: text } }),
  earlier_asked: (state) => ({ ...state, earlierAsked: true }),
  reactions_over: (state, { before }) => ({ ...state, reactions: state.reactions.filter(({ at }) => at > before) }),
};

/** A change that was refused: what was written goes back into the field. @param {State} state @param {number} id @returns {State} */
export function notSaved(state, id) {
  const { [id]: text, ...saving } = state.saving;
  if (text === undefined) return state;
  const free = !state.draft.text && state.draft.edit === null;
  return { ...state, saving, draft: free ? { ...emptied(state.draft), edit: id, text } : state.draft };
}

/** What is still being saved: not what a snapshot shows, nor of a message that is deleted. @param {State["saving"]} saving @param {ChatMessage[]} messages @returns {State["saving"]} */
export function notYet(saving, messages) {
  const done = messages.filter(({ id, text, deleted }) => deleted || text === saving[id]).map(({ id }) => String(id));
  return Object.fromEntries(Object.entries(saving).filter(([id]) => !done.includes(id)));
}

/** Uploads by their keys, in order. @param {Pick<State, "uploads">} state @param {string[]} keys */
export const uploadsOf = ({ uploads }, keys) => keys.flatMap((key) => uploads.find((each) => each.key === key) ?? []);

/** Those that something unsent waits for. @param {State} state @param {string} key */
const keysOf = ({ unsent }, key) => unsent.find((each) => each.key === key)?.uploads ?? [];

/** @param {State} state @param {string} key */
const withoutThose = (state, key) => state.uploads.filter((each) => !keysOf(state, key).includes(each.key));

/** A file that is gone is gone from its message as well. @param {State} state @param {string} file @returns {State} */
export const withoutFile = (state, file) => ({
  ...state,
  messages: state.messages.map((message) =>
    message.files.some(({ id }) => id === file) ? { ...message, files: message.files.filter(({ id }) => id !== file) } : message,
  ),
});

/** @param {State} state @param {number} id @param {(message: ChatMessage) => ChatMessage} step @returns {State} */
const change = (state, id, step) => ({ ...state, messages: state.messages.map((each) => (each.id === id ? step(each) : each)) });

/** @param {State} state @param {number} id @param {{text: string, deleted: boolean}} now @returns {State} */
const requote = (state, id, now) => ({
  ...state,
  messages: state.messages.map((each) => (each.reply?.id === id ? { ...each, reply: { ...each.reply, ...now } } : each)),
});

/** Whether the school and the class let this person write to somebody of that role alone. @param {State} state @param {string | undefined} role */
const whispers = (state, role) => leads(state) || role === "teacher" || (state.privateChat && may(state, "private_chat"));

/** Whether this person may write to `id`, who is here, alone. @param {State} state @param {string} id */
export const mayWhisper = (state, id) => id !== state.you.id && Boolean(state.people[id]) && whispers(state, state.people[id]?.role);

/** Whether this person may still write to those who read `message`: to answer it, to change it. @param {State} state @param {ChatMessage} message */
export function mayWriteOn(state, { to, participant, role }) {
  if (!to) return may(state, "chat");
  return participant === state.you.id ? !state.people[to.id] || whispers(state, state.people[to.id]?.role) : whispers(state, role);
}

/** All of those: teachers first, then by name. @param {State} state */
export const readers = (state) =>
  Object.values(state.people)
    .filter(({ id }) => mayWhisper(state, id))
    .sort((a, b) => Number(b.role === "teacher") - Number(a.role === "teacher") || a.name.localeCompare(b.name));

/** How somebody reacts just now; null: not. @param {State} state @param {string} id */
export const reactionOf = ({ reactions }, id) => reactions.findLast(({ by }) => by.includes(id))?.emoji ?? null;

/** How often each emoji came lately. @param {State} state @returns {[string, number][]} */
export function reactionCounts({ reactions }) {
  const counts = new Map();
  for (const { emoji, count } of reactions) counts.set(emoji, (counts.get(emoji) ?? 0) + count);
  return [...counts];
}
