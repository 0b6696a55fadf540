/** What is said of marked moments in the room. */
import { counted, filled, gettext, ngettext } from "../ui/catalogue.js";

export const marks = {
  mark: gettext("Mark this moment"),
  title: gettext("Title of the chapter"),
  optional: gettext("optional"),
  hint: gettext("It becomes a chapter of the recording, where it can be renamed or deleted later. Ctrl+Alt+M marks at once, without a title."),
  keep: gettext("Mark"),
  cancel: gettext("Cancel"),
  notSent: gettext("Nothing was marked: the connection is lost."),
  notSentMend: gettext("Chapters can be added to the recording later, too."),
  lostNotSent: gettext("The teacher was not told: the connection is lost."),
  lost: gettext("I am lost here"),
  lostShort: gettext("I am lost"),
  lostHint: gettext("The teacher hears that somebody is lost, not who."),
  lostNoted: gettext("The teacher knows that somebody is lost here, not who."),
};

/** @param {string} title @param {string | null} by none: oneself */
export function markTold(title, by) {
  if (by) return filled(title ? gettext("{by} marked a moment: {title}") : gettext("{by} marked a moment."), { by, title });
  return title ? filled(gettext("Moment marked: {title}"), { title }) : gettext("Moment marked.");
}

/** @param {number} count within the last minute */
export const lostTold = (count) => counted(ngettext("{count} person is lost just now.", "{count} people are lost just now.", count), count);
