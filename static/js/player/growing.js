/** A recording that goes on: whoever comes near its end gets what was recorded since. Knows no DOM. */

const AHEAD = 45; // seconds left to watch, from which on more is asked for
const ASK_EVERY = 20; // seconds; of a long recording a twentieth of its length: all of it is written anew
const LOOK_EVERY = 2; // seconds, while more is on its way
const LOOK_ON_EVERY = 20; // seconds, whether it goes on at all

export class Growing {
  /**
   * @param {{now: number, length: number, told: {goesOn: boolean}, renew: () => unknown}} film
   * @param {string} url where more is asked for @param {string} csrf
   * @param {(url: string, options: RequestInit) => Promise<unknown>} [ask] instead of fetch
   */
  constructor(film, url, csrf, ask = (...asked) => fetch(...asked)) {
    this.film = film;
    this.url = url;
    this.csrf = csrf;
    this.ask = ask;
    this.askedAt = -Infinity;
    this.lookedAt = -Infinity;
  }

  /** Called often. @param {number} [now] seconds, of a clock that never goes back */
  tick(now = performance.now() / 1000) {
    const { film } = this;
    if (!film.told.goesOn) return;
    const near = film.length - film.now < AHEAD;
    if (near && now - this.askedAt > Math.max(ASK_EVERY, film.length / 20)) {
      this.askedAt = now;
      this.ask(this.url, { method: "POST", headers: { "X-CSRFToken": this.csrf } }).catch(() => {});
    }
    if (now - this.lookedAt < (near ? LOOK_EVERY : LOOK_ON_EVERY)) return;
    this.lookedAt = now;
    void film.renew();
  }
}
