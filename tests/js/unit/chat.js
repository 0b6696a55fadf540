import { hindrance } from "/static/js/chat/attaching.js";
import { Composer, isMisdirected, isReady, over } from "/static/js/chat/composer.js";
import { ClassroomSocket } from "/static/js/classroom/socket.js";
import { addresses, safe } from "/static/js/chat/addresses.js";
import { mayWriteOn, reactionCounts, reactionOf, readers } from "/static/js/state/chat.js";
import { initial, reduce } from "/static/js/state/state.js";
import { isSending } from "/static/js/state/views.js";
import { noticeText } from "/static/js/text.js";
import { equal, ok, test } from "./check.js";

const NOW = Date.parse("2026-11-25T10:00:00Z");
const at = new Date(NOW).toISOString();
const person = (id, more = {}) => ({ id, name: id.toUpperCase(), role: "student", hue: 1, hand: null, joined_at: at, ...more });
const message = (id, participant, more = {}) => ({
  id, key: `k${id}`, participant, name: participant, role: "student", hue: 1, text: "hi", at,
  to: null, reply: null, files: [], reactions: [], edited_at: null, deleted: null, ...more,
});
const session = { id: "s", title: "Cells", course: "Biology", startsAt: at, endsAt: at, state: "live" };
const start = (role = "student") => initial({ session, you: { name: "Me", role, hue: 2 } }, { mic: true, camera: false, devices: { mic: "", camera: "", speaker: "" } });
const after = (state, ...events) => events.reduce((now, event) => reduce(now, event, NOW), state);
const joined = (messages = [], more = {}) => ({ type: "joined", now: at, seq: 9, you: "me", started_at: at, participants: [person("t", { role: "teacher" }), person("b"), person("a"), person("me")], messages, materials: [], earlier: false, private_chat: true, media: { url: "", token: "" }, ...more });
const said = (id, participant, more) => ({ type: "said", seq: id, at, message: message(id, participant, more) });
const inside = (...more) => after(start(), joined(), ...more);

test("a message to you alone is a notice while the chat is shut, and only counts while it is open", () => {
  const shut = inside(said(10, "t", { to: { id: "me", name: "Me" } }));
  equal([shut.unread, shut.notice.what], [1, { kind: "whisper", name: "t" }]);
  const open = inside({ type: "panel", panel: "chat" }, said(10, "t", { to: { id: "me", name: "Me" } }));
  equal([open.unread, open.notice], [0, null]);
});

test("what is withheld changes nothing", () => {
  const before = inside(said(10, "a"));
  ok(after(before, { type: "withheld", seq: 11, at }) === before, "the same state");
});

test("a change is shown at once as on its way, then as it is, in quotes as well", () => {
  const typed = inside(said(10, "me"), said(11, "a", { reply: { id: 10, name: "me", text: "hi", deleted: false } }), { type: "saving", message: 10, text: "hello" });
  equal(typed.saving, { 10: "hello" });
  const edited = after(typed, { type: "message_edited", seq: 12, at, message: 10, text: "hello", edited_at: at });
  equal([edited.saving, edited.messages[0].text, edited.messages[0].edited_at, edited.messages[1].reply.text], [{}, "hello", at, "hello"]);
});

test("a change that a snapshot shows is no longer on its way", () => {
  const saving = [10, 11, 12].map((id) => ({ type: "saving", message: id, text: "new" }));
  const back = inside(said(10, "me"), said(11, "me"), said(12, "me"), ...saving, joined([message(10, "me", { text: "new" }), message(11, "me"), message(12, "me", { text: "", deleted: "teacher" })]));
  equal(back.saving, { 11: "new" });
});

test("a change that is refused goes back into the field", () => {
  const refused = inside(said(10, "me"), { type: "saving", message: 10, text: "long work" }, { type: "refused", re: "edit_message", message: 10, code: "too_fast", text: "Too fast.", mend: null, key: null, retry_at: null });
  equal([refused.draft.edit, refused.draft.text, refused.notice.what.kind], [10, "long work", "refused"]);
});

