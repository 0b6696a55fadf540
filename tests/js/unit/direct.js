import { DirectLink, onlyPeer } from "/static/js/media/direct.js";
import { equal, test } from "./check.js";

/** One page's link with a clock that stands still; `calls` are all that were made, `told` what the page was told. */
function setUp() {
  const world = { calls: [], told: [], sent: [], timers: new Map(), next: 0, now: 100_000, names: 0, up: true };
  const makeCall = (id, peer, begins, sides) => {
    const call = {
      id, peer, begins, sides, flow: { flows: false }, relayed: false, live: [], media: new Map([["mic", `mic of ${id}`]]), got: [], restarts: 0,
      heard: (signal) => call.got.push(signal.description?.type ?? "candidates"),
      finish: () => (call.finished = true),
      close: () => (call.closed = true),
      restart: () => call.restarts++,
    };
    world.calls.push(call);
    return call;
  };
  const parts = {
    after: (ms, then) => (world.timers.set(++world.next, { at: world.now + ms, then }), world.next),
    cancel: (timer) => world.timers.delete(timer),
    now: () => world.now,
    name: () => `call${++world.names}`,
  };
  world.link = new DirectLink({ tell: (event) => world.told.push(event), send: (signal) => world.up && Boolean(world.sent.push(signal)), makeCall }, parts);
  world.passes = (ms) => {
    const until = world.now + ms;
    for (;;) {
      const due = [...world.timers].filter(([, { at }]) => at <= until).sort(([, a], [, b]) => a.at - b.at)[0];
      if (!due) break;
      world.timers.delete(due[0]);
      world.now = Math.max(world.now, due[1].at);
      due[1].then();
    }
    world.now = until;
  };
  world.here = (people, more = {}) => world.link.look(state(people, more));
  world.flows = (flows = true) => {
    const call = world.calls.at(-1);
    call.flow = { flows };
    call.sides.changed();
  };
  world.hears = (call, description = { type: "offer" }, by = "peer") =>
    world.link.heard({ type: "signalled", by, call, description, candidates: [] });
  world.direct = () => world.told.at(-1).direct;
  return world;
}
const state = (people, more) => ({
  phase: "inside", directAllowed: true, rules: { mic: true, camera: true, screen: true }, you: { id: "me" }, people: Object.fromEntries(people.map((id) => [id, {}])), ...more,
});
const TWO = ["me", "peer"];

test("only with exactly one other person, inside, where it is allowed", () => {
  equal(onlyPeer(state(TWO)), "peer");
  for (const [people, more] of [[["me"], {}], [["me", "peer", "x"], {}], [TWO, { directAllowed: false }], [TWO, { phase: "left" }]])
    equal(onlyPeer(state(people, more)), null);
});

test("the one whose name comes first calls, at once; the other one waits for it", () => {
  const world = setUp();
  world.here(TWO);
  world.passes(0);
  equal(world.calls.map(({ peer, begins }) => [peer, begins]), [["peer", true]]);
  const other = setUp();
  other.here(["me", "a"], { you: { id: "me" } });
  other.passes(60_000);
  equal(other.calls, []);
  other.hears("c1", { type: "offer" }, "a");
  equal([other.calls[0].id, other.calls[0].begins, other.calls[0].got], ["c1", false, ["offer"]]);
});

test("what is said of another call, or by somebody else, is not listened to", () => {
  const world = setUp();
  world.here(["me", "a"]);
  world.hears("c1", { type: "answer" }, "a");
  world.hears("c1", null, "a");
  world.hears("c1", { type: "offer" }, "stranger");
  equal(world.calls, []);
  world.hears("c1", { type: "offer" }, "a");
  world.hears("c0", null, "a");
  world.hears("c1", null, "a");
  equal(world.calls[0].got, ["offer", "candidates"]);
});

test("a new offer replaces a call that the other side has given up", () => {
  const world = setUp();
  world.here(["me", "a"]);
  world.hears("c1", { type: "offer" }, "a");
  world.hears("c2", { type: "offer" }, "a");
  equal(world.calls.map(({ id, finished }) => [id, Boolean(finished)]), [["c1", true], ["c2", false]]);
});

test("a third person ends it, its last pictures stay for a moment", () => {
  const world = setUp();
  world.here(TWO);
  world.passes(0);
  world.flows();
  equal(world.direct().flows, true);
  world.here([...TWO, "third"]);
  equal([world.direct(), Boolean(world.calls[0].closed)], [null, false]);
  world.passes(3000);
  equal(world.calls[0].closed, true);
});

test("two again, they are connected again after a while and not at once", () => {
  const world = setUp();
  world.here([...TWO, "third"]);
  world.passes(20_000);
  world.here(TWO);
  world.passes(9_900);
  equal(world.calls.length, 0);
  world.passes(200);
  equal(world.calls.length, 1);
});

test("what does not come about is given up, told, and tried again later and later", () => {
  const world = setUp();
  world.here(TWO);
  world.passes(0);
  world.passes(15_000);
  equal([world.told.at(-1).failed, world.direct(), world.calls.length], [true, null, 1]);
  world.passes(15_000);
  equal(world.calls.length, 2);
  world.passes(15_000 + 59_000);
  equal(world.calls.length, 2);
  world.passes(2_000);
  equal(world.calls.length, 3);
  world.flows();
  equal([world.told.at(-1).failed, world.direct().flows], [false, true]);
});

test("one that stops flowing has fifteen seconds to come back", () => {
  const world = setUp();
  world.here(TWO);
  world.passes(0);
  world.flows();
  world.flows(false);
  equal(world.direct().flows, false);
  world.passes(10_000);
  world.flows();
  world.passes(60_000);
  equal([world.calls.length, world.direct().flows], [1, true]);
});

test("switched off by the school, or left: over", () => {
  const world = setUp();
  world.here(TWO);
  world.passes(0);
  world.here(TWO, { directAllowed: false });
  equal([world.direct(), world.calls[0].finished], [null, true]);
  world.here(TWO);
  world.passes(0);
  world.link.leave();
  equal(world.calls.map(({ closed }) => closed), [true, true]);
  world.passes(60_000);
  equal(world.calls.length, 2);
});

test("what does not leave while the socket is away is sent when it is back, and nothing of another call", () => {
  const world = setUp();
  world.here(TWO);
  world.passes(0);
  world.up = false;
  world.calls[0].sides.send({ candidates: [1] });
  world.up = true;
  world.calls[0].sides.send({ candidates: [2] }); // not before the one that waits
  equal(world.sent, []);
  world.link.heard({ type: "resumed" });
  equal(world.sent.map(({ to, call, candidates }) => [to, call, candidates]), [["peer", "call1", [1]], ["peer", "call1", [2]]]);
  equal(world.calls[0].restarts, 0);
});

test("a socket that comes back may have come over another network: a new way is looked for", () => {
  const world = setUp();
  world.here(TWO);
  world.passes(0);
  world.link.heard({ type: "resumed" });
  equal(world.calls[0].restarts, 1);
});
