import { chapterAt, chapterBeside, markNear, moments } from "/static/js/player/moments.js";
import { stretches } from "/static/js/player/timeline.js";
import { equal, test } from "./check.js";

const track = (id, source, from, to) => ({ id, source, from, to, name: id, person: id, teaches: false, speech: null });
const TRACKS = [track("mic", "microphone", 0, 100), track("mic2", "microphone", 160, 300), track("Tom", "screen_share", 40, 100), track("Tom", "screen_share", 161, 200), track("Ash", "screen_share", 220, 240)];
const told = (more = {}) => ({ tracks: TRACKS, chapters: [], ...more });
const found = (more) => moments(told(more), stretches(TRACKS));
const short = (all) => all.map(({ kind, at }) => [kind, at]);

test("screens and breaks are moments, and a screen that goes on after a break is none", () => {
  equal(short(found()), [["begin", 0], ["screen", 40], ["break", 100], ["screen", 160]]);
});

test("a chapter takes the place of what it stands beside, and may be a beginning", () => {
  const all = found({ chapters: [{ id: "c1", at: 1, title: "Hello" }, { id: "c2", at: 41, title: "" }] });
  equal(short(all), [["chapter", 1], ["chapter", 41], ["break", 100], ["screen", 160]]);
  equal(all.map(({ id }) => id), ["c1", "c2", null, null]);
});

test("a mark in a break is where the break ends", () => equal(short(found({ chapters: [{ id: "c", at: 130, title: "" }] }))[2], ["chapter", 100]));

test("where people were lost is a mark with a number, and no chapter", () => {
  const all = found({ lost: [{ at: 50, count: 3 }] });
  equal(all.map(({ kind, count }) => [kind, count])[2], ["lost", 3]);
  equal(chapterAt(all, 60).kind, "screen");
});

test("a poll begins a chapter, unless the teacher marked one there", () => {
  const polls = [{ at: 20, title: "Why?" }, { at: 70, title: "And then?" }];
  const all = found({ polls, chapters: [{ id: "c", at: 71, title: "Spindle" }] });
  equal(all.map(({ kind, title }) => [kind, title]).slice(0, 4), [["begin", ""], ["poll", "Why?"], ["screen", ""], ["chapter", "Spindle"]]);
  equal(chapterAt(all, 25).title, "Why?");
});

test("a recording with nothing in it has no chapters", () => {
  const tracks = [track("mic", "microphone", 0, 100)];
  equal(moments({ tracks, chapters: [] }, stretches(tracks)), []);
  equal(short(moments({ tracks, chapters: [], lost: [{ at: 9, count: 1 }] }, stretches(tracks))), [["lost", 9]]);
});

test("the chapter that is on, the next and the one before", () => {
  const all = found();
  equal([0, 39, 40, 170].map((time) => chapterAt(all, time).at), [0, 0, 40, 160]);
  equal([0, 40, 170].map((time) => chapterBeside(all, time, 1)?.at ?? null), [40, 100, null]);
  equal([0, 41, 60, 170].map((time) => chapterBeside(all, time, -1)?.at ?? null), [null, 0, 40, 160]);
});

test("the mark under the pointer is the nearest within reach", () => {
  const all = found({ lost: [{ at: 44, count: 1 }] });
  equal([0, 41, 43, 60].map((time) => markNear(all, time, 3)?.kind ?? null), [null, "screen", "lost", null]);
});
