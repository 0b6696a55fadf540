/**
 * Captions as the browser reads them: a `<track>` of a carrier that plays nothing, since a recording has many elements
 * and a time of its own.
 * @typedef {import("./film").Captions} Captions
 * @typedef {import("./cues").Words & {cue: VTTCue}} Said
 */

export class Subtitles {
  /** @param {{changed: () => void, renew: () => Promise<void>}} page */
  constructor(page) {
    this.page = page;
    /** @type {Captions[]} */ this.all = [];
    /** Shown on the stage. @type {string | null} */ this.language = null;
    /** Read last: shown, or told in the transcript only. @type {Captions | null} */ this.read = null;
    /** @type {Said[]} */ this.cues = [];
    this.failed = false;
    this.tries = 0;
    this.carrier = document.createElement("video");
    this.carrier.hidden = true;
    document.body.append(this.carrier);
  }

  /** @param {Captions[]} all @param {string | null} wanted a language, "" for none */
  choose(all, wanted) {
    this.all = all;
    this.show(all.some(({ language }) => language === wanted) ? wanted : null);
  }

  /** Others have come, or some are gone. @param {Captions[]} all */
  offer(all) {
    this.all = all;
    const same = all.find(({ id, at }) => id === this.read?.id && at === this.read.at);
    if (same && !this.failed) this.read = same;
    else this.show(all.some(({ language }) => language === this.language) ? this.language : null);
  }

  /** @param {string | null} language none: they are still read, for the transcript */
  show(language) {
    this.language = language;
    const wanted = this.all.find((each) => each.language === language) ?? this.ownLanguage();
    if (wanted?.id !== this.read?.id || wanted?.at !== this.read?.at || this.failed) this.load(wanted ?? null);
    this.page.changed();
  }

  /** Of the viewer, else the first. @returns {Captions | undefined} */
  ownLanguage() {
    const mine = navigator.languages.map((each) => each.split("-")[0]);
    return this.all.find(({ language }) => mine.includes(language.split("-")[0])) ?? this.all[0];
  }

  /** @param {Captions | null} wanted */
  load(wanted) {
    this.read = wanted;
    this.cues = [];
    this.failed = false;
    this.carrier.replaceChildren();
    if (!wanted) return;
    const element = document.createElement("track");
    element.kind = "captions";
    element.srclang = wanted.language;
    element.src = wanted.url;
    element.onload = () => this.loaded(element);
    element.onerror = () => void this.again(element);
    this.carrier.append(element);
    element.track.mode = "hidden"; // read it, show nothing by yourself
  }

  /** @param {HTMLTrackElement} element */
  loaded(element) {
    const cues = /** @type {VTTCue[]} */ ([...(element.track.cues ?? [])]);
    this.cues = cues.map((cue) => {
      const drawn = cue.getCueAsHTML();
      const voice = /** @type {HTMLElement | null} */ (drawn.querySelector("[title]"))?.title ?? "";
      return { from: cue.startTime, to: cue.endTime, words: drawn.textContent?.trim() ?? "", voice, cue };
    });
    this.tries = 0;
    this.page.changed();
  }

  /** A link that has run out. @param {HTMLTrackElement} element */
  async again(element) {
    if (!element.isConnected) return;
    this.failed = true;
    this.tries += 1;
    if (this.tries < 3) await this.page.renew();
    this.page.changed();
  }
}
