import { MediaLink } from "/static/js/media/link.js";
import { equal, ok, test } from "./check.js";

/** A link with a clock that stands still and rooms that do as they are told: `rooms` are all that were made. */
function setUp({ devices = [], fails = false } = {}) {
  const world = { rooms: [], told: [], asked: 0, timers: new Map(), next: 0, now: 0 };
  const makeRoom = (listener) => {
    const room = {
      listener, connected: false, over: false, released: false, adrift: false, published: [], presented: [], screen: [],
      async connect(access, ways) {
        room.access = access;
        room.ways = ways;
        if (fails) return listener.lost();
        room.connected = true;
      },
      async publish(track, on) { room.published.push([track, on]); },
      async present(track) { room.presented.push(track); },
      permits: () => world.permits ?? true,
      async share(on) { room.sharing = on; },
      release() { room.released = room.over = true; room.connected = false; return room.screen; },
      close() { room.closed = room.over = true; room.connected = false; },
      sids: () => ["s1"],
    };
    world.rooms.push(room);
    return room;
  };
  const page = { tell: (event) => world.told.push(event), resume: () => world.asked++, makeRoom, devices: () => devices };
  const parts = {
    after: (ms, then) => (world.timers.set(++world.next, { at: world.now + ms, then }), world.next),
    cancel: (timer) => world.timers.delete(timer),
    random: () => 0.5,
  };
  world.link = new MediaLink(page, parts);
  world.settle = () => new Promise((done) => setTimeout(done));
  world.passes = async (ms) => {
    world.now += ms;
    for (const [id, { at, then }] of [...world.timers]) if (at <= world.now && world.timers.delete(id)) then();
    await world.settle();
  };
  world.cut = () => {
    const room = world.rooms.at(-1);
    room.adrift = true;
    room.listener.adrift();
  };
  world.dies = () => {
    world.cut();
    world.link.heard({ type: "media_lost" });
  };
  world.back = (spread = 0, restarted = true) => world.link.heard({ type: "media_back", restarted, spread });
  world.enters = async () => {
    world.link.heard({ type: "joined", you: "me", media: { url: "u", token: "first" } });
    await world.settle();
  };
  return world;
}
const screen = (readyState = "live") => ({ mediaStreamTrack: { readyState }, stopped: false, stop() { this.stopped = true; } });
const camera = { kind: "camera", track: "camera-track", on: true };

test("relays are for the next connection, and for the one that looks for a new way", async () => {
  const world = setUp();
  const relay = { urls: ["turn:t.example"], username: "7:me", credential: "c" };
  world.link.heard({ type: "ice_servers", servers: [{ urls: ["stun:t.example"], username: null, credential: null }, relay], call_servers: [] });
  await world.enters();
  const [{ ways }] = world.rooms;
  equal(ways, { iceServers: [{ urls: ["stun:t.example"] }, relay] });
  world.link.heard({ type: "ice_servers", servers: [{ ...relay, username: "8:me" }], call_servers: [{ ...relay, username: "8:me" }] });
  equal(ways.iceServers[0].username, "8:me");
  world.link.heard({ type: "ice_servers", servers: [], call_servers: [] });
  equal(ways, {});
  equal(world.rooms.length, 1);
});

test("another way is the slow one, then the usual again, each with a fresh token", async () => {
  const world = setUp();
  const relay = { urls: ["turn:t.example?transport=udp", "turns:t.example?transport=tcp"], username: "7:me", credential: "c" };
  world.link.heard({ type: "ice_servers", servers: [relay], call_servers: [] });
  await world.enters();
  const again = async (token) => {
    world.link.tryAnotherWay();
    world.link.heard({ type: "resumed", you: "me", media: { url: "u", token } });
    await world.settle();
    return world.rooms.at(-1);
  };
  const slow = await again("second");
  ok(world.rooms[0].released);
  equal([slow.access.token, slow.ways, world.asked], ["second", { iceServers: [{ ...relay, urls: ["turns:t.example?transport=tcp"] }], iceTransportPolicy: "relay" }, 1]);
  equal(world.told.filter(({ type }) => type === "another_way"), [{ type: "another_way", slow: true, udpPort: null }]);
  const usual = await again("third");
  equal([usual.access.token, usual.ways], ["third", { iceServers: [relay] }]);
});

test("whoever has left is met by the usual ways the next time", async () => {
  const world = setUp();
  await world.enters();
  world.link.tryAnotherWay();
  world.link.leave();
  await world.enters();
  equal(world.rooms.at(-1).ways, {});
});

test("a camera that is off is sent with its first picture, a muted microphone at once", async () => {
  const mic = { kind: "mic", track: "mic-track", on: false };
  const world = setUp({ devices: [{ ...camera, on: false }, mic] });
  await world.enters();
  equal(world.rooms[0].published, [["mic-track", false]]);
  world.rooms[0].listener.permitted();
  ok(await world.link.publish("camera", "camera-track", true));
  equal(world.rooms[0].published.at(-1), ["camera-track", true]);
});

test("without relays the room is given none", async () => {
  const world = setUp();
  await world.enters();
  equal(world.rooms[0].ways, {});
});

