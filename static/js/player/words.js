/** What the player says: whole sentences with named values, ready for catalogues. */
export const words = {
  stage: "Recording",
  controls: "Player controls",
  panel: "Chat and chapters",
  play: "Play",
  pause: "Pause",
  back: "Back 10 seconds",
  forth: "Forward 10 seconds",
  position: "Position",
  speed: "Speed",
  volume: "Volume",
  mute: "Sound off",
  unmute: "Sound on",
  fullScreen: "Full screen",
  exitFullScreen: "Leave full screen",
  chat: "Chat",
  chatEmpty: "Nothing was written while it was recorded.",
  chatLater: "Nothing was written yet. Messages appear at the moment in which they were sent.",
  loading: "Loading…",
  link: "Copy a link to this moment",
  copied: "Link copied",
  gone: "This recording can no longer be played. Load the page again; if that does not help, ask the school.",
  signedOut: "You are signed out. Load the page again and sign in to go on.",
  nothingYet: "Nothing of this recording is stored yet. Load the page again in a moment.",
  soFar: "Getting what was recorded so far…",
  goesOn: "The class is on. You watch it from its start.",
  waitsForMore: "That is all so far. What comes now appears in some seconds.",
  live: "Join live",
  soundOnly: "Only sound was recorded here.",
  /** @param {string} name */
  screenOf: (name) => `Screen of ${name}`,
  /** @param {string} name */
  pin: (name) => `Show ${name} large`,
  /** @param {string} name */
  unpin: (name) => `Stop showing ${name} large`,
  /** @param {number} count */
  morePictures: (count) => (count === 1 ? "Show 1 other picture" : `Show ${count} other pictures`),
  /** @param {number} count of pictures that do not fit */
  more: (count) => `+${count}`,
  /** @param {string} time @param {string} whole */
  of: (time, whole) => `${time} of ${whole}`,
  /** @param {number} speed */
  times: (speed) => `${speed}×`,

  chapters: "Chapters",
  chaptersEmpty: "This recording has no chapters.",
  chaptersEmptyTeacher: "No chapters yet. Add one where something begins; students go to it with one click.",
  chapterTitle: "Title of the chapter",
  /** @param {string} time */
  addChapter: (time) => `Add a chapter at ${time}`,
  /** @param {string} title */
  rename: (title) => `Rename ${title}`,
  save: "Save",
  cancel: "Cancel",
  remove: "Delete",
  notChanged: "Nothing was changed: the server does not answer. Try again in a moment.",

  transcript: "Transcript",
  transcriptEmpty: "No captions yet. With a WebVTT file what is said can be read, searched and translated.",
  search: "Search what is said",
  /** @param {number} count */
  found: (count) => (count === 1 ? "1 place found" : `${count} places found`),
  /** @param {string} query */
  nothingFound: (query) => `“${query}” is not said here.`,
  captionsOn: "Show captions",
  captionsOff: "Hide captions",
  captionLanguage: "Language of the captions",
  captionsFailed: "The captions could not be loaded.",
  /** @param {number} count */
  captionFiles: (count) => (count ? `Captions, ${count}` : "Add captions"),
  captionFile: "WebVTT file",
  captionHint: "Times count from the beginning of what the player shows. A file of the same language is replaced.",
  bringCaptions: "Add captions",
  /** @param {string} language */
  removeCaptions: (language) => `Delete the captions in ${language}`,

  keys: "Keys",
  keyList: [
    ["Space K", "plays and pauses"],
    ["← →", "5 seconds back and on"],
    ["J L", "10 seconds back and on"],
    ["B N", "chapter before, next chapter"],
    ["Home End", "to the beginning, to the end"],
    ["0 … 9", "to a tenth of the whole"],
    ["< >", "slower and faster"],
    ["C", "captions"],
    ["P", "another picture large; after the last one it follows the class again"],
    ["M", "sound off and on"],
    ["F", "full screen"],
  ],
  letters: "Single letters, signs and digits are keys too",
};

/** @param {import("./moments").Moment} moment @returns {string} */
export function momentTitle({ kind, title, name, count }) {
  switch (kind) {
    case "begin": return "Beginning";
    case "screen": return `${name} shares a screen`;
    case "chapter": return title || "Marked moment";
    case "poll": return `Poll: ${title}`;
    case "lost": return count === 1 ? "1 person was lost here" : `${count} people were lost here`;
    case "break": return "Goes on after a break";
  }
}

/** What is said of the recording as one file. */
export const downloadWords = {
  title: "Download",
  video: "Video",
  audio: "Sound only",
  about: {
    video: "One MP4: the screen large and the speaker small, or all cameras.",
    audio: "One M4A with everybody’s sound, for listening on the way.",
  },
  make: "Make file",
  /** @param {string} name */
  makeNamed: (name) => `Make file: ${name}`,
  again: "Try again",
  /** @param {string} name */
  making: (name) => `${name} is being made`,
  waiting: "Waiting its turn. You may close this page; it is made all the same.",
  /** @param {number} percent */
  running: (percent) => `Being made: ${percent} %. You may close this page; it is made all the same.`,
  /** @param {string} size @param {Date} until */
  ready: (size, until) => `${size}, kept until ${until.toLocaleDateString(document.documentElement.lang, { day: "numeric", month: "long" })}. It can be made again after that.`,
  failed: "It could not be made. Try again; if that does not help, tell your school’s support.",
  cancel: "Cancel",
  download: "Download",
  /** @param {string} name */
  remove: (name) => `Delete the file: ${name}`,
  unreachable: "The server cannot be reached just now. This page goes on trying.",
};
