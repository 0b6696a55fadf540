/**
 * What is done to sound and picture before they are sent, wherever they go: what the device is asked for, and the
 * processors that LiveKit's tracks carry. Each part is fetched when it is first wanted. Knows no DOM and no words.
 * @typedef {import("../state/types").EffectsChosen} Chosen
 * @typedef {import("../state/types").LocalEvent} LocalEvent
 * @typedef {import("../state/state").EffectFiles} EffectFiles
 * @typedef {import("livekit-client").LocalAudioTrack} AudioTrack
 * @typedef {import("livekit-client").LocalVideoTrack} VideoTrack
 */
import { ownPicture } from "./background/own.js";
import { load } from "./background/pictures.js";

const RATE = 48_000; // Hz: what RNNoise was trained for, and what Opus sends

/** What the microphone's device is asked for. @param {Chosen} chosen */
export function capture({ noise, original }) {
  if (original) return { echoCancellation: false, noiseSuppression: false, autoGainControl: false, channelCount: 2, sampleRate: RATE };
  return { echoCancellation: true, noiseSuppression: noise === "standard", autoGainControl: true, channelCount: 1, sampleRate: RATE };
}

export class Effects {
  /** @param {Chosen} chosen @param {EffectFiles} files @param {(event: LocalEvent) => void} tell */
  constructor(chosen, files, tell) {
    this.chosen = { ...chosen };
    this.files = files;
    this.tell = tell;
    /** @type {AudioContext | null} */ this.context = null;
    /** One change after the other. @type {Promise<void>} */ this.turn = Promise.resolve();
    this.closed = false;
  }

  /** @param {Partial<Chosen>} change */
  choose(change) {
    this.chosen = { ...this.chosen, ...change };
    this.tell({ type: "effects", chosen: this.chosen });
  }

  /** The strong filter on the microphone, or none. @param {AudioTrack} track */
  sound(track) {
    return this.next(() => this.filter(track));
  }

  /** @param {AudioTrack} track */
  async filter(track) {
    const wanted = this.chosen.noise === "strong" && !this.chosen.original;
    if (wanted === Boolean(track.getProcessor())) return;
    if (!wanted) return track.stopProcessor();
    try {
      const { StrongFilter } = await import("aula/strong");
      this.context ??= new AudioContext({ sampleRate: RATE, latencyHint: "interactive" });
      await track.setAudioContext(this.context);
      await track.setProcessor(new StrongFilter(this.files.noise));
    } catch {
      this.choose({ noise: "standard" });
      this.tell({ type: "notice", what: { kind: "effect", what: "no_filter" } });
    }
  }

  /** What is behind the person, or the picture as it is. One that is off is left alone until it is on. @param {VideoTrack} track @param {boolean} on */
  picture(track, on) {
    return this.next(() => this.dress(track, on));
  }

  /** @param {VideoTrack} track @param {boolean} on */
  async dress(track, on) {
    const { background } = this.chosen;
    const worn = /** @type {import("./background/background").Background | undefined} */ (track.getProcessor());
    if (!background) {
      if (worn && on) await track.stopProcessor();
      return this.tell({ type: "dressed", state: "off" });
    }
    try {
      this.tell({ type: "dressed", state: worn ? "on" : "loading" });
      const behind = await this.behind(background);
      if (worn) return worn.show(behind);
      const { Background } = await import("aula/background");
      const drop = (/** @type {"slow" | "broken"} */ why) => void this.drop(track, why);
      await track.setProcessor(new Background({ files: this.files.segmentation, behind, drop }));
      this.tell({ type: "dressed", state: "on" });
    } catch {
      await this.undress(track, "broken");
    }
  }

  /** @param {string} background @returns {Promise<ImageBitmap | null>} null: blurred */
  async behind(background) {
    if (background === "blur") return null;
    const own = background === "own" ? await ownPicture() : null;
    return load(own ?? this.files.pictures[background] ?? "");
  }

  /** The picture goes on as the camera sees it. @param {VideoTrack} track @param {"slow" | "broken"} why */
  drop(track, why) {
    return this.next(() => this.undress(track, why));
  }

  /** @param {VideoTrack} track @param {"slow" | "broken"} why */
  async undress(track, why) {
    if (track.getProcessor()) await track.stopProcessor();
    this.choose({ background: "" });
    this.tell({ type: "dressed", state: "off" });
    this.tell({ type: "notice", what: { kind: "effect", what: why } });
  }

  /** Browsers start sound only after a click or a key. */
  wake() {
    if (this.context?.state === "suspended") void this.context.resume();
  }

  close() {
    this.closed = true;
    void this.context?.close();
    this.context = null;
  }

  /** @param {() => Promise<void> | void} step */
  next(step) {
    this.turn = this.turn.then(() => (this.closed ? undefined : step())).catch(() => {}); // a track that was stopped meanwhile
    return this.turn;
  }
}
