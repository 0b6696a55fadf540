/** What polls say: whole sentences with named values, ready for catalogues. */
const plural = new Intl.PluralRules("en");

/** @param {number} count @param {string} one @param {string} other */
const counted = (count, one, other) => (plural.select(count) === "one" ? one : other).replace("#", String(count));

export const words = {
  title: "Polls",
  running: (/** @type {number} */ count) => counted(count, "Polls, 1 is running", "Polls, # are running"),
  ask: "Ask a poll",
  askYesNo: "Ask yes or no",
  yesNo: "Yes or no?",
  yes: "Yes",
  no: "No",
  empty: "No polls yet",
  emptyTeacher: "Ask the class something. Students answer on their own screens, and you see the counts at once.",
  emptyStudent: "When the teacher asks one, you can vote here.",
  endFirst: "One poll runs at a time. End it before you ask the next one.",

  newPoll: "New poll",
  question: "Question",
  answers: "Answers",
  answer: (/** @type {number} */ n) => `Answer ${n}`,
  addAnswer: "Add an answer",
  removeAnswer: (/** @type {number} */ n) => `Remove answer ${n}`,
  several: "Several answers may be chosen",
  byName: "Show me who chose what",
  byNameHint: "Students are told so before they vote. Without it nobody learns who chose what.",
  live: "Students see the counts while it runs",
  start: "Start the poll",
  starting: "Starting…",
  cancel: "Cancel",
  missing: { question: "Write a question.", choices: "Write at least two answers.", same: "Two answers are the same." },

  anonymous: "Anonymous: nobody sees who chose what.",
  named: "By name: the teacher sees what you choose.",
  namedLead: "By name: only those who lead see who chose what.",
  chooseOne: "Choose one answer.",
  chooseSeveral: "Choose one or several answers.",
  vote: "Vote",
  change: "Change my vote",
  voting: "Sending…",
  voted: "Your vote counts. You can change it until the poll ends.",
  yours: "Your vote",
  hidden: "The result is shown when the poll ends.",
  nobody: "Nobody has voted yet.",
  nobodyVoted: "Nobody voted.",
  votersOf: (/** @type {number} */ count, /** @type {number} */ of) => `${count} of ${counted(of, "1 student", "# students")} voted`,
  voters: (/** @type {number} */ count) => counted(count, "1 person voted", "# people voted"),
  votes: (/** @type {number} */ count) => counted(count, "1 vote", "# votes"),
  runs: "Running",
  over: "Over",
  end: "End poll",
  showResult: "Show the result to everyone",
  delete: "Delete",
  deleteNamed: (/** @type {string} */ question) => `Delete the poll: ${question}`,
  deleteTitle: "Delete this poll?",
  deleteNote: "Its question and its votes are gone for good, for everyone.",
  keep: "Keep it",
  deleteYes: "Delete poll",

  asks: (/** @type {string} */ question) => `Poll: ${question}`,
  answerIt: "Answer",
  see: "See result",
};

/** @param {import("../state/types").Notice} what @returns {string | null} */
export function pollTold(what) {
  switch (what.kind) {
    case "poll": return `A poll has started: ${what.question}`;
    case "poll_over": return `The poll is over: ${what.question}`;
    case "poll_shown": return `Result of the poll: ${what.question}`;
    case "poll_gone": return "The poll was deleted.";
    default: return null;
  }
}

/** @param {number} count @param {number} of */
export const percent = (count, of) => `${of ? Math.round((100 * count) / of) : 0} %`;
