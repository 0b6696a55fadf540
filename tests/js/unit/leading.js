import { heads, isRestricted, leads, may } from "/static/js/state/leading.js";
import { initial, reduce } from "/static/js/state/state.js";
import { mayEnter, mayGetFiles, tracksOf } from "/static/js/state/views.js";
import { onlyPeer } from "/static/js/media/direct.js";
import { rulesTold } from "/static/js/leading/words.js";
import { equal, ok, test } from "./check.js";

const NOW = Date.parse("2026-11-25T10:00:00Z");
const at = "2026-11-25T10:00:00Z";
const ALL = { mic: true, camera: true, screen: true, chat: true, private_chat: true, locked: false };
const person = (id, more = {}) => ({ id, name: id.toUpperCase(), role: "student", co_teacher: false, may_speak: false, hue: 1, hand: null, joined_at: at, ...more });
const session = { id: "s", title: "Cells", course: "Biology", startsAt: at, endsAt: "2026-11-25T11:00:00Z", state: "live" };
const after = (state, ...events) => events.reduce((now, event) => reduce(now, { seq: 10, at, ...event }, NOW), state);
const hello = (role, more = {}) => ({ type: "hello", now: at, here: 0, names: [], you: { name: "Me", role, hue: 2, elsewhere: false, locked_out: false, barred: false, reason: "", ...more }, session: { id: "s", title: "C", course: "B", teacher: "T", state: "live", starts_at: at, opens_at: at, ends_at: session.endsAt } });
const joined = (people, more = {}) => ({ type: "joined", now: at, seq: 9, you: "me", started_at: at, participants: people, messages: [], materials: [], media: {}, direct_calls: true, rules: ALL, lead: "t", barred: [], ...more });
const teacher = person("t", { role: "teacher" });
const start = () => initial({ session, you: { name: "Me", role: "student", hue: 2 } }, { mic: true, camera: true, devices: { mic: "", camera: "", speaker: "" } });
const student = (more = {}, ...events) => after(start(), hello("student"), joined([teacher, person("a"), person("me")], more), ...events);
const leader = (...events) => after(start(), hello("teacher"), joined([person("me", { role: "teacher" }), person("a"), person("b", { hand: at })], { lead: "me" }), ...events);
const rules = (more, by = "t") => ({ type: "rules_changed", rules: { ...ALL, ...more }, by });
const notice = (state) => state.notice?.what.kind ?? null;

test("rules take from students and not from those who lead", () => {
  const held = student({}, rules({ mic: false, chat: false }));
  equal([may(held, "mic"), may(held, "camera"), may(held, "chat"), notice(held)], [false, true, false, "rules"]);
  equal(may(leader(rules({ mic: false }, "me")), "mic"), true);
});

test("whoever has the word may speak until they are muted, or the rule changes", () => {
  const speaks = student({}, rules({ mic: false }), { type: "may_speak", participant: "me", by: "t" });
  equal([may(speaks, "mic"), notice(speaks)], [true, "may_speak"]);
  ok(!may(after(speaks, { type: "stopped", what: "mic", participant: "me", by: "t" }), "mic"), "muted");
  ok(!may(after(speaks, { type: "stopped", what: "mic", participant: null, by: "t" }), "mic"), "all muted");
  ok(!after(speaks, rules({})).people.me.may_speak, "the word is not kept for the next time");
});

test("whoever is given the screen may share until it is taken back, or the rule changes", () => {
  const shares = student({}, rules({ screen: false }), { type: "may_share", participant: "me", by: "t" });
  equal([may(shares, "screen"), notice(shares), shares.spoken.urgent], [true, "may_share", true]);
  ok(!may(after(shares, { type: "stopped", what: "screen", participant: "me", by: "t" }), "screen"), "taken back");
  ok(!may(after(shares, { type: "stopped", what: "screen", participant: null, by: "t" }), "screen"), "taken from all");
  ok(may(after(shares, { type: "stopped", what: "mic", participant: "me", by: "t" }), "screen"), "muted is another matter");
  ok(!after(shares, rules({})).people.me.may_share, "it is not kept for the next time");
  ok(!after(shares, { type: "role_changed", participant: "me", role: "teacher", by: "t" }).people.me.may_share, "teachers need it not");
  equal(after(shares, { type: "share", state: "asking" }).notice, null, "the question is answered");
  equal(notice(student({}, { type: "share", state: "on" }, { type: "may_share", participant: "me", by: "t" })), null, "whoever shares is not asked");
  equal(notice(student({}, { type: "may_share", participant: "a", by: "t" })), null, "nor are others");
  const both = (more) => isRestricted(student({ participants: [teacher, person("me", more)], rules: { ...ALL, screen: false } }));
  equal([both({}), both({ may_share: true })], [true, false], "a call may go past the media server");
});

