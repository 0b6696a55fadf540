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

/** How much neighbouring rows and columns of a video differ, in shades of 255: less where it is blurred. */
window.testDetail = (selector) => {
  const video = document.querySelector(selector);
  if (!video?.videoWidth) return null;
  const [width, height] = [160, 90];
  const pen = new OffscreenCanvas(width, height).getContext("2d");
  pen.drawImage(video, 0, 0, width, height);
  const { data } = pen.getImageData(0, 0, width, height);
  let sum = 0;
  for (let y = 1; y < height; y += 1)
    for (let x = 1; x < width; x += 1) {
      const at = 4 * (y * width + x) + 1;
      sum += Math.abs(data[at] - data[at - 4]) + Math.abs(data[at] - data[at - 4 * width]);
    }
  return sum / (width * height);
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
