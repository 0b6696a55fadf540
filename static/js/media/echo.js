/**
 * Hear yourself as others would: some seconds of the microphone, played on the chosen speaker. Knows no words.
 * @typedef {"recording" | "playing" | "heard" | "silent" | "no_mic" | "no_speaker" | "broken"} Phase
 * @typedef {{phase: Phase, share: number, left: number}} Told how much of the phase is over (0–1), seconds left of it
 */

export const SECONDS = 5;
const AUDIBLE = 0.2; // of Level's scale: -49 dB; a silent room with a microphone that works is about -60
const EVERY = 100; // ms

export const canEcho = () => "MediaRecorder" in globalThis;

export class Echo {
  /**
   * @param {MediaStreamTrack | undefined} track @param {string} speaker device id, "" for the system's
   * @param {(told: Told) => void} tell
   */
  constructor(track, speaker, tell) {
    this.track = track;
    this.speaker = speaker;
    this.tell = tell;
    this.loudest = 0;
    this.over = false;
    /** @type {any} */ this.timer = null;
    /** @type {() => void} */ this.release = () => {};
  }

  /** @param {number} level of the microphone meanwhile */
  hear(level) {
    this.loudest = Math.max(this.loudest, level);
  }

  async run() {
    if (this.track?.readyState !== "live") return this.end("no_mic");
    try {
      const recorded = await this.record(this.track.clone());
      if (this.over) return;
      if (this.loudest < AUDIBLE) return this.end("silent");
      await this.play(recorded);
    } catch {
      this.end("broken");
    }
  }

  /** @param {MediaStreamTrack} copy so that muting does not silence it @returns {Promise<Blob>} */
  record(copy) {
    copy.enabled = true;
    const recorder = new MediaRecorder(new MediaStream([copy]));
    /** @type {Blob[]} */ const parts = [];
    recorder.ondataavailable = ({ data }) => parts.push(data);
    return new Promise((done, fail) => {
      this.release = () => {
        if (recorder.state !== "inactive") recorder.stop();
        copy.stop();
      };
      recorder.onerror = () => fail(new Error("not recorded"));
      recorder.onstop = () => {
        copy.stop();
        done(new Blob(parts, { type: recorder.mimeType }));
      };
      recorder.start();
      const began = performance.now();
      this.follow("recording", () => (performance.now() - began) / 1000, SECONDS, () => recorder.stop());
    });
  }

  /** @param {Blob} recorded */
  async play(recorded) {
    const sound = new Audio(URL.createObjectURL(recorded));
    this.release = () => {
      sound.pause();
      URL.revokeObjectURL(sound.src);
    };
    try {
      if (this.speaker) await sound.setSinkId?.(this.speaker);
    } catch {
      return this.end("no_speaker");
    }
    sound.onerror = () => this.end("broken");
    sound.onended = () => this.end("heard");
    await sound.play();
    if (!this.over) this.follow("playing", () => sound.currentTime, SECONDS, () => {});
  }

  /** @param {Phase} phase @param {() => number} at seconds @param {number} all seconds @param {() => void} then */
  follow(phase, at, all, then) {
    clearInterval(this.timer);
    const look = () => {
      const now = Math.min(all, at());
      this.tell({ phase, share: now / all, left: Math.ceil(all - now) });
      if (now < all) return;
      clearInterval(this.timer);
      then();
    };
    this.timer = setInterval(look, EVERY);
    look();
  }

  /** @param {Phase} phase */
  end(phase) {
    if (this.over) return;
    this.stop();
    this.tell({ phase, share: 1, left: 0 });
  }

  /** Without a verdict. */
  stop() {
    this.over = true;
    clearInterval(this.timer);
    this.release();
  }
}
