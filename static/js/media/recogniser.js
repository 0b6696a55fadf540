/**
 * This person's words, as their own browser's speech recognition hears them (Web Speech API). Knows no DOM and no words
 * of the page.
 * @typedef {{line: number, text: string, final: boolean, language: string}} Line
 * @typedef {import("../state/types").Captions["makes"]} Makes
 */

export const MOST = 500; // characters in one line
const EVERY = 400; // ms between two versions of an unfinished line
const FIRST_PAUSE = 250; // ms until it listens again: browsers stop after a silence, or a minute
const MOST_TRIES = 5; // in a row that brought nothing
const FINAL_ERRORS = ["not-allowed", "service-not-allowed", "language-not-supported"];

/** What it needs of the browser; tests bring their own. */
const world = {
  kind: () => /** @type {any} */ (globalThis).SpeechRecognition ?? /** @type {any} */ (globalThis).webkitSpeechRecognition ?? null,
  after: (/** @type {number} */ ms, /** @type {() => void} */ then) => /** @type {any} */ (setTimeout(then, ms)),
  cancel: (/** @type {any} */ timer) => clearTimeout(timer),
};

export class Recogniser {
  /** @param {{said: (line: Line) => void, makes: (makes: Makes) => void}} page @param {Partial<typeof world>} [parts] */
  constructor(page, parts = {}) {
    this.page = page;
    this.world = { ...world, ...parts };
    this.Kind = this.world.kind();
    this.language = "";
    /** @type {MediaStreamTrack | undefined} */ this.track = undefined;
    this.wanted = false;
    this.tries = 0;
    this.next = 0;
    /** @type {any} */ this.running = null;
    /** @type {any} */ this.again = null;
    /** An unfinished line that waits to be told. @type {Line | null} */
    this.pending = null;
    /** The unfinished line that was told last. @type {Line | null} */
    this.open = null;
    /** @type {any} */ this.soon = null;
  }

  /** @returns {Makes} as far as is known at once */
  get makes() {
    return this.Kind ? "away" : "none";
  }

  /** Find out whether a language is heard on this device itself, and tell. @param {string} language */
  async find(language) {
    if (!this.Kind) return false;
    const here = (await this.available(language)) === "available";
    this.page.makes(here ? "here" : "away");
    return here;
  }

  /** @param {string} language @returns {Promise<string>} */
  async available(language) {
    try {
      return (await this.Kind.available?.({ langs: [language], processLocally: true })) ?? "unavailable";
    } catch {
      return "unavailable"; // not offered, or not to this page
    }
  }

  /** Hear what goes through `track`, from now on. @param {string} language @param {MediaStreamTrack} [track] */
  listen(language, track) {
    if (!this.Kind || (this.wanted && this.language === language && this.track === track)) return;
    this.stop();
    this.language = language;
    this.track = track;
    this.wanted = true;
    this.tries = 0;
    void this.begin();
  }

  stop() {
    this.wanted = false;
    this.world.cancel(this.again);
    const { running } = this;
    this.running = null;
    this.finish();
    try {
      running?.abort();
    } catch {
      // it had not begun
    }
  }

  async begin() {
    const { language } = this;
    const here = await this.find(language);
    if (!this.wanted || this.running || language !== this.language) return;
    const heard = new this.Kind();
    Object.assign(heard, { lang: language, continuous: true, interimResults: true, ...(here && { processLocally: true }) });
    const from = this.next;
    heard.onresult = (/** @type {any} */ event) => heard === this.running && this.hear(event, from);
    heard.onerror = (/** @type {any} */ event) => heard === this.running && this.failed(event.error);
    heard.onend = () => heard === this.running && this.ended();
    this.running = heard;
    try {
      if (this.track?.readyState === "live") heard.start(this.track);
      else heard.start();
    } catch {
      this.ended();
    }
  }

  /** @param {{resultIndex: number, results: any}} event @param {number} from the number of its first line */
  hear({ resultIndex, results }, from) {
    this.tries = 0;
    for (let index = resultIndex; index < results.length; index++) {
      const text = String(results[index][0]?.transcript ?? "").trim();
      const line = from + index;
      this.next = Math.max(this.next, line + 1);
      if (!text) continue;
      if (results[index].isFinal) this.say({ line, text, final: true, language: this.language });
      else this.later({ line, text: text.slice(-MOST), final: false, language: this.language });
    }
  }

  /** @param {Line} line */
  say(line) {
    this.world.cancel(this.soon);
    this.soon = this.pending = this.open = null;
    this.page.said({ ...line, text: line.text.slice(-MOST) });
  }

  /** @param {Line} line */
  later(line) {
    this.pending = this.open = line;
    this.soon ??= this.world.after(EVERY, () => {
      this.soon = null;
      const { pending } = this;
      this.pending = null;
      if (pending) this.page.said(pending);
    });
  }

  /** What was not finished is: nothing more comes of it. */
  finish() {
    if (this.open) this.say({ ...this.open, final: true });
  }

  /** @param {string} error */
  failed(error) {
    if (!FINAL_ERRORS.includes(error)) return;
    this.stop();
    this.page.makes("failed");
  }

  ended() {
    this.running = null;
    this.finish();
    if (!this.wanted) return;
    if (++this.tries > MOST_TRIES) {
      this.wanted = false;
      return this.page.makes("failed");
    }
    this.again = this.world.after(FIRST_PAUSE * 2 ** (this.tries - 1), () => void this.begin());
  }
}
