import { initial, reduce } from "/static/js/state/state.js";
import { handPlace, hands, isFull, look, mayEnter, muted, screens, seated, shouldRetry, strip, tracksOf } from "/static/js/state/views.js";
import { equal, ok, test } from "./check.js";

const NOW = Date.parse("2026-11-25T10:00:00Z");
const at = (minutes) => new Date(NOW + minutes * 60_000).toISOString();
const person = (id, more = {}) => ({ id, name: id.toUpperCase(), role: "student", hue: 1, hand: null, joined_at: at(0), ...more });
const message = (id, participant, more = {}) => ({ id, key: `k${id}`, participant, name: participant, role: "student", hue: 1, text: "hi", at: at(0), ...more });
const session = { id: "s", title: "Cells", course: "Biology", startsAt: at(5), endsAt: at(50), state: "scheduled" };
const start = (role = "student") => initial({ session, you: { name: "Me", role, hue: 2 } }, { mic: true, camera: false, devices: { mic: "m", camera: "", speaker: "" } });
const after = (state, ...events) => events.reduce((now, event) => reduce(now, event, NOW), state);
const hello = (more = {}, about = {}) => ({
  type: "hello", now: at(0), here: 2, names: ["A", "B"], you: { name: "Me", role: about.role ?? "student", hue: 2, elsewhere: false },
  session: { id: "s", title: "Cells", course: "Biology", teacher: "T", state: "live", starts_at: at(5), opens_at: at(-5), ends_at: at(50), ...more },
});
const joined = (people, messages = []) => ({ type: "joined", now: at(0), seq: 9, you: "me", started_at: at(0), participants: people, messages, media: { url: "", token: "" } });
const inside = (...more) => after(start(), hello(), joined([person("t", { role: "teacher" }), person("a"), person("me", { name: "Me" })]), ...more);
const track = (participant, kind, more = {}) => ({ type: "track", participant, kind, track: { sid: `${participant}${kind}`, muted: false, media: null, ...more } });

test("joining shows everybody, teachers first, then by arrival", () => {
  equal(seated(inside({ type: "participant_joined", seq: 10, at: at(1), participant: person("b") })).map((each) => each.id), ["t", "a", "me", "b"]);
});

test("somebody who comes back keeps the seat", () => {
  const state = inside({ type: "participant_joined", seq: 10, at: at(1), participant: person("a", { name: "Again" }) });
  equal(seated(state).map((each) => each.name), ["T", "Again", "Me"]);
});

test("somebody who leaves is gone, and one's own seat is never taken away", () => {
  const state = inside({ type: "participant_left", seq: 10, at: at(1), participant: "a" }, { type: "participant_left", seq: 11, at: at(1), participant: "me" });
  equal(seated(state).map((each) => each.id), ["t", "me"]);
});

test("a class that is not open yet makes the page wait and try again by itself", () => {
  const state = after(start(), hello({ state: "scheduled", opens_at: at(3) }), { type: "join_asked" }, { type: "refused", re: "join", code: "not_open", text: "", mend: null, key: null, retry_at: at(3) });
  equal(state.phase, "waiting");
  equal([shouldRetry(state, NOW), shouldRetry(state, NOW + 3 * 60_000)], [false, true]);
});

test("a student waits for the teacher and enters once the class is live", () => {
  const waiting = after(start(), hello({ state: "scheduled" }), { type: "refused", re: "join", code: "not_started", text: "", mend: null, key: null, retry_at: null });
  ok(!shouldRetry(waiting, NOW), "the teacher is not here");
  ok(shouldRetry(after(waiting, hello()), NOW), "the class is live");
});

test("where all places are taken the page asks again when it was told to, not before", () => {
  const full = after(start(), hello(), { type: "join_asked" }, { type: "refused", re: "join", code: "class_full", text: "All 9", mend: "Keep", key: null, retry_at: at(1) });
  equal([full.phase, isFull(full)], ["waiting", true]);
  equal([shouldRetry(full, NOW), shouldRetry(full, NOW + 60_000)], [false, true]);
});

test("what was chosen last time is chosen before any device is open", () => equal(start().chosen.mic, "m"));

test("a wrong clock on this device does not open the class early", () => {
  const fast = reduce(start("teacher"), hello({ state: "scheduled", opens_at: at(1) }, { role: "teacher" }), NOW + 10 * 60_000);
  ok(!mayEnter(fast, NOW + 10 * 60_000), "the server's clock decides");
});

for (const code of ["no_longer_member", "not_allowed"])
  test(`refused for good: ${code}`, () => {
    equal(after(start(), hello(), { type: "refused", re: "join", code, text: "No.", mend: null, key: null, retry_at: null }).phase, "barred");
  });

