/**
 * Captions of this page: asks the class for them, has this person's words recognised while somebody wants them, and says
 * what becomes of them. Knows no DOM.
 * @typedef {import("../state/types").State} State
 * @typedef {import("../state/types").CaptionsChosen} CaptionsChosen
 */
import { Recogniser } from "../media/recogniser.js";
import { areAllowed, areShown, captioningOf, isInside, STAYS } from "../state/captions.js";
import { spoken } from "./choices.js";

export class Captions {
  /**
   * @param {object} parts
   * @param {() => State} parts.state
   * @param {(event: import("../state/types").LocalEvent) => void} parts.tell
   * @param {(message: import("../classroom/protocol").ClientMessage) => unknown} parts.send
   * @param {() => MediaStreamTrack | undefined} parts.track of the microphone
   * @param {(chosen: CaptionsChosen) => void} parts.keep
   * @param {string} parts.language of the page
   * @param {Recogniser} [parts.recogniser]
   */
  constructor({ state, tell, send, track, keep, language, recogniser }) {
    this.state = state;
    this.tell = tell;
    this.send = send;
    this.track = track;
    this.keep = keep;
    this.language = spoken(language, globalThis.navigator?.languages ?? []);
    /** Inside on the connection of now: what this page says of itself is heard. */
    this.inside = false;
    this.asked = false;
    this.reported = "off";
    this.failedOnce = false;
    this.recogniser = recogniser ?? new Recogniser({ said: (line) => send({ type: "caption", ...line }), makes: (makes) => this.found(makes), failed: () => this.failed() });
  }

  /** Tell what this browser can do, as far as is known at once, and find out the rest. */
  begin() {
    this.found(this.recogniser.makes);
    void this.recogniser.find(this.spoken);
  }

  get spoken() {
    return this.state().captions.language || this.language;
  }

  /** @param {State["captions"]["makes"]} makes */
  found(makes) {
    if (this.state().captions.makes !== makes) this.tell({ type: "captioner", makes });
  }

  /** Whoever speaks is told once. */
  failed() {
    this.tell({ type: "captioner_failed", failed: true });
    if (!this.failedOnce) this.tell({ type: "notice", what: { kind: "no_captions", why: "failed" } });
    this.failedOnce = true;
  }

  /** After every step of the state. */
  look() {
    const state = this.state();
    this.inside &&= isInside(state);
    this.read(this.inside && areShown(state));
    this.caption(this.inside ? captioningOf(state) : "off");
  }

  /** @param {boolean} reads */
  read(reads) {
    if (reads && !this.asked) this.send({ type: "want_captions", wanted: true });
    this.asked = reads;
  }

  /** What failed is tried again at the next beginning. @param {import("../classroom/protocol").Captioned} becomes */
  caption(becomes) {
    if (becomes === "failed" && this.reported === "off") return this.tell({ type: "captioner_failed", failed: false });
    if (becomes === "on") this.recogniser.listen(this.spoken, this.track());
    else this.recogniser.stop();
    if (becomes === this.reported) return;
    this.reported = becomes;
    if (this.inside) this.send({ type: "captioning", state: becomes });
  }

  /** @param {import("../classroom/protocol").ServerMessage} message */
  heard(message) {
    if (message.type === "joined" || message.type === "resumed") {
      this.inside = true;
      this.asked = false;
      this.reported = "off";
      this.look();
    }
    if (message.type === "subtitle") setTimeout(() => this.tell({ type: "captions_over", before: Date.now() - STAYS }), STAYS + 50);
  }

  /** @param {Partial<CaptionsChosen>} change */
  choose(change) {
    const state = this.state();
    if (change.on && !areAllowed(state)) return this.tell({ type: "notice", what: { kind: "no_captions", why: state.captions.allowed ? "class" : "school" } });
    if (change.on === false && this.asked) this.send({ type: "want_captions", wanted: false });
    this.tell({ type: "captions_chosen", chosen: change });
    this.keep(this.state().captions);
    if ("language" in change) void this.recogniser.find(this.spoken);
  }
}
