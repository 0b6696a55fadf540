import { lacks, running, unanswered } from "/static/js/state/polls.js";
import { initial, reduce } from "/static/js/state/state.js";
import { ClassroomSocket } from "/static/js/classroom/socket.js";
import { percent } from "/static/js/polls/words.js";
import { equal, test } from "./check.js";

const AT = "2026-11-22T10:00:00Z";
const PAGE = { session: { id: "0", title: "t", course: "c", startsAt: AT, endsAt: AT, state: "live" }, you: { name: "Ash", role: "student", hue: 1 } };
const start = (role = "student") => initial({ ...PAGE, you: { ...PAGE.you, role } }, { mic: false, camera: false, devices: { mic: "", camera: "", speaker: "" } });
const poll = (more = {}) => ({ id: 5, key: "k", by: "Tom", question: "Why?", choices: ["a", "b"], several: false, by_name: false, live: false, at: AT, ended_at: null, counts: null, voters: null, mine: null, votes: [], ...more });
const after = (state, ...events) => events.reduce((now, event) => reduce(now, event, 0), state);
const started = (more) => ({ type: "poll_started", seq: 5, at: AT, poll: poll(more) });
const ended = { type: "poll_ended", seq: 7, at: AT, poll: 5, counts: [1, 0], voters: 1, ended_at: AT };

test("a new poll is told at once to who is to answer, and not to who asked", () => {
  const heard = after(start(), started());
  equal([heard.spoken.what, heard.spoken.urgent], [{ kind: "poll", question: "Why?" }, true]);
  equal(unanswered(heard).id, 5);
  equal([after(start("teacher"), started()).spoken, unanswered(after(start("teacher"), started()))], [null, null]);
});

test("a poll that is over when it is told of in a replay is no news", () => equal(after(start(), started({ ended_at: AT })).spoken, null));

test("a vote is on its way until it is noted, and then one's own", () => {
  const sent = after(start(), started(), { type: "voting", poll: 5, chosen: [1] });
  equal([unanswered(sent), sent.polls[0].mine], [null, null]);
  const noted = after(sent, { type: "vote_noted", poll: 5, chosen: [1] });
  equal([noted.voting, noted.polls[0].mine], [null, [1]]);
});

test("a vote that is refused can be cast again", () => {
  const refused = after(start(), started(), { type: "voting", poll: 5, chosen: [1] }, { type: "refused", code: "too_fast", text: "t", mend: null, re: "vote", key: null, message: null, retry_at: null });
  equal([refused.voting, unanswered(refused).id, refused.notice.what.kind], [null, 5, "refused"]);
});

test("whoever votes anew takes the place of their own vote among the named", () => {
  const counted = (chosen) => ({ type: "poll_counted", seq: 6, at: AT, poll: 5, counts: [0, 1], voters: 1, votes: [{ participant: "1", name: "Ash", chosen }] });
  const state = after(start("teacher"), started({ by_name: true }), counted([0]), counted([1]));
  equal(state.polls[0].votes, [{ participant: "1", name: "Ash", chosen: [1] }]);
});

test("at its end everybody sees the counts, and an anonymous vote is forgotten", () => {
  const over = after(start(), started({ mine: [0] }), ended);
  equal([over.polls[0].counts, over.polls[0].mine, running(over), over.notice.what.kind], [[1, 0], null, null, "poll_over"]);
  equal(after(start(), started({ mine: [0], by_name: true }), ended).polls[0].mine, [0]);
});

test("a deleted poll is gone, and with it the vote on its way", () => {
  const gone = after(start(), started(), { type: "voting", poll: 5, chosen: [0] }, { type: "poll_deleted", seq: 6, at: AT, poll: 5 });
  equal([gone.polls, gone.voting, gone.notice.what.kind], [[], null, "poll_gone"]);
});

test("what is being written is kept until it is asked, and back when it is refused", () => {
  const written = after(start("teacher"), { type: "poll_draft", draft: { question: "Why?" } }, { type: "poll_draft", draft: { key: "k" } });
  equal(after(written, started()).pollDraft, null);
  const refused = after(written, { type: "refused", code: "poll_runs", text: "t", mend: null, re: "ask_poll", key: "k", message: null, retry_at: null });
  equal([refused.pollDraft.key, refused.pollDraft.question], [null, "Why?"]);
});

test("what a poll lacks is named", () => {
  const draft = { key: null, question: "Why?", choices: ["a", " b "], several: false, byName: false, live: false };
  equal([lacks(draft), lacks({ ...draft, question: " " }), lacks({ ...draft, choices: ["a", ""] }), lacks({ ...draft, choices: ["a", "a "] })], [null, "question", "choices", "same"]);
});

function socket() {
  const sent = [];
  const line = { readyState: 1, send: (text) => sent.push(JSON.parse(text)), close() {} };
  const made = new ClassroomSocket("ws://x", { heard() {}, opened() {}, lost() {}, signedOut() {} }, { open: () => line, after: () => 0, cancel() {} });
  made.connect();
  const hear = (message) => made.hear(message);
  const resume = (polls) => {
    hear({ type: "resumed", now: AT, seq: 0, you: "1", started_at: AT, polls });
    sent.length = 0;
    hear({ type: "pong", n: made.pings });
  };
  return { made, sent, hear, resume, types: () => sent.map(({ type }) => type) };
}

test("a vote and a question are sent again after a break, until the class has told of them", () => {
  const { made, sent, hear, resume, types } = socket();
  resume([]);
  made.vote({ type: "vote", poll: 5, chosen: [1] });
  made.ask({ type: "ask_poll", key: "k", question: "Why?", choices: ["a", "b"] });
  resume([]);
  equal(types().sort(), ["ask_poll", "vote"]);
  hear({ type: "vote_noted", poll: 5, chosen: [1] });
  resume([poll()]);
  equal(sent, []);
});

test("a vote that was changed meanwhile is not taken for noted", () => {
  const { made, hear, resume, types } = socket();
  resume([]);
  made.vote({ type: "vote", poll: 5, chosen: [0] });
  made.vote({ type: "vote", poll: 5, chosen: [1] });
  hear({ type: "vote_noted", poll: 5, chosen: [0] });
  resume([]);
  equal(types(), ["vote"]);
});

test("a share stands beside its sign on one line, and of nobody it is nothing", () => equal([percent(2, 3), percent(0, 0)], ["67\u00a0%", "0\u00a0%"]));