test("a deleted message has nothing left, is quoted as deleted, and takes no late reaction", () => {
  const gone = inside(
    said(10, "a", { text: "secret", reactions: [{ emoji: "👍", count: 1, names: ["B"], mine: false }] }),
    said(11, "b", { reply: { id: 10, name: "a", text: "secret", deleted: false } }),
    { type: "draft", draft: { reply: 10, text: "kept" } },
    { type: "message_deleted", seq: 12, at, message: 10, deleted: "teacher" },
    { type: "reacted", seq: 13, at, message: 10, emoji: "👍", participant: "b", on: true, count: 1, names: ["B"] },
  );
  ok(!JSON.stringify(gone).includes("secret"), "the text is gone from the page");
  equal([gone.messages[0].deleted, gone.messages[0].reactions, gone.messages[1].reply.deleted], ["teacher", [], true]);
  equal([gone.draft.reply, gone.draft.text], [null, "kept"]);
});

test("reactions keep their places, know one's own, and go with the last", () => {
  const reacted = (participant, emoji, on, count) => ({ type: "reacted", seq: 11, at, message: 10, emoji, participant, on, count, names: [] });
  const two = inside(said(10, "a"), reacted("b", "🎉", true, 1), reacted("me", "👍", true, 1), reacted("me", "🎉", true, 2));
  equal(two.messages[0].reactions.map(({ emoji, count, mine }) => [emoji, count, mine]), [["🎉", 2, true], ["👍", 1, true]]);
  const less = after(two, reacted("b", "🎉", false, 1), reacted("me", "👍", false, 0));
  equal(less.messages[0].reactions.map(({ emoji, count, mine }) => [emoji, count, mine]), [["🎉", 1, true]]);
});

test("older messages come before those that are there, none twice", () => {
  const more = after(start(), joined([message(10, "a")], { earlier: true }), { type: "earlier_asked" }, { type: "earlier", before: 10, messages: [message(8, "a"), message(10, "a")], more: true });
  equal([more.messages.map(({ id }) => id), more.earlier, more.earlierAsked], [[8, 10], true, false]);
});

test("a lost connection frees the way to ask for older messages again", () => {
  const back = after(start(), joined([], { earlier: true }), { type: "earlier_asked" }, { type: "resumed", now: at, seq: 9, you: "me", started_at: at, media: {}, direct_calls: true, private_chat: true });
  equal(back.earlierAsked, false);
});

test("a file that is removed goes from its message", () => {
  const file = { id: "f", name: "leaf.png", size: 1, kind: "", by: "A", at, picture: null };
  equal(inside(said(10, "a", { files: [file] }), { type: "material_removed", seq: 11, at, id: "f" }).messages[0].files, []);
});

test("what is being written outlives a lost connection and a closed panel", () => {
  const kept = inside({ type: "draft", draft: { text: "half a", to: "t" } }, { type: "socket_lost" }, { type: "panel", panel: "people" }, { type: "socket_open" }, joined());
  equal([kept.draft.text, kept.draft.to], ["half a", "t"]);
});

test("a student writes to teachers first, and to students where the school lets them", () => {
  equal(readers(inside()).map(({ id }) => id), ["t", "a", "b"]);
  equal(readers(after(start(), joined([], { private_chat: false }))).map(({ id }) => id), ["t"]);
  const participants = [person("t", { role: "teacher" }), person("a"), person("b"), person("me", { role: "teacher" })];
  equal(readers(after(start("teacher"), joined([], { private_chat: false, participants }))).length, 3);
});

