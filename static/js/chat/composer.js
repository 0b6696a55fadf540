/**
 * From what is being written to messages: knows the state and the socket, no DOM.
 * @typedef {import("../state/types").State} State
 * @typedef {import("../state/types").LocalEvent} LocalEvent
 * @typedef {import("../state/types").Unsent} Unsent
 */
import { emptied, NOTHING, uploadsOf } from "../state/chat.js";

const ENOUGH = /** @type {const} */ ({ most: 2000, points: 8000 }); // characters as people count them, and the server's bound

const characters = new Intl.Segmenter(undefined, { granularity: "grapheme" });

/** How many characters too many; not more than 0: it fits. @param {string} text */
export function over(text) {
  const trimmed = text.trim();
  if (trimmed.length <= ENOUGH.most) return 0;
  const count = [...characters.segment(trimmed)].length - ENOUGH.most;
  return Math.max(count, [...trimmed].length - ENOUGH.points);
}

/** Whether files were chosen, and then one person to read it: files go to everyone. @param {State} state */
export const isMisdirected = ({ draft }) => draft.edit === null && draft.to !== null && draft.attached.length > 0;

/** Whether there is something that could be sent. @param {State} state */
export function isReady(state) {
  const { text, edit, attached } = state.draft;
  return over(text) <= 0 && !isMisdirected(state) && (Boolean(text.trim()) || (edit === null && attached.length > 0));
}

export class Composer {
  /**
   * @param {object} page
   * @param {() => State} page.state
   * @param {(event: LocalEvent) => void} page.tell
   * @param {import("../classroom/socket").ClassroomSocket} page.socket
   * @param {Pick<import("../files/upload").Uploads, "start" | "cancel">} page.uploads
   * @param {(material: string) => void} page.remove a file that the class has already
   */
  constructor(page) {
    this.page = page;
  }

  /** Send what is written. Its files leave now, and it is said as soon as they are there. */
  send() {
    const state = this.page.state();
    const { draft } = state;
    if (!isReady(state)) return;
    if (draft.edit !== null) return this.save(draft.edit, draft.text.trim());
    const to = draft.to === null ? null : { id: draft.to, name: state.people[draft.to]?.name ?? "" };
    const answered = state.messages.find(({ id }) => id === draft.reply);
    const reply = answered ? { id: answered.id, name: answered.name, text: answered.text, deleted: Boolean(answered.deleted) } : null;
    const uploads = draft.attached.length ? draft.attached : null;
    const key = crypto.randomUUID();
    this.page.tell({ type: "draft", draft: { ...NOTHING, to: draft.to } });
    this.page.tell({ type: "typed", key, text: draft.text.trim(), to, reply, uploads });
    if (uploads) this.page.uploads.start(uploads);
    else this.say(key);
  }

  /** @param {number} message @param {string} text */
  save(message, text) {
    const { messages, draft } = this.page.state();
    const before = messages.find(({ id }) => id === message);
    this.page.tell({ type: "draft", draft: emptied(draft) });
    if (!before || before.text === text || !text) return;
    this.page.tell({ type: "saving", message, text });
    this.page.socket.change({ type: "edit_message", message, text });
  }

  /** @param {string} key of something unsent */
  say(key) {
    const found = this.unsent(key);
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
    const uploads = this.unsent(key)?.uploads;
    this.page.tell({ type: "typed_again", key });
    if (uploads) this.page.uploads.start(uploads);
    else this.say(key);
  }

  /** Give up something unsent: what the class has of its files already is taken back. @param {string} key */
  unsay(key) {
    const given = this.unsent(key);
    if (!given) return;
    const uploads = uploadsOf(this.page.state(), given.uploads ?? []);
    this.page.tell({ type: "unsaid", key });
    for (const upload of uploads) this.page.uploads.cancel(upload.key);
    for (const { id } of [...given.files, ...uploads.flatMap(({ material }) => material ?? [])]) this.page.remove(id);
  }

  /** All that waits for its files: this person leaves. */
  close() {
    for (const { key, uploads } of this.page.state().unsent) if (uploads) this.unsay(key);
  }

  /** Leave one file out, of what is being written or is unsent. @param {string} upload */
  detach(upload) {
    const { unsent, uploads } = this.page.state();
    const last = unsent.find((each) => !each.text && each.uploads?.length === 1 && each.uploads[0] === upload);
    if (last) return this.unsay(last.key);
    const material = uploads.find(({ key }) => key === upload)?.material;
    this.page.uploads.cancel(upload);
    if (material) this.page.remove(material.id);
  }

  /** What waits for its files is said when they are there; with one that failed it waits for the person. @param {State} state */
  look(state) {
    const there = (/** @type {string} */ key) => state.uploads.find((each) => each.key === key)?.state === "done";
    const ready = state.unsent.find(({ uploads }) => uploads?.every(there));
    if (!ready) return;
    this.page.tell({ type: "files_there", key: ready.key });
    this.say(ready.key);
  }

  /** @param {string} key */
  unsent(key) {
    return this.page.state().unsent.find((each) => each.key === key);
  }
}
