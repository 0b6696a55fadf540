// What a person at this page would hear: everything its audio elements play, muted ones left out. Also a microphone that
// never falls silent, since a gap in silence is none.
(() => {
  const METER = `registerProcessor("meter", class extends AudioWorkletProcessor {
    constructor() {
      super();
      this.silent = this.longest = 0;
      this.port.onmessage = () => {
        this.port.postMessage(Math.max(this.longest, this.silent) / sampleRate * 1000);
        this.longest = this.silent = 0;
      };
    }
    process([[sound]]) {
      let peak = 0;
      for (const sample of sound ?? []) peak = Math.max(peak, Math.abs(sample));
      this.silent = peak > 0.005 ? 0 : this.silent + 128;
      this.longest = Math.max(this.longest, this.silent);
      return true;
    }
  });`;

  /** Starts to listen. */
  window.testListen = async () => {
    const context = new AudioContext();
    await context.audioWorklet.addModule(URL.createObjectURL(new Blob([METER], { type: "text/javascript" })));
    const meter = new AudioWorkletNode(context, "meter");
    meter.connect(context.destination);
    const heard = new Map(); // element → {stream, gain}
    setInterval(() => {
      for (const element of document.querySelectorAll("audio")) {
        const stream = element.srcObject;
        let known = heard.get(element);
        if (stream && known?.stream !== stream && stream.getAudioTracks().length) {
          known?.gain.disconnect();
          known = { stream, gain: context.createGain() };
          context.createMediaStreamSource(stream).connect(known.gain).connect(meter);
          heard.set(element, known);
        }
        if (known) known.gain.gain.value = element.isConnected && !element.muted && !element.paused ? 1 : 0;
      }
      for (const [element, { gain }] of heard) if (!element.isConnected) gain.gain.value = 0;
    }, 5);
    window.testLongestGap = () =>
      new Promise((resolve) => {
        meter.port.onmessage = ({ data }) => resolve(data);
        meter.port.postMessage("read");
      });
  };

  const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  navigator.mediaDevices.getUserMedia = async (wanted) => {
    const stream = await ask(wanted);
    if (!wanted.audio) return stream;
    const context = new AudioContext();
    const [tone, wobble, depth] = [context.createOscillator(), context.createOscillator(), context.createGain()];
    const out = context.createMediaStreamDestination();
    wobble.frequency.value = 7;
    depth.gain.value = 200;
    tone.frequency.value = 500;
    wobble.connect(depth).connect(tone.frequency);
    tone.connect(out);
    tone.start();
    wobble.start();
    return new MediaStream([...out.stream.getAudioTracks(), ...stream.getVideoTracks()]);
  };
})();
