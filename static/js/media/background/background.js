/**
 * Another background, as a processor of LiveKit's tracks: finds the person in each picture and draws what is to be seen
 * behind them. Gives up by itself where the machine is too slow.
 * @typedef {import("livekit-client").VideoProcessorOptions} Options
 * @typedef {{files: Record<string, string>, behind: ImageBitmap | null, drop: (why: "slow" | "broken") => void}} Parts
 */
import { frames, trackOf } from "./frames.js";
import { Pace } from "./pace.js";
import { Painter } from "./painter.js";
import { segmenter } from "./segmenter.js";

export class Background {
  name = "aula-background";
  /** @type {MediaStreamTrack | undefined} */ processedTrack;

  /** @param {Parts} parts */
  constructor({ files, behind, drop }) {
    this.files = files;
    this.behind = behind;
    this.drop = drop;
    this.painter = new Painter();
    this.pace = new Pace(() => this.drop("slow"));
    /** @type {() => void} */ this.stop = () => {};
    this.over = false;
  }

  /** @param {Options} options */
  async init(options) {
    this.segment = await segmenter(this.files);
    this.made = trackOf(this.painter.out.element);
    this.processedTrack = this.made.track;
    this.watch(options);
  }

  /** Another camera, or the same one turned on again: what is sent stays the same track. @param {Options} options */
  async restart(options) {
    this.stop();
    this.watch(options);
  }

  /** @param {Options} options */
  watch({ track, element }) {
    this.stop = frames(track, /** @type {HTMLVideoElement} */ (element), (frame) => this.take(frame));
  }

  /** @param {ImageBitmap | null} behind null: blurred */
  show(behind) {
    this.behind = behind;
  }

  /** @param {import("./frames").Frame} frame */
  async take(frame) {
    const { segment, made, painter } = this;
    if (!segment || !made || this.over) return;
    const began = performance.now();
    try {
      painter.paint(frame, await segment(painter.look(frame)), this.behind);
      made.push(frame.timestamp);
    } catch {
      this.stop();
      if (!this.over) this.drop("broken");
    }
    this.pace.took(performance.now() - began);
  }

  async destroy() {
    this.over = true;
    this.stop();
  }
}