test("a muted student is told how to go on, by the rules of now", () => {
  const muted = student({}, { type: "stopped", what: "mic", participant: "me", by: "t" });
  equal(muted.notice.what, { kind: "stopped", what: "mic", locked: false });
  ok(muted.spoken.urgent, "at once");
  equal(student({ rules: { ...ALL, mic: false } }, { type: "stopped", what: "mic", participant: "me", by: "t" }).notice.what.locked, true);
});

test("what happens to others is no news to a student, muting all is to the teacher", () => {
  equal(notice(student({}, { type: "stopped", what: "camera", participant: "a", by: "t" })), null);
  equal(notice(leader({ type: "stopped", what: "mic", participant: null, by: "me" })), "all_muted");
});

test("asked to unmute: only who is meant, and only while muted", () => {
  const off = { type: "want", device: "mic", on: false };
  equal(notice(student({}, off, { type: "asked_to_unmute", participant: "me", by: "t" })), "asked");
  equal(notice(student({}, off, { type: "asked_to_unmute", participant: "a", by: "t" })), null);
  const on = student({}, { type: "device", device: "mic", state: "on" }, { type: "asked_to_unmute", participant: "me", by: "t" });
  equal(notice(on), null);
});

test("the question goes once it is answered", () => {
  const asked = student({}, { type: "want", device: "mic", on: false }, { type: "asked_to_unmute", participant: "me", by: "t" });
  equal(notice(after(asked, { type: "want", device: "mic", on: true })), null);
});

test("talking while locked is no reason to offer what cannot be had", () => {
  equal(notice(student({ rules: { ...ALL, mic: false } }, { type: "notice", what: { kind: "talking_muted" } })), null);
});

test("all hands go down, and with them the notice", () => {
  const lowered = leader({ type: "hand_raised", participant: "a" }, { type: "hands_lowered", by: "me" });
  equal([lowered.people.a.hand, lowered.people.b.hand, notice(lowered)], [null, null, null]);
});

test("a co-teacher leads, and heads the class only with the lead", () => {
  const helping = student({}, { type: "role_changed", participant: "me", role: "teacher", by: "t" });
  equal([leads(helping), heads(helping), notice(helping)], [true, false, "role"]);
  const first = after(helping, { type: "lead_changed", participant: "me", by: "t" });
  equal([heads(first), first.notice.what], [true, { kind: "lead", name: null, back: false }]);
  const back = after(first, { type: "role_changed", participant: "me", role: "student", by: "t" });
  equal([leads(back), back.you.role], [false, "student"]);
});

test("a co-teacher who reloads is one again", () => {
  equal(student({ participants: [teacher, person("me", { role: "teacher", co_teacher: true })] }).you.role, "teacher");
});

test("the teacher's absence lasts until they or somebody else leads", () => {
  const gone = student({}, { type: "participant_left", participant: "t", why: "lost", by: null, barred: false });
  equal(gone.leadGone, { at: NOW, lost: true });
  equal(after(gone, { type: "participant_joined", participant: teacher }).leadGone, null);
  const led = after(gone, { type: "lead_changed", participant: "a", by: null });
  equal([led.leadGone, led.notice.what], [null, { kind: "lead", name: "A", back: false }]);
  equal(student({ participants: [person("me")] }).leadGone, { at: NOW, lost: false });
});

const barred = { type: "barred", people: [{ id: "a", name: "A", hue: 1, reason: "Why", at }] };

test("who is barred is listed until they are admitted", () => {
  const listed = leader(barred);
  equal(listed.barred.map(({ name, reason }) => [name, reason]), [["A", "Why"]]);
  equal(after(listed, { type: "admitted", participant: "a", by: "me" }).barred, []);
});

test("removed: another page, with the reason", () => {
  const removed = student({}, { type: "removed", reason: "Why", barred: false });
  equal([removed.phase, removed.removal], ["removed", { reason: "Why", barred: false }]);
});

test("former co-teachers hold no list of who is barred", () => {
  const appointed = student({}, { type: "role_changed", participant: "me", role: "teacher", by: "t" }, barred);
  equal(appointed.barred.length, 1);
  equal(after(appointed, { type: "role_changed", participant: "me", role: "student", by: "t" }).barred, []);
  equal(after(appointed, hello("student")).barred, []);
});

