import { focus, guestsNow, inGrid, layoutNow, paged, speakerOf } from "/static/js/state/seats.js";
import { pinOf } from "/static/js/state/screens.js";
import { two } from "/static/js/state/layout.js";
import { equal, ok, test } from "./check.js";

const person = (id, n) => ({ id, order: n, role: n ? "student" : "teacher", hand: null });
const people = (count) => Array.from({ length: count }, (_, n) => person(`p${n}`, n));
const state = (count, more = {}) => ({
  people: Object.fromEntries(people(count).map((each) => [each.id, each])),
  you: { id: "p1" }, lead: "p0", recent: [], screens: [], tracks: {}, direct: null, cut: {}, pinned: null, layout: "auto", ...more,
});
const ids = (all) => all.map(({ id }) => id);

test("up to 25 people nobody has the stage by themselves, above it is the speaker", () => {
  equal([focus(state(25, { recent: ["p4"] })), focus(state(26, { recent: ["p4"] }))], [null, "p4"]);
  equal(focus(state(26, { recent: ["p4"], layout: "grid" })), null);
});

test("a pinned person has the stage until they leave, whoever speaks", () => {
  equal(focus(state(5, { pinned: "p3", recent: ["p4"], layout: "speaker" })), "p3");
  equal(focus(state(5, { pinned: "gone" })), null);
});

test("below three people no layout is chosen, and a pin counts only while who it is of is there", () => {
  const two = (more) => state(2, more);
  equal([layoutNow(two({ layout: "grid" })), layoutNow(state(3, { layout: "grid" }))], ["auto", "grid"]);
  equal([pinOf(two({ pinned: "p0" })), pinOf(two({ pinned: "p2" })), pinOf(two({ pinned: "screen:p0" })), pinOf(two())], [{ kind: "camera", id: "p0" }, null, null, null]);
});

test("the speaker on the stage is never oneself; before anybody spoke it is who leads", () => {
  equal([speakerOf(state(5, { recent: ["p1", "p4"] })), speakerOf(state(5)), speakerOf(state(5, { you: { id: "p0" } }))], ["p4", "p0", "p1"]);
});

test("a shared screen keeps the stage from the speaker, not from whom somebody pinned", () => {
  const shared = { screens: ["p0"], tracks: { p0: { screen: { sid: "s", muted: false, media: null } } }, layout: "speaker", recent: ["p4"] };
  equal([focus(state(5, shared)), focus(state(5, { ...shared, pinned: "p2" }))], [null, "p2"]);
});

test("the last two seats of the first page go to who spoke last, and nobody is lost or shown twice", () => {
  const all = people(20);
  const pages = paged(all, 9, ["p15", "p12"]);
  equal(ids(pages[0]), ["p0", "p1", "p2", "p3", "p4", "p5", "p6", "p15", "p12"]);
  equal(ids(pages[1])[0], "p7");
  equal(pages.map((page) => page.length), [9, 9, 2]);
  equal(new Set(pages.flat()).size, 20);
});

test("one guest takes one seat, and without any the order is that of arrival", () => {
  equal(ids(paged(people(12), 9, ["p10"])[0]).slice(-2), ["p7", "p10"]);
  equal(ids(paged(people(12), 9, [])[0]).slice(-2), ["p7", "p8"]);
  equal(paged(people(9), 9, ["p8"]).length, 1);
});

test("guests are those of the latest speakers who have no seat in front", () => {
  equal(guestsNow({ recent: ["p2", "p14", "p3", "p11", "p10"] }, people(16), 9), ["p14", "p11"]);
});

test("in a crowd the grid leaves out whose camera is off, never oneself", () => {
  const camera = (muted) => ({ camera: { sid: "c", muted, media: null } });
  const crowd = state(30, { tracks: { p0: camera(false), p2: camera(true), p3: camera(false) } });
  equal(ids(inGrid(crowd)), ["p0", "p1", "p3"]);
  equal(inGrid(state(25)).length, 25);
});

test("one's own picture lies in the corner that was chosen, inside the stage", () => {
  const stage = { width: 1200, height: 700 };
  for (const corner of ["top_start", "top_end", "bottom_start", "bottom_end"]) {
    const { own } = two(stage, corner);
    ok(own.x >= 12 && own.y >= 12 && own.x + own.w <= 1188 && own.y + own.h <= 688, corner);
    equal([own.x < 600, own.y < 350], [corner.endsWith("start"), corner.startsWith("top")]);
  }
});
