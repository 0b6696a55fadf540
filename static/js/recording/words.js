/** What is said of recording: whole sentences with named values, ready for catalogues. */
/** @param {"on" | "paused" | "resumed" | "off"} state */
export function recordingTold(state) {
  switch (state) {
    case "on": return "This class is recorded from now on.";
    case "paused": return "Recording is paused.";
    case "resumed": return "Recording goes on.";
    case "off": return "Recording stopped.";
  }
}

export const words = {
  ahead: "This class is recorded",
  record: "Record",
  stop: "Stop recording",
  stopShort: "Stop rec",
  pause: "Pause recording",
  resume: "Go on recording",
  menu: "Recording",
  short: { on: "Rec", paused: "Paused", risk: "At risk" },
  badge: { on: "Recording", paused: "Rec paused", risk: "Rec at risk" },
  /** @param {string} what */
  badgeName: (what) => `${what}: what is kept`,
  /** @param {string} time */
  sound: (time) => `Sound: ${time} safely stored.`,
  /** @param {string} time */
  picture: (time) => `Screen and cameras: ${time} safely stored.`,
  noSound: "No sound is recorded: no microphone is on.",
  noPicture: "No picture is recorded: no camera or screen is on.",
  starting: "The first seconds are being stored…",
  /** @param {string} by @param {string} at */
  begun: (by, at) => (by ? `${by} began it at ${at}.` : `It began at ${at}.`),
  paused: "Nothing of the pause is kept.",
  riskMend: "The class goes on. Ask the school’s support to look at the media server’s disk.",
  what: "Recorded are sound, shared screens, cameras that are on, and the chat to everyone.",
  consentAsked: "This class is recorded: sound, shared screens, cameras that are on, and the chat to everyone. You are recorded only if you agree.",
  consentTold: "This class is recorded: sound, shared screens, cameras that are on, and the chat to everyone.",
  agree: "Record me",
  understood: "OK",
  decline: "Not me",
  youAre: "You are recorded.",
  youAreNot: "You are not recorded: your sound, camera and screen are left out.",
  recordMe: "Record me",
  watch: "Watch from the start",
  notMe: "Do not record me",
};