test("who has another name by now has it in what they wrote, and in what was written to them", () => {
  const message = (id, participant, more) => ({ id, participant, name: participant, role: "student", text: "?", files: [], reactions: [], reply: null, to: null, ...more });
  const quoting = { reply: { id: 3, name: "a", text: "?", deleted: false }, to: { id: "a", name: "a" } };
  const wrote = student({ messages: [message(3, "a"), message(4, "me", quoting), message(5, "me")] });
  const renamed = after(wrote, { type: "participant_joined", participant: person("a", { name: "Ada" }) });
  equal(renamed.messages.map(({ name, reply, to }) => [name, reply?.name ?? null, to?.name ?? null]), [["Ada", null, null], ["me", "Ada", "Ada"], ["me", null, null]]);
});

test("who is in the class already is not announced as somebody who came", () => {
  const before = leader();
  equal(after(before, { type: "participant_joined", participant: person("a", { name: "Ada" }) }).spoken, before.spoken);
});

test("what somebody wrote earlier shows the role they have now, as for those who come later", () => {
  const message = (id, participant) => ({ id, participant, role: "student", text: "?", files: [], reactions: [], reply: null });
  const wrote = student({ messages: [message(3, "a"), message(4, "me")] });
  const appointed = after(wrote, { type: "role_changed", participant: "a", role: "teacher", by: "t" });
  equal(appointed.messages.map(({ role }) => role), ["teacher", "student"]);
  const back = after(appointed, { type: "participant_joined", participant: person("a") });
  equal(back.messages.map(({ role }) => role), ["student", "student"]);
});

test("somebody barred finds no way in, and one again once they are admitted", () => {
  const shut = after(start(), hello("student", { barred: true, reason: "Why" }));
  equal([shut.phase, shut.removal], ["removed", { reason: "Why", barred: true }]);
  equal(after(shut, hello("student")).phase, "before");
});

test("a page that comes back by itself is told that it was removed", () => {
  equal(student({}, { type: "refused", re: "join", code: "removed", text: "No.", mend: null, key: null, retry_at: null }).phase, "removed");
});

test("a locked class makes who is new wait, and asks again when it opens", () => {
  const waits = after(start(), hello("student", { locked_out: true }), { type: "refused", re: "join", code: "locked", text: "No.", mend: null, key: null, retry_at: null });
  equal([waits.phase, mayEnter(waits, NOW)], ["waiting", false]);
  ok(mayEnter(after(waits, hello("student")), NOW), "unlocked");
});

test("two people call directly only while both may send everything", () => {
  const two = student({ participants: [teacher, person("me")] });
  equal(onlyPeer(two), "t");
  const held = after(two, rules({ camera: false }));
  equal([isRestricted(held), onlyPeer(held)], [true, null]);
  const both = after(two, rules({ mic: false }), { type: "may_speak", participant: "me", by: "t" });
  equal([isRestricted(both), onlyPeer(both)], [false, "t"]);
});

test("whoever was stopped is not seen directly before the media server says that they are on again", () => {
  const media = { attach() {}, detach() {} };
  const picture = { type: "direct", failed: false, direct: { peer: "a", flows: true, relayed: false, live: ["camera"], media: { camera: media } } };
  const track = (muted) => ({ type: "track", participant: "a", kind: "camera", track: { sid: "c", muted, media: null } });
  const seen = leader(track(false), picture);
  ok(tracksOf(seen, "a").camera.media, "directly");
  const stopped = after(seen, { type: "stopped", what: "camera", participant: "a", by: "me" });
  equal(tracksOf(stopped, "a").camera.media, null);
  equal(tracksOf(after(stopped, track(false)), "a").camera.media, null, "an old word does not count");
  ok(tracksOf(after(stopped, track(true), track(false)), "a").camera.media, "on again");
  ok(!tracksOf(after(stopped, { type: "track_gone", participant: "a", kind: "camera" }), "a").camera, "gone");
});

test("without private messages students send files to teachers alone", () => {
  const held = student({}, rules({ private_chat: false }));
  equal([mayGetFiles(held, "a"), mayGetFiles(held, "t")], [false, true]);
});

test("rules are told in one sentence for each side", () => {
  equal(rulesTold(ALL, { ...ALL, mic: false, camera: false }), "The teacher turned students’ microphones and cameras off.");
  equal(rulesTold({ ...ALL, mic: false, chat: false }, ALL), "You may use your microphone again. You may write in the chat again.");
});
