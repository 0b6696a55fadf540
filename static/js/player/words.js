/** What the player says: whole sentences with named values, ready for catalogues. */
export const words = {
  stage: "Recording",
  play: "Play",
  pause: "Pause",
  back: "Back 10 seconds",
  forth: "Forward 10 seconds",
  position: "Position",
  speed: "Speed",
  volume: "Volume",
  fullScreen: "Full screen",
  chat: "Chat",
  chatEmpty: "Nothing was written while it was recorded.",
  loading: "Loading…",
  link: "Copy a link to this moment",
  copied: "Link copied",
  gone: "This recording can no longer be played. Load the page again; if that does not help, ask the school.",
  soundOnly: "Only sound was recorded here.",
  /** @param {string} name */
  screenOf: (name) => `Screen of ${name}`,
  /** @param {string} name */
  screenMark: (name) => `${name} shares a screen`,
  breakMark: "Nothing was recorded here for a while",
  /** @param {string} time @param {string} whole */
  of: (time, whole) => `${time} of ${whole}`,
  /** @param {number} speed */
  times: (speed) => `${speed}×`,
  keys: "Keys: space plays and pauses, arrow keys go back and forth, < and > change the speed, F fills the screen.",
};

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
