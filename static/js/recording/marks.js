/** What is said of marked moments in the room: whole sentences with named values, ready for catalogues. */
export const marks = {
  mark: "Mark this moment",
  title: "Title of the chapter",
  optional: "optional",
  hint: "It becomes a chapter of the recording, where it can be renamed or deleted later. Ctrl+Alt+M marks at once, without a title.",
  keep: "Mark",
  cancel: "Cancel",
  notSent: "Nothing was marked: the connection is lost.",
  notSentMend: "Chapters can be added to the recording later, too.",
  lostNotSent: "The teacher was not told: the connection is lost.",
  lost: "I am lost here",
  lostShort: "I am lost",
  lostHint: "The teacher hears that somebody is lost, not who.",
  lostNoted: "The teacher knows that somebody is lost here, not who.",
};

/** @param {string} title @param {string | null} by none: oneself */
export const markTold = (title, by) =>
  [by ? `${by} marked a moment` : "Moment marked", title].filter(Boolean).join(": ") + (title ? "" : ".");

/** @param {number} count within the last minute */
export const lostTold = (count) => (count === 1 ? "1 person is lost just now." : `${count} people are lost just now.`);
