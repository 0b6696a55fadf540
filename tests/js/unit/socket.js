import { ClassroomSocket } from "/static/js/classroom/socket.js";
import { equal, ok, test } from "./check.js";

/** A socket with a clock that stands still until told: `sent` is what went out, `told` what the page heard. */
function setUp() {
  const world = { sockets: [], timers: new Map(), told: [], next: 0, now: 0 };
  const parts = {
    open: () => {
      const socket = { readyState: 1, sent: [], send: (text) => socket.sent.push(JSON.parse(text)), close: () => (socket.readyState = 3) };
      world.sockets.push(socket);
      return socket;
    },
    after: (ms, then) => (world.timers.set(++world.next, { at: world.now + ms, then }), world.next),
    cancel: (timer) => world.timers.delete(timer),
    random: () => 0.5,
  };
  const page = { heard: (message) => world.told.push(message.type), opened: () => world.told.push("opened"), lost: () => world.told.push("lost"), signedOut: () => world.told.push("signed out") };
  world.socket = new ClassroomSocket("ws://x", page, parts);
  world.current = () => world.sockets[world.sockets.length - 1];
  world.hears = (...messages) => messages.forEach((message) => world.current().onmessage({ data: JSON.stringify(message) }));
  world.drops = (code = 1006) => world.current().onclose({ code });
  world.passes = (ms) => {
    const until = world.now + ms;
    for (;;) {
      const due = [...world.timers].filter(([, timer]) => timer.at <= until).sort((a, b) => a[1].at - b[1].at)[0];
      if (!due) break;
      world.timers.delete(due[0]);
      world.now = due[1].at;
      due[1].then();
    }
    world.now = until;
  };
  /** Back with what was missed, and the answer to the ping that follows it. */
  world.resumes = (...missed) => {
    world.passes(1000);
    world.hears(HELLO, RESUMED, ...missed);
    world.current().sent.length = 0;
    world.hears({ type: "pong", n: world.socket.pings });
  };
  world.enters = () => {
    world.socket.connect();
    world.hears(HELLO);
    world.socket.join();
    world.hears(JOINED);
    world.told.length = world.current().sent.length = 0;
  };
  return world;
}

const HELLO = { type: "hello", you: { lobby: null } };
const JOINED = { type: "joined", seq: 7, you: "me", messages: [], participants: [] };
const RESUMED = { type: "resumed", seq: 7, you: "me" };
const said = (seq, key) => ({ type: "said", seq, message: { key } });

test("join waits for the connection", () => {
  const world = setUp();
  world.socket.connect();
  world.current().readyState = 0;
  world.socket.join();
  equal(world.current().sent, []);
  world.current().readyState = 1;
  world.hears(HELLO);
  equal(world.current().sent, [{ type: "join" }]);
});

test("after a lost connection it comes back with what was seen last", () => {
  const world = setUp();
  world.enters();
  world.hears(said(8, "x"), said(9, "y"));
  world.drops();
  world.passes(1000);
  world.hears(HELLO);
  equal(world.current().sent, [{ type: "join", since: 9 }]);
});

test("an event that was seen is not told twice", () => {
  const world = setUp();
  world.enters();
  world.hears(said(8, "x"), said(8, "x"), said(7, "z"));
  equal(world.told, ["said"]);
});

test("replayed events count on after a resume", () => {
  const world = setUp();
  world.enters();
  world.drops();
  world.passes(1000);
  world.hears(HELLO, RESUMED, said(8, "x"), said(9, "y"));
  equal([world.socket.seen, world.told.filter((type) => type === "said").length], [9, 2]);
});

test("a fresh snapshot starts the count anew", () => {
  const world = setUp();
  world.enters();
  world.drops();
  world.passes(1000);
  world.hears(HELLO, { ...JOINED, seq: 500 }, said(501, "x"));
  equal(world.socket.seen, 501);
});

test("what was typed without a connection is sent once it is back, under the same key", () => {
  const world = setUp();
  world.enters();
  world.drops();
  world.socket.say("k1", "still here");
  world.resumes();
  equal(world.current().sent, [{ type: "say", key: "k1", text: "still here" }]);
});

test("what the server has confirmed is not sent again, by repetition as well", () => {
  const world = setUp();
  world.enters();
  world.socket.say("k1", "one");
  world.socket.say("k2", "two");
  world.hears(said(8, "k1"), said(5, "k2"));
  world.drops();
  world.resumes();
  equal(world.current().sent, []);
});

test("the last wish about the hand is kept until the server has answered", () => {
  const world = setUp();
  world.enters();
  world.drops();
  world.socket.raiseHand();
  world.socket.lowerHand();
  world.resumes();
  equal(world.current().sent, [{ type: "lower_hand" }]);
  world.hears({ type: "hand_lowered", seq: 8, participant: "me", by: "me" });
  equal(world.socket.hand, null);
});

