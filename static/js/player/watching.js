/** Counts what has been played, for the teacher, and says so from time to time. Knows no DOM. */

const EVERY = 15_000; // ms
const FASTEST = 3; // times the speed of the class: the quickest the player plays
const SLACK = 0.5; // seconds by which a step may be off

/** @typedef {[from: number, to: number]} Span in seconds of the viewer's time */

export class Watching {
  /**
   * @param {string} url @param {string} csrf
   * @param {(url: string, options: RequestInit) => Promise<{ok: boolean, status: number, redirected?: boolean}>} [ask] instead of fetch
   */
  constructor(url, csrf, ask = (...asked) => fetch(...asked)) {
    this.url = url;
    this.csrf = csrf;
    this.ask = ask;
    /** Played and not said yet, in the order it was played. @type {Span[]} */ this.spans = [];
    /** @type {{time: number, at: number} | null} */ this.last = null;
    this.sentAt = 0;
    this.over = false; // nobody wants to hear more: the recording is gone, or the person signed out
  }

  /**
   * Where the player is; called often. A step further than any speed goes is a jump, and counts as nothing.
   * @param {number} time of the viewer's, seconds @param {boolean} plays @param {number} [at] ms, of a clock that never goes back
   */
  tick(time, plays, at = performance.now()) {
    const before = this.last;
    this.last = plays ? { time, at } : null;
    if (before) this.step(before.time, time, (at - before.at) / 1000);
    if (at - this.sentAt >= EVERY) this.send(at);
  }

  /** @param {number} from @param {number} to @param {number} passed seconds */
  step(from, to, passed) {
    if (to <= from || to - from > passed * FASTEST + SLACK) return;
    const last = this.spans.at(-1);
    if (last && last[1] === from) last[1] = to;
    else this.spans.push([from, to]);
  }

  /** Say what is not said yet, also while the page goes away; what does not arrive is said the next time. */
  send(at = performance.now()) {
    this.sentAt = at;
    if (!this.spans.length || this.over) return;
    const seen = this.spans.splice(0);
    const headers = { "X-CSRFToken": this.csrf, "Content-Type": "application/json" };
    const body = JSON.stringify({ seen: seen.map((span) => span.map((second) => Math.round(second * 10) / 10)) });
    this.ask(this.url, { method: "POST", headers, body, keepalive: true }).then(
      ({ ok, status, redirected }) => {
        if (status === 429 || status >= 500) this.spans.unshift(...seen);
        else this.over = !ok || Boolean(redirected);
      },
      () => this.spans.unshift(...seen),
    );
  }
}
