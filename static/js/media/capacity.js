/**
 * Watches whether this device keeps up, and says how many cameras it carries. Knows no DOM and no words.
 * @typedef {import("./strain").Counts} Counts
 */
import { next, UNLIMITED } from "../state/carrying.js";
import { counted, isStrained, moving } from "./strain.js";

const EVERY = 2000; // ms
const TICK = 50; // ms; what holds the page up for longer is felt
const ASLEEP = 6000; // ms; the whole machine slept

export class Capacity {
  /**
   * @param {{pictures: () => Promise<(Iterable<[string, any]> | undefined)[]>, carries: (most: number | null) => void, hidden: () => boolean, cores: number}} page
   *   `pictures`: the browser's reports about each camera of others that comes
   */
  constructor(page) {
    this.page = page;
    this.limit = UNLIMITED;
    /** @type {Counts | null} */ this.before = null;
    this.lookedAt = 0;
    this.blocked = 0;
    this.tickedAt = 0;
    /** @type {any[]} */ this.timers = [];
  }

  start() {
    if (this.timers.length) return;
    this.limit = UNLIMITED;
    this.before = null;
    this.tickedAt = this.lookedAt = performance.now();
    this.timers = [setInterval(() => this.tick(), TICK), setInterval(() => void this.look(), EVERY)];
  }

  stop() {
    for (const timer of this.timers.splice(0)) clearInterval(timer);
  }

  tick() {
    const at = performance.now();
    this.blocked += Math.max(0, at - this.tickedAt - TICK);
    this.tickedAt = at;
  }

  async look() {
    const now = counted(await this.page.pictures().catch(() => []));
    if (!this.timers.length) return;
    const at = performance.now();
    const span = { seconds: (at - this.lookedAt) / 1000, blocked: this.blocked / 1000, cores: this.page.cores };
    const { before } = this;
    this.before = this.page.hidden() ? null : now; // browsers slow pages down that nobody sees
    this.lookedAt = at;
    this.blocked = 0;
    if (!before || !this.before || span.seconds * 1000 > ASLEEP) return;
    const look = { pictures: moving(before, now), strained: isStrained(before, now, span) };
    const limit = next(this.limit, look, at);
    const changed = limit.most !== this.limit.most;
    this.limit = limit;
    if (changed) this.page.carries(limit.most);
  }
}