test("a media server that is back is entered at once, with the newest token and what was published", async () => {
  const world = setUp({ devices: [camera] });
  await world.enters();
  world.link.heard({ type: "media_token", media: { url: "u", token: "second" } });
  const shared = screen();
  world.rooms[0].screen = [shared];
  world.dies();
  ok(world.rooms[0].released, "the old room is left without a word");
  equal(world.rooms.length, 1, "nobody tries before the server is back");
  world.back(100);
  await world.passes(50);
  equal(world.rooms.length, 2);
  equal([world.rooms[1].access.token, world.rooms[1].published], ["second", [["camera-track", true]]]);
  ok(world.rooms[1].presented[0] === shared, "the screen is still shared");
});

test("sound and video that go on while the classroom server does not see the media server are left alone", async () => {
  const world = setUp();
  await world.enters();
  world.link.heard({ type: "media_lost" });
  await world.passes(60_000);
  world.back(100, false);
  await world.passes(100);
  equal([world.rooms.length, world.rooms[0].released, world.asked], [1, false, 0]);
});

test("whose connection was cut meanwhile comes back, to the same media server too", async () => {
  const world = setUp();
  await world.enters();
  world.link.heard({ type: "media_lost" });
  world.cut();
  ok(world.rooms[0].released);
  equal(world.told.at(-1), { type: "media", state: "lost" });
  world.back(100, false);
  await world.passes(50);
  equal(world.rooms.length, 2);
});

test("a cut connection is the client's own to mend while the media server is there", async () => {
  const world = setUp();
  await world.enters();
  world.cut();
  equal([world.rooms.length, world.rooms[0].released], [1, false]);
});

test("another media server knows nobody: who noticed nothing of the change comes anew as well", async () => {
  const world = setUp();
  await world.enters();
  world.link.heard({ type: "media_lost" });
  world.back();
  await world.passes(0);
  equal([world.rooms.length, world.rooms[0].released], [2, true]);
});

test("who comes in while the classroom server does not see the media server tries it", async () => {
  const world = setUp();
  world.link.heard({ type: "joined", you: "me", media: { url: "u", token: "first" } });
  world.link.heard({ type: "media_lost" });
  await world.settle();
  ok(world.rooms[0].connected);
});

test("a large class comes back spread over time", async () => {
  const world = setUp();
  await world.enters();
  world.dies();
  world.back(8000);
  await world.passes(3999);
  equal(world.rooms.length, 1);
  await world.passes(1);
  equal(world.rooms.length, 2);
});

test("when nobody says that the server is back, the page asks by itself", async () => {
  const world = setUp();
  await world.enters();
  world.dies();
  await world.passes(20_000);
  equal(world.asked, 1);
});

test("a screen whose sharing ended meanwhile is not shared again", async () => {
  const world = setUp();
  await world.enters();
  world.rooms[0].screen = [screen("ended")];
  world.dies();
  world.back();
  await world.passes(0);
  equal(world.rooms[1].presented.length, 0);
  equal(world.told.filter((event) => event.type === "share"), [{ type: "share", state: "off" }]);
  equal(world.told.filter((event) => event.type === "track_gone"), [{ type: "track_gone", participant: "me", kind: "screen" }]);
});

test("a screen that may not be shared any more ends, and the media server is not asked again and again", async () => {
  const world = setUp();
  await world.enters();
  const shared = screen();
  world.rooms[0].screen = [shared];
  world.permits = false;
  world.dies();
  world.back();
  await world.passes(0);
  ok(shared.stopped, "the browser captures nothing any more");
  equal([world.rooms[1].presented.length, world.rooms.length], [0, 2]);
  equal(world.told.filter((event) => event.type === "share"), [{ type: "share", state: "off" }]);
});

test("who leaves the class stops sharing the screen", async () => {
  const world = setUp();
  await world.enters();
  const shared = screen();
  world.rooms[0].screen = [shared];
  world.link.leave();
  ok(shared.stopped, "the browser captures nothing any more");
  equal([world.rooms[0].over, world.told.at(-1)], [true, { type: "media", state: "idle" }]);
});

test("sharing can be stopped while there is no media server", async () => {
  const world = setUp();
  await world.enters();
  const shared = screen();
  world.rooms[0].screen = [shared];
  world.dies();
  await world.link.share(false);
  ok(shared.stopped, "the browser shows no sign of sharing any more");
  world.back();
  await world.passes(0);
  equal(world.rooms[1].presented.length, 0);
});

test("a lost classroom socket does not touch sound and video", async () => {
  const world = setUp();
  await world.enters();
  world.link.heard({ type: "resumed", you: "me", media: { url: "u", token: "third" } });
  await world.settle();
  equal(world.rooms.length, 1);
});

test("connections that fail are tried later and later, with a fresh token each", async () => {
  const world = setUp({ fails: true });
  await world.enters();
  await world.passes(499);
  equal(world.asked, 0);
  await world.passes(1);
  equal(world.asked, 1);
  await world.enters();
  await world.passes(999);
  equal(world.asked, 1);
  await world.passes(1);
  equal(world.asked, 2);
});

test("who has left the class does not come back when the server does", async () => {
  const world = setUp();
  await world.enters();
  world.link.leave();
  world.link.heard({ type: "media_lost" });
  world.back();
  await world.passes(60_000);
  equal([world.rooms.length, world.asked], [1, 0]);
});
