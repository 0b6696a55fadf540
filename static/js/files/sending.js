/**
 * The sender's side of one transfer. Over the channel go pieces of the files in order, after each file its SHA-256; from
 * the other side comes from where to send (again), how much is written there, and that a file is stored:
 * `{do: "send", file, from}`, `{do: "have", file, bytes}`, `{do: "stored", file}`; a `send` of the file after the last
 * one says that all is there. Knows no DOM and no words.
 * @typedef {import("./disk").Disk} Disk
 * @typedef {import("./line").Line} Line
 */

const BLOCK = 1024 * 1024; // read at once
const PIECE = 64 * 1024; // in one message: every browser takes it
const LOW = 1024 * 1024;
const HIGH = 4 * 1024 * 1024; // browsers cut a channel off at 16 MiB
const WINDOW = 16 * 1024 * 1024; // on its way and not written yet
const GIVE_UP = 120_000; // ms without anything new

/**
 * @typedef {object} Parts
 * @property {Disk} disk
 * @property {(ends: {opened: (channel: RTCDataChannel) => void, lost: () => void}) => Line} makeLine
 * @property {(moved: number) => void} moved bytes that are written at the other side
 * @property {(state: "moving" | "interrupted") => void} turned
 * @property {(why: string | null) => void} over null: all is there
 */

export class Sending {
  /** @param {File[]} files @param {Parts} parts */
  constructor(files, parts) {
    this.files = files;
    this.parts = parts;
    /** Where each file begins in the whole. @type {number[]} */
    this.starts = files.map((_, index) => files.slice(0, index).reduce((sum, { size }) => sum + size, 0));
    this.have = 0;
    this.reading = -1;
    this.run = 0;
    /** @type {() => void} */ this.wake = () => {};
    /** @type {any} */ this.patience = null;
    this.line = parts.makeLine({ opened: (channel) => this.opened(channel), lost: () => this.lost() });
  }

  begin() {
    this.wait();
    this.line.begin();
  }

  /** @param {RTCDataChannel} channel */
  opened(channel) {
    channel.bufferedAmountLowThreshold = LOW;
    channel.onbufferedamountlow = () => this.wake();
    channel.onmessage = ({ data }) => this.hear(channel, data);
  }

  lost() {
    this.run++;
    this.wake();
    this.parts.turned("interrupted");
  }

  /** @param {RTCDataChannel} channel @param {unknown} data */
  hear(channel, data) {
    const said = read(data);
    if (!said || said.file < 0 || said.file > this.files.length) return;
    this.line.alive();
    if (said.do === "have" && said.bytes >= 0) this.has(said.file, said.bytes);
    if (said.do === "stored" && said.file === this.files.length - 1) this.finish(null);
    if (said.do !== "send") return;
    if (said.file === this.files.length) this.finish(null);
    else if (said.from >= 0 && said.from <= (this.files[said.file]?.size ?? 0)) void this.pump(channel, said.file, said.from);
  }

  /** @param {number} file @param {number} bytes */
  has(file, bytes) {
    const have = (this.starts[file] ?? 0) + bytes;
    if (have > this.have) this.wait();
    this.have = have;
    this.wake();
    this.parts.moved(have);
  }

  /** @param {RTCDataChannel} channel @param {number} first @param {number} from */
  async pump(channel, first, from) {
    const run = ++this.run;
    this.wake();
    this.has(first, from);
    this.parts.turned("moving");
    try {
      for (let index = first; index < this.files.length && run === this.run; index++) await this.send(channel, run, index, index === first ? from : 0);
    } catch (error) {
      if (run === this.run && channel.readyState === "open") this.finish(/** @type {Error} */ (error).message);
    }
  }

  /** @param {RTCDataChannel} channel @param {number} run @param {number} index @param {number} from */
  async send(channel, run, index, from) {
    const { disk } = this.parts;
    const file = /** @type {File} */ (this.files[index]);
    if (this.reading !== index) await disk.open(file);
    this.reading = index;
    for (let at = from; at < file.size; ) {
      const block = await disk.read(at, Math.min(BLOCK, file.size - at));
      if (!block.length) throw new Error("unreadable");
      for (let next = 0; next < block.length; next += PIECE) {
        await this.room(channel, run, (this.starts[index] ?? 0) + at + next);
        if (run !== this.run) return;
        channel.send(block.subarray(next, next + PIECE));
      }
      at += block.length;
    }
    await disk.read(file.size, 0); // what was sent before the connection was lost is hashed too
    const hash = await disk.digest();
    if (run === this.run) channel.send(JSON.stringify({ do: "end", file: index, sha256: hash }));
  }

  /** Wait until more may go. @param {RTCDataChannel} channel @param {number} run @param {number} sent */
  async room(channel, run, sent) {
    while (run === this.run && (channel.bufferedAmount > HIGH || sent - this.have > WINDOW))
      await new Promise((resolve) => (this.wake = () => resolve(undefined)));
  }

  wait() {
    clearTimeout(this.patience);
    this.patience = setTimeout(() => this.finish("broken"), GIVE_UP);
  }

  /** @param {string | null} why */
  finish(why) {
    this.stop();
    this.parts.over(why);
  }

  /** Nothing more is sent. */
  stop() {
    this.run++;
    this.wake();
    clearTimeout(this.patience);
    this.line.close();
    this.parts.disk.close();
  }
}

/** @param {unknown} data @returns {{do: string, file: number, from: number, bytes: number} | null} */
function read(data) {
  try {
    const { do: what, file, from = -1, bytes = -1 } = JSON.parse(String(data));
    return [file, from, bytes].every(Number.isSafeInteger) ? { do: what, file, from, bytes } : null;
  } catch {
    return null;
  }
}