test("reactions to what goes on are on the tile, counted, and over after a while", () => {
  const now = inside({ type: "reactions", reactions: [{ emoji: "👏", count: 12, by: ["a", "b"] }, { emoji: "🎉", count: 1, by: ["a"] }] });
  equal([reactionOf(now, "a"), reactionOf(now, "b"), reactionOf(now, "t")], ["🎉", "👏", null]);
  equal(reactionCounts(now), [["👏", 12], ["🎉", 1]]);
  equal(after(now, { type: "reactions_over", before: NOW }).reactions, []);
});

// ── length, links ───────────────────────────────────────────────────────────

test("length is counted in characters as people see them", () => {
  equal([over("x".repeat(2000)), over("x".repeat(2003)), over("e\u0301".repeat(2001))], [0, 3, 1]);
  ok(over("👨‍👩‍👧‍👦".repeat(1100)) <= 0, "1,100 families fit");
  ok(over("e" + "\u0301".repeat(8000)) > 0, "one character of 8,001 code points does not");
});

test("only http and https are links, and a disguised host is told", () => {
  equal(["javascript:alert(1)", "data:text/html,x", "ftp://x.org", "https://"].map(safe), [null, null, null, null]);
  equal(safe("https://example.org/a"), { href: "https://example.org/a", host: "example.org", disguised: false });
  equal(safe("https://bank.example@evil.example/x").host, "evil.example");
  ok(safe("https://bank.example@evil.example/x").disguised, "a name before an @");
  ok(safe("https://аpple.com").disguised, "a Cyrillic letter");
  equal(addresses("see (https://a.org/b), or javascript:x, or http://c.org.").map(({ text }) => text), ["https://a.org/b", "http://c.org"]);
  equal(addresses("https://a.org/\u202egnp.exe").map(({ text }) => text), ["https://a.org/"]);
});

// ── sending ─────────────────────────────────────────────────────────────────

function writing(...events) {
  const asked = [];
  const world = { state: inside(...events), asked, started: [], removed: [] };
  const socket = { say: (key, text, more) => asked.push({ text, ...more }), change: (change) => asked.push(change) };
  const tell = (event) => {
    world.state = reduce(world.state, event, NOW);
    world.composer.look(world.state);
  };
  const uploads = { start: (keys) => world.started.push(...keys), cancel: (key) => tell({ type: "upload_gone", key }) };
  world.composer = new Composer({ state: () => world.state, tell, socket, uploads, remove: (id) => world.removed.push(id) });
  world.tell = tell;
  return world;
}
const upload = (key, state, more = {}) => ({ type: "upload", key, more: { name: `${key}.png`, size: 10, sent: 0, state, words: "", forChat: true, ...more } });
const material = (id) => ({ id, name: `${id}.png`, size: 10, kind: "", by: "Me", at, picture: null });
const chosen = (...keys) => [...keys.map((key) => upload(key, "chosen")), { type: "draft", draft: { attached: keys } }];

test("what is sent says to whom and in answer to what, and the readers stay chosen", () => {
  const world = writing(said(10, "t"), { type: "draft", draft: { text: " why? ", to: "t", reply: 10 } });
  world.composer.send();
  equal(world.asked, [{ text: "why?", to: "t", reply: 10 }]);
  equal([world.state.draft.text, world.state.draft.to, world.state.draft.reply], ["", "t", null]);
  equal([world.state.unsent[0].to.name, world.state.unsent[0].reply.text], ["T", "hi"]);
});

test("files leave when the message is sent and not before, and it is said when they are there", () => {
  const world = writing(...chosen("u", "v"));
  equal([world.started, world.asked], [[], []]);
  world.composer.send();
  equal([world.started, world.asked, world.state.draft.attached], [["u", "v"], [], []]);
  world.tell(upload("u", "done", { material: material("m") }));
  equal(world.asked, []);
  world.tell(upload("v", "done", { material: material("n") }));
  equal(world.asked, [{ text: "", files: ["m", "n"] }]);
  equal([world.state.uploads, world.state.unsent[0].uploads, world.state.unsent[0].files.length], [[], null, 2]);
});

