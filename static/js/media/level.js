/**
 * How loud a microphone is, 0–1 ten times a second. Listens to a copy of the track, so that muting does not stop it.
 */
const EVERY = 100;

export class Level {
  /** @param {(level: number) => void} heard */
  constructor(heard) {
    this.heard = heard;
    /** @type {AudioContext | null} */ this.context = null;
    /** @type {MediaStreamTrack | null} */ this.copy = null;
    /** @type {MediaStreamAudioSourceNode | null} */ this.source = null;
    /** @type {any} */ this.timer = null;
  }

  /** @param {MediaStreamTrack | null} track */
  listen(track) {
    this.stop();
    if (!track) return;
    this.context ??= new AudioContext();
    this.copy = track.clone();
    this.copy.enabled = true;
    this.source = this.context.createMediaStreamSource(new MediaStream([this.copy]));
    const analyser = this.context.createAnalyser();
    analyser.fftSize = 1024;
    this.source.connect(analyser);
    const samples = new Float32Array(analyser.fftSize);
    this.timer = setInterval(() => {
      analyser.getFloatTimeDomainData(samples);
      this.heard(loudness(samples));
    }, EVERY);
  }

  /** Browsers start sound only after a click or a key. */
  wake() {
    if (this.context?.state === "suspended") void this.context.resume();
  }

  stop() {
    clearInterval(this.timer);
    this.source?.disconnect();
    this.copy?.stop();
    this.source = this.copy = null;
    this.heard(0);
  }

  close() {
    this.stop();
    void this.context?.close();
    this.context = null;
  }
}

/** Root mean square on a scale of decibels: -60 dB is 0, -6 dB is 1. @param {Float32Array} samples @returns {number} */
export function loudness(samples) {
  const power = samples.reduce((sum, each) => sum + each * each, 0) / samples.length;
  return Math.min(1, Math.max(0, (10 * Math.log10(power + 1e-9) + 60) / 54));
}
