/** What a page shows and plays, read from its elements. */
const Sound = window.Audio;
window.testSounds = [];
window.Audio = function (...all) {
  const made = new Sound(...all);
  window.testSounds.push(made);
  return made;
};

/** The mean colour of a video: [red, green, blue]; null: it shows nothing yet. */
window.testColour = (selector) => {
  const video = document.querySelector(selector);
  if (!video?.videoWidth) return null;
  const pen = new OffscreenCanvas(1, 1).getContext("2d");
  pen.drawImage(video, 0, 0, 1, 1);
  return [...pen.getImageData(0, 0, 1, 1).data].slice(0, 3);
};

let context = null;
const ears = new Map();

/** Two ears, left and right, on what an element plays. */
function earsOn(stream) {
  context ??= new AudioContext();
  if (!ears.has(stream)) {
    const sides = context.createChannelSplitter(2);
    context.createMediaStreamSource(stream).connect(sides);
    const made = [0, 1].map((side) => Object.assign(context.createAnalyser(), { side, fftSize: 4096 }));
    for (const ear of made) sides.connect(ear, ear.side);
    ears.set(stream, made);
  }
  return ears.get(stream);
}

/** Of every voice that is played: how loud each side is, in dB at 500 and 1500 Hz, and in all (0–1). */
window.testVoices = () =>
  [...document.querySelectorAll("audio")]
    .filter((audio) => !audio.muted && audio.srcObject)
    .map((audio) =>
      earsOn(audio.srcObject).map((ear) => {
        const [pitches, samples] = [new Float32Array(ear.frequencyBinCount), new Float32Array(ear.fftSize)];
        ear.getFloatFrequencyData(pitches);
        ear.getFloatTimeDomainData(samples);
        const at = (hertz) => Math.max(-200, pitches[Math.round((hertz * ear.fftSize) / context.sampleRate)]);
        return { low: at(500), high: at(1500), all: Math.sqrt(samples.reduce((sum, each) => sum + each * each, 0) / samples.length) };
      }),
    );