test("a file that fails holds its message back, and is tried again with it", () => {
  const world = writing(...chosen("u"), { type: "draft", draft: { text: "look" } });
  world.composer.send();
  world.tell(upload("u", "failed"));
  equal([world.asked, world.state.unsent[0].text], [[], "look"]);
  world.composer.sayAgain(world.state.unsent[0].key);
  equal([world.started, world.asked], [["u", "u"], []]);
});

test("without the file that fails the message goes with its words and the others", () => {
  const world = writing(...chosen("u", "v"), { type: "draft", draft: { text: "look" } });
  world.composer.send();
  world.tell(upload("u", "done", { material: material("m") }));
  world.tell(upload("v", "failed"));
  world.composer.detach("v");
  equal([world.asked, world.removed], [[{ text: "look", files: ["m"] }], []]);
});

test("a message that is given up half uploaded leaves nothing behind", () => {
  for (const give of [(world) => world.composer.unsay(world.state.unsent[0].key), (world) => world.composer.close()]) {
    const world = writing(...chosen("u", "v"));
    world.composer.send();
    world.tell(upload("u", "done", { material: material("m") }));
    give(world);
    equal([world.state.unsent, world.state.uploads, world.removed, world.asked], [[], [], ["m"], []]);
  }
});

test("without its last file a message of no words is none", () => {
  const world = writing(...chosen("u"));
  world.composer.send();
  world.composer.detach("u");
  equal([world.state.unsent, world.asked], [[], []]);
});

test("files do not go to one person alone, nor with a change of a message, and outlive both", () => {
  const world = writing(said(10, "me"), ...chosen("u"), { type: "draft", draft: { text: "psst", to: "t" } });
  ok(isMisdirected(world.state) && !isReady(world.state), "one reader");
  world.composer.send();
  world.tell({ type: "draft", draft: { to: null, edit: 10, text: "hi there" } });
  world.composer.send();
  equal([world.started, world.asked, world.state.draft.attached], [[], [{ type: "edit_message", message: 10, text: "hi there" }], ["u"]]);
});

test("what cannot be a file of a message is told when it is chosen", () => {
  const bounds = { most: 100, refused: [".exe"] };
  const why = (name, size, state = inside()) => hindrance(state, [{ name, size }], bounds);
  equal([why("a.pdf", 100), why("exe", 1)], ["", ""]);
  ok(why("a.pdf", 101).startsWith("a.pdf is too large"), why("a.pdf", 101));
  ok(why("B.EXE", 1).startsWith("B.EXE is a program"), why("B.EXE", 1));
  ok(why("a.pdf", 1, inside(...chosen(..."abcdefghij"))).includes("At most 10"), "the eleventh");
  const alone = { type: "draft", draft: { to: "a" } };
  equal(why("a.pdf", 1, inside(alone)), "Files in the chat go to everyone.");
  ok(why("a.pdf", 1, after(start(), joined([], { direct_calls: true }), alone)).includes("To send one to A alone, use People."), "and where it can");
});

test("several files of one person are one notice that counts them", () => {
  const adds = (id, by) => ({ type: "material_added", seq: 20, at, material: { ...material(id), by } });
  const told = (...events) => noticeText(inside(...events).notice.what);
  equal(told(adds("m", "A")), "A added a file for everyone.");
  equal(told(adds("m", "A"), adds("n", "A")), "A added 2 files for everyone.");
  equal(told(adds("m", "A"), adds("n", "B")), "B added a file for everyone.");
});

test("leaving the page asks while files are not sent", () => {
  equal([isSending(inside()), isSending(inside(...chosen("u")))], [false, true]);
});

test("nothing is sent of nothing, and a change to the same is none", () => {
  const world = writing(said(10, "me"), { type: "draft", draft: { text: "  " } });
  ok(!isReady(world.state), "nothing");
  world.composer.send();
  world.state = after(world.state, { type: "draft", draft: { edit: 10, text: "hi" } });
  world.composer.send();
  equal([world.asked, world.state.draft.edit], [[], null]);
  world.state = after(world.state, { type: "draft", draft: { edit: 10, text: "hi there" } });
  world.composer.send();
  equal(world.asked, [{ type: "edit_message", message: 10, text: "hi there" }]);
});

