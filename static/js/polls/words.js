/** What polls say. */
import { counted, filled, gettext, ngettext, number, pgettext } from "../ui/catalogue.js";

export const words = {
  title: gettext("Polls"),
  running: (/** @type {number} */ count) => counted(ngettext("Polls, {count} is running", "Polls, {count} are running", count), count),
  ask: gettext("New poll"),
  askYesNo: gettext("Ask yes or no"),
  yesNo: gettext("Yes or no?"),
  yes: gettext("Yes"),
  no: gettext("No"),
  empty: gettext("No polls yet"),
  emptyTeacher: gettext("Ask the class something. Students answer on their own screens, and you see the counts at once."),
  emptyStudent: gettext("When the teacher asks one, you can vote here."),
  endFirst: gettext("One poll runs at a time. End it before you ask the next one."),

  newPoll: gettext("New poll"),
  question: gettext("Question"),
  answers: gettext("Answers"),
  answer: (/** @type {number} */ n) => filled(gettext("Answer {n}"), { n }),
  addAnswer: gettext("Add an answer"),
  removeAnswer: (/** @type {number} */ n) => filled(gettext("Remove answer {n}"), { n }),
  several: gettext("Several answers may be chosen"),
  byName: gettext("Show me who chose what"),
  byNameHint: gettext("Students are told so before they vote. Without it nobody learns who chose what."),
  live: gettext("Students see the counts while it runs"),
  start: gettext("Start the poll"),
  starting: gettext("Starting…"),
  cancel: gettext("Cancel"),
  missing: { question: gettext("Write a question."), choices: gettext("Write at least two answers."), same: gettext("Two answers are the same.") },

  anonymous: gettext("Anonymous: nobody sees who chose what."),
  named: gettext("By name: the teacher sees what you choose."),
  namedLead: gettext("By name: only those who lead see who chose what."),
  chooseOne: gettext("Choose one answer."),
  chooseSeveral: gettext("Choose one or several answers."),
  vote: gettext("Vote"),
  change: gettext("Change my vote"),
  voting: gettext("Sending…"),
  voted: gettext("Your vote counts. You can change it until the poll ends."),
  yours: gettext("Your vote"),
  hidden: gettext("The result is shown when the poll ends."),
  nobody: gettext("Nobody has voted yet."),
  nobodyVoted: gettext("Nobody voted."),
  votersOf: (/** @type {number} */ count, /** @type {number} */ of) => counted(ngettext("{voted} of {count} student voted", "{voted} of {count} students voted", of), of, { voted: count }),
  voters: (/** @type {number} */ count) => counted(ngettext("{count} person voted", "{count} people voted", count), count),
  votes: (/** @type {number} */ count) => counted(ngettext("{count} vote", "{count} votes", count), count),
  runs: gettext("Running"),
  over: gettext("Over"),
  end: gettext("End poll"),
  showResult: gettext("Show the result to everyone"),
  delete: gettext("Delete"),
  deleteNamed: (/** @type {string} */ question) => filled(gettext("Delete the poll: {question}"), { question }),
  deleteTitle: gettext("Delete this poll?"),
  deleteNote: gettext("Its question and its votes are gone for good, for everyone."),
  keep: gettext("Keep it"),
  deleteYes: gettext("Delete poll"),

  asks: (/** @type {string} */ question) => filled(gettext("Poll: {question}"), { question }),
  answerIt: pgettext("verb", "Answer"),
  see: gettext("See result"),
};

/** @param {import("../state/types").Notice} what @returns {string | null} */
export function pollTold(what) {
  switch (what.kind) {
    case "poll": return filled(gettext("A poll has started: {question}"), what);
    case "poll_over": return filled(gettext("The poll is over: {question}"), what);
    case "poll_shown": return filled(gettext("Result of the poll: {question}"), what);
    case "poll_gone": return gettext(gettext("The poll was deleted."));
    default: return null;
  }
}

/** @param {number} count @param {number} of */
export const percent = (count, of) => number(of ? count / of : 0, { style: "percent" }).replace(/\s*%/u, "\u00a0%");
