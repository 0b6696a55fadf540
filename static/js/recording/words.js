/** What is said of recording. */
import { filled, gettext } from "../ui/catalogue.js";

/** @param {"on" | "paused" | "resumed" | "off"} state */
export function recordingTold(state) {
  switch (state) {
    case "on": return gettext("This class is recorded from now on.");
    case "paused": return gettext("Recording is paused.");
    case "resumed": return gettext("Recording goes on.");
    case "off": return gettext("Recording stopped.");
  }
}

export const words = {
  ahead: gettext("This class is recorded"),
  record: gettext("Record"),
  startingShort: gettext("Starting…"),
  stop: gettext("Stop recording"),
  stopShort: gettext("Stop rec"),
  pause: gettext("Pause recording"),
  resume: gettext("Go on recording"),
  menu: gettext("Recording"),
  short: { on: gettext("Rec"), paused: gettext("Paused"), risk: gettext("At risk") },
  badge: { on: gettext("Recording"), paused: gettext("Rec paused"), risk: gettext("Rec at risk") },
  /** @param {string} what */
  badgeName: (what) => filled(gettext("{what}: what is kept"), { what }),
  /** @param {string} time */
  sound: (time) => filled(gettext("Sound: {time} safely stored."), { time }),
  /** @param {string} time */
  picture: (time) => filled(gettext("Screen and cameras: {time} safely stored."), { time }),
  noSound: gettext("No sound is recorded: no microphone is on."),
  noPicture: gettext("No picture is recorded: no camera or screen is on."),
  starting: gettext("The first seconds are being stored…"),
  /** @param {string} by @param {string} at */
  begun: (by, at) => (by ? filled(gettext("{by} began it at {at}."), { by, at }) : filled(gettext("It began at {at}."), { at })),
  paused: gettext("Nothing of the pause is kept."),
  riskMend: gettext("The class goes on. Ask the school’s support to look at the media server’s disk."),
  ask: gettext("What is recorded?"),
  what: gettext("Recorded are sound, shared screens, cameras that are on, and the chat to everyone."),
  consentAsked: gettext("This class is recorded: sound, shared screens, cameras that are on, and the chat to everyone. You are recorded only if you agree."),
  consentTold: gettext("This class is recorded: sound, shared screens, cameras that are on, and the chat to everyone."),
  agree: gettext("Record me"),
  understood: gettext("OK"),
  decline: gettext("Not me"),
  youAre: gettext("You are recorded."),
  youAreNot: gettext("You are not recorded: your sound, camera and screen are left out."),
  onItsWay: gettext("Your answer is on its way and counts once it has arrived."),
  recordMe: gettext("Record me"),
  watch: gettext("Watch from the start"),
  play: gettext("Play recording"),
  preparing: gettext("The recording is ready in a moment…"),
  ready: gettext("The recording is ready."),
  notMe: gettext("Do not record me"),
};
