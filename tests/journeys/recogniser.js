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

/** What the one that runs hears next: `final` ends the line. */
window.testHears = (transcript, final) => {
  const running = window.testRecognisers.find((each) => each.runs);
  const open = running.results.at(-1)?.isFinal === false ? running.results.length - 1 : running.results.length;
  running.results[open] = Object.assign([{ transcript }], { isFinal: final });
  running.onresult({ resultIndex: open, results: running.results });
};
