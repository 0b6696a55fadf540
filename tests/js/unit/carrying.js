import { lively, next, paused, UNLIMITED } from "/static/js/state/carrying.js";
import { counted, isStrained, moving } from "/static/js/media/strain.js";
import { equal, ok, test } from "./check.js";

/** A look every two seconds: how many pictures would come without a limit, and how many this device carries. */
function lives({ seconds, wanted, carried, limit = UNLIMITED, from = 0 }) {
  const told = [limit.most];
  for (let at = from; at < from + seconds * 1000; at += 2000) {
    const pictures = Math.min(wanted, limit.most ?? Infinity);
    limit = next(limit, { pictures, strained: pictures > carried }, at);
    if (limit.most !== told.at(-1)) told.push(limit.most);
  }
  return { limit, told };
}

test("a device that carries them all is never limited", () => {
  equal(lives({ seconds: 3600, wanted: 16, carried: 16 }).told, [null]);
});

test("one bad look is none, two in a row are", () => {
  const bad = { pictures: 9, strained: true };
  const good = { pictures: 9, strained: false };
  const looks = (...all) => all.reduce((limit, look, n) => next(limit, look, n * 2000), UNLIMITED).most;
  equal([looks(bad), looks(bad, good, bad, good, bad), looks(bad, bad)], [null, null, 6]);
});

for (const [pictures, most] of [[25, 16], [16, 10], [9, 6], [6, 4], [4, 2], [3, 2], [2, 1]])
  test(`${pictures} pictures that are too many become ${most}`, () => {
    const bad = { pictures, strained: true };
    equal(next(next(UNLIMITED, bad, 0), bad, 2000).most, most);
  });

test("the last one stays, however hard it is", () => {
  const bad = { pictures: 1, strained: true };
  equal([1, 2, 3, 4].reduce((limit, n) => next(limit, bad, n * 9000), { ...UNLIMITED, most: 1 }).most, 1);
});

test("after a change nothing is judged until it has settled", () => {
  const bad = { pictures: 9, strained: true };
  const limit = next(next(UNLIMITED, bad, 0), bad, 2000);
  equal([next(next(limit, bad, 4000), bad, 6000).most, next(next(limit, bad, 8000), { ...bad, pictures: 6 }, 10_000).most], [6, 4]);
});

test("one more is tried after twenty calm seconds, and not where the limit keeps nobody away", () => {
  const limited = { ...UNLIMITED, most: 4 };
  const after = (seconds, pictures) => lives({ seconds, wanted: pictures, carried: 25, limit: limited }).limit.most;
  equal([after(20, 9), after(22, 9), after(600, 3)], [4, 5, 4]);
});

test("a device that has become free again gets all its pictures back, one after the other", () => {
  const { told } = lives({ seconds: 600, wanted: 9, carried: 25, limit: { ...UNLIMITED, most: 6 } });
  equal(told, [6, 7, 8, 9, 10]); // ten is more than there are: nothing is kept away
});

test("one that cannot carry more is asked ever more seldom: no to and fro", () => {
  const { told } = lives({ seconds: 3600, wanted: 16, carried: 6 });
  equal(told.slice(0, 4), [null, 10, 6, 7]);
  ok(told.length < 36, `${told.length} changes in an hour`);
  const quiet = lives({ seconds: 600, wanted: 16, carried: 6, limit: lives({ seconds: 3600, wanted: 16, carried: 6 }).limit, from: 3_600_000 });
  ok(quiet.told.length < 6, `${quiet.told.length} changes in ten minutes`);
});

test("a try that did no harm is followed by the next as soon as at first", () => {
  const slow = { ...UNLIMITED, most: 3, patience: 160_000 };
  const { told } = lives({ seconds: 300, wanted: 9, carried: 25, limit: slow });
  equal(told.slice(0, 6), [3, 4, 5, 6, 7, 8]);
});

// ── whether it keeps up ──────────────────────────────────────────────────────