test("who writes privately still does after a change, a refused one, and one that is gone", () => {
  const edits = { type: "draft", draft: { to: "t", edit: 10, text: "hi there" } };
  const world = writing(said(10, "me"), edits);
  world.composer.send();
  const refused = { type: "refused", re: "edit_message", message: 10, code: "too_fast", text: "Too fast.", mend: null, key: null, retry_at: null };
  const gone = { type: "message_deleted", seq: 12, at, message: 10, deleted: "teacher" };
  const states = [world.state, after(world.state, refused), inside(said(10, "me"), edits, gone)];
  equal(states.map(({ draft }) => [draft.to, draft.edit]), [["t", null], ["t", 10], ["t", null]]);
});

test("what is answered and changed is what one may still write to those who read it", () => {
  const rules = (more) => ({ type: "rules_changed", seq: 20, at, by: "t", rules: { mic: true, camera: true, screen: true, chat: true, private_chat: true, locked: false, ...more } });
  const toAll = message(1, "a");
  const toTeacher = message(2, "me", { to: { id: "t", name: "T" } });
  const fromTeacher = message(3, "t", { role: "teacher", to: { id: "me", name: "Me" } });
  const toStudent = message(4, "me", { to: { id: "a", name: "A" } });
  const fromStudent = message(5, "a", { to: { id: "me", name: "Me" } });
  const may = (state) => [toAll, toTeacher, fromTeacher, toStudent, fromStudent].map((each) => mayWriteOn(state, each));
  equal(may(inside()), [true, true, true, true, true]);
  equal(may(inside(rules({ chat: false }))), [false, true, true, true, true]);
  equal(may(inside(rules({ private_chat: false }))), [true, true, true, false, false]);
  equal(may(after(start(), joined([], { private_chat: false }))), [true, true, true, false, false]);
});

test("changes are sent again after a lost connection until the class has heard of them", () => {
  const sockets = [];
  const open = () => {
    const socket = { readyState: 1, sent: [], send: (text) => socket.sent.push(JSON.parse(text)), close: () => {} };
    sockets.push(socket);
    return socket;
  };
  const timers = [];
  const page = { heard() {}, opened() {}, lost() {}, signedOut() {} };
  const socket = new ClassroomSocket("ws://x", page, { open, after: (_, then) => timers.push(then), cancel() {}, random: () => 0 });
  const hears = (message) => sockets.at(-1).onmessage({ data: JSON.stringify(message) });
  socket.connect();
  hears({ type: "hello", you: { lobby: null } });
  socket.join();
  hears({ type: "joined", seq: 5, you: "me", messages: [], participants: [] });
  socket.change({ type: "edit_message", message: 3, text: "a" });
  socket.change({ type: "edit_message", message: 3, text: "b" });
  socket.change({ type: "react_to", message: 3, emoji: "👍", on: true });
  socket.change({ type: "delete_message", message: 4 });
  hears({ type: "refused", re: "delete_message", message: 4, key: null, code: "not_your_message" });
  sockets[0].onclose({ code: 1006 });
  timers.at(-1)();
  hears({ type: "hello", you: { lobby: null } });
  hears({ type: "resumed", seq: 5, you: "me" });
  hears({ type: "pong", n: 1 });
  equal(sockets[1].sent.slice(2), [{ type: "edit_message", message: 3, text: "b" }, { type: "react_to", message: 3, emoji: "👍", on: true }]);
  hears({ type: "message_edited", seq: 6, message: 3, text: "b" });
  hears({ type: "reacted", seq: 7, message: 3, emoji: "👍", participant: "me", on: true });
  equal(socket.changes.size, 0);
});
