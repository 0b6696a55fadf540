/**
 * The receiver's side of one transfer (its words: sending.js): asks for what is missing, writes it, and keeps a file only
 * if its SHA-256 is the one the sender read. Knows no DOM and no words.
 * @typedef {import("./disk").Disk} Disk
 * @typedef {import("./line").Line} Line
 */

const TELL = 512 * 1024; // bytes between two words on how much is written
const GIVE_UP = 150_000; // ms without anything new; the sender gives up earlier

/**
 * @typedef {object} Parts
 * @property {Disk} disk
 * @property {(ends: {opened: (channel: RTCDataChannel) => void, lost: () => void}) => Line} makeLine
 * @property {(moved: number) => void} moved bytes that are written
 * @property {(state: "moving" | "interrupted") => void} turned
 * @property {(index: number, file: Blob) => void} stored
 * @property {(why: string | null) => void} over null: all is there
 */

export class Receiving {
  /** @param {{size: number}[]} files @param {Parts} parts */
  constructor(files, parts) {
    this.files = files;
    this.parts = parts;
    /** The file that comes now, and how much of it has come. */
    this.index = 0;
    this.got = 0;
    this.before = 0;
    this.told = 0;
    this.failed = false;
    /** @type {RTCDataChannel | null} */ this.channel = null;
    /** All that was asked of the disk so far. @type {Promise<unknown>} */ this.idle = Promise.resolve();
    /** @type {any} */ this.patience = null;
    this.line = parts.makeLine({ opened: (channel) => void this.opened(channel), lost: () => this.lost() });
  }

  begin() {
    this.wait();
    this.create();
  }

  create() {
    const next = this.files[this.index];
    if (next) this.write(this.parts.disk.create(String(this.index), next.size));
  }

  /** @param {RTCDataChannel} channel */
  async opened(channel) {
    this.channel = channel;
    await this.idle.catch(() => {});
    if (channel !== this.channel || this.failed) return;
    channel.onmessage = ({ data }) => channel === this.channel && this.hear(data);
    this.say({ do: "send", file: this.index, from: this.got });
    if (!this.done) this.parts.turned("moving");
  }

  get done() {
    return this.index >= this.files.length;
  }

  lost() {
    this.channel = null;
    if (!this.done) this.parts.turned("interrupted");
  }

  /** @param {ArrayBuffer | string} data */
  hear(data) {
    this.wait();
    if (typeof data === "string") this.end(data);
    else this.piece(data);
  }

  /** @param {ArrayBuffer} data */
  piece(data) {
    const size = this.files[this.index]?.size ?? 0;
    if (this.got + data.byteLength > size) return this.fail("damaged");
    const { index } = this;
    const got = (this.got += data.byteLength);
    this.write(this.parts.disk.write(data).then(() => this.written(index, got, size)));
  }

  /** @param {number} index @param {number} got @param {number} size */
  written(index, got, size) {
    if (got < size && got - this.told < TELL) return;
    if (index === this.index) this.told = got;
    this.say({ do: "have", file: index, bytes: got });
    this.parts.moved(this.sizes(index) + got);
  }

  /** Of the files before. @param {number} index */
  sizes = (index) => this.files.slice(0, index).reduce((sum, { size }) => sum + size, 0);

  /** @param {string} data */
  end(data) {
    const expected = digestIn(data);
    if (this.done || !expected || this.got !== this.files[this.index]?.size) return this.fail("damaged");
    const { disk } = this.parts;
    const index = this.index++;
    this.got = this.told = 0;
    this.write(this.keep(index, expected, disk.digest(), disk.finish()));
    this.create();
  }

  /** @param {number} index @param {string} expected @param {Promise<string>} digest @param {Promise<Blob>} file */
  async keep(index, expected, digest, file) {
    const found = await digest;
    const kept = await file;
    if (found !== expected) throw new Error("damaged");
    this.say({ do: "stored", file: index });
    this.parts.stored(index, kept);
    if (index === this.files.length - 1) this.finish();
  }

  /** @param {Promise<unknown>} asked */
  write(asked) {
    asked.catch((error) => this.fail(error.message));
    this.idle = Promise.allSettled([this.idle, asked]);
  }

  /** @param {Record<string, unknown>} said */
  say(said) {
    if (this.channel?.readyState === "open") this.channel.send(JSON.stringify(said));
  }

  wait() {
    clearTimeout(this.patience);
    if (!this.done) this.patience = setTimeout(() => this.fail("broken"), GIVE_UP);
  }

  /** The line stays: the sender may not have heard it yet. */
  finish() {
    clearTimeout(this.patience);
    this.parts.over(null);
  }

  /** @param {string} why */
  fail(why) {
    if (this.failed) return;
    void this.stop();
    this.parts.over(why);
  }

  /** Leave nothing. */
  async stop() {
    if (this.failed) return;
    this.failed = true;
    clearTimeout(this.patience);
    this.line.close();
    await this.parts.disk.discard();
  }
}

/** @param {string} data @returns {string | null} */
function digestIn(data) {
  try {
    const { do: what, sha256 } = JSON.parse(data);
    return what === "end" && /^[0-9a-f]{64}$/.test(sha256) ? sha256 : null;
  } catch {
    return null;
  }
}