test("tries come later and later, spread by chance, and start over after a success", () => {
  const world = setUp();
  equal([1, 2, 3, 4, 5, 6, 7].map(() => world.socket.pause(1006)), [400, 800, 1600, 3200, 6400, 10000, 10000]);
  world.socket.connect();
  world.hears(HELLO);
  equal(world.socket.pause(1006), 400);
});

test("a server that restarts is tried at once, one that was annoyed after ten seconds", () => {
  const world = setUp();
  for (let n = 0; n < 5; n++) world.socket.pause(1006);
  equal([world.socket.pause(1012), world.socket.pause(4429)], [400, 10000]);
});

for (const [code, told] of [[4401, ["signed out"]], [4403, []], [4409, []]])
  test(`close code ${code} is not retried`, () => {
    const world = setUp();
    world.enters();
    world.drops(code);
    world.passes(60_000);
    equal([world.sockets.length, world.told], [1, told]);
  });

test("a silent connection is asked, then given up", () => {
  const world = setUp();
  world.enters();
  world.passes(20_000);
  equal(world.current().sent, [{ type: "ping", n: 1, seen: 7 }]);
  world.hears({ type: "pong", n: 1 });
  world.passes(20_000 + 10_000);
  ok(world.told.includes("lost"), "nothing answered");
  world.passes(1000);
  equal(world.sockets.length, 2);
});

test("a page that follows says so before what it was told fills the server's backlog, also of what has no number", () => {
  const world = setUp();
  world.enters();
  world.hears(said(8, "x"));
  const text = "x".repeat(500);
  const pings = () => world.current().sent.filter(({ type }) => type === "ping").length;
  let since = 0;
  let most = 0;
  for (let bytes = 0; bytes < 2 * 1024 * 1024; ) {
    const subtitle = { type: "subtitle", by: "a", line: 0, text, final: false, language: "en" };
    const before = pings();
    world.hears(subtitle);
    world.passes(100);
    bytes += JSON.stringify(subtitle).length;
    since = pings() > before ? 0 : since + JSON.stringify(subtitle).length;
    most = Math.max(most, since);
  }
  ok(most < 128 * 1024, `${most} bytes were not confirmed`);
  equal(world.current().sent.at(-1), { type: "ping", n: pings(), seen: 8 });
});

test("events that follow each other closely are confirmed too", () => {
  const world = setUp();
  world.enters();
  for (let seq = 8; seq < 300; seq++) world.hears({ ...said(seq, "x"), text: "x".repeat(500) });
  ok(world.current().sent.filter(({ type }) => type === "ping").length > 1, "none was");
});

test("moved to another tab: quiet until asked to come back", () => {
  const world = setUp();
  world.enters();
  world.hears({ type: "moved" });
  world.passes(60_000);
  equal(world.sockets.length, 1);
  world.socket.reopen();
  world.socket.join();
  world.hears(HELLO);
  equal(world.current().sent, [{ type: "join" }, { type: "join" }].slice(0, world.current().sent.length));
});

test("leaving forgets what was not sent", () => {
  const world = setUp();
  world.enters();
  world.socket.say("k1", "x");
  world.socket.leave();
  world.drops();
  world.passes(1000);
  world.hears(HELLO);
  equal(world.current().sent, []);
});

test("what waits is sent once what was missed has been told", () => {
  const world = setUp();
  world.enters();
  world.drops();
  world.socket.say("k1", "older");
  world.passes(1000);
  world.socket.later({ type: "record", wanted: "on" });
  world.hears(HELLO, RESUMED);
  world.socket.say("k2", "newer");
  world.socket.later({ type: "record", wanted: "off" });
  equal(world.current().sent, [{ type: "join", since: 7 }, { type: "ping", n: 1, seen: 7 }]);
  world.hears(said(8, "x"), { type: "pong", n: 1 });
  equal(world.current().sent.slice(2), [{ type: "say", key: "k1", text: "older" }, { type: "say", key: "k2", text: "newer" }, { type: "record", wanted: "on" }, { type: "record", wanted: "off" }]);
});

for (const [what, dealt] of [
  ["the word is given", { type: "may_speak", seq: 8, participant: "me", by: "t" }],
  ["all hands are lowered", { type: "hands_lowered", seq: 8, by: "t" }],
  ["one's role changes", { type: "role_changed", seq: 8, participant: "me", role: "teacher", by: "t" }],
])
  test(`a hand is not raised again once ${what}, though nobody has told that it was up`, () => {
    const world = setUp();
    world.enters();
    world.socket.raiseHand();
    world.drops();
    world.resumes(dealt);
    equal([world.current().sent, world.socket.hand], [[], null]);
  });

