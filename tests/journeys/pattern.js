// In place of camera and microphone: a tone at each full second, and a picture as bright as the second is old.
(() => {
  const TONE = 0.1; // seconds
  const audio = new AudioContext({ sampleRate: 48000 });

  function sound() {
    const tone = new OscillatorNode(audio, { frequency: 1000 });
    const gate = new GainNode(audio, { gain: 0 });
    const out = new MediaStreamAudioDestinationNode(audio, { channelCount: 1 });
    tone.connect(gate).connect(out);
    tone.start();
    for (let second = Math.ceil(audio.currentTime); second < audio.currentTime + 600; second++) {
      gate.gain.setValueAtTime(0.5, second);
      gate.gain.setValueAtTime(0, second + TONE);
    }
    return out.stream.getAudioTracks()[0];
  }

  function picture() {
    const canvas = Object.assign(document.createElement("canvas"), { width: 640, height: 360 });
    const context = canvas.getContext("2d");
    setInterval(() => {
      context.fillStyle = "#000";
      context.fillRect(0, 0, 640, 360);
      context.fillStyle = "#fff";
      context.fillRect(0, 0, 640 * (audio.currentTime % 1), 360);
    }, 1000 / 30);
    return canvas.captureStream(30).getVideoTracks()[0];
  }

  navigator.mediaDevices.getUserMedia = async ({ audio: wantsSound, video }) => {
    await audio.resume();
    return new MediaStream([...(wantsSound ? [sound()] : []), ...(video ? [picture()] : [])]);
  };
})();
