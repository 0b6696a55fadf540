/**
 * Files from this person to the class, one after the other (docs/files.md). Knows no DOM and no words.
 * @typedef {import("../state/types").Upload} Upload
 * @typedef {import("../state/types").LocalEvent} LocalEvent
 */

/** @typedef {{key: string, file: File, request: XMLHttpRequest | null, forChat: boolean}} Waiting */

export class Uploads {
  /**
   * @param {object} page
   * @param {(event: LocalEvent) => void} page.tell
   * @param {string} page.address where they go
   * @param {string} page.csrf
   * @param {() => XMLHttpRequest} [page.make]
   */
  constructor(page) {
    this.page = page;
    /** The first one is under way. @type {Waiting[]} */ this.waiting = [];
  }

  /** @param {File[]} files @param {boolean} [forChat] for a message: each stays, done, until that is sent. @returns {string[]} their keys */
  add(files, forChat = false) {
    const added = files.map((file) => ({ key: crypto.randomUUID(), file, request: null, forChat }));
    for (const { key, file } of added)
      this.tell(key, { name: file.name, size: file.size, sent: 0, state: "uploading", words: "", ...(forChat && { forChat }) });
    const idle = !this.waiting.length;
    this.waiting.push(...added);
    if (idle) this.next();
    return added.map(({ key }) => key);
  }

  next() {
    const first = this.waiting[0];
    if (!first) return;
    const request = (first.request = this.page.make?.() ?? new XMLHttpRequest()); // fetch tells nothing of what is sent
    const form = new FormData();
    form.append("file", first.file);
    request.open("POST", this.page.address);
    request.setRequestHeader("X-CSRFToken", this.page.csrf);
    request.upload.onprogress = ({ loaded, total }) => this.tell(first.key, { sent: Math.round((loaded / total) * first.file.size) });
    request.onload = () => (request.status === 201 ? this.done(first) : this.failed(first, reason(request)));
    request.onerror = () => this.failed(first, "");
    request.send(form);
  }

  /** @param {string} key */
  cancel(key) {
    const found = this.waiting.find((each) => each.key === key);
    found?.request?.abort();
    if (found) this.leave(found);
    this.page.tell({ type: "upload_gone", key });
  }

  /** All of them: this person leaves. */
  close() {
    for (const { key } of [...this.waiting].reverse()) this.cancel(key);
  }

  /** The class hears of the new file by its socket. @param {Waiting} one */
  done(one) {
    if (one.forChat) this.tell(one.key, { state: "done", material: JSON.parse(one.request?.responseText ?? "null") });
    else this.page.tell({ type: "upload_gone", key: one.key, added: true });
    this.leave(one);
  }

  /** @param {Waiting} one @param {string} words */
  failed(one, words) {
    this.tell(one.key, { state: "failed", words });
    this.leave(one);
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

/** @param {XMLHttpRequest} request */
function reason({ responseText }) {
  try {
    const { detail = "", mend = "" } = JSON.parse(responseText);
    return [detail, mend].filter(Boolean).join(" ");
  } catch {
    return "";
  }
}
