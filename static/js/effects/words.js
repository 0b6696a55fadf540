/** What is said of sound and picture before they are sent. */
import { filled, gettext } from "../ui/catalogue.js";

export const words = {
  echo: gettext("Echo test"),
  echoAgain: gettext("Test again"),
  echoStop: gettext("Stop the test"),
  echoSpeak: gettext("Say something. You hear it right after."),
  echoListen: gettext("This is how others hear you."),
  secondsLeft: (/** @type {number} */ left) => filled(gettext("{left} s"), { left }),
  /** @type {Record<"heard" | "silent" | "no_mic" | "no_speaker" | "broken", string>} */
  verdict: {
    heard: gettext("Your microphone works. If you heard nothing, choose another speaker or turn it up, then test again."),
    silent: gettext("Nothing was heard. Choose another microphone or turn it up, then test again."),
    no_mic: gettext("There is no microphone to test. Allow or plug in one, then test again."),
    no_speaker: gettext("The chosen speaker cannot be used. Choose another one, then test again."),
    broken: gettext("This browser could not record or play the test. Others may hear you all the same."),
  },

  sound: gettext("Sound"),
  soundSettings: gettext("Sound settings"),
  noise: gettext("Noise suppression"),
  noises: { off: gettext("Off"), standard: gettext("Standard"), strong: gettext("Strong") },
  noiseHints: {
    off: gettext("Others hear the room as it is."),
    standard: gettext("Takes out steady noise, such as a fan."),
    strong: gettext("Takes out rain, wind and engines too. Needs more of this device."),
  },
  noiseOff: gettext("Off while original sound is on."),
  original: gettext("Original sound"),
  originalHint: gettext("For music: both channels, high quality, and nothing is taken out. Wear headphones, echo is left in."),

  blurred: gettext("Blur the background"),
  background: gettext("Background"),
  backgroundHint: gettext("Your camera picture is changed on this device before it is sent."),
  backgrounds: { none: gettext("None"), blur: gettext("Blur"), shelf: gettext("Bookshelf"), hills: gettext("Hills"), board: gettext("Chalkboard"), paper: gettext("Paper"), own: gettext("Your picture") },
  addOwn: gettext("Add your own picture"),
  replaceOwn: gettext("Replace your picture"),
  removeOwn: gettext("Remove your picture"),
  ownNote: gettext("It is kept in this browser, for the next time."),
  loading: gettext("Getting the background ready…"),
  ready: gettext("The background is on."),
  yourPicture: gettext("Your picture, as others see it"),
  close: gettext("Close"),

  told: {
    slow: gettext("This device is too slow for a background. Your camera is seen as it is."),
    broken: gettext("The background could not be shown. Your camera is seen as it is."),
    no_filter: gettext("Strong noise suppression does not work in this browser. It is set to standard."),
    no_picture: gettext("That file is no picture this browser can read. Choose another one."),
  },
};