test("in the waiting room nothing of the class is sent any more, and a new connection asks to come in", () => {
  const world = setUp();
  world.enters();
  world.drops();
  world.socket.say("k1", "older");
  world.socket.raiseHand();
  world.passes(1000);
  world.hears(HELLO, { type: "waiting", since: "2026-11-25T10:00:00Z" });
  equal([world.socket.inside, world.socket.unsaid.size], [false, 0]);
  world.drops();
  world.passes(1000);
  world.hears(HELLO);
  equal(world.current().sent, [{ type: "join" }]);
});

test("what becomes of another's hand is not about one's own", () => {
  const world = setUp();
  world.enters();
  world.drops();
  world.socket.raiseHand();
  world.resumes({ type: "may_speak", seq: 8, participant: "a", by: "t" });
  equal(world.current().sent, [{ type: "raise_hand" }]);
});

test("a hand that a snapshot shows as it was wished for is not asked for again", () => {
  const world = setUp();
  world.enters();
  world.socket.raiseHand();
  world.drops();
  world.passes(1000);
  world.hears(HELLO, { ...JOINED, participants: [{ id: "me", hand: "2026-11-25T10:00:00Z" }] });
  equal([world.current().sent, world.socket.hand], [[{ type: "join", since: 7 }], null]);
});

test("a word on being recorded that went into a dead line is sent again until it is noted", () => {
  const world = setUp();
  world.enters();
  world.socket.consent(false);
  equal(world.current().sent, [{ type: "consent", given: false }]);
  world.drops();
  world.resumes();
  equal(world.current().sent, [{ type: "consent", given: false }]);
  world.hears({ type: "consent_noted", given: true });
  world.drops();
  world.resumes();
  equal(world.current().sent, [{ type: "consent", given: false }], "another word was noted");
  world.hears({ type: "consent_noted", given: false });
  world.drops();
  world.resumes();
  equal(world.current().sent, []);
});

test("of several words on being recorded the last one is sent, and none that was refused", () => {
  const world = setUp();
  world.enters();
  world.drops();
  world.socket.consent(true);
  world.socket.consent(false);
  world.resumes();
  equal(world.current().sent, [{ type: "consent", given: false }]);
  world.hears({ type: "refused", re: "consent", code: "failed", key: null, message: null });
  world.drops();
  world.resumes();
  equal(world.current().sent, []);
});

for (const [what, away] of [
  ["leaves", (world) => (world.socket.leave(), world.passes(1000))],
  ["was put out by another device", (world) => (world.passes(1000), world.hears(HELLO, RESUMED, { type: "moved" }), world.passes(600_000), world.socket.reopen())],
  ["is kept out", (world) => (world.passes(1000), world.hears(HELLO, { type: "refused", re: "join", code: "class_full", key: null, message: null }))],
])
  test(`what was asked for offline is not done when one ${what} and joins again`, () => {
    const world = setUp();
    world.enters();
    world.drops();
    world.socket.endClass();
    world.socket.raiseHand();
    world.socket.consent(true);
    away(world);
    world.hears(HELLO);
    world.socket.join();
    world.hears(JOINED);
    ok(!world.current().sent.some(({ type }) => ["end_class", "raise_hand", "consent"].includes(type)), "it was");
  });

test("an answer that comes after one has left opens nothing", () => {
  const world = setUp();
  world.enters();
  world.drops();
  world.passes(1000);
  world.hears(HELLO, RESUMED);
  world.socket.leave();
  world.hears({ type: "pong", n: 1 });
  world.socket.raiseHand();
  equal(world.current().sent.at(-1), { type: "leave" });
});

test("what waits is not sent before the class was entered again", () => {
  const world = setUp();
  world.enters();
  world.drops();
  world.passes(1000);
  world.socket.endClass();
  world.socket.say("k1", "x");
  equal(world.current().sent, []);
});

test("a change that a snapshot shows is made, and not asked for again", () => {
  const edit = (message, text) => ({ type: "edit_message", message, text });
  const react = (message, on) => ({ type: "react_to", message, emoji: "👍", on });
  const made = [edit(1, "new"), edit(2, "gone"), { type: "delete_message", message: 3 }, react(1, true), react(4, false)];
  const lost = [edit(4, "new"), edit(99, "older than the snapshot"), { type: "delete_message", message: 1 }, react(4, true), react(5, false)];
  const message = (id, more) => ({ id, text: "old", deleted: null, reactions: [], ...more });
  const liked = { emoji: "👍", count: 2, names: [], mine: true };
  const messages = [message(1, { text: "new", reactions: [liked] }), message(2, { deleted: "own" }), message(3, { deleted: "own" }), message(4, { reactions: [{ ...liked, mine: false }] }), message(5, { reactions: [liked] })];
  for (const [changes, again] of [[made, []], [lost, lost]]) {
    const page = setUp();
    page.enters();
    changes.forEach((each) => page.socket.change(each));
    page.drops();
    page.passes(1000);
    page.hears(HELLO, { ...JOINED, messages });
    equal(page.current().sent.slice(1), again);
  }
});
