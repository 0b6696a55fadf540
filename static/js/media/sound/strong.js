/**
 * RNNoise on a microphone, as a processor of LiveKit's tracks: takes out noise that swells and falls, which the browsers'
 * own suppression lets through.
 * @typedef {import("livekit-client").AudioProcessorOptions} Options
 */

/** Contexts that have the worklet's script. @type {WeakMap<AudioContext, Promise<void>>} */
const scripts = new WeakMap();

export class StrongFilter {
  name = "aula-strong-filter";
  /** @type {MediaStreamTrack | undefined} */ processedTrack;

  /** @param {string} script address of the worklet */
  constructor(script) {
    this.script = script;
  }

  /** @param {Options} options */
  async init({ track, audioContext }) {
    const script = scripts.get(audioContext) ?? audioContext.audioWorklet.addModule(this.script);
    scripts.set(audioContext, script);
    await script;
    this.node = new AudioWorkletNode(audioContext, "strong-filter", { channelCount: 1, channelCountMode: "explicit", outputChannelCount: [1] });
    this.out = new MediaStreamAudioDestinationNode(audioContext, { channelCount: 1 });
    this.node.connect(this.out);
    this.listen(track, audioContext);
    this.processedTrack = this.out.stream.getAudioTracks()[0];
  }

  /** Another device, or the same one opened again: what is sent stays the same track. @param {Options} options */
  async restart({ track, audioContext }) {
    if (this.node?.context !== audioContext) {
      await this.destroy();
      return this.init({ track, audioContext, kind: /** @type {Options["kind"]} */ ("audio") });
    }
    this.source?.disconnect();
    this.listen(track, audioContext);
  }

  /** @param {MediaStreamTrack} track @param {AudioContext} context */
  listen(track, context) {
    this.source = context.createMediaStreamSource(new MediaStream([track]));
    this.source.connect(/** @type {AudioWorkletNode} */ (this.node));
  }

  async destroy() {
    this.source?.disconnect();
    this.node?.port.postMessage("over");
    this.node?.disconnect();
  }
}
