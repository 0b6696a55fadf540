/** What is said of the room's keys. */
import { filled, gettext, pgettext } from "../ui/catalogue.js";

export const words = {
  title: gettext("Keyboard"),
  search: gettext("Search keys"),
  /** @param {string} sought */
  none: (sought) => filled(gettext("No key for “{words}”."), { words: sought }),
  /** @type {Record<import("./shortcuts").Group, string>} */
  groups: { you: pgettext("keys", "You"), class: pgettext("keys", "The class"), window: pgettext("keys", "The window") },
  /** @type {Record<import("./shortcuts").Name, string>} */
  does: {
    mic: gettext("Mute, unmute"),
    camera: gettext("Stop, start video"),
    talk: gettext("Talk while you hold it, when you are muted"),
    hand: gettext("Raise, lower your hand"),
    share: gettext("Share your screen, stop sharing"),
    chat: gettext("Open, close the chat"),
    people: gettext("Open, close the list of people"),
    captions: gettext("Captions on, off"),
    mark: gettext("Mark this moment of the recording"),
    regions: gettext("Go to the next part of the window; with Shift, back"),
    layout: gettext("Next layout: automatic, speaker, grid"),
    float: gettext("Open, close the small window"),
    full: gettext("Full screen, and back"),
    close: gettext("Close what is open; you stay in the class"),
    help: gettext("Show these keys"),
  },
  /** @type {Record<string, string>} */
  names: { Ctrl: pgettext("key", "Ctrl"), Alt: pgettext("key", "Alt"), Space: pgettext("key", "Space"), Escape: pgettext("key", "Esc") },
  on: gettext("Use these keys"),
  onNote: gettext("Off: none of them works, except the one that shows this page."),
  letters: gettext("Single letters too"),
  lettersNote: gettext("M, V, H, C, P, U, S, L, W and F do the same alone while you are not writing. Leave it off if you speak to your computer."),
  print: pgettext("verb", "Print"),
  close: gettext("Close"),
};
