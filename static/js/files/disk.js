/**
 * A transfer's reading and writing, done by a worker of its own (worker.js). Asked things are done in order.
 * Each answer is a promise that is rejected with an Error whose message is the reason: "unreadable", "no_space" or other.
 */
export class Disk {
  /** @param {string} script the worker's address @param {string} folder where this transfer's files are kept */
  constructor(script, folder) {
    this.folder = folder;
    this.worker = new Worker(script, { type: "module" });
    this.count = 0;
    /** @type {Map<number, {resolve: (found: any) => void, reject: (error: Error) => void}>} */ this.asked = new Map();
    this.worker.onmessage = ({ data: { id, found, reason } }) => {
      const { resolve, reject } = this.asked.get(id) ?? {};
      this.asked.delete(id);
      if (reason !== undefined) reject?.(new Error(reason));
      else resolve?.(found);
    };
    this.worker.onerror = () => this.fail("no_worker");
  }

  /** @param {File} file */
  open = (file) => this.ask("open", { file });

  /** @param {number} from @param {number} size @returns {Promise<Uint8Array<ArrayBuffer>>} */
  read = (from, size) => this.ask("read", { from, size });

  /** @param {string} name @param {number} size */
  create = (name, size) => this.ask("create", { folder: this.folder, name, size });

  /** The piece is gone from here afterwards. @param {ArrayBuffer} piece */
  write = (piece) => this.ask("write", { piece }, [piece]);

  /** @returns {Promise<string>} */
  digest = () => this.ask("digest");

  /** @returns {Promise<Blob>} */
  finish = () => this.ask("finish");

  /** Leave nothing, and end. */
  async discard() {
    await this.ask("discard", { folder: this.folder }).catch(() => {});
    this.close();
  }

  sweep = () => this.ask("sweep");

  close() {
    this.worker.terminate();
    this.fail("closed");
  }

  /** @param {string} ask @param {Record<string, unknown>} [more] @param {Transferable[]} [moved] @returns {Promise<any>} */
  ask(ask, more = {}, moved = []) {
    const id = ++this.count;
    const answered = new Promise((resolve, reject) => this.asked.set(id, { resolve, reject }));
    this.worker.postMessage({ id, ask, ...more }, moved);
    return answered;
  }

  /** @param {string} reason */
  fail(reason) {
    for (const { reject } of this.asked.values()) reject(new Error(reason));
    this.asked.clear();
  }
}