test("what was typed waits until the server has it", () => {
  const typed = inside({ type: "typed", key: "k1", text: "hello" });
  equal(typed.unsent.map((each) => each.text), ["hello"]);
  const said = after(typed, { type: "said", seq: 10, at: at(1), message: message(10, "me", { key: "k1" }) });
  equal([said.unsent.length, said.messages.length, said.unread], [0, 1, 0]);
});

test("what was typed survives a fresh start, and is not shown twice when the server had it", () => {
  const typed = inside({ type: "typed", key: "k1", text: "had" }, { type: "typed", key: "k2", text: "not had" });
  const back = after(typed, joined([person("me")], [message(10, "me", { key: "k1" })]));
  equal(back.unsent.map((each) => each.text), ["not had"]);
});

test("a refused message says why and can be sent again", () => {
  const refused = inside({ type: "typed", key: "k1", text: "x" }, { type: "refused", re: "say", key: "k1", code: "too_fast", text: "Too fast.", mend: null, retry_at: null });
  equal(refused.unsent[0].refusal, "Too fast.");
  equal(after(refused, { type: "typed_again", key: "k1" }).unsent[0].refusal, null);
});

test("a repeated message is shown once", () => {
  const twice = { type: "said", seq: 10, at: at(1), message: message(10, "a") };
  equal(inside(twice, twice).messages.length, 1);
});

test("unread messages are counted while the chat is shut", () => {
  const two = [10, 11].map((id) => ({ type: "said", seq: id, at: at(1), message: message(id, "a") }));
  const state = inside(...two);
  equal([state.unread, state.gathered.chat.count], [2, 2]);
  equal(after(state, { type: "panel", panel: "chat" }).unread, 0);
});

test("hands stand in line by the time they were raised", () => {
  const state = inside({ type: "hand_raised", seq: 10, at: at(2), participant: "me" }, { type: "hand_raised", seq: 11, at: at(1), participant: "a" });
  equal(hands(state).map((each) => each.id), ["a", "me"]);
  equal([handPlace(state, "me"), handPlace(state, "t")], [2, 0]);
});

test("the teacher is told of hands in one notice, which goes when they are lowered", () => {
  const room = after(start("teacher"), hello({}, { role: "teacher" }), joined([person("me", { role: "teacher" }), person("a"), person("b")]));
  const two = after(room, { type: "hand_raised", seq: 10, at: at(1), participant: "a" }, { type: "hand_raised", seq: 11, at: at(1), participant: "b" });
  equal(two.notice.what.names, ["A", "B"]);
  const none = after(two, { type: "hand_lowered", seq: 12, at: at(1), participant: "a", by: "a" }, { type: "hand_lowered", seq: 13, at: at(1), participant: "b", by: "me" });
  equal(none.notice, null);
});

test("students get no notice of other people's hands", () => {
  equal(inside({ type: "hand_raised", seq: 10, at: at(1), participant: "a" }).notice, null);
});

test("a hand lowered by the teacher is told with the name", () => {
  const state = inside({ type: "hand_raised", seq: 10, at: at(1), participant: "me" }, { type: "hand_lowered", seq: 11, at: at(1), participant: "me", by: "t" });
  equal([state.notice.what, state.spoken.urgent], [{ kind: "hand_lowered", by: "T" }, true]);
});

test("the end of the class says who ended it and when", () => {
  const state = inside({ type: "class_ended", seq: 10, at: at(40), by: "t" });
  equal([state.phase, state.session.endedBy, state.session.endedAt], ["over", "T", at(40)]);
});

test("a second tab puts this one out", () => equal(inside({ type: "moved" }).phase, "moved"));

test("the latest shared screen is the last of the list, and goes with its track only", () => {
  const state = inside(track("a", "screen"), track("t", "screen"));
  equal(state.screens, ["a", "t"]);
  equal(after(state, { type: "track_gone", participant: "t", kind: "screen", sid: "an older one" }).screens, ["a", "t"]);
  equal(after(state, { type: "track_gone", participant: "t", kind: "screen", sid: "tscreen" }).screens, ["a"]);
});

test("one's own camera is shown before and after there is a participant id", () => {
  const camera = track("", "camera", { sid: "own" });
  equal(tracksOf(after(start(), camera), null).camera?.sid, "own", "before");
  equal(tracksOf(inside(camera), "me").camera?.sid, "own", "inside");
});

test("after a new connection the tracks of others that are not there go, and one's own stay", () => {
  const state = inside(track("", "camera", { sid: "own" }), track("me", "mic"), track("a", "camera"), track("t", "camera"), { type: "tracks_known", sids: ["tcamera"] });
  equal(["me", "a", "t"].map((id) => Object.keys(tracksOf(state, id)).filter((kind) => tracksOf(state, id)[kind])), [["mic", "camera"], [], ["camera"]]);
});

