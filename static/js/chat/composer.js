/**
 * From what is being written to messages: knows the state and the socket, no DOM.
 * @typedef {import("../state/types").State} State
 * @typedef {import("../state/types").LocalEvent} LocalEvent
 * @typedef {import("../state/types").Unsent} Unsent
 */
import { NOTHING } from "../state/chat.js";

const ENOUGH = /** @type {const} */ ({ most: 2000, points: 8000 }); // characters as people count them, and the server's bound

const characters = new Intl.Segmenter(undefined, { granularity: "grapheme" });

/** How many characters too many; not more than 0: it fits. @param {string} text */
export function over(text) {
  const trimmed = text.trim();
  if (trimmed.length <= ENOUGH.most) return 0;
  const count = [...characters.segment(trimmed)].length - ENOUGH.most;
  return Math.max(count, [...trimmed].length - ENOUGH.points);
}

/** The files of what is being written, in order. @param {State} state */
export const attached = ({ draft, uploads }) => draft.attached.flatMap((key) => uploads.find((each) => each.key === key) ?? []);

/** Whether there is something that could be sent. @param {State} state */
export const isReady = (state) => over(state.draft.text) <= 0 && Boolean(state.draft.text.trim() || attached(state).length);

export class Composer {
  /**
   * @param {object} page
   * @param {() => State} page.state
   * @param {(event: LocalEvent) => void} page.tell
   * @param {import("../classroom/socket").ClassroomSocket} page.socket
   */
  constructor(page) {
    this.page = page;
  }

  /** Send what is written, or as soon as its files are there. */
  send() {
    const state = this.page.state();
    const { draft } = state;
    if (!isReady(state)) return;
    if (draft.edit !== null) return this.save(draft.edit, draft.text.trim());
    const files = attached(state);
    if (files.some((each) => each.state !== "done")) return this.page.tell({ type: "draft", draft: { waits: true } });
    const to = draft.to === null ? null : { id: draft.to, name: state.people[draft.to]?.name ?? "" };
    const answered = state.messages.find(({ id }) => id === draft.reply);
    const reply = answered ? { id: answered.id, name: answered.name, text: answered.text, deleted: Boolean(answered.deleted) } : null;
    const materials = files.flatMap(({ material }) => material ?? []);
    this.page.tell({ type: "draft", draft: { ...NOTHING, to: draft.to } });
    for (const { key } of files) this.page.tell({ type: "upload_gone", key });
    const key = crypto.randomUUID();
    this.page.tell({ type: "typed", key, text: draft.text.trim(), to, reply, files: materials });
    this.say(key);
  }

  /** @param {number} message @param {string} text */
  save(message, text) {
    const { messages, draft } = this.page.state();
    const before = messages.find(({ id }) => id === message);
    this.page.tell({ type: "draft", draft: { ...NOTHING, to: draft.to } });
    if (!before || before.text === text || !text) return;
    this.page.tell({ type: "saving", message, text });
    this.page.socket.change({ type: "edit_message", message, text });
  }

  /** @param {string} key of something unsent */
  say(key) {
    const found = this.page.state().unsent.find((each) => each.key === key);
    if (!found) return;
    const { text, to, reply, files } = found;
    this.page.socket.say(key, text, {
      ...(to && { to: to.id }),
      ...(reply && { reply: reply.id }),
      ...(files.length && { files: files.map(({ id }) => id) }),
    });
  }

  /** @param {string} key */
  sayAgain(key) {
    this.page.tell({ type: "typed_again", key });
    this.say(key);
  }

  /** What waits for its files goes when they are there; with one that failed it waits for the person. @param {State} state */
  look(state) {
    if (!state.draft.waits) return;
    const states = attached(state).map((each) => each.state);
    if (states.includes("failed")) this.page.tell({ type: "draft", draft: { waits: false } });
    else if (states.every((each) => each === "done")) this.send();
  }
}
