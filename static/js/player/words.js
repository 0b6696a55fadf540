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
