// In place of camera and microphone: white for a tenth of each second, and a tone just then, on one clock.
(() => {
  const FLASH = 0.1; // seconds
  const PITCH = window.name === "low" ? 700 : 1000;
  const audio = new AudioContext({ sampleRate: 48000 });

  function sound() {
    const tone = new OscillatorNode(audio, { frequency: PITCH });
    const gate = new GainNode(audio, { gain: 0 });
    const out = new MediaStreamAudioDestinationNode(audio, { channelCount: 1 });
    tone.connect(gate).connect(out);
    tone.start();
    for (let second = Math.ceil(audio.currentTime); second < audio.currentTime + 600; second++) {
      gate.gain.setValueAtTime(0.5, second);
      gate.gain.setValueAtTime(0, second + FLASH);
    }
    return out.stream.getAudioTracks()[0];
  }

  function picture() {
    const canvas = Object.assign(document.createElement("canvas"), { width: 640, height: 360 });
    const context = canvas.getContext("2d");
    let number = 0;
    setInterval(() => {
      const time = audio.currentTime;
      context.fillStyle = time % 1 < FLASH ? "#fff" : "#333";
      context.fillRect(0, 0, 640, 360);
      context.fillStyle = "#888"; // something that moves in every picture
      context.fillRect((number++ * 8) % 640, 340, 8, 20);
    }, 1000 / 30);
    return canvas.captureStream(30).getVideoTracks()[0];
  }

  navigator.mediaDevices.getUserMedia = async ({ audio: wantsSound, video }) => {
    await audio.resume();
    return new MediaStream([...(wantsSound ? [sound()] : []), ...(video ? [picture()] : [])]);
  };
})();