test("somebody without a sound track counts as muted, and so does a muted one", () => {
  const state = inside(track("a", "mic"), track("t", "mic", { muted: true }));
  equal(["a", "t", "b"].map((id) => muted(state, id)), [false, true, true]);
});

test("leaving forgets the people and the media", () => {
  const state = inside(track("a", "camera"), { type: "left" });
  equal([state.phase, Object.keys(state.people).length, Object.keys(state.tracks).length, state.media], ["left", 0, 0, "idle"]);
});

test("a lost line is remembered from its first moment", () => {
  const lost = reduce(inside(), { type: "socket_lost" }, NOW + 1000);
  equal(reduce(lost, { type: "socket_lost" }, NOW + 9000).socketLostAt, NOW + 1000);
  equal(reduce(lost, { type: "socket_open" }, NOW + 9000).socketLostAt, null);
});

for (const [wish, state, shown] of [
  [true, "on", "on"], [false, "on", "off"], [true, "asking", "asking"], [false, "asking", "off"],
  [true, "blocked", "blocked"], [false, "missing", "missing"], [true, "busy", "busy"], [false, "off", "off"],
])
  test(`a device wanted ${wish} and ${state} looks ${shown}`, () => equal(look({ want: wish, state }), shown));

test("a strip keeps the teacher, oneself and who spoke last, in their seats", () => {
  const people = [person("t", { role: "teacher" }), ..."abcdef".split("").map((id) => person(id)), person("me")];
  const room = after(start(), hello(), joined(people), { type: "speaking", ids: ["e"] });
  equal(strip(room, seated(room), 3).map((each) => each.id), ["t", "e", "me"]);
  equal(strip(room, seated(room), 20).length, 8);
});

test("being told twice is two announcements", () => {
  const state = inside({ type: "want", device: "mic", on: false });
  equal(after(state, { type: "want", device: "mic", on: false }).spoken.n, state.spoken.n + 1);
});

test("one's own weak line is told once in a stay, its mark comes and goes", () => {
  const line = (weak, participant = "me") => ({ type: "line", participant, weak });
  const weak = inside(line(true));
  equal([weak.notice.what.kind, weak.weak], ["weak_line", ["me"]]);
  const again = after(weak, { type: "notice_over", n: weak.notice.n }, line(false), line(true));
  equal([again.notice, again.weak], [null, ["me"]]);
  equal(after(again, line(false)).weak, []);
  equal(inside(line(true, "a")).notice, null, "of others only the mark");
});

test("silence counts from the last packet", () => {
  const lost = reduce(inside(), { type: "media", state: "lost", since: NOW - 1500 }, NOW);
  equal([lost.media, lost.mediaLostAt], ["lost", NOW - 1500]);
  equal(reduce(lost, { type: "media", state: "connecting" }, NOW + 5).mediaLostAt, NOW - 1500);
  equal(reduce(lost, { type: "media", state: "on" }, NOW + 10).mediaLostAt, null);
});

test("the screen on the stage belongs to somebody who is here", () => {
  equal(screens(inside(track("gone", "screen"), track("a", "screen"))), ["a"]);
  equal(screens(inside()), []);
});

const word = (given) => ({ type: "consent", given });
const noted = (given) => ({ type: "consent_noted", given });
const resumed = (more = {}) => ({ type: "resumed", now: at(0), seq: 9, you: "me", started_at: at(0), media: {}, consent: null, asks_consent: false, ...more });
const lost = { type: "refused", re: "consent", code: "failed", text: "Sorry", mend: null, key: null, message: null, retry_at: null };

test("whether one is recorded is what the server keeps, not what was asked of it", () => {
  const told = ({ consent, consenting }) => [consent, consenting];
  const asked = inside(noted(true), word(false));
  equal(told(asked), [true, false]);
  equal(told(after(asked, noted(false))), [false, null]);
  equal(told(after(asked, word(true), noted(false))), [false, true], "the word that counts is still under way");
  const refused = after(asked, lost);
  equal([...told(refused), refused.notice.what.kind], [true, null, "refused"]);
});

test("what the school chooses meanwhile is known", () => {
  const now = inside({ type: "school_changed", private_chat: false, asks_consent: true }, { type: "rules", rules: { waiting_room: false } });
  equal([now.privateChat, now.asksConsent, now.rules], [false, true, { waiting_room: false }]);
});

test("whoever is back is told whether they are recorded, and asked", () => {
  const back = inside(noted(true), word(false), resumed({ consent: false, asks_consent: true }));
  equal([back.consent, back.consenting, back.asksConsent], [false, false, true]);
  for (const type of ["moved", "left"]) equal(inside(word(false), { type }, { type: "join_asked" }).consenting, null);
});
