/**
 * The state of room pages, as the browser keeps it (static/js/state), for tests that speak the classroom socket.
 * A line of JSON in: {page, told: [message, …]} is told to that page; {page, shown: true} is answered by a line
 * with what the page shows of the class: all that a snapshot holds.
 */
import { createInterface } from "node:readline";
import { FIRST_VIEW } from "../../static/js/room/viewchoices.js";
import { initial, reduce } from "../../static/js/state/state.js";

const DATA = {
  session: { id: "", title: "", course: "", startsAt: "", endsAt: "", state: "live" },
  you: { name: "", role: "student", hue: 0 },
};
const WANTED = { mic: false, camera: false, devices: {} };
const pages = new Map();

const ordered = (list, key) => [...list].sort((one, other) => (one[key] < other[key] ? -1 : 1));

function shown(state) {
  const { you, session, people, messages, polls, barred, waiting, captions } = state;
  const { here, materials, rules, lead, recording, consent, asksConsent, directAllowed, privateChat } = state;
  return {
    ...{ here, materials, rules, lead, recording, consent, asksConsent, directAllowed, privateChat },
    role: you.role,
    session: session.state,
    started: session.startedAt,
    leadGone: state.leadGone !== null,
    captions: captions.allowed,
    people: ordered(Object.values(people), "id").map(({ order: _, ...person }) => person),
    messages: messages.map((message) => ({ ...message, reactions: ordered(message.reactions, "emoji") })),
    polls: polls.map((poll) => ({ ...poll, votes: ordered(poll.votes, "participant") })),
    barred: ordered(barred, "id"),
    waiting: ordered(waiting, "id"),
  };
}

for await (const line of createInterface({ input: process.stdin })) {
  const { page, told = [] } = JSON.parse(line);
  const state = told.reduce((now, message) => reduce(now, message, 0), pages.get(page) ?? initial(DATA, WANTED, FIRST_VIEW));
  pages.set(page, state);
  if (line.endsWith('"shown": true}')) console.log(JSON.stringify(shown(state)));
}
