/** What is said of captions. */
import { filled, gettext, locale } from "../ui/catalogue.js";

const names = new Intl.DisplayNames(locale, { type: "language" });

export const words = {
  title: gettext("Captions"),
  sizeTitle: gettext("Size of captions"),
  sizes: { small: gettext("Small"), medium: gettext("Medium"), large: gettext("Large") },
  waiting: gettext("What is said is written here."),
  cannot: {
    unable: gettext("No captions: their browser has no speech recognition; Chrome, Edge and Safari do."),
    failed: gettext("No captions: their browser’s speech recognition does not answer just now."),
    declined: gettext("No captions: they have not agreed to them."),
  },
  off: {
    school: gettext("Your school does not allow captions in its classes."),
    class: gettext("The teacher turned captions off for this class."),
    failed: gettext("Speech recognition does not answer: no captions of what you say. Mute and unmute to try again."),
  },

  asked: gettext("Somebody turned captions on. May your browser write down what you say?"),
  away: gettext("It may send your voice to its maker for that."),
  here: gettext("Your voice stays on this device."),
  remembered: gettext("You can change it in Sound settings."),
  agree: gettext("Make captions"),
  decline: gettext("No captions"),

  own: gettext("Captions of what you say"),
  ownAway: gettext("For people who read along. Your browser may send your voice to its maker for that."),
  ownHere: gettext("For people who read along. Your browser does it on this device; your voice stays here."),
  ownNone: gettext("This browser has no speech recognition. Chrome, Edge and Safari have one."),
  ownFailed: gettext("The speech recognition of this browser does not answer, or does not know your language. Choose another language, or turn this off and on."),
  language: gettext("You speak"),
  /** @param {string} page */
  pageLanguage: (page) => filled(gettext("{language} (as this page)"), { language: nameOf(page) }),

  rule: gettext("Captions"),
  ruleNote: gettext("Speakers’ own browsers write down what they say, for those who want to read. Each speaker is asked."),
};

/** In the reader's language. @param {string} tag BCP 47 */
export function nameOf(tag) {
  try {
    return names.of(tag) ?? tag;
  } catch {
    return tag;
  }
}

/** @param {import("../state/types").Notice} what @returns {string | null} */
export const captionsTold = (what) => (what.kind === "no_captions" ? words.off[what.why] : null);
