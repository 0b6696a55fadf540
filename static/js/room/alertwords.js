/** What is said of the sounds of a class, and of what screen readers are told. */
import { gettext } from "../ui/catalogue.js";

/** @typedef {keyof import("../state/types").Alerts} Alert */

export const words = {
  title: gettext("Sounds and announcements"),
  chimes: gettext("A short sound when"),
  /** @type {Record<Alert, string>} */
  alert: {
    hands: gettext("Somebody raises a hand"),
    knock: gettext("Somebody waits to be let in"),
    whisper: gettext("Somebody writes to you alone"),
    people: gettext("Say who comes and goes"),
  },
  /** @type {Partial<Record<Alert, string>>} */
  hint: { people: gettext("For screen readers: every half minute, in classes of up to 20 people.") },
  close: gettext("Done"),
};
