/** A double of the browser's speech recognition (Web Speech API), fed by the test. */
window.testRecognisers = [];
window.SpeechRecognition = class {
  static async available() {
    return "unavailable";
  }
  constructor() {
    this.results = [];
    window.testRecognisers.push(this);
  }
  start(track) {
    if (track && !(track instanceof MediaStreamTrack)) throw new TypeError("no track");
    this.runs = true;
    this.track = track;
  }
  abort() {
    this.runs = false;
    setTimeout(() => this.onend?.());
  }
};
delete window.webkitSpeechRecognition;

const running = () => window.testRecognisers.find((each) => each.runs);

/** What the one that runs hears next, in place of what was open: `final` ends it; several may be open at once. */
window.testHears = (transcripts, final) => {
  const { results } = running();
  const finished = results.filter(({ isFinal }) => isFinal);
  running().results = [...finished, ...[transcripts].flat().map((transcript) => Object.assign([{ transcript }], { isFinal: final }))];
  running().onresult({ resultIndex: finished.length, results: running().results });
};

/** It ends by itself, as after a silence; why, if it says so. */
window.testEnds = (error) => {
  const ended = running();
  ended.runs = false;
  if (error) ended.onerror({ error });
  ended.onend();
};
