/**
 * Files from this person to one other in the class and back, browser to browser: asked over the classroom socket, sent
 * once the other side says yes. Knows no DOM and no words.
 * @typedef {import("../state/types").Transfer} Transfer
 * @typedef {import("../state/types").LocalEvent} LocalEvent
 * @typedef {import("../classroom/protocol").ClientMessage} ClientMessage
 * @typedef {import("../classroom/protocol").ServerMessage} ServerMessage
 * @typedef {import("../classroom/protocol").FileInfo} FileInfo
 */
import { Disk } from "./disk.js";
import { Line } from "./line.js";
import { Receiving } from "./receiving.js";
import { Sending } from "./sending.js";

const MOST_ASKED = 20; // of others at once; more are refused unseen
const TELL = 200; // ms between two words on how far it is
export const MOST_FILES = 20;

/** @typedef {{transfer: Transfer, files: File[], work: Sending | Receiving | null, kept: Blob[], toldAt: number}} Entry */

export class FilePost {
  /**
   * @param {object} page
   * @param {(event: LocalEvent) => void} page.tell
   * @param {(message: ClientMessage) => boolean} page.send whether it left
   * @param {() => RTCConfiguration} page.ways
   * @param {(id: string) => string} page.nameOf
   * @param {(file: Blob, name: string) => void} page.save into this person's downloads
   * @param {string} page.script the worker's address
   */
  constructor(page) {
    this.page = page;
    /** @type {Map<string, Entry>} */ this.entries = new Map();
    const sweeper = this.disk("");
    void sweeper.sweep().finally(() => sweeper.close()).catch(() => {});
  }

  /** @param {string} to @param {File[]} files */
  offer(to, files) {
    const key = crypto.randomUUID().slice(0, 18);
    const infos = files.map(({ name, size, type }) => ({ name: plain(name), size, kind: type.slice(0, 127) }));
    const entry = this.enter(key, to, true, infos, files);
    if (!this.page.send({ type: "offer_files", to, key, files: infos })) this.settle(entry, "failed", { why: "not_reached" });
  }

  /** @param {string} key @param {boolean} yes */
  answer(key, yes) {
    const entry = this.entries.get(key);
    if (entry?.transfer.state !== "asked" || entry.transfer.out) return;
    if (!this.say(entry, yes ? "accepted" : "refused")) return;
    if (!yes) return this.settle(entry, "refused", { by: "you" });
    this.change(entry, { state: "connecting" });
    const { files } = entry.transfer;
    const receiving = new Receiving(files, {
      ...this.parts(entry, false),
      stored: (index, file) => {
        entry.kept[index] = file;
        this.page.save(file, files[index]?.name ?? "file");
      },
    });
    entry.work = receiving;
    receiving.begin();
  }

  /** @param {string} key */
  cancel(key) {
    const entry = this.entries.get(key);
    if (!entry || isOver(entry.transfer)) return;
    this.say(entry, "cancelled");
    this.settle(entry, "cancelled", { by: "you" });
  }

  /** Again into the downloads. @param {string} key */
  save(key) {
    const { kept = [], transfer } = this.entries.get(key) ?? {};
    kept.forEach((file, index) => this.page.save(file, transfer?.files[index]?.name ?? "file"));
  }

  /** Out of sight; what was received may still be on its way into the downloads, and is swept later. @param {string} key */
  forget(key) {
    const entry = this.entries.get(key);
    if (!entry || !isOver(entry.transfer)) return;
    this.entries.delete(key);
    this.page.tell({ type: "transfer_gone", key });
  }

  /** All that is not there yet is given up: this person leaves. */
  leave() {
    for (const key of [...this.entries.keys()]) {
      this.cancel(key);
      this.forget(key);
    }
  }

  /** @param {ServerMessage} message */
  heard(message) {
    if (message.type === "files_offered") this.offered(message);
    if (message.type === "files_settled") this.settled(message);
    if (message.type === "signalled" && message.purpose === "files") this.signalled(message);
    if (message.type === "refused" && message.key) this.refused(message.key, [message.text, message.mend]);
    if (message.type === "participant_left") this.left(message.participant);
  }

  /** @param {import("../classroom/protocol").FilesOffered} message */
  offered({ by, key, files }) {
    if (this.entries.has(key)) return;
    const asked = [...this.entries.values()].filter(({ transfer }) => transfer.state === "asked" && !transfer.out);
    if (asked.length >= MOST_ASKED) this.page.send({ type: "settle_files", to: by, key, verdict: "refused" });
    else this.enter(key, by, false, files, []);
  }

