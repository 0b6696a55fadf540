import { isInWaitingRoom } from "/static/js/state/lobby.js";
import { initial, reduce } from "/static/js/state/state.js";
import { mayEnter, shouldRetry } from "/static/js/state/views.js";
import { noticeText } from "/static/js/text.js";
import { equal, ok, test } from "./check.js";

const NOW = Date.parse("2026-11-25T10:00:00Z");
const at = "2026-11-25T10:00:00Z";
const session = { id: "s", title: "Cells", course: "Biology", startsAt: at, endsAt: "2026-11-25T11:00:00Z", state: "live" };
const after = (state, ...events) => events.reduce((now, event) => reduce(now, { seq: 10, at, ...event }, NOW), state);
const hello = (role, more = {}, state = "live") => ({ type: "hello", now: at, here: 0, names: [], you: { name: "Me", role, hue: 2, elsewhere: false, locked_out: false, barred: false, reason: "", lobby: null, ...more }, session: { id: "s", title: "C", course: "B", teacher: "T", state, starts_at: at, opens_at: at, ends_at: session.endsAt } });
const joined = (role) => ({ type: "joined", now: at, seq: 9, you: "me", started_at: at, participants: [{ id: "me", name: "Me", role, hue: 2, co_teacher: false, may_speak: false, hand: null, joined_at: at }], messages: [], materials: [], media: {}, direct_calls: true, lead: "me", barred: [] });
const start = (role) => initial({ session, you: { name: "Me", role, hue: 2 } }, { mic: true, camera: true, devices: { mic: "", camera: "", speaker: "" } });
const guest = (...events) => after(start("guest"), hello("guest"), ...events);
const teacher = (...events) => after(start("teacher"), hello("teacher"), joined("teacher"), ...events);
const asked = { type: "join_asked" };
const waiting = { type: "waiting", since: at };
const person = (id) => ({ id, name: id.toUpperCase(), hue: 1, link: "Parents", since: at });
const room = (...ids) => ({ type: "waiting_room", people: ids.map(person) });

test("a guest waits, and asks again by themselves only once they are let in", () => {
  const waits = guest(asked, waiting, hello("guest", { lobby: "waiting" }));
  ok(isInWaitingRoom(waits), "in the waiting room");
  ok(!shouldRetry(waits, NOW) && !mayEnter(waits, NOW), "nothing to ask for");
  const called = after(waits, hello("guest", { lobby: "let_in" }));
  ok(shouldRetry(called, NOW), "comes in by itself");
  equal(after(called, asked, joined("guest")).phase, "inside");
});

test("before the teacher is there a guest waits as well", () => {
  const waits = after(start("guest"), hello("guest", {}, "scheduled"), asked, waiting);
  ok(isInWaitingRoom(after(waits, hello("guest", { lobby: "waiting" }, "live"))), "still there when the class begins");
});

test("a reload comes back to the waiting room", () => {
  ok(isInWaitingRoom(after(start("guest"), hello("guest", { lobby: "waiting" }))), "its place is kept");
  equal(after(start("guest"), hello("guest", { lobby: "let_in" })).phase, "before", "whoever was let in meanwhile chooses when to join");
});

test("whoever is sent back leaves the class behind, keeps what is being written, and comes in by themselves", () => {
  const draft = { type: "draft", draft: { text: "I think" } };
  const inside = after(start("student"), hello("student"), joined("student"), draft);
  const back = after(inside, hello("student", { lobby: "waiting", sent_back: true, place: 1 }), waiting);
  ok(isInWaitingRoom(back), "in the waiting room");
  equal([Object.keys(back.people), back.messages, back.draft.text, back.you.sent_back], [[], [], "I think", true]);
  equal([back.spoken.what.kind, back.spoken.urgent], ["sent_back", true]);
  ok(!shouldRetry(back, NOW), "not by themselves yet");
  const called = after(back, hello("student", { lobby: "let_in" }));
  ok(shouldRetry(called, NOW) && !called.you.sent_back, "let in");
  equal(after(called, asked, joined("student")).phase, "inside");
});

test("turned away: the word, no more asking by itself, and asking again", () => {
  const away = guest(asked, waiting, hello("guest", { lobby: "turned_away", reason: "Next week" }));
  equal([away.phase, away.removal.reason], ["turned_away", "Next week"]);
  ok(!shouldRetry(away, NOW + 60_000), "not by itself");
  const again = after(away, asked, waiting);
  equal([again.phase, again.removal], ["waiting", null]);
  const early = after(away, asked, { type: "refused", re: "join", code: "turned_away", text: "No", mend: "Later", key: null, retry_at: at });
  equal(early.phase, "turned_away");
});

test("whoever stops waiting is before the class again", () => {
  const back = guest(asked, waiting, hello("guest", { lobby: "waiting" }), { type: "go_back" });
  equal([back.phase, back.you.lobby], ["before", null]);
});

test("those who lead are told of each who knocks, once", () => {
  const one = teacher(room(), room("a"));
  equal(noticeText(one.notice.what), "A is waiting to be let in.");
  const two = after(one, room("a", "b"));
  equal(noticeText(two.notice.what), "2 people are waiting to be let in.");
  equal(after(two, { type: "notice_over", n: two.notice.n }, room("a", "b")).notice, null);
});

test("a notice goes with who waited", () => {
  const two = teacher(room("a", "b"));
  equal(after(two, room("b")).notice.what.people.map(({ id }) => id), ["b"]);
  equal(after(two, room()).notice, null);
});

test("who waits and who is barred is kept by nobody who leads no longer", () => {
  const gone = { type: "barred", people: [person("b")] };
  for (const dismissed of [{ type: "role_changed", participant: "me", role: "student", by: "t" }, hello("student")]) {
    const leading = teacher(room("a"), gone);
    const student = after(leading, dismissed);
    equal([leading, student].map((each) => [each.waiting.length, each.barred.length]), [[1, 1], [0, 0]]);
  }
});
