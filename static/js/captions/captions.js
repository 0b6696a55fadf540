/**
 * Captions of this page: asks the class for them, has this person's words recognised while somebody wants them, and says
 * what becomes of them. Knows no DOM.
 * @typedef {import("../state/types").State} State
 * @typedef {import("../state/types").CaptionsChosen} CaptionsChosen
 */
import { Recogniser } from "../media/recogniser.js";
import { areAllowed, captioningOf, STAYS } from "../state/captions.js";
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
    this.reported = "off";
    this.wanted = false;
    this.recogniser = recogniser ?? new Recogniser({ said: (line) => send({ type: "caption", ...line }), makes: (makes) => this.found(makes) });
  }

  /** Tell what this browser can do, as far as is known at once. */
  begin() {
    this.found(this.recogniser.makes);
  }

  /** @param {State["captions"]["makes"]} makes */
  found(makes) {
    if (this.state().captions.makes !== makes) this.tell({ type: "captioner", makes });
  }

  /** After every step of the state. */
  look() {
    const state = this.state();
    const becomes = captioningOf(state);
    const language = state.captions.language || this.language;
    if (state.captions.wanted && !this.wanted) void this.recogniser.find(language);
    this.wanted = state.captions.wanted;
    if (becomes === "on") this.recogniser.listen(language, this.track());
    else this.recogniser.stop();
    if (becomes === this.reported || state.phase !== "inside") return;
    this.reported = becomes;
    this.send({ type: "captioning", state: becomes });
  }

  /** @param {import("../classroom/protocol").ServerMessage} message */
  heard(message) {
    if (message.type === "joined" || message.type === "resumed") {
      this.reported = "off";
      if (this.state().captions.on && areAllowed(this.state())) this.send({ type: "want_captions", wanted: true });
      this.look();
    }
    if (message.type === "subtitle") setTimeout(() => this.tell({ type: "captions_over", before: Date.now() - STAYS }), STAYS + 50);
  }

  /** @param {Partial<CaptionsChosen>} change */
  choose(change) {
    const state = this.state();
    if (change.on && !areAllowed(state)) return this.tell({ type: "notice", what: { kind: "no_captions", why: state.captions.allowed ? "class" : "school" } });
    if (("language" in change || change.agreed) && this.recogniser.Kind) this.found("away"); // what failed may be tried again
    this.tell({ type: "captions_chosen", chosen: change });
    this.keep(this.state().captions);
    if ("on" in change && state.phase === "inside") this.send({ type: "want_captions", wanted: Boolean(change.on) });
    if ("language" in change) void this.recogniser.find(this.state().captions.language || this.language);
  }
}