  /** @param {import("../classroom/protocol").FilesSettled} message */
  settled({ by, key, verdict }) {
    const entry = this.entries.get(key);
    if (!entry || entry.transfer.peer !== by || isOver(entry.transfer)) return;
    if (verdict === "accepted") return this.accepted(entry);
    this.settle(entry, verdict, { by: "them" });
  }

  /** @param {Entry} entry */
  accepted(entry) {
    if (entry.transfer.state !== "asked" || !entry.transfer.out) return;
    this.change(entry, { state: "connecting" });
    const sending = new Sending(entry.files, this.parts(entry, true));
    entry.work = sending;
    sending.begin();
  }

  /** @param {import("../classroom/protocol").Signalled} message */
  signalled(message) {
    for (const { transfer, work } of this.entries.values()) if (transfer.peer === message.by) work?.line.heard(message);
  }

  /** @param {string} key @param {(string | null)[]} words */
  refused(key, words) {
    const entry = this.entries.get(key);
    if (entry?.transfer.state === "asked") this.settle(entry, "failed", { why: "not_reached", words: words.filter(Boolean).join(" ") });
  }

  /** Who only lost the connection comes back; nobody waits for an answer meanwhile. @param {string} participant */
  left(participant) {
    for (const entry of this.entries.values())
      if (entry.transfer.peer === participant && entry.transfer.state === "asked") this.settle(entry, "failed", { why: "gone" });
  }

  /** @param {string} key @param {string} peer @param {boolean} out @param {FileInfo[]} files @param {File[]} chosen @returns {Entry} */
  enter(key, peer, out, files, chosen) {
    const total = files.reduce((sum, { size }) => sum + size, 0);
    const transfer = /** @type {Transfer} */ ({ key, peer, out, files, total, name: this.page.nameOf(peer), state: "asked", moved: 0, rate: 0, by: null, why: null, words: "" });
    const entry = /** @type {Entry} */ ({ transfer, files: chosen, work: null, kept: [], toldAt: 0 });
    this.entries.set(key, entry);
    this.change(entry, {});
    return entry;
  }

  /** What both sides of a transfer need. @param {Entry} entry @param {boolean} begins */
  parts(entry, begins) {
    const { key, peer } = entry.transfer;
    return {
      disk: this.disk(key),
      makeLine: (/** @type {Pick<import("./line").Ends, "opened" | "lost">} */ ends) =>
        new Line(key, begins, { ...ends, ways: this.page.ways, send: (signal) => void this.page.send({ type: "signal", to: peer, ...signal }) }),
      moved: (/** @type {number} */ moved) => this.moved(entry, moved),
      turned: (/** @type {"moving" | "interrupted"} */ state) => !isOver(entry.transfer) && this.change(entry, { state, rate: 0 }),
      over: (/** @type {string | null} */ why) => this.over(entry, why),
    };
  }

  /** @param {string} folder */
  disk(folder) {
    return new Disk(this.page.script, folder);
  }

  /** @param {Entry} entry @param {number} moved */
  moved(entry, moved) {
    if (isOver(entry.transfer)) return;
    const now = performance.now();
    const passed = now - entry.toldAt;
    if (passed < TELL && moved < entry.transfer.total) return;
    const latest = entry.toldAt && passed ? ((moved - entry.transfer.moved) * 1000) / passed : 0;
    const rate = entry.transfer.rate ? entry.transfer.rate * 0.9 + latest * 0.1 : latest;
    entry.toldAt = now;
    this.change(entry, { moved, rate: Math.max(0, rate) });
  }

  /** @param {Entry} entry @param {string | null} why */
  over(entry, why) {
    if (isOver(entry.transfer)) return;
    if (why === null) return this.change(entry, { state: "done", moved: entry.transfer.total });
    this.say(entry, "failed");
    this.settle(entry, "failed", { by: "you", why });
  }

  /** @param {Entry} entry @param {Transfer["state"]} state @param {Partial<Transfer>} more */
  settle(entry, state, more) {
    void entry.work?.stop();
    this.change(entry, { ...more, state });
  }

  /** @param {Entry} entry @param {"accepted" | "refused" | "cancelled" | "failed"} verdict */
  say({ transfer: { peer, key } }, verdict) {
    return this.page.send({ type: "settle_files", to: peer, key, verdict });
  }

  /** @param {Entry} entry @param {Partial<Transfer>} more */
  change(entry, more) {
    entry.transfer = { ...entry.transfer, ...more };
    this.page.tell({ type: "transfer", transfer: entry.transfer });
  }
}

/** A name that every system takes. @param {string} name */
const plain = (name) => name.replace(/[\u0000-\u001f/\\]/g, "_").slice(-255) || "file";

/** @param {Transfer} transfer */
export const isOver = ({ state }) => state === "done" || state === "refused" || state === "cancelled" || state === "failed";
