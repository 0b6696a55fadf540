/**
 * This person's words, as their own browser's speech recognition hears them (Web Speech API). Knows no DOM and no words
 * of the page.
 * @typedef {{line: number, text: string, final: boolean, language: string}} Line
 * @typedef {import("../state/types").Captions["makes"]} Makes
 */

export const MOST = 500; // characters in one line
const EVERY = 400; // ms between two versions of an unfinished line
const FIRST_PAUSE = 250; // ms until it listens again: browsers stop after a silence, or a minute
const MOST_TRIES = 5; // in a row that failed
const QUICK = 2000; // ms: whatever ends sooner has failed, unless it heard silence
const FINAL_ERRORS = ["not-allowed", "service-not-allowed", "language-not-supported"];

/** What it needs of the browser; tests bring their own. */
const world = {
  kind: () => /** @type {any} */ (globalThis).SpeechRecognition ?? /** @type {any} */ (globalThis).webkitSpeechRecognition ?? null,
  after: (/** @type {number} */ ms, /** @type {() => void} */ then) => /** @type {any} */ (setTimeout(then, ms)),
  cancel: (/** @type {any} */ timer) => clearTimeout(timer),
  now: () => Date.now(),
};

export class Recogniser {
  /** @param {{said: (line: Line) => void, makes: (makes: Makes) => void, failed: () => void}} page @param {Partial<typeof world>} [parts] */
  constructor(page, parts = {}) {
    this.page = page;
    this.world = { ...world, ...parts };
    this.Kind = this.world.kind();
    this.language = "";
    /** @type {MediaStreamTrack | undefined} */ this.track = undefined;
    this.wanted = false;
    this.sought = "";
    this.tries = 0;
    this.since = 0;
    this.error = "";
    /** The number of the first line that is not finished. */
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

  /** Find out whether a language is heard on this device itself, and tell of the one asked for last. @param {string} language */
  async find(language) {
    if (!this.Kind) return false;
    this.sought = language;
    const here = (await this.available(language)) === "available";
    if (language === this.sought) this.page.makes(here ? "here" : "away");
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
    heard.onresult = (/** @type {any} */ event) => heard === this.running && this.hear(Array.from(event.results), from);
    heard.onerror = (/** @type {any} */ event) => heard === this.running && this.failed(event.error);
    heard.onend = () => heard === this.running && this.ended();
    this.running = heard;
    this.since = this.world.now();
    this.error = "";
    try {
      if (this.track?.readyState === "live") heard.start(this.track);
      else heard.start();
    } catch {
      this.ended();
    }
  }

  /**
   * Several results may be open at once: they are one unfinished line, which is the first of them.
   * @param {any[]} results of this session, all of them @param {number} from the number of its first line
   */
  hear(results, from) {
    this.tries = 0;
    const texts = results.map((each) => String(each[0]?.transcript ?? "").trim());
    const unfinished = results.findIndex(({ isFinal }) => !isFinal);
    const finished = unfinished < 0 ? results.length : unfinished;
    while (this.next < from + finished) this.say(texts[this.next - from] ?? "");
    const open = texts.slice(finished).filter(Boolean).join(" ");
    if (open) this.later(open);
  }

  /** The line is finished. @param {string} text */
  say(text) {
    this.world.cancel(this.soon);
    const line = { ...this.line(text), final: true };
    const had = this.open;
    this.soon = this.pending = this.open = null;
    this.next++;
    if (text || had) this.page.said(line);
  }

  /** It may still change. @param {string} text */
  later(text) {
    this.pending = this.open = this.line(text);
    this.soon ??= this.world.after(EVERY, () => {
      this.soon = null;
      const { pending } = this;
      this.pending = null;
      if (pending) this.page.said(pending);
    });
  }

  /** @param {string} text @returns {Line} */
  line(text) {
    return { line: this.next, text: text.slice(-MOST), final: false, language: this.language };
  }

  /** What was not finished is: nothing more comes of it. */
  finish() {
    if (this.open) this.say(this.open.text);
  }

  /** @param {string} error */
  failed(error) {
    this.error = error;
    if (FINAL_ERRORS.includes(error)) this.giveUp();
  }

  giveUp() {
    this.stop();
    this.page.failed();
  }

  ended() {
    this.running = null;
    this.finish();
    if (!this.wanted) return;
    const failed = this.error ? this.error !== "no-speech" : this.world.now() - this.since < QUICK;
    this.tries = failed ? this.tries + 1 : 0;
    if (this.tries > MOST_TRIES) return this.giveUp();
    this.again = this.world.after(FIRST_PAUSE * 2 ** Math.max(0, this.tries - 1), () => void this.begin());
  }
}
