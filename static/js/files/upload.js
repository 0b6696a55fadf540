/**
 * Files from this person to the class, one after the other (docs/files.md). Those for a message are kept here until
 * it is sent, and wait out a lost connection. Knows no DOM and no words.
 * @typedef {import("../state/types").Upload} Upload
 * @typedef {import("../state/types").LocalEvent} LocalEvent
 */

const AGAIN_AFTER = 5000; // ms

/** `sent`: all of it, so that the server may have stored it. @typedef {{key: string, file: File, request: XMLHttpRequest | null, sent: boolean, forChat: boolean}} Waiting */

export class Uploads {
  /**
   * @param {object} page
   * @param {(event: LocalEvent) => void} page.tell
   * @param {string} page.address where they go
   * @param {string} page.csrf
   * @param {(material: string) => void} page.remove takes back what was stored after all
   * @param {() => XMLHttpRequest} [page.make]
   * @param {(ms: number, then: () => void) => void} [page.after]
   */
  constructor(page) {
    this.page = page;
    /** The first one is under way. @type {Waiting[]} */ this.waiting = [];
    /** For messages, until they are stored. @type {Map<string, Waiting>} */ this.kept = new Map();
  }

  /** At once. @param {File[]} files */
  add(files) {
    this.queue(files.map((file) => this.made(file, false)));
  }

  /** For a message: nothing leaves before `start`; each stays, done, until that is said. @param {File[]} files @returns {string[]} their keys */
  keep(files) {
    const chosen = files.map((file) => this.made(file, true));
    for (const each of chosen) this.kept.set(each.key, each);
    return chosen.map(({ key }) => key);
  }

  /** Those that were kept, and those of them that failed once more. @param {string[]} keys */
  start(keys) {
    this.queue(keys.flatMap((key) => this.kept.get(key) ?? []).filter((each) => !this.waiting.includes(each)));
  }

  /** The connection is back. */
  goOn() {
    if (this.waiting[0] && !this.waiting[0].request) this.next();
  }

  /** @param {string} key */
  cancel(key) {
    const found = this.waiting.find((each) => each.key === key);
    if (found) this.drop(found);
    this.kept.delete(key);
    this.page.tell({ type: "upload_gone", key });
  }

  /** All of them: this person leaves. */
  close() {
    for (const { key } of [...this.waiting].reverse()) this.cancel(key);
    this.kept.clear();
  }

  /** @param {File} file @param {boolean} forChat @returns {Waiting} */
  made(file, forChat) {
    const key = crypto.randomUUID();
    this.tell(key, { name: file.name, size: file.size, sent: 0, state: "chosen", words: "", ...(forChat && { forChat }) });
    return { key, file, request: null, sent: false, forChat };
  }

  /** @param {Waiting[]} added */
  queue(added) {
    for (const { key } of added) this.tell(key, { state: "uploading", sent: 0, words: "" });
    const idle = !this.waiting.length;
    this.waiting.push(...added);
    if (idle) this.next();
  }

  next() {
    const first = this.waiting[0];
    if (!first) return;
    const request = (first.request = this.page.make?.() ?? new XMLHttpRequest()); // fetch tells nothing of what is sent
    first.sent = false;
    const form = new FormData();
    form.append("file", first.file);
    request.open("POST", this.page.address);
    request.setRequestHeader("X-CSRFToken", this.page.csrf);
    request.setRequestHeader("Idempotency-Key", first.key); // an answer may get lost
    request.upload.onprogress = ({ loaded, total }) => this.tell(first.key, { state: "uploading", sent: Math.round((loaded / total) * first.file.size) });
    request.upload.onload = () => void (first.sent = true);
    request.onload = () => (request.status === 201 ? this.done(first) : this.failed(first, { words: reason(request) }));
    request.onerror = () => (first.forChat ? void this.interrupted(first) : this.failed(first, { words: "" }));
    request.send(form);
  }

  /** The class hears of the new file by its socket. @param {Waiting} one */
  done(one) {
    this.kept.delete(one.key);
    if (one.forChat) this.tell(one.key, { state: "done", material: JSON.parse(one.request?.responseText ?? "null") });
    else this.page.tell({ type: "upload_gone", key: one.key, added: true });
    this.leave(one);
  }

  /** @param {Waiting} one @param {Partial<Upload>} why */
  failed(one, why) {
    this.tell(one.key, { state: "failed", ...why });
    this.leave(one);
  }

  /** The connection was lost, or the file cannot be read any more: a browser tells the same of both. @param {Waiting} one */
  async interrupted(one) {
    one.request = null;
    const readable = await one.file.slice(0, 1).arrayBuffer().then(() => true, () => false);
    if (!this.waiting.includes(one) || one.request) return;
    if (!readable) return this.failed(one, { unreadable: true });
    this.tell(one.key, { state: "waiting", sent: 0 });
    (this.page.after ?? after)(AGAIN_AFTER, () => this.goOn());
  }

  /** What the server has whole already is taken back as soon as it says so. @param {Waiting} one */
  drop(one) {
    const { request } = one;
    this.leave(one);
    if (!request || !one.sent) return request?.abort();
    request.onerror = null;
    request.onload = () => request.status === 201 && this.page.remove(JSON.parse(request.responseText).id);
  }

  /** @param {Waiting} one */
  leave(one) {
    const was = this.waiting[0] === one;
    this.waiting = this.waiting.filter((each) => each !== one);
    if (was) this.next();
  }

  /** @param {string} key @param {Partial<Upload>} more */
  tell(key, more) {
    this.page.tell({ type: "upload", key, more });
  }
}

/** @param {number} ms @param {() => void} then */
const after = (ms, then) => void setTimeout(then, ms);

/** @param {XMLHttpRequest} request */
function reason({ responseText }) {
  try {
    const { detail = "", mend = "" } = JSON.parse(responseText);
    return [detail, mend].filter(Boolean).join(" ");
  } catch {
    return "";
  }
}
