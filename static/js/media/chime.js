/** Short sounds, made here: no file is loaded. @typedef {import("../state/chimes").Chime} Name */

/** Told apart without seeing: Hz, one after the other. @type {Record<Name, number[]>} */
const TONES = { hands: [659, 880], knock: [330, 330], whisper: [784] };
const APART = 0.14; // s
const LASTS = 0.3; // s; it fades meanwhile
const LOUD = 0.12; // of 1: under a voice
const GAP = 3000; // ms without another one: thirty hands are one sound

export class Chime {
  constructor() {
    /** @type {AudioContext | null} */ this.context = null;
    this.silentUntil = 0; // ms, as performance.now()
  }

  /** @param {Name} name @param {string} speaker device id, "" for the system's */
  async ring(name, speaker) {
    this.context ??= new AudioContext();
    const { context } = this;
    void context.resume(); // browsers start sound only after a click or a key
    if (performance.now() < this.silentUntil) return;
    this.silentUntil = performance.now() + GAP;
    await /** @type {any} */ (context).setSinkId?.(speaker).catch(() => {}); // unplugged: the system's
    TONES[name].forEach((pitch, index) => this.sound(context, pitch, context.currentTime + index * APART));
  }

  /** @param {AudioContext} context @param {number} pitch Hz @param {number} at s, of the context */
  sound(context, pitch, at) {
    const tone = new OscillatorNode(context, { frequency: pitch });
    const volume = new GainNode(context, { gain: 0 });
    volume.gain.setValueAtTime(LOUD, at);
    volume.gain.exponentialRampToValueAtTime(0.001, at + LASTS);
    tone.connect(volume).connect(context.destination);
    tone.start(at);
    tone.stop(at + LASTS);
  }
}
