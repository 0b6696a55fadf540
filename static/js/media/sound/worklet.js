/** RNNoise in the browser's sound thread: frames of 10 ms at 48 kHz, one frame late. A worklet has no import map. */
import createRNNWasmModuleSync from "../../../vendor/rnnoise.js";

const FRAME = 480;
const SCALE = 32_768; // RNNoise takes 16-bit samples, as floats

class StrongFilter extends AudioWorkletProcessor {
  constructor() {
    super();
    this.wasm = createRNNWasmModuleSync();
    this.state = this.wasm._rnnoise_create();
    this.at = this.wasm._malloc(FRAME * 4);
    this.waiting = new Float32Array(FRAME);
    this.filled = 0;
    /** What is ready to be heard: a frame of silence at first, so that there is always enough. */
    this.ready = new Float32Array(4 * FRAME);
    this.from = 0;
    this.until = FRAME;
    this.over = false;
    this.port.onmessage = () => this.close();
  }

  /** @param {Float32Array[][]} inputs @param {Float32Array[][]} outputs */
  process([input], [output]) {
    const out = output?.[0];
    if (this.over || !out) return !this.over;
    const heard = input?.[0];
    for (let n = 0; n < out.length; n++) {
      this.waiting[this.filled++] = heard?.[n] ?? 0;
      if (this.filled === FRAME) this.filter();
      out[n] = this.ready[this.from] ?? 0;
      this.from = (this.from + 1) % this.ready.length;
    }
    return true;
  }

  filter() {
    const frame = this.wasm.HEAPF32.subarray(this.at >> 2, (this.at >> 2) + FRAME);
    for (let n = 0; n < FRAME; n++) frame[n] = (this.waiting[n] ?? 0) * SCALE;
    this.wasm._rnnoise_process_frame(this.state, this.at, this.at);
    for (let n = 0; n < FRAME; n++) this.ready[(this.until + n) % this.ready.length] = (frame[n] ?? 0) / SCALE;
    this.until = (this.until + FRAME) % this.ready.length;
    this.filled = 0;
  }

  close() {
    if (this.over) return;
    this.over = true;
    this.wasm._rnnoise_destroy(this.state);
    this.wasm._free(this.at);
  }
}

registerProcessor("strong-filter", StrongFilter);
