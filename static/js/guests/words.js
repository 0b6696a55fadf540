/** Words about guests and the waiting room. */

/** @param {string[]} names */
const some = (names) => (names.length === 1 ? `${names[0]} is` : `${names.length} people are`);

export const words = {
  guest: "Guest",
  as: "As a guest:",
  change: "Change name",
  ended: "Your invitation has ended",

  inWaitingRoom: "You are in the waiting room",
  told: (/** @type {string} */ teacher) => `${teacher} has been told. Keep this page open; you come in by yourself.`,
  notYet: (/** @type {string} */ teacher) => `${teacher} is not here yet, and is told when the class begins. Keep this page open.`,
  leave: "Leave the waiting room",
  turnedAwayTitle: "The teacher did not let you in",
  turnedAway: "You can ask again in half a minute.",
  askAgain: "Ask again",

  invite: "Invite guests",

  waiting: "Waiting",
  waitingCount: (/** @type {number} */ count) => `${count} waiting`,
  letIn: "Let in",
  letInNamed: (/** @type {string} */ name) => `Let ${name} in`,
  letAllIn: "Let all in",
  refuse: "Refuse…",
  refuseNamed: (/** @type {string} */ name) => `Refuse ${name}`,
  refuseTitle: (/** @type {string} */ name) => `Refuse ${name}?`,
  refuseNote: "They are told that a teacher did not let them in, and can ask again.",
  word: "A word to them (optional)",
  refuseYes: "Refuse",
  keep: "Let them wait",
  by: (/** @type {string} */ link) => `Guest by “${link}”`,
  show: "Show",
  knock: (/** @type {string[]} */ names) => `${some(names)} waiting to be let in.`,

  waitingRoom: "Guests wait to be let in",
  waitingRoomNote: "Off: whoever waits comes in, and so does who comes by a link.",
};
