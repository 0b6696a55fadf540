import { FIRST_VIEW } from "/static/js/room/viewchoices.js";
import { chimeOf } from "/static/js/state/chimes.js";
import { initial, reduce } from "/static/js/state/state.js";
import { spokenText } from "/static/js/text.js";
import { equal, ok, test } from "./check.js";

const AT = "2026-11-25T10:00:00Z";
const session = { id: "s", title: "Cells", course: "Biology", startsAt: AT, endsAt: "2026-11-25T11:00:00Z", state: "live" };
const person = (id, more = {}) => ({ id, name: id.toUpperCase(), role: "student", hue: 1, hand: null, co_teacher: false, may_speak: false, joined_at: AT, ...more });
const after = (state, ...events) => events.reduce((now, event) => reduce(now, { seq: 10, at: AT, ...event }, 0), state);
const inside = (role, ...events) =>
  after(
    initial({ session, you: { name: "Me", role, hue: 2 } }, { mic: true, camera: true, devices: {} }, FIRST_VIEW),
    { type: "joined", now: AT, seq: 9, you: "me", started_at: AT, participants: [person("me", { role }), person("a"), person("b"), person("c")], messages: [], materials: [], barred: [] },
    ...events,
  );
const teacher = (...events) => inside("teacher", ...events);
const came = (id) => ({ type: "participant_joined", participant: person(id) });
const left = (id) => ({ type: "participant_left", participant: id, why: "left" });
const raised = (participant) => ({ type: "hand_raised", participant });
const lowered = (participant) => ({ type: "hand_lowered", participant, by: participant });
const waiting = (...ids) => ({ type: "waiting_room", people: ids.map((id) => ({ id, name: id.toUpperCase(), hue: 1, link: "", since: AT })) });
const whisper = (more = {}) => ({ type: "said", message: { id: 30, key: "k", participant: "a", name: "A", role: "student", hue: 1, text: "?", at: AT, to: { id: "me", name: "Me" }, files: [], reactions: [], reply: null, ...more } });
const told = (state, kind) => spokenText(after(state, { type: "say_gathered", kind }).spoken.what);

test("hands that go up one after the other are said in one sentence, later", () => {
  const entered = teacher();
  const two = after(entered, raised("a"), raised("b"));
  equal(two.spoken, entered.spoken, "not yet");
  equal(two.notice.what.names, ["A", "B"], "but shown");
  equal(told(two, "hands"), "2 hands raised");
});

test("a notice that has gone is said all the same, and nothing twice", () => {
  const shown = teacher(raised("a"));
  const gone = after(shown, { type: "notice_over", n: shown.notice.n }, raised("b"), { type: "say_gathered", kind: "hands" });
  equal(spokenText(gone.spoken.what), "2 hands raised");
  equal(told(after(gone, raised("c")), "hands"), "C raised a hand");
});

test("of a hand that is down again nothing is said", () => {
  equal(told(teacher(raised("a"), raised("b"), lowered("a")), "hands"), "B raised a hand");
  for (const down of [lowered("a"), { type: "hands_lowered", by: "me" }]) equal(teacher(raised("a"), down).gathered, {});
});

test("those who knock are said in one sentence, as long as they wait", () => {
  equal(told(teacher(waiting("x"), waiting("x", "y")), "knock"), "2 people are waiting to be let in.");
  equal(teacher(waiting("x"), waiting()).gathered, {});
});

test("who comes and goes is summed up for those who lead", () => {
  equal(told(teacher(came("x"), came("y"), left("a")), "people"), "X and Y joined. A left.");
  equal(inside("student", came("x")).gathered, {});
});

test("who came and went, or was away for a moment, is not spoken of", () => {
  equal(told(teacher(came("x"), left("x"), left("a"), came("a")), "people"), "");
});

test("who comes and goes is not said by choice, nor in a class of more than 20", () => {
  equal(teacher({ type: "alerts", chosen: { people: false } }, came("x")).gathered, {});
  const many = Array.from({ length: 17 }, (_, n) => came(`p${n}`));
  const full = after(teacher(...many), { type: "say_gathered", kind: "people" }, came("x"));
  equal(full.gathered, {});
});

const said = (id, name, more = {}) => whisper({ id, key: `k${id}`, name, to: null, ...more });

test("what is written while the chat is shut is said in one sentence, and only what is new since", () => {
  const entered = inside("student", { type: "panel", panel: null });
  const one = after(entered, said(1, "A"));
  equal([one.spoken, one.unread], [entered.spoken, 1], "counted, and not said yet");
  equal(told(one, "chat"), "New message from A.");
  const three = after(one, said(2, "B"), said(3, "C"));
  equal(told(three, "chat"), "3 new messages, the last from C.");
  const later = after(three, { type: "say_gathered", kind: "chat" }, said(4, "A"));
  equal([told(later, "chat"), later.unread], ["New message from A.", 4]);
});

test("of messages that are there to be read nothing is said", () => {
  const shut = inside("student", { type: "panel", panel: null }, said(1, "A"));
  const open = after(shut, { type: "panel", panel: "chat" }, said(2, "B"));
  equal([open.gathered, open.unread], [{}, 0]);
  equal(Object.keys(after(shut, { type: "panel", panel: "people" }).gathered), ["chat"], "another panel is not the chat");
  equal(after(shut, said(3, "C", { participant: "me" })).gathered.chat.count, 1, "nor one's own");
});

test("after the class nothing of it is said", () => {
  const over = teacher(raised("a"), { type: "class_ended", by: "me" });
  equal(after(over, { type: "say_gathered", kind: "hands" }).spoken, over.spoken);
});

test("two notices are never one to whoever lets the first go", () => {
  const first = teacher(raised("a"));
  const second = after(first, lowered("a"), raised("b"));
  ok(first.notice.n !== second.notice.n, "another notice has another number");
});

const HEARD = [
  ["a hand sounds for those who lead", teacher(), raised("a"), "hands"],
  ["a hand is silent for others", inside("student"), raised("a"), null],
  ["one's own hand is silent", teacher(), raised("me"), null],
  ["a knock sounds", teacher(), waiting("x"), "knock"],
  ["who waits as before is silent", teacher(waiting("x", "y")), waiting("x"), null],
  ["a message to oneself sounds", inside("student"), whisper(), "whisper"],
  ["a message to everyone is silent", inside("student"), whisper({ to: null }), null],
  ["what one writes to somebody is silent", inside("student"), whisper({ participant: "me", to: { id: "a", name: "A" } }), null],
  ["what is told again is silent", inside("student", whisper()), whisper(), null],
  ["what is turned off is silent", inside("student", { type: "alerts", chosen: { whisper: false } }), whisper(), null],
];
for (const [name, state, message, heard] of HEARD) test(name, () => equal(chimeOf(state, message), heard));