const inbound = (id, more) => [id, { type: "inbound-rtp", kind: "video", framesReceived: 0, framesDropped: 0, totalDecodeTime: 0, packetsReceived: 0, packetsLost: 0, ...more }];
const none = counted([[inbound("a")], [inbound("b")]]);
const span = { seconds: 2, blocked: 0, cores: 4 };
const strained = (a, b = {}, more = {}) => isStrained(none, counted([[inbound("a", a)], [inbound("b", b)]]), { ...span, ...more });

for (const [what, is, a, b, more] of [
  ["nothing comes", false, {}, {}],
  ["every frame is shown", false, { framesReceived: 40 }, { framesReceived: 40 }],
  ["few frames are dropped", false, { framesReceived: 40, framesDropped: 5 }, { framesReceived: 40 }],
  ["many are", true, { framesReceived: 40, framesDropped: 12 }, { framesReceived: 40, framesDropped: 5 }],
  ["many of very few are", false, { framesReceived: 4, framesDropped: 4 }, {}],
  ["they are missing for the line's sake", false, { framesReceived: 40, framesDropped: 30, packetsReceived: 300, packetsLost: 30 }, {}],
  ["all cores decode", true, { framesReceived: 40, totalDecodeTime: 4 }, { framesReceived: 40, totalDecodeTime: 2.5 }],
  ["half of them do", false, { framesReceived: 40, totalDecodeTime: 4 }, {}],
  ["the page could do nothing for a third of the time", true, { framesReceived: 40 }, {}, { blocked: 0.7 }],
  ["it was held up once", false, { framesReceived: 40 }, {}, { blocked: 0.4 }],
])
  test(`strained or not: ${what}`, () => equal(strained(a, b, more), is));

test("a picture that has just begun counts from its next look on, and moves only when frames come", () => {
  const now = counted([[inbound("a", { framesReceived: 40 })], [inbound("c", { framesReceived: 40, framesDropped: 40 })]]);
  equal([moving(none, now), isStrained(none, now, span)], [1, false]);
});

// ── whose are live ───────────────────────────────────────────────────────────

const camera = { camera: { sid: "c", muted: false, media: null } };
const people = Array.from({ length: 6 }, (_, n) => ({ id: `p${n}`, order: n, role: n ? "student" : "teacher", hand: null }));
const state = (more = {}) => ({
  people: Object.fromEntries(people.map((each) => [each.id, each])), tracks: Object.fromEntries(people.map(({ id }) => [id, camera])),
  you: { id: "p5" }, lead: "p0", recent: [], screens: [], direct: null, cut: {}, pinned: null, layout: "auto", carries: 2, showAll: false, ...more,
});
const live = (more, shown = people) => [...(lively(state(more), shown) ?? ["everybody"])].sort();

test("live are the teacher and who spoke last; oneself costs nothing", () => {
  equal(live({ carries: 1 }), ["p0", "p5"]);
  equal(live({ recent: ["p3", "p1"], carries: 3 }), ["p0", "p1", "p3", "p5"]);
});

test("whoever has the stage is live before anybody else", () => {
  equal(live({ pinned: "p4", carries: 1 }), ["p4", "p5"]);
  equal(live({ layout: "speaker", recent: ["p2"], carries: 1 }), ["p2", "p5"]);
});

test("a camera that is off takes nobody's place", () => {
  const tracks = { ...state().tracks, p0: { camera: { ...camera.camera, muted: true } } };
  equal(live({ tracks }), ["p1", "p2", "p5"]);
});

test("without a limit, or in spite of it, everybody is live", () => {
  equal([live({ carries: null }), live({ showAll: true })], [["everybody"], ["everybody"]]);
});

test("with audio and screen only nobody but oneself is live, the stage neither", () => {
  equal([live({ soundOnly: true }), live({ soundOnly: true, showAll: true, pinned: "p4" })], [["p5"], ["p5"]]);
});

test("a limit is spoken of only while it keeps a camera away that has a place", () => {
  const held = (more, shown = people) => paused(state(more), shown.map(({ id }) => id));
  equal([held(), held({ carries: 5 }), held({ showAll: true }), held({ carries: null })], [true, false, false, false]);
  equal([held({}, people.slice(0, 2)), held({}, [people[0], people[1], people[5]]), held({}, people.slice(0, 3))], [false, false, true]);
});
