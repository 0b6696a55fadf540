import { arranged, classTime, lengthOf, marks, playing, stretches, viewTime } from "/static/js/player/timeline.js";
import { equal, test } from "./check.js";

const track = (id, source, from, to, more = {}) => ({ id, source, from, to, name: id, teaches: false, ...more });
const PAUSED = [track("mic", "microphone", 0, 10), track("camera", "camera", 0.4, 10.2), track("mic2", "microphone", 60, 70)];

test("what nobody recorded is no time of the viewer's", () => {
  const all = stretches(PAUSED);
  equal(all, [{ from: 0, to: 10.2, begins: 0 }, { from: 60, to: 70, begins: 10.2 }]);
  equal(Math.round(lengthOf(all) * 10), 202);
});

test("a short silence between two tracks is no break", () => {
  equal(stretches([track("a", "camera", 0, 5), track("b", "camera", 6, 9)]).length, 1);
});

test("the viewer's time and that of the class are turned into each other", () => {
  const all = stretches(PAUSED);
  for (const [view, at] of [[0, 0], [5, 5], [10.2, 60], [15.2, 65], [99, 70], [-1, 0]]) equal(classTime(all, view), at);
  for (const [at, view] of [[0, 0], [5, 5], [30, 10.2], [65, 15.2], [99, 20.2]]) equal(Math.round(viewTime(all, at) * 10) / 10, view);
  equal([classTime([], 3), viewTime([], 3), lengthOf([])], [0, 0, 0]);
});

test("those play whose time it is", () => {
  equal(playing(PAUSED, 0.2).map(({ id }) => id), ["mic"]);
  equal(playing(PAUSED, 5).map(({ id }) => id), ["mic", "camera"]);
  equal(playing(PAUSED, 30), []);
});

test("the screen shared last is large, else the teacher, else the first", () => {
  const ash = track("ash", "camera", 0, 9), teacher = track("tom", "camera", 0, 9, { teaches: true });
  const first = track("s1", "screen_share", 1, 9), second = track("s2", "screen_share", 2, 9);
  equal(arranged([ash, track("m", "microphone", 0, 9)]).main.id, "ash");
  equal(arranged([ash, teacher]).main.id, "tom");
  const both = arranged([ash, first, teacher, second]);
  equal([both.main.id, both.others.map(({ id }) => id)], ["s2", ["tom", "ash", "s1"]]);
  equal(arranged([]), { main: null, others: [] });
});

test("screens and breaks are marked where they are", () => {
  const tracks = [...PAUSED, track("screen", "screen_share", 62, 66)];
  equal(marks(tracks, stretches(tracks)).map(({ at, kind }) => [Math.round(at * 10) / 10, kind]), [[10.2, "break"], [12.2, "screen"]]);
});

const CASES = await (await fetch("/tests/unit/timeline_cases.json")).json();

test("the server knows the same time", () => {
  for (const { tracks, length, moments } of CASES) {
    const all = stretches(tracks.map(([from, to], index) => track(String(index), "camera", from, to)));
    equal(Math.round(lengthOf(all) * 1000) / 1000, length);
    for (const [at, view] of moments) equal(Math.round(viewTime(all, at) * 1000) / 1000, view);
  }
});
