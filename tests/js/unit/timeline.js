import { arranged, classTime, hasSeveral, lengthOf, playing, speakerAt, speaking, stretches, turns, viewTime } from "/static/js/player/timeline.js";
import { equal, test } from "./check.js";

const track = (id, source, from, to, more = {}) => ({ id, source, from, to, name: id, person: id, teaches: false, speech: null, ...more });
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

const mic = (id, speech, more = {}) => track(id, "microphone", 0, 100, { speech, ...more });
const heard = (...tracks) => turns(tracks).map(({ from, person }) => [from, person]);

for (const [about, tracks, expected] of [
  ["nobody's speech is known", [mic("a", null)], []],
  ["nobody speaks", [mic("a", [])], []],
  ["one after the other", [mic("a", [[1, 5]]), mic("b", [[6, 9]])], [[1, "a"], [6, "b"]]],
  ["who speaks keeps the floor while another speaks too", [mic("a", [[1, 9]]), mic("b", [[3, 12]])], [[1, "a"], [9, "b"]]],
  ["who has just begun keeps it for two seconds", [mic("a", [[1, 2]]), mic("b", [[2, 9]])], [[1, "a"], [3, "b"]]],
  ["a word in between is over before that", [mic("a", [[0, 5], [6.5, 9]]), mic("b", [[5, 6.2]])], [[0, "a"], [5, "b"], [7, "a"]]],
  ["a cough takes no floor", [mic("a", [[0, 5], [6, 9]]), mic("b", [[5.1, 5.5]])], [[0, "a"]]],
  ["of two who begin together the teacher has it", [mic("a", [[1, 5]]), mic("t", [[1.3, 5]], { teaches: true })], [[1, "t"]]],
  ["of two who go on together the teacher has it", [mic("x", [[0, 4]]), mic("a", [[2, 9]]), mic("t", [[2.2, 9]], { teaches: true })], [[0, "x"], [4, "t"]]],
  ["of two who go on the one who has spoken for longer", [mic("x", [[0, 5]]), mic("a", [[2, 9]]), mic("t", [[3, 9]], { teaches: true })], [[0, "x"], [5, "a"]]],
  ["a new connection of the same person is the same person", [mic("a", [[1, 5]]), track("a2", "microphone", 50, 90, { person: "a", speech: [[1, 5]] })], [[1, "a"]]],
  ["seconds of the track count from its beginning, and end with it", [track("a", "microphone", 10, 12, { speech: [[1, 30]] }), mic("b", [[12, 14]])], [[11, "a"], [13, "b"]]],
]) test(`the floor: ${about}`, () => equal(heard(...tracks), expected));

test("who has the floor keeps it in silence, and nobody has it before the first word", () => {
  const all = turns([mic("a", [[2, 4]]), mic("b", [[10, 14]])]);
  equal([1, 2, 7, 10, 99].map((at) => speakerAt(all, at)), [null, "a", "a", "b", "b"]);
});

test("who is heard just now, a moment longer than the word", () => {
  const tracks = [mic("a", [[2, 4]]), mic("b", [[3, 6]]), mic("c", null)];
  equal([1, 2, 3.5, 4.2, 4.4].map((at) => [...speaking(tracks, at)]), [[], ["a"], ["a", "b"], ["a", "b"], ["b"]]);
});

const view = ({ main, others }) => [main?.id, others.map(({ id }) => id)];
const ROOM = ["cam-t", "cam-a", "cam-b", "cam-c"].map((id) => track(id, "camera", 0, 9, { person: id.slice(4), teaches: id === "cam-t" }));

test("without a screen the speaker is large, and changes places with the one who was", () => {
  equal(view(arranged(ROOM)), ["cam-t", ["cam-a", "cam-b", "cam-c"]]);
  equal(view(arranged(ROOM, { speaker: "b" })), ["cam-b", ["cam-a", "cam-t", "cam-c"]]);
  equal(view(arranged(ROOM, { speaker: "nobody here" })), ["cam-t", ["cam-a", "cam-b", "cam-c"]]);
});

test("beside a screen the speaker comes first", () => {
  const screen = track("s", "screen_share", 1, 9);
  equal(view(arranged([...ROOM, screen], { speaker: "c" })), ["s", ["cam-c", "cam-a", "cam-b", "cam-t"]]);
});

test("what is pinned is large, whoever speaks, as long as it plays", () => {
  const screen = track("s", "screen_share", 1, 9);
  equal(view(arranged([...ROOM, screen], { speaker: "c", pinned: "cam-a" })), ["cam-a", ["cam-c", "s", "cam-b", "cam-t"]]);
  equal(view(arranged([...ROOM, screen], { pinned: "s" })), ["s", ["cam-t", "cam-a", "cam-b", "cam-c"]]);
  equal(view(arranged(ROOM, { speaker: "b", pinned: "gone" }))[0], "cam-b");
});

test("space beside the large picture is kept only where it is ever used", () => {
  equal(hasSeveral([track("a", "camera", 0, 5), track("m", "microphone", 0, 5), track("b", "camera", 5, 9)]), false);
  equal(hasSeveral([track("a", "camera", 0, 5), track("b", "camera", 4, 9)]), true);
});

const CASES = await (await fetch("/tests/unit/timeline_cases.json")).json();

test("the server knows the same time", () => {
  for (const { tracks, length, moments } of CASES) {
    const all = stretches(tracks.map(([from, to], index) => track(String(index), "camera", from, to)));
    equal(Math.round(lengthOf(all) * 1000) / 1000, length);
    for (const [at, view] of moments) equal(Math.round(viewTime(all, at) * 1000) / 1000, view);
  }
});
